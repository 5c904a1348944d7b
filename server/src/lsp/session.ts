/** One client's session: documents, settings and files go into the host, answers come out of its snapshots. */

import { dirname } from 'node:path';
import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileSystem } from '../disk/file-system.ts';
import { isWithin, isWithinAny } from '../disk/within.ts';
import type { Settings } from '../language-service/config.ts';
import type { Engine } from '../language-service/engine.ts';
import type { FoundProject } from '../language-service/find-project.ts';
import { guardedEngine } from '../language-service/guarded-engine.ts';
import { readHeaders } from '../language-service/headers.ts';
import { type Change, createHost, type Host } from '../language-service/host.ts';
import { namesAround } from '../language-service/names-around.ts';
import { createProofThread } from '../language-service/node-proof-thread.ts';
import { kernelRoot } from '../language-service/tree-scan.ts';
import { PROJECT_FILE } from '../syntax/own-operation.ts';
import { createAnnouncements } from './announcements.ts';
import { answerQuestions } from './answers.ts';
import { type Background, createBackground } from './background.ts';
import { followDocuments } from './documents.ts';
import { createEdits, type Edits } from './edits.ts';
import { createFixing } from './fixing.ts';
import { HIERARCHY_CAPABILITY, offerHierarchy } from './hierarchy.ts';
import { later } from './later.ts';
import type { ClientOptions } from './protocol.ts';
import { createPublisher, type Publisher, type Standing } from './publisher.ts';
import { COMMAND_CAPABILITY } from './server-commands.ts';
import { createSettings, type SessionSettings } from './settings.ts';
import { pathOf } from './uri.ts';
import { createWrittenTests, type WrittenTests } from './written-tests.ts';

/** What the server can do, as it tells the client. */
const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  hoverProvider: true,
  codeLensProvider: { resolveProvider: false },
  inlayHintProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  completionProvider: { triggerCharacters: [' '] },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** What is shown depends on the settings; a client that never begins, or never sends them, is not waited for. */
const BEGINS_MS = 5000;
const SETTINGS_MS = 2000;

/** What the extension of VS Code has in another way. */
const FOR_OTHERS = { ...COMMAND_CAPABILITY, ...HIERARCHY_CAPABILITY };

/** Registers every handler on `connection`, which the caller then listens to. */
export function startSession(connection: Connection, unguarded: Engine, files: FileSystem): void {
  const documents = new TextDocuments(TextDocument);
  const folders = new Set<string>();
  const kernels = new Set<string>();
  const announce = createAnnouncements(connection);
  const engine = guardedEngine(unguarded, (message) => announce.log('error', message));
  const host = createHost({ engine, inKernelTree: (path) => isWithinAny(path, kernels) });
  const open = new Map<string, TextDocument>();
  const publisher = createPublisher(
    announce,
    (path) => open.get(path)?.version,
    (path) => standingOf(path, folders, background.extent),
  );
  const tests = createWrittenTests(announce, () => namesAround(host.snapshot().moment.tree));
  const own = { host, publisher, open };
  const background: Background = createBackground({
    ...own,
    announce,
    engine,
    files,
    kernels,
    folders: () => [...folders, ...scenarioFolders(settings.project())],
  });
  const fixing = createFixing(host, createProofThread(engine), background.tablesFor);
  const edits = createEdits({ ...own, changed: background.changed });
  let client: InitializeParams['capabilities'] = {};
  let shows: ClientOptions = {};
  const [ready, isReady] = signal();

  const apply = (now: Settings, found?: FoundProject) => takeSettings(around, now, found);
  const settings: SessionSettings = createSettings({ connection, announce, files, apply });
  const around: Around = { ...own, edits, background, settings, files, folders, kernels };
  const readConfiguration = async () => {
    if (client.workspace?.configuration === true) await settings.readEditor();
  };

  /** A client that does not answer is served with what is known, or has gone. */
  const begin = () => {
    registerForChanges(connection, client, shows, tests).catch(logged);
    if (client.workspace?.workspaceFolders === true)
      followFolders(connection, folders, () => void settings.readProject(folders).catch(logged));
    settings.readProject(folders).then(readConfiguration).catch(logged).finally(isReady);
    later(isReady, SETTINGS_MS);
  };
  const logged = (error: unknown) => announce.log('error', String(error));

  connection.onInitialize((params) => {
    client = params.capabilities;
    shows = (params.initializationOptions as ClientOptions | null) ?? {};
    for (const { uri } of params.workspaceFolders ?? []) addFolder(folders, uri);
    later(isReady, BEGINS_MS);
    const own = shows.showsExecutions === true ? {} : FOR_OTHERS;
    return { capabilities: { ...CAPABILITIES, ...own }, serverInfo: { name: 'barrierlens' } };
  });
  connection.onInitialized(begin);
  connection.onDidChangeConfiguration(() => void readConfiguration().catch(logged));

  followDocuments({
    connection,
    documents,
    edits,
    ready,
    tests,
    scenario: background.scenario,
    projectChanged: () => settings.readProject([...folders, ...foldersOf(open)]),
    changed: (path) => background.reread(path, edits.apply),
    opened: (path, document) => takeDocument(around, path, document),
  });
  const { fixes } = fixing;
  answerQuestions({
    ...own,
    connection,
    flush: edits.flush,
    fixes,
    treesAround: background.treesAround,
    part: background.extent.part,
    rootOf: async (path) =>
      (await kernelRoot(files, dirname(path))) ?? foldersAround(path, folders)[0] ?? dirname(path),
    tests,
    ready,
    shows: () => shows,
    showsDocuments: () => client.window?.showDocument?.support === true,
    takesSnippets: () => client.workspace?.workspaceEdit?.snippetEditSupport === true,
  });
  connection.onShutdown(() => {
    for (const each of [announce, background, fixing]) each.stop();
  });
  documents.listen(connection);
}

function standingOf(
  path: string,
  folders: ReadonlySet<string>,
  { isLeftOut }: Background['extent'],
): Standing {
  if (!isWithinAny(path, folders)) return 'foreign';
  return isLeftOut(path) ? 'left out' : 'read';
}

/** What a session has. */
interface Around {
  readonly host: Host;
  readonly publisher: Publisher;
  readonly open: ReadonlyMap<string, TextDocument>;
  readonly edits: Edits;
  readonly background: Background;
  readonly settings: SessionSettings;
  readonly files: FileSystem;
  readonly folders: ReadonlySet<string>;
  readonly kernels: Set<string>;
}

/** What is shown follows the settings. */
function takeSettings(
  { host, publisher, open, edits, background, folders }: Around,
  settings: Settings,
  project: FoundProject | undefined,
): void {
  const { index } = host.snapshot().settings;
  edits.apply([{ kind: 'settings', settings }]);
  publisher.publish(host.snapshot(), [...host.snapshot().files(), ...open.keys()]);
  background.found(project?.scenarios ?? []);
  background.changed();
  if (settings.index.maxFiles === index.maxFiles && settings.index.enable === index.enable) return;
  for (const path of open.keys())
    if (host.snapshot().facts(path) !== undefined)
      background.reading.opened(path, foldersAround(path, folders)[0]);
}

/** The rest of what an opened file asks for: its kernel tree, and, where no folder is open, the project file above it. */
async function takeDocument(around: Around, path: string, document: TextDocument): Promise<void> {
  const { files, folders, kernels, settings, host, edits, background } = around;
  const folder = dirname(path);
  if (folders.size === 0 && settings.project() === undefined) await settings.readProject([folder]);
  const kernel = await kernelRoot(files, folder);
  if (kernel !== undefined) kernels.add(kernel);
  edits.flush();
  if (host.snapshot().facts(path) === undefined) return;
  const headers = withHeaders(around, { path, text: document.getText(), kernel }).then(edits.apply);
  background.reading.opened(path, foldersAround(path, folders)[0], headers);
  await headers;
}

/** What the first answer about an opened file did without: the text on disk, to tell what was edited, and the headers. */
async function withHeaders(
  { files, host, folders, background }: Around,
  file: { readonly path: string; readonly text: string; readonly kernel: string | undefined },
): Promise<readonly Change[]> {
  const { path } = file;
  const { maxFileSize } = host.snapshot().settings.index;
  const including = { ...file, opened: foldersAround(path, folders) };
  await readHeaders(files, host.headers, including, new Set(), maxFileSize);
  const read = await files.readText(path, maxFileSize);
  if (!('value' in read)) return [{ kind: 'headers', path }];
  const headers = host.headers.of(path, read.value);
  const facts = await background.reading.facts(path, read.value, headers);
  return [
    { kind: 'disk', path, text: read.value, headers, facts },
    { kind: 'headers', path },
  ];
}

/** A promise and the function that resolves it. */
function signal(): readonly [promise: Promise<void>, resolve: () => void] {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return [promise, resolve];
}

/** Keeps `folders` those that the user has open. */
function followFolders(connection: Connection, folders: Set<string>, changed: () => void): void {
  connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
    for (const { uri } of added) addFolder(folders, uri);
    for (const { uri } of removed) folders.delete(pathOf(uri) ?? '');
    changed();
  });
}

/** Where the project's scenarios are. */
function scenarioFolders(found: FoundProject | undefined): readonly string[] {
  return found === undefined || found.scenarios.length === 0 ? [] : [dirname(found.project.path)];
}

function foldersOf(open: ReadonlyMap<string, unknown>): readonly string[] {
  return [...open.keys()].map((path) => dirname(path));
}

function foldersAround(path: string, folders: ReadonlySet<string>): readonly string[] {
  return [...folders].filter((folder) => isWithin(path, folder));
}

function addFolder(folders: Set<string>, uri: string): void {
  const path = pathOf(uri);
  if (path !== undefined) folders.add(path.replace(/(?<=.)\/$/, ''));
}

/** Asks to be told about settings and about C files that other programs change, and offers what not every document has, where the
 *  client can. */
async function registerForChanges(
  connection: Connection,
  client: InitializeParams['capabilities'],
  { showsExecutions = false }: ClientOptions,
  tests: WrittenTests,
): Promise<void> {
  if (showsExecutions) await offerHierarchy(connection, client);
  if (client.textDocument?.documentSymbol?.dynamicRegistration === true)
    await tests.register(connection);
  if (client.workspace?.didChangeConfiguration?.dynamicRegistration === true)
    await connection.client.register(DidChangeConfigurationNotification.type, {
      section: 'barrierlens',
    });
  if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: '**/*.{c,h,scenario}' }, { globPattern: `**/${PROJECT_FILE}` }],
    });
}
