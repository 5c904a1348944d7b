/** Moves an access to the side of its announcement on which that orders it: a store before the release, a read behind the acquire;
 *  or makes a second look at the announcement an acquire, too. */

import type { PlacedAccess } from '../../pairing/pairing.ts';
import type { Span } from '../../text/span.ts';
import { wordIn } from '../../text/word-in.ts';
import { nameInCode } from '../field-names.ts';
import type { FileMoment } from '../moment.ts';
import { decisive } from '../verdict.ts';
import type { TextEdit } from './action.ts';
import type { Fix, FixOffer } from './fix.ts';
import { acquired } from './release-acquire.ts';
import {
  isOneBlock,
  placesAround,
  type StatementPlace,
  wholeStatement,
} from './statement-place.ts';
import { type ToldPairing, toldPairings } from './told-pairing.ts';

const CODE = 'misplaced-access';

/** For each access in the range that stands on the wrong side. */
export const rightSide: FixOffer = (moment, range) =>
  toldPairings(moment, range, new Set([CODE])).flatMap((told) => fixOf(moment, told) ?? []);

function fixOf(moment: FileMoment, { finding, pairing }: ToldPairing): Fix | undefined {
  const { order } = decisive(moment.verdictOf(pairing)!.answer!)!;
  const [, [first, second]] = order.accesses;
  const sides = pairing.sites.flatMap((ref) => moment.tree.site(ref) ?? []);
  const [one, other] = sides.map(({ file, site }) => ({ file, function: site.function }));
  const home = other && moment.tree.functionIn(other.file, other.function)?.fact.span;
  const text = other && moment.textOf(other.file);
  const isHere = [first, second].every(
    (each) => each.via.length === 0 && each.file === other?.file,
  );
  if (
    one === undefined ||
    other === undefined ||
    home === undefined ||
    text === undefined ||
    !isHere
  )
    return undefined;
  const side: Side = { moment, text, file: other.file, home };
  const change =
    order.misplaced === 'late-store'
      ? storedBefore(side, first, second)
      : order.misplaced === 'early-read'
        ? readBehind(side, second, first)
        : order.misplaced === 'second-read'
          ? acquiredAgain(side, first)
          : undefined;
  return (
    change && {
      title: change.title,
      fixes: CODE,
      ways: [change.edits],
      mends: [{ file: moment.file, code: CODE, message: finding.message }],
      between: [[one, other]],
      met: [pairing],
    }
  );
}

/** The function that makes the access. */
interface Side {
  readonly moment: FileMoment;
  readonly text: string;
  readonly file: string;
  readonly home: Span;
}

interface Change {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Its statement is put before that of the release, with its comment. */
function storedBefore(
  { moment, text, file, home }: Side,
  store: PlacedAccess,
  announcement: PlacedAccess,
): Change | undefined {
  const own = wholeStatement(text, home, store.span);
  const { before } = placesAround(text, home, announcement.span);
  const isMovable =
    own !== undefined &&
    before !== undefined &&
    before.indent === own.indent &&
    isOneBlock(text, { start: announcement.span.end, end: own.span.start });
  if (!isMovable) return undefined;
  const [what, flag] = [nameInCode(moment, store), nameInCode(moment, announcement)];
  return {
    title: `Store ${what} before ${flag}`,
    edits: [
      { file, span: own.span, text: '' },
      insertion(file, before, text.slice(own.span.start, own.span.end)),
    ],
  };
}

/** `int size = b->size;`, or without the type. */
const KEPT = /^([\w \t*]*?)\b(\w+) = ([^;{}]+);$/;

/** It is read into its variable before the first use of that behind the acquire. */
function readBehind(
  { moment, text, file, home }: Side,
  read: PlacedAccess,
  announcement: PlacedAccess,
): Change | undefined {
  const own = wholeStatement(text, home, read.span);
  const [, type = '', variable = '', value = ''] = KEPT.exec(own?.code ?? '') ?? [];
  if (own === undefined || variable === '') return undefined;
  const use = wordIn(text, variable, { start: own.span.end, end: home.end });
  const before = use && placesAround(text, home, use).before;
  const isMovable =
    before !== undefined &&
    before.offset >= announcement.span.end &&
    before.indent === own.indent &&
    isOneBlock(text, { start: own.span.end, end: before.offset });
  if (!isMovable) return undefined;
  const declared = type.trim() === '' ? '' : `${own.indent}${type}${variable};\n`;
  const [what, flag] = [nameInCode(moment, read), nameInCode(moment, announcement)];
  return {
    title: `Read ${what} behind ${flag}`,
    edits: [
      { file, span: own.lines, text: declared },
      insertion(file, before, `${before.indent}${variable} = ${value};\n`),
    ],
  };
}

function acquiredAgain({ moment, text, file }: Side, read: PlacedAccess): Change | undefined {
  const [change] = acquired(text, read);
  return (
    change && {
      title: `Load ${nameInCode(moment, read)} by ${change.by}() here, too`,
      edits: [{ file, ...change.edit }],
    }
  );
}

function insertion(file: string, { offset }: StatementPlace, text: string): TextEdit {
  return { file, span: { start: offset, end: offset }, text };
}
