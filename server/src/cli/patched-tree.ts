/** A tree before and after a patch, without checking out either: what differs, and on which lines. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FileSystem } from '../disk/file-system.ts';
import { overlaid } from '../disk/overlaid-files.ts';
import { LARGEST_TEXT, readStandardInput } from '../disk/read-text.ts';
import { applyHunks, type FilePatch, readPatch, reversed } from '../text/patch.ts';
import { Failure } from './command.ts';

export interface PatchedTree {
  readonly before: FileSystem;
  readonly after: FileSystem;
  /** By path, as it is afterwards: the lines that the patch makes or stands around, first and last, counted from 0. */
  readonly touched: ReadonlyMap<string, readonly (readonly [number, number])[]>;
  /** Whether a file goes, or gets another name. */
  readonly removes: boolean;
}

/** What `given` does to the tree around `folder`: the patch on standard input (`-`), which the tree does not have yet,
 *  or what the tree has since a revision of git. Throws `Failure` where there is no patch or it does not fit. */
export async function patchedTree(
  given: string,
  folder: string,
  files: FileSystem,
): Promise<PatchedTree> {
  const isThere = given !== '-';
  const read = readPatch(isThere ? diffSince(given, folder) : standardInput());
  if ('problem' in read) throw new Failure(read.problem);
  const root = isThere ? repositoryOf(folder) : rootOf(read.files, folder);
  const overlay = new Map<string, string | undefined>();
  for (const patch of isThere ? read.files.map(reversed) : read.files)
    for (const [path, text] of await changesOf(patch, root, files)) overlay.set(path, text);
  const other = overlaid(files, overlay);
  const touched = read.files.flatMap(({ newName, hunks }) =>
    newName === undefined ? [] : [[resolve(root, newName), hunks.map(linesOf)] as const],
  );
  return {
    before: isThere ? other : files,
    after: isThere ? files : other,
    touched: new Map(touched),
    removes: read.files.some(
      ({ oldName, newName }) => oldName !== undefined && oldName !== newName,
    ),
  };
}

function linesOf({ newStart, new: lines }: FilePatch['hunks'][number]): readonly [number, number] {
  return [newStart, newStart + Math.max(0, lines.length - 1)];
}

/** What one patch leaves of the files that it names. */
async function changesOf(
  { oldName, newName, hunks }: FilePatch,
  root: string,
  files: FileSystem,
): Promise<readonly (readonly [string, string | undefined])[]> {
  const gone = oldName === undefined ? [] : [[resolve(root, oldName), undefined] as const];
  if (newName === undefined) return gone;
  const text = oldName === undefined ? '' : await textAt(resolve(root, oldName), files);
  const patched = applyHunks(text, hunks);
  if (patched === undefined)
    throw new Failure(`the patch does not fit ${newName}: its lines are not there`);
  return [...gone, [resolve(root, newName), patched]];
}

async function textAt(path: string, files: FileSystem): Promise<string> {
  const read = await files.readText(path, LARGEST_TEXT);
  if ('problem' in read) throw new Failure(`the patch does not fit: ${path}: ${read.problem}`);
  return read.value;
}

function standardInput(): string {
  const read = readStandardInput(LARGEST_PATCH);
  if ('problem' in read) throw new Failure(`standard input: ${read.problem}`);
  return read.value;
}

const LARGEST_PATCH = 100_000_000;

/** The nearest folder, from `folder` upwards, in which the patch finds its first file. */
function rootOf(patches: readonly FilePatch[], folder: string): string {
  const [name] = patches.flatMap(({ oldName }) => oldName ?? []);
  for (let root = resolve(folder); ; root = dirname(root)) {
    if (name === undefined || existsSync(resolve(root, name))) return root;
    if (root === dirname(root)) throw new Failure(`the patch does not fit: there is no ${name}`);
  }
}

function diffSince(revision: string, folder: string): string {
  if (revision.startsWith('-')) throw new Failure(`${revision} is no revision`);
  const options = ['--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/'];
  return git(folder, ['diff', ...options, '--dst-prefix=b/', revision, '--', ':/*.[ch]']);
}

function repositoryOf(folder: string): string {
  return resolve(folder, git(folder, ['rev-parse', '--show-cdup']).trim());
}

function git(folder: string, args: readonly string[]): string {
  try {
    return execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      maxBuffer: LARGEST_PATCH,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Failure(said === '' ? `git cannot be asked: ${String(error)}` : said);
  }
}
