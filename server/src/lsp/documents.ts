/** Follows the documents that the client has open, and the C files on disk that other programs change. */

import { basename } from 'node:path';
import {
  type Connection,
  FileChangeType,
  type FileEvent,
  type TextDocuments,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isWrittenTest } from '../language-service/written-test.ts';
import { PROJECT_FILE } from '../syntax/own-operation.ts';
import type { Edits } from './edits.ts';
import { pathOf } from './uri.ts';
import type { WrittenTests } from './written-tests.ts';

export interface Follower {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly edits: Edits;
  /** Resolves when the user's settings are known: nothing is analysed before. */
  readonly ready: Promise<void>;
  readonly tests: Pick<WrittenTests, 'edited' | 'closed'>;
  /** Called after a document was opened. */
  readonly opened: (path: string, document: TextDocument) => Promise<void>;
  /** Called with the text of a scenario that is open, and without one when it is closed. */
  readonly scenario: (path: string, text: string | undefined) => void;
  /** Called when the project file appeared, changed or went. */
  readonly projectChanged: () => Promise<void>;
  /** Called for a file that appeared or changed on disk. */
  readonly changed: (path: string) => Promise<void>;
}

/** Registers the handlers; documents that are no files are left alone. */
export function followDocuments({ documents, edits, ready, tests, ...other }: Follower): void {
  const follow = (uri: string, then: (path: string) => void | Promise<void>) => {
    const path = pathOf(uri);
    return path === undefined ? undefined : ready.then(() => then(path));
  };
  documents.onDidOpen(({ document }) =>
    follow(document.uri, (path) =>
      isWrittenTest(path) ? undefined : other.opened(path, document),
    ),
  );
  // Tests are read at once: no setting is about them, and whoever asks before the settings are known does not ask again.
  documents.onDidChangeContent(({ document }) => {
    tests.edited(document);
    return follow(document.uri, (path) => {
      if (isScenario(path)) other.scenario(path, document.getText());
      else if (!isWrittenTest(path)) edits.buffer(path, document);
    });
  });
  documents.onDidSave(({ document }) =>
    follow(document.uri, (path) => {
      if (!isWrittenTest(path))
        edits.apply([{ kind: 'disk', path, text: document.getText(), isSaved: true }]);
    }),
  );
  documents.onDidClose(({ document }) => {
    tests.closed(document);
    return follow(document.uri, (path) => {
      if (isScenario(path)) other.scenario(path, undefined);
      else if (!isWrittenTest(path)) edits.closed(path);
    });
  });
  other.connection.onDidChangeWatchedFiles(async ({ changes }) => {
    for (const change of changes) await follow(change.uri, (path) => changedOnDisk(path, change));
  });

  function changedOnDisk(path: string, { type }: FileEvent): void | Promise<void> {
    if (basename(path) === PROJECT_FILE) return other.projectChanged();
    const isGone = type === FileChangeType.Deleted;
    if (isGone) edits.apply([{ kind: 'deleted', path }]);
    if (!isGone || isScenario(path)) return other.changed(path);
  }
}

function isScenario(path: string): boolean {
  return path.endsWith('.scenario');
}
