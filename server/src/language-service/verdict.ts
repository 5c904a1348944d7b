/**
 * Verdicts as the language service shows them: of a pairing, and of a barrier on a path of a
 * scenario. What was found (the verdict) and whether it still speaks of the text (its currency) are
 * two things.
 */

import type { OpenPairingCheck } from '../proof/open-check.ts';
import type { ProtocolCheck } from '../proof/protocol-check.ts';
import type { OrderGiver, Verdict, VerdictKind } from '../proof/verdict.ts';

/** Whether a verdict speaks of the present text: `stale` was found for an earlier one, `running` has
 *  none yet for this one. */
export type Currency = 'current' | 'stale' | 'running';

/** A verdict with its currency; `answer` is absent while the first run is under way. */
export interface ShownVerdict {
  readonly answer?: OpenPairingCheck;
  readonly currency: Currency;
}

/** One of the two sides of a pairing. */
export type Side = 0 | 1;

/** One row of a scenario's need table: what a barrier is for on one path of the protocol. */
export interface NeedRow {
  readonly barrier: {
    readonly file: string;
    readonly function: string;
    readonly primitive: string;
    /** Counts the uses of the primitive in the function from 1. */
    readonly ordinal: number;
  };
  /** The scenario's path: `enable`, `disable`, `reverse`. */
  readonly path: string;
  readonly invariant: string;
  /** What a violation of it means, in the scenario's words; may be empty. */
  readonly words: string;
  readonly orders: readonly { readonly before: string; readonly after: string }[];
  readonly verdict: VerdictKind;
  /** What else gives the order, where the barrier is redundant. */
  readonly by: readonly string[];
  readonly currency: Exclude<Currency, 'running'>;
  /** Why it is not known any more, and where. */
  readonly open?: { readonly file: string; readonly line: number; readonly message: string };
}

/** Whether the simulation showed that the pairing keeps the bad outcome away. */
export function isProven(shown: ShownVerdict | undefined): boolean {
  const kind = shown?.answer?.verdict.kind;
  return kind === 'needed' || kind === 'redundant';
}

/** The order that decides the verdict of a pairing; undefined where none does. */
export function decisive({ verdict, orders }: OpenPairingCheck): ProtocolCheck | undefined {
  return orders.find((order) => order.verdict.kind === verdict.kind);
}

/** The verdict on one side's barrier: of the pairing, where nothing is known of the side alone. */
export function sideVerdict(check: OpenPairingCheck, side: Side): Verdict {
  return decisive(check)?.sides[side] ?? check.verdict;
}

/** The verdict on one side in a few words, its currency included: `needed`, `broken (stale)`, `being proved`. */
export function verdictPhrase({ answer, currency }: ShownVerdict, side: Side): string {
  return answer === undefined
    ? 'being proved'
    : kindPhrase(sideVerdict(answer, side).kind, currency);
}

/** A verdict in a few words, its currency included. */
export function kindPhrase(kind: VerdictKind, currency: Currency): string {
  return currency === 'current' ? KINDS[kind] : `${KINDS[kind]} (stale)`;
}

const KINDS: Readonly<Record<VerdictKind, string>> = {
  needed: 'needed',
  redundant: 'redundant',
  idle: 'removes nothing between these two functions',
  broken: 'broken',
  unknown: 'not known',
};

/** The verdict on one side with its reason. */
export function verdictSentence(shown: ShownVerdict, side: Side): string {
  const phrase = verdictPhrase(shown, side);
  const why = shown.answer === undefined ? '' : reasonOf(shown.answer, side);
  return why === '' ? phrase : `${phrase}: ${why}`;
}

/** Why, as a sentence of its own behind a verdict of this kind. */
export function becauseOf(check: OpenPairingCheck, side: Side): string {
  const verdict = sideVerdict(check, side);
  const bad = decisive(check)?.bad ?? '';
  switch (verdict.kind) {
    case 'needed':
      return `without it ${bad}`;
    case 'redundant':
      return orderedBy(verdict.by, verdict.oneMustStay);
    case 'idle':
    case 'broken':
    case 'unknown':
      return reasonOf(check, side);
  }
}

/** Why: the bad outcome, what else gives the order, or what is not known. */
export function reasonOf(check: OpenPairingCheck, side: Side): string {
  const verdict = sideVerdict(check, side);
  const bad = decisive(check)?.bad ?? '';
  switch (verdict.kind) {
    case 'needed':
      return `needed, without it ${bad}`;
    case 'redundant':
      return redundantBecause(verdict.by, verdict.oneMustStay);
    case 'idle':
      return '';
    case 'broken':
      return bad;
    case 'unknown':
      return verdict.reason;
  }
}

function redundantBecause(by: readonly OrderGiver[], oneMustStay: boolean): string {
  return `redundant, ${orderedBy(by, oneMustStay)}`;
}

function orderedBy(by: readonly OrderGiver[], oneMustStay: boolean): string {
  if (by.length === 0) return 'nothing is lost without it';
  const devices = [...new Set(by.map(({ device }) => device))].join(' and ');
  return `${devices} gives the order too${oneMustStay ? ', one of them has to stay' : ''}`;
}
