/** `barrierlens explain`: the hover as text. */

import { plain } from '../language-service/markup.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import type { Pairing, SiteRef } from '../pairing/pairing.ts';
import { analyse, tellProblems } from './analysis.ts';
import { type Command, EXIT, readArguments } from './command.ts';
import { readPlace } from './place.ts';

export const explain: Command = {
  usage: 'FILE:LINE[:COL] [--all]',
  help: `Says what the barrier at a place orders, with whom it pairs, how that is known and
what the simulation says: the text of the editor's hover. Without a column, every
barrier of the line is explained, or else the line's first ordered field.

  --all   all orders, partners and paths too, with what the answers assume

Exit code: 0, or 1 where there is nothing to explain or the file was not read, or 2
for bad use.
`,
  async run(args, output) {
    const { paths, options } = readArguments(args, { all: 'boolean' });
    const { file, line, column } = readPlace(paths);
    const analysis = await analyse([file], {
      verdicts: 'none',
      relativeTo: 'directory',
      scenarios: true,
    });
    const { show, unread, leftOut } = analysis;
    tellProblems(analysis, output);
    if (unread.length > leftOut.length) return EXIT.findings;
    const snapshot = analysis.solve(pairingsAt(analysis.snapshot, file, line));
    const markup = plain(show);
    const texts = offsetsOf(snapshot, file, line, column).flatMap((offset) => {
      const text = snapshot.hover(file, offset, markup)?.text;
      const more = options.all === true ? snapshot.details(file, offset, markup) : undefined;
      return text === undefined ? [] : [text, ...(more === undefined ? [] : [more])].join('\n\n');
    });
    const distinct = [...new Set(texts)];
    const shown = distinct.slice(0, column === undefined ? undefined : 1);
    if (shown.length === 0) {
      output.warn(`${paths[0]}: there is no barrier and no ordered field\n`);
      return EXIT.findings;
    }
    output.write(`${shown.join('\n\n')}\n`);
    return EXIT.clean;
  },
};

/** The pairings of the barriers of a line; where it has none but accesses, those of the whole file, for any may order them. */
function pairingsAt({ moment: { tree } }: Snapshot, file: string, line: number): Pairing[] {
  const { sites: barriers = [], functions = [] } = tree.facts(file) ?? {};
  const isHere = (of: { readonly line: number }) => of.line === line;
  const ids = new Set(barriers.filter(isHere).map(({ id }) => id));
  const ordered = barriers.flatMap(({ orders }) =>
    orders.flatMap(({ before, after }) => [...before, ...after]),
  );
  const all = [...functions.flatMap(({ accesses }) => accesses), ...ordered];
  if (ids.size === 0 && !all.some(isHere)) return [];
  const isAsked = (ref: SiteRef) => ref.file === file && (ids.size === 0 || ids.has(ref.id));
  return tree.everyPairingIn(file).filter(({ sites }) => sites.some(isAsked));
}

/** Where to ask: at the column, or at the barriers of the line, or at each of its words. */
function offsetsOf(snapshot: Snapshot, file: string, line: number, column?: number): number[] {
  const lines = snapshot.lines(file);
  if (lines === undefined || line < 1 || line > lines.lineCount) return [];
  if (column !== undefined) return [lines.offset({ line: line - 1, column: column - 1 })];
  const barriers = (snapshot.facts(file)?.sites ?? []).filter((site) => site.line === line);
  if (barriers.length > 0) return barriers.map(({ span }) => span.start);
  const start = lines.offset({ line: line - 1, column: 0 });
  const end = lines.offset({ line: line - 1, column: Number.MAX_SAFE_INTEGER });
  return Array.from({ length: end - start }, (_, at) => start + at);
}
