/** What holds in a session: the editor's settings, and the project file's, which is read again when it changes. */

import { type Connection, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { FileSystem } from '../disk/file-system.ts';
import { DEFAULT_SETTINGS, readSettings, type Settings } from '../language-service/config.ts';
import { type FoundProject, findProject } from '../language-service/find-project.ts';
import { inProject } from '../language-service/project-file.ts';
import type { Announcements } from './announcements.ts';
import { uriOf } from './uri.ts';

export interface SessionSettings {
  readonly project: () => FoundProject | undefined;
  /** Asks the client for its settings. */
  readonly readEditor: () => Promise<void>;
  /** Looks for the project file: the first of the folders that has one in it or above has it for all. What is wrong in
   *  it is shown in it. */
  readonly readProject: (folders: Iterable<string>) => Promise<void>;
}

/** Nothing is read yet; `apply` is called with what holds then. */
export function createSettings(parts: {
  readonly connection: Connection;
  readonly announce: Pick<Announcements, 'diagnostics' | 'log'>;
  readonly files: FileSystem;
  readonly apply: (settings: Settings, project: FoundProject | undefined) => void;
}): SessionSettings {
  const { connection, announce, files } = parts;
  let ofEditor = DEFAULT_SETTINGS;
  let project: FoundProject | undefined;
  let looks = 0;
  const apply = () => parts.apply(inProject(ofEditor, project?.project), project);
  return {
    project: () => project,
    async readEditor() {
      ofEditor = readSettings(await connection.workspace.getConfiguration('barrierlens'));
      apply();
    },
    async readProject(folders) {
      const turn = ++looks;
      const found = await firstOf(files, folders);
      if (turn !== looks || (found ?? project) === undefined) return;
      if (project !== undefined && project.project.path !== found?.project.path)
        announce.diagnostics({ uri: uriOf(project.project.path), diagnostics: [] });
      if (found !== undefined) tell(announce, found);
      project = found;
      apply();
    },
  };
}

async function firstOf(
  files: FileSystem,
  folders: Iterable<string>,
): Promise<FoundProject | undefined> {
  for (const folder of folders) {
    const found = await findProject(files, folder);
    if (found !== undefined) return found;
  }
  return undefined;
}

function tell(
  announce: Pick<Announcements, 'diagnostics' | 'log'>,
  { project: { path }, problems }: FoundProject,
): void {
  announce.log('info', `the project file is ${path}`);
  announce.diagnostics({
    uri: uriOf(path),
    diagnostics: problems.map(({ message, line }) => ({
      range: { start: { line: line - 1, character: 0 }, end: { line, character: 0 } },
      severity: DiagnosticSeverity.Warning,
      source: 'BarrierLens',
      message,
    })),
  });
}
