/**
 * Proves or refutes a pairing on its two functions as they are: their paths, values and locks, with what
 * nobody knows free. The verdict is about the fields that comment and code point at, or there is none.
 */

import { fieldName, shownField } from '../facts/file-facts.ts';
import type { Pairing, PlacedSite } from '../pairing/pairing.ts';
import { underLocks } from './callers.ts';
import type { QuestionSources } from './open-question.ts';
import { candidatesOf, isOwn, type Protocol, protocolsOf, type Root } from './protocol.ts';
import {
  type Answered,
  checkProtocol,
  type ProtocolCheck,
  stronger,
  supposing,
} from './protocol-check.ts';
import type { Verdict } from './verdict.ts';

/** What the simulation says of a pairing. */
export interface OpenPairingCheck {
  /** That of the order that says something; unknown where no fields are known to be meant. */
  readonly verdict: Verdict;
  /** What was asked, likeliest fields first, up to the first order of which something is proven. */
  readonly orders: readonly ProtocolCheck[];
}

/** Likelier fields than these say what a pairing is about, or it is not known. */
const MOST_ORDERS = 3;

/** Checks `pairing`, whose sites are `sites` in the same order, over the fields that it may be about. */
export function checkOpenly(
  pairing: Pairing,
  sites: readonly [PlacedSite, PlacedSite],
  sources: QuestionSources,
): OpenPairingCheck {
  const device = sites.find(({ site }) => site.domain !== 'smp' && site.domain !== 'virt');
  if (device !== undefined) return unknownPairing('the partner of a device is no CPU', device);
  const checks: ProtocolCheck[] = [];
  const isGuess = pairing.idiom !== undefined;
  const protocols = protocolsOf(candidatesOf(pairing, sites, sources), sites, isGuess, sources);
  let spent = 0;
  for (const protocol of protocols.slice(0, MOST_ORDERS)) {
    const asked = checkAsCalled(protocol, sites, sources, spent);
    checks.push(asked.check);
    if (asked.isSpent || isEnough(asked.check, isGuess)) break;
    spent = asked.spent;
  }
  const mayBeIdle = !pairing.sources.includes('claimed') && protocols.length <= MOST_ORDERS;
  const orders = checks.map((check) => withoutGuess(check, checks, sites));
  const telling = orders.findLast((check) => isEnough(check, isGuess));
  return { verdict: telling?.verdict ?? overall(orders, mayBeIdle, sites), orders };
}

/** Whether no other fields are asked about: something is proven of these; of a function that was found by what it does alone, that it
 *  goes wrong. */
function isEnough(check: ProtocolCheck, isGuess: boolean): boolean {
  const { kind } = check.verdict;
  return isGuess ? kind === 'broken' : says(check) && kind !== 'redundant';
}

function unknownPairing(reason: string, { file, site }: PlacedSite): OpenPairingCheck {
  const verdict: Verdict = {
    kind: 'unknown',
    reason,
    place: { file, span: site.span },
    assumptions: [],
  };
  return { verdict, orders: [] };
}

/** Whether something is proven of the order. */
function says({ verdict, isKeptApart }: ProtocolCheck): boolean {
  return isKeptApart === true || (verdict.kind !== 'unknown' && verdict.kind !== 'idle');
}

/** The check, in which a barrier is redundant or idle only where nothing else stands around it in its function than what was
 *  asked about: it may be there for that. */
function withoutGuess(
  check: ProtocolCheck,
  asked: readonly ProtocolCheck[],
  sites: readonly [PlacedSite, PlacedSite],
): ProtocolCheck {
  const fields = new Set(asked.flatMap(({ order }) => [order.first, order.second].map(fieldName)));
  const known = (verdict: Verdict, { site }: PlacedSite): Verdict => {
    const other = site.orders
      .flatMap(({ before, after }) => [...before, ...after])
      .find((access) => isOwn(access) && !fields.has(fieldName(access.field)));
    const isSaid = verdict.kind === 'redundant' || verdict.kind === 'idle';
    if (!isSaid || check.isKeptApart === true || other === undefined) return verdict;
    const reason = `it may be there for ${shownField(other.field)}, which was not asked about`;
    return { kind: 'unknown', reason, assumptions: verdict.assumptions };
  };
  const [one, two] = check.sides.map((verdict, side) => known(verdict, sites[side]!));
  const isJoint = check.verdict.kind === 'redundant' || check.verdict.kind === 'idle';
  const verdict = isJoint ? stronger(one!, two!) : check.verdict;
  return { ...check, verdict, sides: [one!, two!] };
}

/** The verdict of the likeliest fields about which something is proven. That nothing can go wrong with fields which
 *  were only guessed does not make an idle barrier of one that a comment pairs, nor where others were not asked
 *  about: it may be there for those. */
function overall(
  checks: readonly ProtocolCheck[],
  mayBeIdle: boolean,
  sites: readonly [PlacedSite, PlacedSite],
): Verdict {
  const open = checks.find(({ verdict }) => verdict.kind === 'unknown');
  const idle = mayBeIdle ? checks[0] : undefined;
  const sure = checks.find((check) => says(check) && check.verdict.kind !== 'redundant');
  const redundant = checks.find(({ verdict }) => verdict.kind === 'redundant');
  const told = sure ?? open ?? redundant ?? idle;
  return told?.verdict ?? unknownPairing('not known which fields are meant', sites[0]).verdict;
}

/** Of the ways in which two functions are called so many are asked about. */
const MOST_CALLERS = 6;

/** Asks about one protocol. What two functions do by themselves is asked again as they are called, where every caller
 *  takes a lock: the answer is that of the caller which is the worst off. */
function checkAsCalled(
  protocol: Protocol,
  sites: readonly [PlacedSite, PlacedSite],
  sources: QuestionSources,
  spentBefore: number,
): Answered {
  const alone = checkProtocol(protocol, sites, sources, spentBefore);
  if (!says(alone.check)) return alone;
  const called = underLocks(protocol, alone.check.verdict.kind === 'broken', sources);
  if (called.length > MOST_CALLERS) return { ...alone, check: withoutAnswer(alone.check) };
  const answers: Answered[] = [];
  for (const roots of called) {
    const { spent } = answers.at(-1) ?? alone;
    const answer = checkProtocol({ ...protocol, roots }, sites, sources, spent);
    const { bad } = alone.check;
    answers.push({ ...answer, check: calledFrom(roots, { ...answer.check, bad }) });
    if (rank(answers.at(-1)!) === 0) break;
  }
  const { spent } = answers.at(-1) ?? alone;
  const [worst = alone] = answers.toSorted((a, b) => rank(a) - rank(b));
  return { ...worst, spent };
}

/** What is proven of two functions as others call them. */
function calledFrom(roots: readonly [Root, Root], check: ProtocolCheck): ProtocolCheck {
  const names = new Set(roots.map((root) => `${root.function}()`));
  const assumption = `called from ${[...names].join(' and ')}, with what is locked there`;
  const isKeptApart = check.verdict.kind === 'idle';
  return { ...supposing(check, assumption), ...(isKeptApart && { isKeptApart }) };
}

/** What is proven of the functions alone, where it is not known whether what their callers hold excludes it. */
function withoutAnswer({ outcome: _, ...check }: ProtocolCheck): ProtocolCheck {
  const reason = `not known what its callers hold: in more than ${MOST_CALLERS} ways they take a lock`;
  const verdict: Verdict = { kind: 'unknown', reason, assumptions: check.verdict.assumptions };
  return { ...check, verdict, sides: [verdict, verdict] };
}

/** Of the answers of several callers the first holds for all: where one of them is not known, it may be broken there. */
function rank({ check }: Answered): number {
  return ['broken', 'unknown', 'needed', 'redundant', 'idle'].indexOf(check.verdict.kind);
}
