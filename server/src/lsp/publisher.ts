/** Sends the diagnostics of files whose findings changed, and only those. */

import type { PublishDiagnosticsParams } from 'vscode-languageserver/node';
import type { Diagnostic } from '../language-service/diagnostic.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import type { Announcements } from './announcements.ts';
import { diagnosticOf } from './convert.ts';
import { uriOf } from './uri.ts';

export interface Publisher {
  /** Looks at `files` again and sends what changed since it was last sent. */
  readonly publish: (snapshot: Snapshot, files: Iterable<string>) => void;
  /** How many warnings and errors are shown. */
  readonly warnings: () => number;
}

/** Where a file is: in what is read of the user's folders, in the rest of them, or elsewhere. */
export type Standing = 'read' | 'left out' | 'foreign';

/** `versionOf` gives the version of an open document. Files that are not open show what comes from the open ones and findings from
 *  "warning" upwards; those that are left out only such as are about an open file, for their own partners were not read; foreign ones none. */
export function createPublisher(
  announce: Pick<Announcements, 'diagnostics'>,
  versionOf: (path: string) => number | undefined,
  standingOf: (path: string) => Standing,
): Publisher {
  const sent = new Map<string, string>();
  const warned = new Map<string, number>();

  const publishOne = (snapshot: Snapshot, path: string) => {
    const version = versionOf(path);
    const isOpen = version !== undefined;
    const standing = isOpen ? 'read' : standingOf(path);
    const found = standing === 'foreign' ? [] : snapshot.diagnostics(path);
    const isTold = ({ severity, isOfOpenFiles, related }: Diagnostic) =>
      isOpen ||
      isOfOpenFiles ||
      (isLoud(severity) &&
        (standing === 'read' || related.some(({ file }) => versionOf(file) !== undefined)));
    const shown = found.filter(isTold);
    const diagnostics = shown.map((each) => diagnosticOf(snapshot, path, each));
    const text = JSON.stringify(diagnostics);
    warned.set(path, shown.filter(({ severity }) => isLoud(severity)).length);
    if ((sent.get(path) ?? '[]') === text && !(isOpen && !sent.has(path))) return;
    if (text === '[]' && !isOpen) sent.delete(path);
    else sent.set(path, text);
    const params: PublishDiagnosticsParams = { uri: uriOf(path), diagnostics };
    announce.diagnostics(isOpen ? { ...params, version } : params);
  };

  return {
    warnings: () => [...warned.values()].reduce((sum, count) => sum + count, 0),
    publish(snapshot, files) {
      for (const path of new Set(files)) publishOne(snapshot, path);
    },
  };
}

function isLoud(severity: string): boolean {
  return severity === 'error' || severity === 'warning';
}
