/** `unordered-recheck`: what was read may be newer than the second look at the counter that is to vouch for it. */

import {
  type FunctionAccess,
  type FunctionFact,
  fieldName,
  type Recheck,
  shownField,
} from '../../facts/file-facts.ts';
import { accessesOf } from '../../pairing/met-orders.ts';
import type { Span } from '../../text/span.ts';
import type { Finding, Related } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { CheckedKind } from './check.ts';

export const unorderedRecheck: CheckedKind = {
  code: 'unordered-recheck',
  meaning:
    'A function reads fields and then reads a counter or a pointer again, to see that nobody changed the fields meanwhile. An acquire orders what comes behind it, not what comes before: the fields can be read after the second look, and then be of the next change although both looks agree (seqlock.rst; read_seqretry() begins with smp_rmb()).',
  fires:
    'Where two marked reads of one field are compared, fields of a struct are read in between that a function with a store to the compared field stores too, itself or in what it calls, and neither a barrier nor a call stands between them and the second read. It is a warning where the first read is ordered (an acquire, or a read barrier behind it), else an information.',
  fix: 'Put smp_rmb() before the second read; a plain or marked read is enough then. Or use a seqcount_t.',
  check: (moment) =>
    moment.facts.functions.flatMap((fact) =>
      (fact.rechecks ?? []).flatMap((recheck) => finding(moment, fact, recheck)),
    ),
};

function finding(moment: FileMoment, fact: FunctionFact, recheck: Recheck): readonly Finding[] {
  const at = ({ start, end }: Span) =>
    fact.accesses.find(
      ({ span, effect }) => span.start === start && span.end === end && effect === 'read',
    );
  const counter = at(recheck.second);
  const between = recheck.between.flatMap((span) => at(span) ?? []);
  if (counter === undefined) return [];
  const name = fieldName(counter.field);
  for (const writer of writersOf(moment, name)) {
    const read = between.find(({ field }) => writer.stores.has(fieldName(field)));
    if (read === undefined) continue;
    const [field, again] = [shownField(read.field), shownField(counter.field)];
    const { file } = moment;
    const related: readonly Related[] = [
      { file, span: read.span, line: read.line, message: `${fact.name}() reads ${field}` },
      { file: writer.file, ...writer.place, message: `${writer.name}() stores to ${field}` },
    ];
    return [
      {
        span: counter.span,
        message: `nothing orders the read of ${field} before this second read of ${again}: ${fact.name}() can take the new ${field} for the old one`,
        related,
        ...(recheck.isMeant !== true && { atMost: 'information' as const }),
      },
    ];
  }
  return [];
}

interface Writer {
  readonly name: string;
  readonly file: string;
  readonly place: { readonly span: Span; readonly line: number };
  readonly stores: ReadonlySet<string>;
}

/** The functions that store to a field of an object that they have not just made, with what they store there and in what they call. */
function writersOf({ tree }: FileMoment, field: string): readonly Writer[] {
  return [...tree.files].flatMap(([file, { functions }]) =>
    functions.flatMap((fact) => {
      const own = fact.accesses.find(
        (access) => isStore(access) && fieldName(access.field) === field,
      );
      if (own === undefined) return [];
      const place = { span: own.span, line: own.line };
      return [
        {
          name: fact.name,
          file,
          place,
          stores: new Set(
            accessesOf({ file, fact }, tree).flatMap(({ made }) =>
              isStore(made) ? fieldName(made.field) : [],
            ),
          ),
        },
      ];
    }),
  );
}

function isStore({ effect, isNew }: FunctionAccess): boolean {
  return effect !== 'read' && isNew !== true;
}
