/** One function per feature of the language service: a fixture in, the answers compared with its marks. */

import { expect } from 'vitest';
import { type Action, edited } from '../../../server/src/language-service/actions/action.ts';
import { checkedFixes } from '../../../server/src/language-service/checked-fix.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../server/src/language-service/config.ts';
import type { Diagnostic } from '../../../server/src/language-service/diagnostic.ts';
import {
  createHost,
  type Host,
  type TablesFor,
} from '../../../server/src/language-service/host.ts';
import { type Markup, plain } from '../../../server/src/language-service/markup.ts';
import { createEngine } from '../../../server/src/language-service/node-engine.ts';
import type { Snapshot } from '../../../server/src/language-service/snapshot.ts';
import type { WaitingProof } from '../../../server/src/language-service/verdicts.ts';
import { LineIndex } from '../../../server/src/text/line-index.ts';
import type { Span } from '../../../server/src/text/span.ts';
import { expectSameByFile } from './by-file.ts';
import { annotate, type FixtureFile, type Mark, readFixture } from './fixture.ts';

const engine = await createEngine();

/** Fields and partners only: the words of a hover without its markup. */
const PLAIN: Markup = plain((file) => file);

export interface CheckOptions {
  /** Hints are left out unless a test is about them. */
  readonly hints?: boolean;
  /** How much of the code the host is told to know; a whole tree where nothing is said. */
  readonly extent?: 'reading' | 'folder' | 'tree';
  readonly settings?: Partial<Settings>;
  /** Whether the files lie in a kernel tree; else those without barriers are not looked at. */
  readonly inKernel?: boolean;
  /** Edits of the buffer of a file, made after all files were read from disk. */
  readonly edits?: readonly Edit[];
  /** The edits are those of a patch. */
  readonly isOfPatch?: boolean;
}

/** The first `old` in `file` becomes `text`. */
export interface Edit {
  readonly file: string;
  readonly old: string;
  readonly text: string;
}

/** A host that has read the files of a fixture from disk, all pairings solved. */
export function hostOf(files: readonly FixtureFile[], options: CheckOptions = {}): Host {
  const { inKernel = false, isOfPatch = false } = options;
  const host = createHost({ engine, inKernelTree: () => inKernel, isOfPatch });
  for (const { path, text } of files) if (path.endsWith('.h')) host.headers.put(path, text);
  host.apply([
    { kind: 'settings', settings: { ...DEFAULT_SETTINGS, ...options.settings } },
    ...files.map(({ path, text }) => ({ kind: 'disk' as const, path, text })),
    { kind: 'coverage', coverage: { extent: options.extent ?? 'tree', elsewhere: new Set() } },
  ]);
  for (const { file, old, text } of options.edits ?? []) edit(host, file, old, text);
  solveAll(host);
  return host;
}

/** Replaces the first `old` in the buffer of `file`. */
export function edit(host: Host, file: string, old: string, text: string): void {
  const present = host.snapshot().moment.textOf(file);
  expect(present, `${file} contains ${old}`).toContain(old);
  host.apply([{ kind: 'buffer', path: file, text: present!.replace(old, () => text) }]);
}

/** Solves every pairing that waits. */
export function solveAll(host: Host): void {
  const all = new Set(host.snapshot().files());
  while (host.work(all) !== undefined);
}

/** Every file's diagnostics are those of its marks: `severity: code: message`. And it is a tree like others. */
export function checkDiagnostics(fixture: string, options: CheckOptions = {}): void {
  const files = readFixture(fixture);
  const snapshot = hostOf(files, options).snapshot();
  expectSameByFile(snapshot.moment.tree);
  const found = files.map(({ path }) => annotatedFindings(snapshot, path, options.hints === true));
  const expected = files.map(({ path, marks }) =>
    annotate(path, snapshot.moment.textOf(path)!, marks),
  );
  expect(found.join('\n')).toBe(expected.join('\n'));
}

/** The present text of a file with its findings written under their lines. */
export function annotatedFindings(snapshot: Snapshot, path: string, hints: boolean): string {
  const text = snapshot.moment.textOf(path)!;
  const shown = snapshot.diagnostics(path).filter(({ severity }) => hints || severity !== 'hint');
  return annotate(
    path,
    text,
    shown.map((diagnostic) => markOf(text, diagnostic)),
  );
}

function markOf(text: string, { span, severity, code, message }: Diagnostic): Mark {
  const lines = new LineIndex(text);
  const [start, end] = [lines.position(span.start), lines.position(span.end)];
  const lastColumn = end.line === start.line ? end.column : start.column + 1;
  return {
    line: start.line,
    start: start.column,
    end: lastColumn,
    text: `${severity}: ${code}: ${message}`,
  };
}

/** The hover at `$0`, as plain text with lines trimmed. */
export function hoverAt(fixture: string, options: CheckOptions = {}): string | undefined {
  const files = readFixture(fixture);
  const at = files.find(({ cursor }) => cursor !== undefined)!;
  const snapshot = hostOf(files, options).snapshot();
  return snapshot.hover(at.path, at.cursor!, PLAIN)?.text;
}

/** The lenses of all files: `path:line title`, lines counted from 1. */
export function lensesOf(fixture: string, options: CheckOptions = {}): readonly string[] {
  const files = readFixture(fixture);
  const snapshot = hostOf(files, options).snapshot();
  return files.flatMap(({ path }) =>
    snapshot.lenses(path).map(({ span, title }) => {
      const line = snapshot.lines(path)!.position(span.start).line + 1;
      return `${path}:${line} ${title}`;
    }),
  );
}

/** The places that definition or references give at `$0`: `path:line`. */
export function placesAt(
  fixture: string,
  question: 'definition' | 'references',
  options: CheckOptions = {},
): readonly string[] {
  const files = readFixture(fixture);
  const at = files.find(({ cursor }) => cursor !== undefined)!;
  const snapshot = hostOf(files, options).snapshot();
  return snapshot[question](at.path, at.cursor!).map(
    ({ file, span }) => `${file}:${snapshot.lines(file)!.position(span.start).line + 1}`,
  );
}

/** The text of the file with `$0` after the only action offered there. */
export function applyActionAt(fixture: string, options: CheckOptions = {}): string {
  const files = readFixture(fixture);
  const at = files.find(({ cursor }) => cursor !== undefined)!;
  const snapshot = hostOf(files, options).snapshot();
  const actions = snapshot.actions(at.path, { start: at.cursor!, end: at.cursor! });
  expect(actions.map(({ title }) => title)).toHaveLength(1);
  return edited(at.text, actions[0]!.edits);
}

/** The fixes that are offered at the first `words` of a file, each simulated. */
export function fixesAt(
  host: Host,
  path: string,
  words: string,
  tablesFor?: TablesFor,
): Promise<readonly Action[]> {
  const start = host.snapshot().moment.textOf(path)!.indexOf(words);
  expect(start, `${path} contains ${words}`).not.toBe(-1);
  return fixesIn(host, path, { start, end: start }, tablesFor);
}

/** The fixes that are offered in a range of a file, each simulated. */
export function fixesIn(
  host: Host,
  path: string,
  range: Span,
  tablesFor: TablesFor = () => [],
): Promise<readonly Action[]> {
  const prove = async ({ question, sources }: WaitingProof) => engine.verdict(question, sources);
  return checkedFixes(host, host.snapshot().fixes(path, range), {
    prove,
    isWanted: () => true,
    tablesFor,
  });
}

/** Makes the edits of an action in the buffers, and solves what waits then. */
export function make(host: Host, { edits }: Action): void {
  for (const path of new Set(edits.map(({ file }) => file))) {
    const own = edits.filter(({ file }) => file === path);
    const text = edited(host.snapshot().moment.textOf(path)!, own);
    host.apply([{ kind: 'buffer', path, text }]);
  }
  solveAll(host);
}
