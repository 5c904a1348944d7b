/** `barrierlens check`: the findings of files and folders, for people, editors and machines. */

import { basename, dirname, resolve } from 'node:path';
import { type Cache, userCache } from '../disk/cache.ts';
import type { FileSystem } from '../disk/file-system.ts';
import { waitingFileSystem } from '../disk/node-file-system.ts';
import { LARGEST_TEXT } from '../disk/read-text.ts';
import { writeText } from '../disk/write-text.ts';
import { DIAGNOSTICS } from '../language-service/diagnose.ts';
import {
  type DiagnosticCode,
  isAtLeast,
  SEVERITIES,
  type Severity,
} from '../language-service/diagnostic.ts';
import { printable } from '../text/printable.ts';
import {
  type Analysis,
  type AnalysisOptions,
  analyse,
  foldersOf,
  tellProblems,
} from './analysis.ts';
import { baselineOf, type Fingerprinted, fingerprinted, readBaseline } from './baseline.ts';
import { BadUse, type Command, EXIT, Failure, readArguments } from './command.ts';
import { ofPatch } from './diff-findings.ts';
import type { PlacedFinding } from './finding.ts';
import { jobsOf } from './jobs.ts';
import { patchedTree } from './patched-tree.ts';
import { progressInLines, progressOn } from './progress.ts';
import { rememberedRun, type Told, tell } from './remembered-run.ts';
import { sarifOf } from './sarif.ts';
import { spentHere, statisticsOf } from './statistics.ts';

const FORMATS = ['text', 'json', 'sarif'] as const;
type Format = (typeof FORMATS)[number];

export const check: Command = {
  usage: `PATH... [--format ${FORMATS.join('|')}] [--level ${SEVERITIES.join('|')}] [--rule RULE[,RULE]] [--exclude PATH]
         [--baseline FILE [--update-baseline]] [--diff REV|-] [--jobs N] [--progress] [--stats]`,
  help: `Reads the C files below each PATH and warns about barriers that do not do what
they are there for. Scenarios are run as tests: the bundled ones that speak of these
files, and every .scenario file below each PATH (docs/scenarios.md). Text output is
"file:line:col: warning: message [code]", which vim's quickfix list and make's parsers
read; related places follow as notes.

  --format FORMAT  text (default), json, or sarif (SARIF 2.1.0)
  --level LEVEL    what is told at least: error, warning (default), information, or hint
                   (all, also what is no more than a missing comment)
  --rule RULES     only these rules, by their names below, separated by commas
  --exclude PATH   nothing is told of the file or folder; may be given several times
  --baseline FILE  findings that are in FILE are not told: it knows them also when lines move
  --update-baseline  writes FILE with the findings that there are, and tells none
  --diff REV       only what the tree has brought since the revision, or touched: findings that
                   were not there, and those over a function that differs, on either side; on stderr
                   which invariants of scenarios hold now, and which barriers they rest on now
  --diff -         the same for a patch on standard input, which the tree does not have yet:
                   it is told what would be found with it
  --jobs N         so many threads read and prove (all processors); 1 is none beside the first
  --stats          on stderr in the end: files, barriers, partners, verdicts, and what it cost
  --progress       how far it is, on stderr; on a terminal also without, else a line a minute

What a team has agreed on stands in .barrierlens.toml, in the folder of PATH or above:
levels of rules, paths to exclude, scenarios to run, operations of its own that order
(docs/project-file.md).

A finding that you have looked at is accepted where it stands, with a reason, in a
comment on its line or before it: /* barrierlens: ok(unresolved-claim): it is asm */

  barrierlens check kernel/sched                       findings of a folder
  barrierlens check . --rule broken-pairing --jobs 4   one rule over the whole tree
  barrierlens check . --baseline old.json --update-baseline   what is there today
  barrierlens check . --baseline old.json              only what is new since
  git format-patch -1 --stdout topic | barrierlens check mm --diff -

Exit code: 0 everything was read and nothing found, 1 findings, or a file that was
not read or a scenario that has no answer (told on stderr), 2 bad use.

${DIAGNOSTICS.map(({ code, meaning }) => `${code}\n${wrap(meaning)}\n`).join('\n')}`,
  async run(args, output) {
    const { paths, options } = readArguments(args, {
      format: 'string',
      level: 'string',
      rule: 'strings',
      exclude: 'strings',
      baseline: 'string',
      diff: 'string',
      'update-baseline': 'boolean',
      jobs: 'string',
      progress: 'boolean',
      stats: 'boolean',
    });
    const format = oneOf(FORMATS, options.format ?? 'text', 'format');
    const level = oneOf(SEVERITIES, options.level ?? 'warning', 'level');
    const jobs = jobsOf(options.jobs);
    const isShown = options.progress === true || process.stderr.isTTY;
    const show = isShown ? progressOn : progressInLines;
    const progress = show((text) => process.stderr.write(text));
    const rules = rulesOf(options.rule);
    const excluded = (options.exclude ?? []).map((path) => resolve(path));
    const { baseline, 'update-baseline': updates = false } = options;
    if (updates && baseline === undefined) throw new BadUse('--update-baseline needs --baseline');
    const wanted = ({ code }: PlacedFinding) => rules.has(code);
    const { stats = false } = options;
    const choice = [[...rules], excluded, baseline ?? null, updates, stats];
    const key = ['check', process.cwd(), format, level, JSON.stringify(choice), ...paths];
    const counted = (analysis: Analysis, findings: readonly Fingerprinted[]): Told => {
      const told = toldOf(analysis, findings, format);
      if (!stats) return told;
      const statistics = statisticsOf(analysis, findings.length, spentHere());
      return { ...told, warnings: told.warnings + statistics, isRepeatable: false };
    };
    const look = async (
      files: FileSystem,
      cache: Cache,
      patch?: Pick<AnalysisOptions, 'since' | 'concerned'>,
    ) => {
      const analysis = await analyse(paths, {
        verdicts: { codes: rules, level },
        excluded,
        ...(options.rule && { rules }),
        relativeTo: 'directory',
        scenarios: rules.has('violated-invariant'),
        jobs,
        progress,
        files,
        cache,
        ...patch,
      });
      progress.end();
      const all = fingerprinted(findingsOf(analysis, level).filter(wanted), analysis);
      return { analysis, all };
    };
    if (options.diff !== undefined) {
      if (baseline !== undefined) throw new BadUse('--diff and --baseline do not go together');
      const [folder] = await foldersOf(paths);
      const patched = await patchedTree(options.diff, folder!, waitingFileSystem);
      const cache = userCache();
      const { touched, removes } = patched;
      const since = { paths: [...touched.keys()], files: patched.before, removes };
      const { analysis, all } = await look(patched.after, cache, { since });
      const { concerned } = analysis;
      const before = async () =>
        (await look(patched.before, cache, concerned && { concerned })).all;
      const told = await ofPatch(before, all, patched, analysis);
      cache.trim();
      return tell(counted(analysis, told), output);
    }
    return rememberedRun(key, waitingFileSystem, output, async (files, cache) => {
      const { analysis, all } = await look(files, cache);
      if (baseline === undefined) return counted(analysis, all);
      if (updates) {
        writeBaseline(resolve(baseline), baselineOf(all, analysis.show));
        return { ...counted(analysis, []), isRepeatable: false };
      }
      const read = await files.readText(resolve(baseline), LARGEST_TEXT);
      if ('problem' in read) throw new Failure(`${baseline}: ${read.problem}`);
      const known = readBaseline(baseline, read.value);
      return counted(
        analysis,
        all.filter(({ fingerprint }) => !known.has(fingerprint)),
      );
    });
  },
};

function rulesOf(given: readonly string[] | undefined): ReadonlySet<DiagnosticCode> {
  const known = DIAGNOSTICS.map(({ code }) => code);
  if (given === undefined) return new Set(known);
  return new Set(
    given.flatMap((list) => list.split(',')).map((name) => oneOf(known, name, 'rule')),
  );
}

function writeBaseline(path: string, text: string): void {
  const problem = writeText(dirname(path), basename(path), text);
  if (problem !== undefined) throw new Failure(problem);
}

function toldOf(analysis: Analysis, findings: readonly Fingerprinted[], format: Format): Told {
  const { unread, unanswered } = analysis;
  const warnings: string[] = [];
  tellProblems(analysis, { write: () => undefined, warn: (text) => warnings.push(text) });
  for (const { file, message } of analysis.changes)
    warnings.push(`${printable(analysis.show(file))}: ${printable(message)}\n`);
  return {
    output: render(format, findings, analysis),
    warnings: warnings.join(''),
    exit: [findings, unread, unanswered].every(({ length }) => length === 0)
      ? EXIT.clean
      : EXIT.findings,
    isRepeatable: !analysis.hasScenarios,
  };
}

function oneOf<Value extends string>(values: readonly Value[], given: string, what: string): Value {
  const value = values.find((each) => each === given);
  if (value === undefined) throw new BadUse(`there is no ${what} "${given}"`);
  return value;
}

/** The findings of at least that severity, in the order of files and lines: those of the given paths, and what comes
 *  from these elsewhere. */
export function findingsOf(
  { snapshot, files, elsewhere }: Analysis,
  level: Severity,
): readonly PlacedFinding[] {
  return [...files, ...elsewhere].flatMap((file) =>
    snapshot
      .diagnostics(file)
      .filter(({ isOfOpenFiles }) => isOfOpenFiles || !elsewhere.includes(file))
      .filter(({ severity }) => isAtLeast(severity, level))
      .map((diagnostic) => {
        const { line, column } = snapshot.lines(file)!.position(diagnostic.span.start);
        return { ...diagnostic, file, line: line + 1, column: column + 1 };
      }),
  );
}

function render(format: Format, found: readonly Fingerprinted[], analysis: Analysis): string {
  const findings = found.map(({ finding }) => finding);
  switch (format) {
    case 'text':
      return findings.map((finding) => textOf(finding, analysis)).join('');
    case 'json':
      return `${JSON.stringify(
        findings.map((finding) => jsonOf(finding, analysis)),
        null,
        2,
      )}\n`;
    case 'sarif':
      return `${JSON.stringify(sarifOf(found, analysis), null, 2)}\n`;
  }
}

/** The severities as compilers print them. */
const WORDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** One finding as compilers print it, its related places as notes. */
export function textOf(finding: PlacedFinding, { show, snapshot }: Analysis): string {
  const shown = (path: string) => printable(show(path));
  const { file, line, column, severity, message, code, related } = finding;
  const notes = related.map((place) => {
    const at = snapshot.lines(place.file)?.position(place.span.start);
    const where = `${place.line}:${at === undefined ? 1 : at.column + 1}`;
    return `${shown(place.file)}:${where}: note: ${place.message}\n`;
  });
  return `${shown(file)}:${line}:${column}: ${WORDS[severity]}: ${message} [${code}]\n${notes.join('')}`;
}

function jsonOf(finding: PlacedFinding, { show }: Analysis) {
  const { file, line, column, severity, code, message, related } = finding;
  return {
    file: show(file),
    line,
    column,
    severity,
    code,
    message,
    related: related.map((place) => ({
      file: show(place.file),
      line: place.line,
      message: place.message,
    })),
  };
}

function wrap(text: string): string {
  const lines: string[] = [];
  let line = '   ';
  for (const word of text.split(' ')) {
    if (line.length + word.length > 78) {
      lines.push(line);
      line = '   ';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
