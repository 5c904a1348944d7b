/** The status bar item: whether what the editor shows belongs to the text as it is. */

import type { Disposable, TextEditor } from 'vscode';
import { languages, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { Status } from '../../server/src/lsp/protocol.ts';

export interface StatusView extends Disposable {
  show(status: Status): void;
}

interface Look {
  readonly text: string;
  readonly background?: string;
}

/** An item that is visible beside C files while the server has something to say. */
export function createStatusView(): StatusView {
  const item = window.createStatusBarItem('barrierlens.status', StatusBarAlignment.Right, 50);
  item.name = 'BarrierLens';
  let state: Status['state'] = 'silent';
  const place = (editor: TextEditor | undefined) => {
    if (state !== 'silent' && editor !== undefined && isC(editor)) item.show();
    else item.hide();
  };
  const follow = window.onDidChangeActiveTextEditor(place);
  return {
    show(status) {
      state = status.state;
      const look = lookOf(state);
      item.text = look.text;
      item.tooltip = `BarrierLens: ${status.detail}`;
      item.backgroundColor = look.background ? new ThemeColor(look.background) : undefined;
      place(window.activeTextEditor);
    },
    dispose() {
      follow.dispose();
      item.dispose();
    },
  };
}

function isC(editor: TextEditor): boolean {
  return languages.match([{ language: 'c' }, { language: 'cpp' }], editor.document) > 0;
}

function lookOf(state: Status['state']): Look {
  switch (state) {
    case 'silent':
      return { text: '' };
    case 'running':
      return { text: '$(sync~spin) Barriers' };
    case 'current':
      return { text: '$(check) Barriers' };
    case 'stale':
      return { text: '$(history) Barriers', background: 'statusBarItem.warningBackground' };
  }
}
