/** The status bar item: what the server is doing and what is missing; a click says why. No tick while anything is. */

import type { Disposable, TextEditor } from 'vscode';
import { commands, languages, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { Status } from '../../server/src/lsp/protocol.ts';

export interface StatusView extends Disposable {
  show(status: Status): void;
  /** The server has ended without being asked to. */
  gone(): void;
}

interface Look {
  readonly icon: string;
  readonly background?: string;
}

/** What is shown: what the server said last, or that there is none. */
type Shown = Omit<Status, 'state'> & { readonly state: Status['state'] | 'gone' };

const GONE: Shown = {
  state: 'gone',
  text: 'server gone',
  why: ['The language server has ended: what is shown is of before. "Restart" starts a new one.'],
};

/** An item that is visible beside C files while the server has something to say. */
export function createStatusView(): StatusView {
  const item = window.createStatusBarItem('barrierlens.status', StatusBarAlignment.Right, 50);
  item.name = 'BarrierLens';
  item.command = 'barrierlens.showStatus';
  let shown: Shown | undefined;
  const place = (editor: TextEditor | undefined) => {
    if (shown !== undefined && editor !== undefined && isC(editor)) item.show();
    else item.hide();
  };
  const showAs = (status: Shown) => {
    shown = status;
    const { icon, background } = lookOf(status.state);
    item.text = `$(${icon}) Barriers${status.text === '' ? '' : `: ${status.text}`}`;
    item.tooltip = ['BarrierLens', ...status.why].join('\n');
    item.backgroundColor = background ? new ThemeColor(background) : undefined;
    place(window.activeTextEditor);
  };
  const follow = window.onDidChangeActiveTextEditor(place);
  const command = commands.registerCommand('barrierlens.showStatus', () => explain(shown));
  return {
    show: showAs,
    gone: () => showAs(GONE),
    dispose() {
      follow.dispose();
      command.dispose();
      item.dispose();
    },
  };
}

/** Says why the status is as it is, and offers what helps. */
async function explain(shown: Shown | undefined): Promise<void> {
  const why = shown?.why ?? ['No kernel C has been opened yet.'];
  const problems = {
    label: '$(warning) Show the warnings',
    command: 'workbench.actions.view.problems',
  };
  const restart = {
    label: '$(debug-restart) Restart the server',
    command: 'barrierlens.restartServer',
  };
  const picked = await window.showQuickPick(
    [...why.map((label) => ({ label, command: undefined })), problems, restart],
    { title: 'BarrierLens' },
  );
  if (picked?.command !== undefined) await commands.executeCommand(picked.command);
}

function isC(editor: TextEditor): boolean {
  return languages.match([{ language: 'c' }, { language: 'cpp' }], editor.document) > 0;
}

function lookOf(state: Shown['state']): Look {
  switch (state) {
    case 'running':
      return { icon: 'sync~spin' };
    case 'warned':
      return { icon: 'warning', background: 'statusBarItem.warningBackground' };
    case 'stale':
      return { icon: 'history' };
    case 'incomplete':
      return { icon: 'question' };
    case 'current':
      return { icon: 'check' };
    case 'gone':
      return { icon: 'error', background: 'statusBarItem.errorBackground' };
  }
}
