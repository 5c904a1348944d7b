/** Takes changes of documents into the host, several quick ones at once, and sends what they change in any file. */

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Change, Host } from '../language-service/host.ts';
import type { Publisher } from './publisher.ts';

export interface Edits {
  /** A document was opened or edited; taken in after a moment, or at the next question. */
  readonly buffer: (path: string, document: TextDocument) => void;
  readonly closed: (path: string) => void;
  /** Other changes, taken in at once. */
  readonly apply: (changes: readonly Change[]) => void;
  /** Takes in what waits: every question does so first. */
  readonly flush: () => void;
}

/** Shorter than a person notices, long enough for the edits of one keystroke. */
const PAUSE_MS = 10;

/** `open` is kept up to date; `changed` is called after the host has new facts. */
export function createEdits(parts: {
  readonly host: Host;
  readonly publisher: Publisher;
  readonly open: Map<string, TextDocument>;
  readonly changed: () => void;
}): Edits {
  const { host, publisher, open } = parts;
  const waiting = new Map<string, TextDocument>();
  let timer: NodeJS.Timeout | undefined;

  const applyNow = (changes: readonly Change[]) => {
    const paths = changes.flatMap((change) => ('path' in change ? [change.path] : []));
    const before = host.snapshot();
    const affected = new Set(paths.flatMap((path) => [...before.neighbours(path)]));
    host.apply(changes);
    const after = host.snapshot();
    for (const path of paths) for (const file of after.neighbours(path)) affected.add(file);
    publisher.publish(after, affected);
    parts.changed();
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size === 0) return;
    const changes = [...waiting].map(
      ([path, document]): Change => ({ kind: 'buffer', path, text: document.getText() }),
    );
    waiting.clear();
    applyNow(changes);
  };

  return {
    buffer(path, document) {
      open.set(path, document);
      waiting.set(path, document);
      timer ??= setTimeout(flush, PAUSE_MS);
    },
    closed(path) {
      open.delete(path);
      waiting.delete(path);
      applyNow([{ kind: 'closed', path }]);
    },
    apply(changes) {
      flush();
      applyNow(changes);
    },
    flush,
  };
}
