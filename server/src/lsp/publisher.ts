/** Sends the diagnostics of files whose findings changed, and only those. */

import type { PublishDiagnosticsParams } from 'vscode-languageserver/node';
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

/** `versionOf` gives the version of an open document; files that are not open show findings from "warning"
 *  upwards and what comes from the open ones, where `isOwn` says that they belong to the user's folders. */
export function createPublisher(
  announce: Pick<Announcements, 'diagnostics'>,
  versionOf: (path: string) => number | undefined,
  isOwn: (path: string) => boolean,
): Publisher {
  const sent = new Map<string, string>();
  const warned = new Map<string, number>();

  const publishOne = (snapshot: Snapshot, path: string) => {
    const version = versionOf(path);
    const isOpen = version !== undefined;
    const found = isOpen || isOwn(path) ? snapshot.diagnostics(path) : [];
    const shown = found.filter(
      ({ severity, isOfOpenFiles }) => isOpen || isOfOpenFiles || isLoud(severity),
    );
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
