/** The view of an execution: a page beside the code, without scripts, in the colours of the theme. */

import type { WebviewPanel } from 'vscode';
import { ViewColumn, window } from 'vscode';
import type { ExecutionView } from '../../server/src/lsp/protocol.ts';

let panel: WebviewPanel | undefined;

/** Shows a picture that the server drew, in the one panel that is kept for it. */
export function showExecution({ title, html }: ExecutionView): void {
  panel ??= openPanel();
  panel.title = title;
  panel.webview.html = pageOf(html);
  panel.reveal(ViewColumn.Beside, true);
}

function openPanel(): WebviewPanel {
  const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
  const opened = window.createWebviewPanel('barrierlens.execution', 'Execution', column, {
    enableScripts: false,
    enableCommandUris: ['barrierlens.reveal'],
    localResourceRoots: [],
  });
  opened.onDidDispose(() => {
    panel = undefined;
  });
  return opened;
}

function pageOf(body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }
a { color: var(--vscode-textLink-foreground); }
code, pre { font-family: var(--vscode-editor-font-family); }
svg { max-width: 100%; height: auto; }
</style>
</head>
<body>${body}</body>
</html>`;
}
