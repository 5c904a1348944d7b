/** `barrierlens prove`: the pairings of a barrier, asked of the two functions as they are. */

import { fieldName } from '../facts/file-facts.ts';
import type { Snapshot } from '../language-service/snapshot.ts';
import { siteTitle } from '../language-service/words.ts';
import type { Partnership, PlacedSite } from '../pairing/pairing.ts';
import type { OpenPairingCheck } from '../proof/open-check.ts';
import type { ProtocolCheck } from '../proof/protocol-check.ts';
import { tellWitness } from '../proof/tell-execution.ts';
import type { Verdict } from '../proof/verdict.ts';
import { analyse, tellProblems } from './analysis.ts';
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
    const analysis = await analyse([place.file], { verdicts: 'none', relativeTo: 'directory' });
    tellProblems(analysis, output);
    if (analysis.unread.length > analysis.leftOut.length) return EXIT.findings;
    const asked = partnershipsAt(analysis.snapshot, place, options.all === true);
    if (asked.length === 0) {
      output.warn(`${paths[0]}: no barrier with a partner\n`);
      return EXIT.findings;
    }
    const { moment } = analysis.solve(asked.map(({ partnership }) => partnership.pairing));
    const show = placePrinter(moment.textOf);
    const checks = asked.flatMap((each) => {
      const check = moment.verdictOf(each.partnership.pairing)?.answer;
      return check === undefined ? [] : [{ ...each, check }];
    });
    for (const { here, partnership, check } of checks)
      output.write(checkText(sitesOf(here, partnership), check, show, options.execution === true));
    return checks.some(({ check }) => check.verdict.kind === 'broken') ? EXIT.findings : EXIT.clean;
  },
};

interface AskedPartnership {
  readonly here: PlacedSite;
  readonly partnership: Partnership;
}

/** The pairings of the barriers that stand at a place, best first. */
function partnershipsAt(
  snapshot: Snapshot,
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

/** Both sides of a pairing, in its order. */
function sitesOf(
  here: PlacedSite,
  { partner, side }: Partnership,
): readonly [PlacedSite, PlacedSite] {
  return side === 0 ? [here, partner] : [partner, here];
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
  const title = `${one}\npairs with ${two}: ${verdictText(verdict, show)}\n`;
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
      ? sides.map((of, side) => `${siteTitle(sites[side]!.site)} ${verdictText(of, show)}`)
      : [verdictText(verdict, show)];
  const shown = [verdict, ...sides].find(hasExecution);
  const lines = [
    `  ${fields} (${order.shape}): ${reasons.join('; ')}`,
    `    must not happen: ${bad}`,
    ...worths.map((line) => `    ${line}`),
    ...verdict.assumptions.map((assumption) => `    assumed: ${assumption}`),
  ];
  const steps =
    withExecution && shown !== undefined ? stepsText(tellWitness(shown.witness), show) : '';
  return `${lines.join('\n')}\n${steps}`;
}

function hasExecution(
  verdict: Verdict,
): verdict is Extract<Verdict, { readonly kind: 'needed' | 'broken' }> {
  return verdict.kind === 'needed' || verdict.kind === 'broken';
}

function verdictText(verdict: Verdict, show: PlacePrinter): string {
  switch (verdict.kind) {
    case 'needed':
    case 'broken':
      return verdict.kind;
    case 'idle':
      return 'idle: it removes nothing between these two functions';
    case 'redundant':
      return `redundant: ${verdict.by.map(({ device, place }) => `${device} (${show(place)})`).join(', ')}`;
    case 'unknown':
      return `unknown: ${verdict.place === undefined ? '' : `${show(verdict.place)}: `}${verdict.reason}`;
  }
}
