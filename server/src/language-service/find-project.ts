/** Finds the project file of a folder, in it or above, with the scenarios that it names. */

import { posix } from 'node:path';
import type { FileSystem } from '../disk/file-system.ts';
import { walk } from '../disk/walk.ts';
import { isWithin, OUTSIDE } from '../disk/within.ts';
import { PROJECT_FILE } from '../syntax/own-operation.ts';
import { LineIndex } from '../text/line-index.ts';
import { type Project, type ProjectPath, readProject } from './project-file.ts';

/** A project file that was found and read. */
export interface FoundProject {
  readonly project: Project;
  /** The files of the scenarios that it names. */
  readonly scenarios: readonly string[];
  /** What is wrong in it, each with its line, counted from 1. */
  readonly problems: readonly PlacedProblem[];
}

export interface PlacedProblem {
  readonly message: string;
  readonly line: number;
}

/** What somebody writes is smaller. */
const LARGEST = 100_000;

/** The nearest project file to `folder`, upward; undefined where there is none. A file that cannot be read is a problem. */
export async function findProject(
  files: FileSystem,
  folder: string,
): Promise<FoundProject | undefined> {
  for (let at = folder; ; at = posix.dirname(at)) {
    const path = posix.join(at, PROJECT_FILE);
    if (await files.exists(path)) return projectAt(files, path);
    if (at === posix.dirname(at)) return undefined;
  }
}

async function projectAt(files: FileSystem, path: string): Promise<FoundProject> {
  const text = await files.readText(path, LARGEST);
  const { project, problems } = readProject(path, 'value' in text ? text.value : '');
  const lines = new LineIndex('value' in text ? text.value : '');
  const lineOf = ({ span }: Pick<ProjectPath, 'span'>) => lines.position(span.start).line + 1;
  const told: PlacedProblem[] = problems.map((each) => ({
    message: each.message,
    line: lineOf(each),
  }));
  if ('problem' in text) told.push({ message: text.problem, line: 1 });
  const scenarios: string[] = [];
  for (const named of project.scenarios)
    for await (const found of scenariosAt(files, named, posix.dirname(path)))
      if ('message' in found) told.push({ message: found.message, line: lineOf(named) });
      else scenarios.push(found.path);
  return { project, scenarios, problems: told };
}

/** The scenario at a path, or those below it. */
async function* scenariosAt(
  files: FileSystem,
  { path }: ProjectPath,
  folder: string,
): AsyncGenerator<{ readonly path: string } | { readonly message: string }> {
  const shown = posix.relative(folder, path);
  if (path.endsWith('.scenario')) {
    const read = await files.readText(path, LARGEST, [folder]);
    yield 'problem' in read ? { message: `${shown}: ${read.problem}` } : { path };
    return;
  }
  const [home, there] = [await files.list(folder), await files.list(path)];
  if ('problem' in there) {
    yield { message: `${shown}: ${there.problem}` };
    return;
  }
  if ('problem' in home || !isWithin(there.value.real, home.value.real)) {
    yield { message: `${shown}: ${OUTSIDE}` };
    return;
  }
  let any = false;
  const isWanted = (name: string) => name.endsWith('.scenario');
  const isSkipped = (name: string) => name.startsWith('.');
  for await (const found of walk({ files, root: path, within: [folder], isWanted, isSkipped })) {
    any = true;
    yield found.kind === 'problem' ? { message: `${shown}: ${found.message}` } : found;
  }
  if (!any) yield { message: `there is no scenario below ${shown}` };
}
