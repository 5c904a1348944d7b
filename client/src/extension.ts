/**
 * The extension's entry: waits for a document that may be kernel code, then starts the server. Until
 * then nothing but this file is loaded and no process runs.
 */

import type { ExtensionContext, TextDocument } from 'vscode';
import { commands, window, workspace } from 'vscode';
import { registerCommands } from './commands.ts';
import type { Connection } from './connection.ts';
import { mayBeKernelCode } from './kernel-code.ts';
import { createPairingsView } from './pairings-view.ts';
import { openSample } from './sample.ts';

let connection: Promise<Connection> | undefined;

/** Called by VS Code when the first C file is opened, or one of the commands is used. */
export function activate(context: ExtensionContext): void {
  const connected = () => {
    connection ??= connect(context);
    return connection;
  };
  const look = (document: TextDocument) => {
    if (connection === undefined && isWorthALook(document)) void connected();
  };
  context.subscriptions.push(
    workspace.onDidOpenTextDocument(look),
    ...registerCommands(connected),
    commands.registerCommand('barrierlens.openSample', () => openSample(context)),
    commands.registerCommand('barrierlens.restartServer', async () =>
      (await connected()).restart(),
    ),
  );
  for (const document of workspace.textDocuments) look(document);
}

/** Called by VS Code when the window closes. */
export async function deactivate(): Promise<void> {
  await (await connection)?.stop();
}

/** Litmus tests and scenarios always; headers are `cpp` to VS Code unless the user says otherwise. */
function isWorthALook(document: TextDocument): boolean {
  if (document.languageId === 'litmus' || document.languageId === 'litmus-scenario') return true;
  const inC =
    document.languageId === 'c' ||
    (document.languageId === 'cpp' && document.fileName.endsWith('.h'));
  return inC && mayBeKernelCode(document.getText());
}

async function connect(context: ExtensionContext): Promise<Connection> {
  const { startConnection } = await import('./connection.ts');
  try {
    const started = await startConnection(context);
    await commands.executeCommand('setContext', 'barrierlens.active', true);
    context.subscriptions.push(createPairingsView(started));
    return started;
  } catch (error) {
    connection = undefined;
    void window.showErrorMessage(
      `BarrierLens: the language server did not start: ${String(error)}`,
    );
    throw error;
  }
}
