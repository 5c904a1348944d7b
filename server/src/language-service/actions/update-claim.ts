/** Corrects what a comment says of the partner: a function that was renamed or never was, a barrier of another kind. */

import { isPrimitive } from '../../claims/operations.ts';
import type { ResolvedClaim } from '../../pairing/pairing.ts';
import { isAssertion } from '../../pairing/resolve.ts';
import { type Span, touches } from '../../text/span.ts';
import { explain } from '../explanation.ts';
import { likelyPartner } from '../likely-partner.ts';
import type { FileMoment } from '../moment.ts';
import { sideVerdict } from '../verdict.ts';
import type { Action, Offer } from './action.ts';

/** One word of the comment for another one. */
interface Correction {
  readonly old: string;
  readonly now: string;
}

/** An action for each claim of the barriers and comments in the range that names what is not there. */
export const updateClaim: Offer = (moment, range) =>
  moment.tree.pairing.claims
    .filter(({ from, claim }) => from.file === moment.file && isAssertion(claim))
    .filter((resolved) => isIn(moment, resolved, range))
    .flatMap((resolved) => action(moment, resolved));

function isIn({ tree }: FileMoment, { from, claim }: ResolvedClaim, range: Span): boolean {
  const site = tree.site(from)?.site;
  const meets = ({ start, end }: Span) => start <= range.end && range.start <= end;
  return meets(claim.span) || (site !== undefined && meets(site.span));
}

function action(moment: FileMoment, resolved: ResolvedClaim): readonly Action[] {
  const correction = correctionOf(moment, resolved);
  const span = correction && wordIn(moment, resolved.claim.span, correction.old);
  if (correction === undefined || span === undefined) return [];
  return [
    {
      title: `Correct the comment: ${correction.now}() instead of ${correction.old}()`,
      fixes: 'unresolved-claim',
      edits: [{ file: moment.file, span, text: correction.now }],
    },
  ];
}

function correctionOf(moment: FileMoment, resolved: ResolvedClaim): Correction | undefined {
  const { claim, status, targets } = resolved;
  const [old] = claim.functions;
  if (status === 'function-missing' && old !== undefined) {
    const now = functionMeant(moment, resolved, old);
    return now === undefined || now === old ? undefined : { old, now };
  }
  if (status !== 'resolved' || !isName(claim.primitive)) return undefined;
  const kinds = new Set(targets.flatMap((ref) => moment.tree.site(ref)?.site.primitive ?? []));
  const [now] = kinds;
  return kinds.size !== 1 || now === undefined || isShortFor(claim.primitive, now)
    ? undefined
    : { old: claim.primitive, now };
}

/** A kind of barrier in words, as in "the corresponding write barrier" or "the barrier", is no name that could be wrong. */
function isName(primitive: string | undefined): primitive is string {
  return primitive?.includes('_') === true && isPrimitive(primitive);
}

/** Whether a comment may call the operation so: `wmb` of `smp_wmb`, `cmpxchg` of `atomic_cmpxchg`. */
function isShortFor(name: string, operation: string): boolean {
  return `_${operation}_`.includes(`_${name}_`);
}

/** The function of the partner of whom it is proven that the two need each other, else the one of a like name. */
function functionMeant(
  moment: FileMoment,
  { from }: ResolvedClaim,
  name: string,
): string | undefined {
  const placed = moment.tree.site(from);
  if (placed === undefined) return undefined;
  const proven = explain(moment, placed).partners.filter(
    ({ verdict, side }) =>
      verdict?.answer !== undefined && sideVerdict(verdict.answer, side).kind === 'needed',
  );
  const functions = new Set(proven.map(({ partner }) => partner.site.function));
  return functions.size === 1 ? [...functions][0] : likelyPartner(moment.tree, placed, name);
}

/** Where the word stands in the claim. */
function wordIn(
  { textOf, file }: FileMoment,
  { start, end }: Span,
  word: string,
): Span | undefined {
  const text = textOf(file) ?? '';
  for (let at = text.indexOf(word, start); at !== -1 && at < end; at = text.indexOf(word, at + 1)) {
    const isWhole = !/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + word.length] ?? '');
    if (isWhole && touches({ start, end }, at)) return { start: at, end: at + word.length };
  }
  return undefined;
}
