/** What the server says without being asked: findings, how current they are, progress, its log. */

import {
  CodeLensRefreshRequest,
  type Connection,
  type PublishDiagnosticsParams,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver/node';
import type { Status } from './protocol.ts';

export interface Announcements {
  readonly diagnostics: (params: PublishDiagnosticsParams) => void;
  readonly status: (status: Status) => void;
  /** Lenses and inlay hints are to be asked for again; a client that cannot do so keeps the old ones until the next edit. */
  readonly lensesChanged: () => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** Begins to show work under `title`, where and as soon as the client agrees. */
  readonly progress: (title: string, message: string) => Progress;
  /** From now on nothing is said. */
  readonly stop: () => void;
}

export interface Progress {
  readonly report: (message: string) => void;
  readonly done: () => void;
}

/** Nothing here throws or waits for the client: one that is gone, or has shut the session down while work was
 *  under way, is not told and takes nothing with it. */
export function createAnnouncements(connection: Connection): Announcements {
  let stopped = false;

  const say = (speak: () => unknown): void => {
    if (stopped) return;
    (async () => speak())().catch(() => undefined);
  };

  return {
    diagnostics: (params) => say(() => connection.sendDiagnostics(params)),
    status: (status) => say(() => connection.sendNotification('barrierlens/status', status)),
    lensesChanged() {
      say(() => connection.sendRequest(CodeLensRefreshRequest.type));
      say(() => connection.languages.inlayHint.refresh());
    },
    log: (level, message) => say(() => connection.console[level](message)),
    progress(title, message) {
      const reporter = connection.window.createWorkDoneProgress();
      const show = (what: (to: WorkDoneProgressReporter) => void) =>
        say(async () => what(await reporter));
      show((to) => to.begin(title, undefined, message, false));
      return {
        report: (now) => show((to) => to.report(now)),
        done: () => show((to) => to.done()),
      };
    },
    stop() {
      stopped = true;
    },
  };
}
