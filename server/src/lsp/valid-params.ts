/** Whether what a client sends has the form that the protocol gives it (LSP 3.17), for the methods that are answered. */

type Check = (value: unknown) => boolean;

/** Whether the parameters of a message are of the form of its method; unknown methods take anything. */
export function areValid(method: string, params: unknown): boolean {
  return CHECKS.get(method)?.(params) ?? true;
}

const text: Check = (value) => typeof value === 'string';
const integer: Check = (value) => Number.isInteger(value);
const count: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const anything: Check = () => true;

function object(fields: Readonly<Record<string, Check>>): Check {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(fields).every(([name, check]) => check(Reflect.get(value, name)));
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function optional(check: Check): Check {
  return (value) => value === undefined || value === null || check(value);
}

const position = object({ line: count, character: count });
const range = object({ start: position, end: position });
const document = object({ uri: text });
const folders = listOf(object({ uri: text }));
const atPosition = object({ textDocument: document, position });

const CHECKS: ReadonlyMap<string, Check> = new Map([
  [
    'initialize',
    object({
      processId: optional(integer),
      capabilities: object({}),
      workspaceFolders: optional(folders),
      initializationOptions: anything,
    }),
  ],
  [
    'textDocument/didOpen',
    object({ textDocument: object({ uri: text, languageId: text, version: integer, text }) }),
  ],
  [
    'textDocument/didChange',
    object({
      textDocument: object({ uri: text, version: optional(integer) }),
      contentChanges: listOf(object({ text, range: optional(range) })),
    }),
  ],
  ['textDocument/didSave', object({ textDocument: document })],
  ['textDocument/didClose', object({ textDocument: document })],
  ['textDocument/hover', atPosition],
  ['textDocument/definition', atPosition],
  ['textDocument/references', atPosition],
  ['textDocument/codeLens', object({ textDocument: document })],
  ['textDocument/inlayHint', object({ textDocument: document, range })],
  [
    'textDocument/codeAction',
    object({
      textDocument: document,
      range,
      context: object({ diagnostics: listOf(object({ range })) }),
    }),
  ],
  ['barrierlens/execution', object({ uri: text, position })],
  ['barrierlens/litmus', object({ uri: text, position })],
  [
    'workspace/didChangeWatchedFiles',
    object({ changes: listOf(object({ uri: text, type: integer })) }),
  ],
  [
    'workspace/didChangeWorkspaceFolders',
    object({ event: object({ added: folders, removed: folders }) }),
  ],
  ['$/cancelRequest', object({ id: (value) => text(value) || integer(value) })],
]);
