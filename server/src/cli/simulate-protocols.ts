/** The answers of `barrierlens simulate protocols`: of each protocol what holds, and what its barriers are for. */

import { type BarrierCell, barrierTable } from '../proof/barrier-table.ts';
import type { MissingMark } from '../proof/missing-marks.ts';
import type { InvariantAnswer, ScenarioAnswer } from '../proof/scenario-answer.ts';
import type { BarrierName, Giver } from '../proof/scenario-rows.ts';
import type { SupposedAnswer } from '../proof/suppositions.ts';
import type { TableRow, TransitionTable } from '../proof/transition-table.ts';
import { outcomeText } from './simulate-glance.ts';
import { marksText, type PlacePrinter, suppositionsText } from './simulate-text.ts';

/** A paragraph for each protocol, then what is violated or not known, then what else was asked for. */
export function renderProtocols(
  table: TransitionTable,
  supposed: readonly SupposedAnswer[],
  marks: readonly MissingMark[],
  show: PlacePrinter,
): string {
  return [
    ...table.answers.map((answer) => protocolText(answer, table.rows)),
    '\n',
    ...outcomeText(table, show),
    ...marksText(marks, show),
    ...suppositionsText(supposed),
  ].join('');
}

function protocolText({ scenario, invariants }: ScenarioAnswer, rows: readonly TableRow[]): string {
  const own = barrierTable(rows.filter(({ scenarios }) => scenarios.includes(scenario.name)));
  return [
    `\n${scenario.name}: ${scenario.description}\n`,
    ...invariants.map(invariantText),
    ...own.map(({ barrier, cells }) => {
      const cell = cells.get(scenario.path);
      return cell === undefined ? '' : `    ${nameOf(barrier)}: ${cellText(cell)}\n`;
    }),
  ].join('');
}

function invariantText({ name, words, observation }: InvariantAnswer): string {
  const told =
    observation === undefined ? 'not known' : observation === 'Never' ? 'holds' : 'violated';
  return `  ${told.padEnd(9)}  never ${name}${words === '' ? '' : `: ${words}`}\n`;
}

function nameOf({ file, line, function: name, primitive, ordinal }: BarrierName): string {
  return `${file}:${line} ${name}() ${primitive}()${ordinal === 1 ? '' : ` ${ordinal}`}`;
}

function cellText({ needed, broken, givers, isUnknown }: BarrierCell): string {
  return [
    ...(needed.length === 0 ? [] : [`needed for ${needed.join(', ')}`]),
    ...broken.map(({ invariant, lacks }) => `does not keep ${invariant} (${lacks})`),
    ...(isUnknown ? ['not known'] : []),
    ...(givers.length === 0 || needed.length > 0 ? [] : [`not needed: ${giversText(givers)}`]),
  ].join('; ');
}

function giversText(givers: readonly (readonly Giver[])[]): string {
  return givers.map((entry) => entry.map(giverText).join(' or ')).join(', and ');
}

function giverText(giver: Giver): string {
  if (!('barrier' in giver)) return `${giver.stubs.join('() and ')}() of the scenario`;
  const { function: name, primitive } = giver.barrier;
  return `${primitive}() of ${name}()`;
}
