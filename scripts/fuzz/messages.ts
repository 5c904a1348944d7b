/** Messages of a client that keeps to few rules: a session as an editor has it, with some of it changed, moved or said twice. */

import { mutated, type Random } from './mutate.ts';

export interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: Json;
  readonly method: Json;
  readonly params?: Json;
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [name: string]: Json;
}

const NOWHERE = 'file:///nowhere/at/all.c';

/** Values that nobody expects, of every kind. */
const ODD: readonly Json[] = [
  ...[null, true, -1, 0, 1.5, 1e9, 2 ** 53, -(2 ** 31), 1e300, '', 'x', '\0\u2028\ud800'],
  ...['a'.repeat(20_000), 'file:///', 'file://host/%2e%2e/x.c', 'untitled:Untitled-1', 'http://['],
  ...['file:///nowhere/other.c', 'file:///%zz', '__proto__', [], {}, [[[[]]]]],
  ...[[null], { line: 1e9, character: 1e9 }, { line: -1, character: 0 }, { start: null, end: 0 }],
];

const METHODS: readonly string[] = [
  ...['initialize', 'initialized', 'shutdown', '$/cancelRequest', '$/setTrace', 'nothing/of/this'],
  ...['textDocument/hover', 'textDocument/codeLens', 'textDocument/didClose', 'workspace/symbol'],
  ...['textDocument/rename', 'constructor', 'barrierlens/execution', 'barrierlens/litmus'],
];

/** What an editor says that has `text` open; requests have ids from `first` on. */
function session(text: string, first: number, random: Random): readonly Message[] {
  const lines = text.split('\n').length;
  const textDocument = { uri: NOWHERE };
  const position = () => ({ line: random(lines + 3), character: random(60) });
  const range = () => ({ start: position(), end: position() });
  let id = first;
  const ask = (method: string, params: Json): Message => ({
    ...{ jsonrpc: '2.0', id: id++, method },
    params,
  });
  const tell = (method: string, params: Json): Message => ({ jsonrpc: '2.0', method, params });
  const at = () => ({ textDocument, position: position() });
  return [
    tell('textDocument/didOpen', {
      textDocument: { ...textDocument, languageId: 'c', version: 1, text },
    }),
    ask('textDocument/hover', at()),
    tell('textDocument/didChange', {
      textDocument: { ...textDocument, version: 2 },
      contentChanges: [
        { range: range(), text: 'smp_mb();\n' },
        { text: mutated(text, '', random) },
      ],
    }),
    ask('textDocument/codeLens', { textDocument }),
    ask('textDocument/definition', at()),
    ask('textDocument/references', { ...at(), context: { includeDeclaration: true } }),
    ask('textDocument/codeAction', {
      ...{ textDocument, range: range() },
      context: { diagnostics: [] },
    }),
    ask('barrierlens/execution', { uri: NOWHERE, position: position() }),
    ask('barrierlens/litmus', { uri: NOWHERE, position: position() }),
    tell('workspace/didChangeConfiguration', { settings: {} }),
    tell('workspace/didChangeWatchedFiles', { changes: [{ uri: NOWHERE, type: 1 + random(3) }] }),
    tell('$/cancelRequest', { id: first + random(8) }),
    tell('textDocument/didSave', { textDocument }),
    tell('textDocument/didClose', { textDocument }),
  ];
}

/** A session with some messages changed, moved, left out or said twice. */
export function unruly(text: string, first: number, random: Random): readonly Message[] {
  let messages = session(text, first, random);
  for (let left = 1 + random(5); left > 0; left--) {
    const at = random(messages.length || 1);
    const message = messages[at];
    if (message === undefined) break;
    messages = CHANGES[random(CHANGES.length)]!(messages, at, random);
  }
  return messages;
}

type Change = (messages: readonly Message[], at: number, random: Random) => readonly Message[];

const CHANGES: readonly Change[] = [
  (messages, at, random) => messages.with(at, withOddPart(messages[at]!, random)),
  (messages, at, random) => messages.with(at, withOddPart(messages[at]!, random)),
  (messages, at, random) =>
    messages.with(at, { ...messages[at]!, method: METHODS[random(METHODS.length)]! }),
  (messages, at, random) => messages.toSpliced(random(messages.length), 0, messages[at]!),
  (messages, at) => messages.toSpliced(at, 1),
  (messages, at, random) => {
    const other = random(messages.length);
    return messages.with(at, messages[other]!).with(other, messages[at]!);
  },
];

/** One part of the parameters in another form. */
function withOddPart(message: Message, random: Random): Message {
  const changed = changedIn(message.params ?? null, random);
  if (changed !== undefined) return { ...message, params: changed };
  const { params: _, ...without } = message;
  return without;
}

/** The value with something in it changed; undefined for nothing at all. */
function changedIn(value: Json, random: Random): Json | undefined {
  const isLeaf = typeof value !== 'object' || value === null;
  if (isLeaf || random(6) === 0) return random(8) === 0 ? undefined : ODD[random(ODD.length)]!;
  const names = Object.keys(value);
  const name = names[random(names.length || 1)];
  if (name === undefined) return ODD[random(ODD.length)]!;
  const entries = Object.entries(value).flatMap(([each, part]): [string, Json][] => {
    if (each !== name) return [[each, part]];
    const changed = changedIn(part, random);
    return changed === undefined ? [] : [[each, changed]];
  });
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}
