/** The views of an execution and of the table of a tree's scenarios: pages beside the code, in the colours of the theme. Their
 *  script runs under a nonce; each step shows its line in the code. */

import type { Disposable, TextEditor, WebviewPanel } from 'vscode';
import { commands, Range, ThemeColor, Uri, ViewColumn, window, workspace } from 'vscode';
import type { ExecutionView, PlayerMessage, SiteParams } from '../../server/src/lsp/protocol.ts';

/** Of each kind one panel is kept. */
type Kind = 'execution' | 'table';

interface Shown {
  readonly panel: WebviewPanel;
  view: ExecutionView;
  at: SiteParams;
}

const panels = new Map<Kind, Shown>();

const NOW = window.createTextEditorDecorationType({
  isWholeLine: true,
  backgroundColor: new ThemeColor('editor.findMatchHighlightBackground'),
});
let marked: TextEditor | undefined;

/** Shows what the server found for a place. */
export function showExecution(view: ExecutionView, at: SiteParams, kind: Kind = 'execution'): void {
  const shown = panels.get(kind) ?? { panel: openPanel(kind), view, at };
  panels.set(kind, Object.assign(shown, { view, at }));
  const { panel } = shown;
  panel.title = view.title;
  panel.webview.html = pageOf(view);
  panel.reveal(ViewColumn.Beside, false);
}

function openPanel(kind: Kind): WebviewPanel {
  const opened = window.createWebviewPanel(`barrierlens.${kind}`, 'Execution', ViewColumn.Beside, {
    enableScripts: true,
    enableCommandUris: false,
    localResourceRoots: [],
  });
  const listening: Disposable = opened.webview.onDidReceiveMessage((message: PlayerMessage) =>
    answer(kind, message),
  );
  opened.onDidDispose(() => {
    listening.dispose();
    marked?.setDecorations(NOW, []);
    panels.delete(kind);
  });
  return opened;
}

async function answer(kind: Kind, message: PlayerMessage): Promise<void> {
  const shown = panels.get(kind);
  if (shown === undefined) return;
  switch (message.kind) {
    case 'reveal':
      await mark(message.uri, message.line);
      return;
    case 'litmus':
      await commands.executeCommand('barrierlens.exportLitmus', shown.at);
      return;
    case 'svg':
      await save(shown.view.picture ?? '');
  }
}

/** Marks a line in the column of the code; the keyboard stays with the page. */
async function mark(uri: string, line: number): Promise<void> {
  const range = new Range(line, 0, line, 0);
  const editor = await window.showTextDocument(Uri.parse(uri), {
    viewColumn: ViewColumn.One,
    preserveFocus: true,
    selection: range,
  });
  if (marked !== editor) marked?.setDecorations(NOW, []);
  editor.setDecorations(NOW, [range]);
  marked = editor;
}

async function save(picture: string): Promise<void> {
  const to = await window.showSaveDialog({ filters: { SVG: ['svg'] } });
  if (to !== undefined) await workspace.fs.writeFile(to, new TextEncoder().encode(picture));
}

function pageOf({ title, html, style, script }: ExecutionView): string {
  const nonce = globalThis.crypto.randomUUID();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'">
<style>
:root { --ink: var(--vscode-foreground); --soft: var(--vscode-descriptionForeground); --line: var(--vscode-panel-border);
  --ground: var(--vscode-editorWidget-background); --paper: var(--vscode-editor-background);
  --now: var(--vscode-editor-findMatchHighlightBackground); --gone: var(--vscode-diffEditor-removedTextBackground);
  --kept: var(--vscode-diffEditor-insertedTextBackground); --stale: var(--vscode-errorForeground);
  --focus: var(--vscode-focusBorder); --remark: var(--vscode-foreground);
  --good: var(--vscode-testing-iconPassed); --bad: var(--vscode-testing-iconFailed); }
* { box-sizing: border-box; }
body { color: var(--ink); font: var(--vscode-font-size) var(--vscode-font-family); }
code, pre, th[scope=row], #steps, .source { font: var(--vscode-editor-font-size)/1.4 var(--vscode-editor-font-family); }
h1 { font-size: 1.4em; }
h2 { font-size: 1.2em; }
h3 { font-size: 1em; }
button { font: inherit; padding: .2em .7em; border: 1px solid var(--line); cursor: pointer;
  color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
a { color: var(--vscode-textLink-foreground); text-decoration: underline; }
svg { max-width: 100%; height: auto; }
${style}
.source, #steps { max-height: 14rem; }
</style>
</head>
<body>${html}
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}
