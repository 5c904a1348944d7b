/** `lost-order`: a patch takes a barrier away, or makes it weaker, and nothing orders in its place. */

import { type Field, fieldName } from '../../facts/file-facts.ts';
import type { Span } from '../../text/span.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { TakenBarrier } from '../taken-barriers.ts';
import { byDistance, orderPhrase } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const lostOrder: CheckedKind = {
  code: 'lost-order',
  meaning:
    'A patch takes away a barrier whose comment says what it is for, or puts a weaker one in its place, and nothing in the function orders what it ordered. Whoever relies on that order may be elsewhere, in user space, or behind a function that everybody waits with.',
  fires:
    'In `check --diff` alone: on the weaker barrier, or on the first access behind the place where the barrier was. Not where the function got another operation that can order, or calls another function than before; not where a pairing is known, of which `missing-partner-barrier` tells.',
  fix: 'Put the barrier back, or say in the description of the patch why the order is not needed.',
  check: (moment) =>
    moment.taken
      .filter(({ file }) => file === moment.file)
      .filter((taken) => !isToldOtherwise(moment, taken))
      .flatMap((taken) => finding(taken, isCommentLeft(moment, taken)) ?? []),
};

/** The partner of the barrier is told of. */
function isToldOtherwise({ lost }: FileMoment, { file, gone }: TakenBarrier): boolean {
  return lost.some((each) => each.gone.file === file && each.gone.site.id === gone.id);
}

function isCommentLeft({ textOf, file }: FileMoment, { gone, home }: TakenBarrier): boolean {
  const text = textOf(file)?.slice(home.span.start, home.span.end) ?? '';
  return gone.comment !== undefined && text.includes(gone.comment.text);
}

function finding(taken: TakenBarrier, isLeft: boolean): Finding | undefined {
  const what = whatOf(taken);
  if (what === undefined && !isLeft) return undefined;
  const said = isLeft ? ['its comment is left'] : [];
  const message = [what ?? `${taken.gone.primitive}() is taken away`, ...said].join('; ');
  return { span: placeOf(taken), message, related: [] };
}

function whatOf({ gone, home, instead, orders: [order] }: TakenBarrier): string | undefined {
  if (order === undefined) return undefined;
  return instead === undefined
    ? `${gone.primitive}() is taken away, and nothing orders ${orderPhrase(order)} in ${home.name}() any more`
    : `${instead.primitive}() in place of ${gone.primitive}() does not order ${orderPhrase(order)}`;
}

/** The weaker barrier, or the access that came behind the one that is gone. */
function placeOf({ gone, home, instead, orders: [order] }: TakenBarrier): Span {
  if (instead !== undefined) return instead.span;
  const behind = order === undefined ? gone.orders.flatMap(({ after }) => after) : [];
  const field = order?.after ?? byDistance(behind)[0]?.field;
  const isBehind = (access: { readonly field: Field }) =>
    field !== undefined && fieldName(access.field) === fieldName(field);
  return home.accesses.find(isBehind)?.span ?? home.span;
}
