/** `barrierlens prove`: the pairings of a barrier, asked of the two functions as they are. */

import { fieldName } from '../facts/file-facts.ts';
import { loadParser } from '../language-service/node-engine.ts';
import { siteTitle } from '../language-service/words.ts';
import type { SourceText } from '../lowering/lowering.ts';
import type { Partnership, PlacedSite } from '../pairing/pairing.ts';
import {
  checkOpenly,
  type OpenPairingCheck,
  type OpenSources,
  type ProtocolCheck,
  type Worth,
} from '../proof/open-check.ts';
import { parseKernelC } from '../syntax/parse.ts';
import { type Analysis, analyse, tellProblems } from './analysis.ts';
import { type Command, EXIT, readArguments } from './command.ts';
import { type PlaceInFile, readPlace } from './place.ts';
import { type PlacePrinter, placePrinter, stepsText } from './simulate-text.ts';

export const prove: Command = {
  usage: 'FILE:LINE[:COL] [--execution] [--all]',
  help: `Proves or refutes the pairings of the barrier at a place by simulation under the LKMM,
on the real code of both functions: their paths, values and locks, and what they call.
What nothing in the two functions decides (the caller, the start, other threads) may be
anything. Every answer names the fields it is about, and why these are meant; where that
is not known, or something is not modelled, the answer is unknown, with the place.

  needed     without it the bad outcome can happen, with it never
  redundant  something else keeps the order just as well
  broken     the bad outcome can happen although everything is in place
  idle       no execution of the two functions shows the outcome, however weak

  --execution  also tell an execution that shows the bad outcome, step by step
  --all        all that pairs with it, not only the likeliest

Exit code: 0, or 1 where a pairing is broken or there is nothing to prove, or 2 for bad
use.
`,
  async run(args, output) {
    const { paths, options } = readArguments(args, { execution: 'boolean', all: 'boolean' });
    const place = readPlace(paths);
    const analysis = await analyse([place.file], { verdicts: false, relativeTo: 'directory' });
    tellProblems(analysis, output);
    if (analysis.unread.length > 0) return EXIT.findings;
    const asked = partnershipsAt(analysis, place, options.all === true);
    if (asked.length === 0) {
      output.warn(`${paths[0]}: no barrier with a partner\n`);
      return EXIT.findings;
    }
    const sources = await sourcesOf(analysis);
    const show = placePrinter(analysis.snapshot.moment.textOf);
    let broken = false;
    for (const { here, partnership } of asked) {
      const sites = sitesOf(analysis, here, partnership);
      const check = checkOpenly(partnership.pairing, sites, sources);
      broken ||= check.verdict.kind === 'broken';
      output.write(checkText(sites, check, show, options.execution === true));
    }
    return broken ? EXIT.findings : EXIT.clean;
  },
};

interface AskedPartnership {
  readonly here: PlacedSite;
  readonly partnership: Partnership;
}

/** The pairings of the barriers that stand at a place, best first. */
function partnershipsAt(
  { snapshot }: Analysis,
  { file, line, column }: PlaceInFile,
  all: boolean,
): readonly AskedPartnership[] {
  const here = (snapshot.facts(file)?.sites ?? []).filter(
    (site) => site.line === line && (column === undefined || site.column === column),
  );
  return here.flatMap((site) =>
    snapshot.moment.tree
      .partnerships(file, site.id)
      .slice(0, all ? undefined : 1)
      .map((partnership) => ({ here: { file, site }, partnership })),
  );
}

/** Both sides of a pairing, in its order, with what their paths access in functions of other files. */
function sitesOf(
  { snapshot }: Analysis,
  here: PlacedSite,
  { partner, side }: Partnership,
): readonly [PlacedSite, PlacedSite] {
  const [own, other] = [here, partner].map((placed) => ({
    file: placed.file,
    site: snapshot.moment.tree.completed(placed),
  })) as [PlacedSite, PlacedSite];
  return side === 0 ? [own, other] : [other, own];
}

async function sourcesOf({ snapshot, headers }: Analysis): Promise<OpenSources> {
  const parser = await loadParser();
  const { tree, textOf } = snapshot.moment;
  const parse: OpenSources['parse'] = (file, text, place) => ({
    file,
    text,
    parsed: parseKernelC(parser, text, place),
  });
  const known = new Map<string, SourceText>();
  const parsed = (file: string, text: string): SourceText => {
    const source = known.get(file) ?? parse(file, text);
    known.set(file, source);
    return source;
  };
  const withHeaders = (file: string): readonly SourceText[] => {
    const text = textOf(file);
    if (text === undefined) return [];
    return [
      parsed(file, text),
      ...headers.of(file, text).map((header) => parsed(header.path, header.text)),
    ];
  };
  return {
    facts: tree.facts,
    functions: tree.functions,
    parse,
    of: (files) => [...new Set(files.flatMap(withHeaders))],
  };
}

function checkText(
  sites: readonly [PlacedSite, PlacedSite],
  { verdict, orders }: OpenPairingCheck,
  show: PlacePrinter,
  withExecution: boolean,
): string {
  const [one, two] = sites.map(
    ({ file, site }) => `${siteTitle(site)} ${show({ file, span: site.span })}`,
  );
  const title = `${one}\npairs with ${two}: ${worthText(verdict, show)}\n`;
  return [title, ...orders.map((order) => orderText(order, sites, show, withExecution))].join('');
}

function orderText(
  { order, reasons, bad, verdict, sides }: ProtocolCheck,
  sites: readonly [PlacedSite, PlacedSite],
  show: PlacePrinter,
  withExecution: boolean,
): string {
  const fields = `${fieldName(order.first)} and ${fieldName(order.second)}`;
  const worths =
    verdict.kind === 'needed' || verdict.kind === 'redundant'
      ? sides.map((worth, side) => `${siteTitle(sites[side]!.site)} ${worthText(worth, show)}`)
      : [worthText(verdict, show)];
  const shown = [verdict, ...sides].find(hasExecution);
  const lines = [
    `  ${fields} (${order.shape}): ${reasons.join('; ')}`,
    `    must not happen: ${bad}`,
    ...worths.map((line) => `    ${line}`),
    ...verdict.assumptions.map((assumption) => `    assumed: ${assumption}`),
  ];
  const steps = withExecution && shown !== undefined ? stepsText(shown.execution, show) : '';
  return `${lines.join('\n')}\n${steps}`;
}

function hasExecution(worth: Worth): worth is Extract<Worth, { kind: 'needed' | 'broken' }> {
  return worth.kind === 'needed' || worth.kind === 'broken';
}

function worthText(worth: Worth, show: PlacePrinter): string {
  switch (worth.kind) {
    case 'needed':
    case 'broken':
    case 'idle':
      return worth.kind;
    case 'redundant':
      return `redundant: ${worth.by.map(({ device, place }) => `${device} (${show(place)})`).join(', ')}`;
    case 'unknown':
      return `unknown: ${worth.place === undefined ? '' : `${show(worth.place)}: `}${worth.reason}`;
  }
}
