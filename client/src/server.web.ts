/** The server as a worker of the browser, which is handed what is shipped and asks for the files of the workspace. */

import { FileType, Uri, workspace } from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import type { FileParams, FolderEntry, WorkerReply } from '../../server/src/lsp/protocol.ts';
import type * as Node from './server.ts';

/** A worker, as the browser has it. */
interface ServerWorker {
  postMessage(shipped: unknown): void;
  onmessage: ((event: { readonly data: WorkerReply }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
}
declare const Worker: new (address: string) => ServerWorker;

/** The sample is in the browser's own storage. */
const SCHEMES = ['file', 'vscode-userdata'];

export const fileSchemes: typeof Node.fileSchemes = () => [
  ...new Set([...SCHEMES, ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)]),
];

export const createClient: typeof Node.createClient = ({ extensionUri }, options) => {
  const start = () => startWorker(Uri.joinPath(extensionUri, 'dist'));
  const client = new LanguageClient('barrierlens', 'BarrierLens', start, options);
  for (const [method, look] of Object.entries(LOOKS))
    client.onRequest(`barrierlens/${method}`, (params: FileParams) => answer(params, look));
  return client;
};

/** Resolves when the worker can be spoken to. A page may start a worker of its own address alone, so that it is made of a blob. */
async function startWorker(dist: Uri): Promise<MessageTransports> {
  const bytesOf = (name: string) => workspace.fs.readFile(Uri.joinPath(dist, name));
  const [script, texts, runtime, grammar] = await Promise.all(
    ['web/server.js', 'web/shipped.json', 'web-tree-sitter.wasm', 'tree-sitter-c.wasm'].map(
      bytesOf,
    ),
  );
  const address = URL.createObjectURL(new Blob([script!], { type: 'text/javascript' }));
  const worker = new Worker(address);
  await new Promise<void>((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message ?? 'the worker cannot be started'));
    worker.onmessage = ({ data }) =>
      data.kind === 'ready' ? resolve() : reject(new Error(data.why));
    worker.postMessage({ texts: JSON.parse(new TextDecoder().decode(texts)), runtime, grammar });
  });
  URL.revokeObjectURL(address);
  worker.onerror = null;
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}

type Found<Value> = { readonly value: Value } | { readonly problem: string };

type Look = (uri: Uri, limit: number) => Promise<Found<unknown>>;

const LOOKS: Readonly<Record<string, Look>> = { readText, list, exists };

/** What is not there, or may not be read, is a sentence. */
function answer({ uri, limit }: FileParams, look: Look): Promise<unknown> {
  return look(Uri.parse(uri), limit).catch((error: unknown) => ({
    problem: error instanceof Error ? error.message : String(error),
  }));
}

async function readText(uri: Uri, limit: number): Promise<Found<string>> {
  const { type, size } = await workspace.fs.stat(uri);
  if (type !== FileType.File) return { problem: 'not read: no regular file' };
  if (size > limit) return { problem: `not read: larger than ${limit} bytes, the limit` };
  return { value: new TextDecoder().decode(await workspace.fs.readFile(uri)) };
}

async function list(uri: Uri): Promise<Found<readonly FolderEntry[]>> {
  const entries = await workspace.fs.readDirectory(uri);
  const found = entries.flatMap(([name, type]): readonly FolderEntry[] => {
    if (type === FileType.Directory) return [{ name, kind: 'directory' }];
    return type === FileType.File ? [{ name, kind: 'file' }] : [];
  });
  return { value: found.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

async function exists(uri: Uri): Promise<Found<true>> {
  await workspace.fs.stat(uri);
  return { value: true };
}
