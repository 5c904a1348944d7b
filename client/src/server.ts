/** The server as a process beside the client's own bundle, which reads the disk itself. */

import type { ExtensionContext } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient/node';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

/** The schemes of the documents that it knows. */
export function fileSchemes(): readonly string[] {
  return ['file'];
}

/** The client of a server that is not started yet. */
export function createClient(
  context: ExtensionContext,
  options: LanguageClientOptions,
): BaseLanguageClient {
  const module = context.asAbsolutePath('dist/server.cjs');
  const server = { module, transport: TransportKind.ipc };
  return new LanguageClient('barrierlens', 'BarrierLens', server, options);
}
