/** Gives the order that a broken pairing lacks: a barrier is moved to between two accesses, made one of the kind that orders
 *  them, or inserted, on one side or on both. */

import type { Site } from '../../facts/file-facts.ts';
import { primitive } from '../../kernel/primitives.ts';
import type { Pairing, PlacedAccess, PlacedSite } from '../../pairing/pairing.ts';
import { afterBlanks, C_COMMENTS } from '../../text/blanks.ts';
import type { Span } from '../../text/span.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { nameInCode } from '../field-names.ts';
import type { FileMoment, Moment } from '../moment.ts';
import { decisive } from '../verdict.ts';
import { siteTitle } from '../words.ts';
import type { TextEdit } from './action.ts';
import { commentLines } from './comment-text.ts';
import type { Fix, FixOffer } from './fix.ts';
import { acquired, released } from './release-acquire.ts';
import {
  indentAt,
  lineEnd,
  lineStart,
  placesAround,
  type StatementPlace,
} from './statement-place.ts';
import { toldPairings } from './told-pairing.ts';

const CODES: ReadonlySet<Diagnostic['code']> = new Set([
  'broken-pairing',
  'missing-full-barrier',
  'unordered-publication',
  'unpaired-barrier',
  'unresolved-claim',
]);

/** For each finding in the range whose execution was found: ways to order the accesses of one side, then of both. */
export const giveOrder: FixOffer = (moment, range) =>
  toldPairings(moment, range, CODES).flatMap(({ finding, pairing }) =>
    fixesOf(moment, finding, pairing),
  );

/** One way to give the order on one side. */
interface Change {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** It gives more than the order that is missing. */
  readonly isMore?: true;
}

/** The least changes first: of one side, then those that give more, then of both. */
function fixesOf(moment: FileMoment, finding: Diagnostic, pairing: Pairing): readonly Fix[] {
  const { accesses } = decisive(moment.verdictOf(pairing)!.answer!)!.order;
  const placed = pairing.sites.map((ref) => moment.tree.site(ref));
  const [one, other] = placed;
  if (one === undefined || other === undefined) return [];
  const mends = findingsOf(moment, finding, [one, other]);
  const fix = (changes: readonly Change[], isLast: boolean): Fix => ({
    title: changes[0]!.title,
    fixes: finding.code,
    ways: changes.map(({ edits }) => edits),
    mends,
    between: [[functionOf(one), functionOf(other)]],
    ...(pairing.idiom !== undefined && { met: [pairing] }),
    ...(isLast && { isLast }),
  });
  // What is one-sided lacks the order on the other side alone.
  const isOneSided = pairing.idiom === 'one-sided';
  const lines = [
    isOneSided
      ? undefined
      : linesOf(moment, accesses[0], one, standing(moment, accesses[1], other)),
    linesOf(moment, accesses[1], other, standing(moment, accesses[0], one)),
  ].flatMap((each) => each ?? []);
  const single = lines.flatMap((side) => changesOf(side));
  const [least, more] = [false, true].map((isMore) =>
    byTitle(single.filter((each) => (each.isMore === true) === isMore)),
  );
  return [
    ...least!.map((changes) => fix(changes, false)),
    ...more!.map((changes) => fix(changes, true)),
    ...byTitle(bothOf(lines))
      .slice(0, 1)
      .map((changes) => fix(changes, true)),
  ];
}

function byTitle(changes: readonly Change[]): readonly (readonly Change[])[] {
  const ways = new Map<string, Change[]>();
  for (const each of changes) ways.set(each.title, [...(ways.get(each.title) ?? []), each]);
  return [...ways.values()];
}

/** A change of each side, the comments of what is inserted naming the other one. */
function bothOf([one, other]: readonly SideLines[]): readonly Change[] {
  if (one === undefined || other === undefined) return [];
  const withPartner = (side: SideLines, { site, ...partner }: SideLines) =>
    changesOf({
      ...side,
      partner: isBarrier(site)
        ? site
        : { ...site, primitive: barriersFor(partner)[0]!, explicit: true },
    });
  return withPartner(one, other).flatMap((first) =>
    withPartner(other, one).map(({ title, edits }) => ({
      title: `${first.title}, and ${title[0]!.toLowerCase()}${title.slice(1)}`,
      edits: [...first.edits, ...edits],
    })),
  );
}

/** The finding, and those that are about barriers of the same two functions. */
function findingsOf(
  moment: FileMoment,
  finding: Diagnostic,
  sides: readonly PlacedSite[],
): Fix['mends'] {
  const others = sides.flatMap(({ file, site }) => {
    const ids = new Set(moment.tree.sitesIn(file, site.function).map(({ id }) => id));
    const own = moment
      .findings(file)
      .filter(({ code, about }) => CODES.has(code) && about !== undefined && ids.has(about));
    return own.map(({ code, message }) => ({ file, code, message }));
  });
  return [{ file: moment.file, code: finding.code, message: finding.message }, ...others];
}

function functionOf({ file, site }: PlacedSite) {
  return { file, function: site.function };
}

/** One side as a change of it looks at it. */
interface SideLines {
  readonly moment: Moment;
  readonly text: string;
  readonly file: string;
  readonly site: Site;
  readonly home: Span;
  readonly first: PlacedAccess;
  readonly last: PlacedAccess;
  /** The site of the other side. */
  readonly partner: Site;
}

/** The side, where both accesses stand in the function itself or in what it calls. */
function linesOf(
  moment: Moment,
  [first, last]: readonly [PlacedAccess, PlacedAccess],
  { file, site }: PlacedSite,
  partner: Site,
): SideLines | undefined {
  const text = moment.textOf(file);
  const home = moment.tree.functionIn(file, site.function)?.fact.span;
  const isHere = [first, last].every((each) => each.file === file && each.caller === undefined);
  if (text === undefined || home === undefined || !isHere) return undefined;
  return { moment, text, file, site, home, first, last, partner };
}

/** The barriers of the side's function that stand between the two accesses. */
function barriersBetween(
  { tree }: Moment,
  [first, last]: readonly [PlacedAccess, PlacedAccess],
  { file, site }: PlacedSite,
): readonly Site[] {
  return tree
    .sitesIn(file, site.function)
    .filter(
      (each) =>
        isBarrier(each) && first.span.end <= each.span.start && each.span.end <= last.span.start,
    );
}

/** The site, or the barrier that stands in its function for it. */
function standing(
  moment: Moment,
  accesses: readonly [PlacedAccess, PlacedAccess],
  placed: PlacedSite,
): Site {
  return barriersBetween(moment, accesses, placed)[0] ?? placed.site;
}

function changesOf(side: SideLines): readonly Change[] {
  const { moment, file, site, first, last } = side;
  const isBetween = ({ span }: Site) => first.span.end <= span.start && span.end <= last.span.start;
  const there = moment.tree.sitesIn(file, site.function).filter(isBarrier).filter(isBetween);
  const stronger = there.flatMap((each) => madeStronger({ ...side, site: each }));
  return isBarrier(site)
    ? [...stronger, ...moved(side), ...madeReturning(side)]
    : [...stronger, ...inserted(side), ...storedOrLoaded(side), ...madeReturning(side)];
}

/** A statement that does nothing but to order. */
function isBarrier({ explicit, own }: Site): boolean {
  return explicit && own === undefined;
}

/** The barriers that may order the two, the weakest first. */
function barriersFor({ first, last }: Pick<SideLines, 'first' | 'last'>): readonly string[] {
  const is = (effect: PlacedAccess['effect']) => first.effect === effect && last.effect === effect;
  const weak = is('write') ? ['smp_wmb'] : is('read') ? ['smp_rmb'] : [];
  const beside = first.marking === 'atomic' ? ['smp_mb__after_atomic'] : [];
  return [...weak, ...beside, 'smp_mb'];
}

function madeStronger(side: SideLines): readonly Change[] {
  const { text, file, site } = side;
  const end = site.span.start + site.primitive.length;
  if (text.slice(site.span.start, end) !== site.primitive) return [];
  const span = { start: site.span.start, end };
  return barriersFor(side)
    .filter((name) => name !== site.primitive)
    .map((name, index) => ({
      title: `Make ${siteTitle(site)} ${name}()`,
      edits: [{ file, span, text: name }],
      ...(index > 0 && { isMore: true }),
    }));
}

/** atomic_bitops.txt: what returns a value is a full barrier, which what returns none is not. */
function madeReturning({ text, file, first }: SideLines): readonly Change[] {
  const { span, via } = first;
  const [name = ''] = /^\w*/.exec(text.slice(span.start, span.end))!;
  const by = `test_and_${name}`;
  if (via.length > 0 || primitive(by) === undefined) return [];
  const named = { start: span.start, end: span.start + name.length };
  const title = `Make ${name}() ${by}(), which is a full barrier`;
  return [{ title, edits: [{ file, span: named, text: by }] }];
}

function moved(side: SideLines): readonly Change[] {
  const { moment, text, file, site, last } = side;
  const lines = ownLines(text, site);
  if (lines === undefined) return [];
  const own = indentAt(text, site.span.start);
  const title = `Move ${siteTitle(site)} before ${nameInCode(moment, last)}`;
  return placesBetween(side).map(({ offset, indent }) => {
    const there = text
      .slice(lines.start, lines.end)
      .split('\n')
      .map((line) =>
        line.startsWith(own) && line !== '' ? indent + line.slice(own.length) : line,
      );
    return {
      title,
      edits: [
        { file, span: lines, text: '' },
        { file, span: { start: offset, end: offset }, text: there.join('\n') },
      ],
    };
  });
}

/** The whole lines of a barrier with the comment right above it; undefined where something else stands on them. */
function ownLines(text: string, { span, comment }: Site): Span | undefined {
  const [from, end] = [lineStart(text, span.start), lineEnd(text, span.end)];
  const stop = text[span.end] === ';' ? span.end + 1 : span.end;
  const isAlone =
    text.slice(from, span.start).trim() === '' && afterBlanks(text, stop, C_COMMENTS) >= end;
  if (!isAlone) return undefined;
  const isAbove =
    comment !== undefined &&
    comment.span.end <= span.start &&
    text.slice(comment.span.end, span.start).trim() === '' &&
    text.slice(lineStart(text, comment.span.start), comment.span.start).trim() === '';
  const start = isAbove ? lineStart(text, comment.span.start) : from;
  return { start, end: Math.min(end + 1, text.length) };
}

function inserted(side: SideLines): readonly Change[] {
  const { moment, file, site, last, partner } = side;
  const who = isBarrier(partner) ? siteTitle(partner) : `${partner.function}()`;
  return barriersFor(side).flatMap((name, index) =>
    placesBetween(side).map(({ offset, indent }) => {
      const comment = commentLines([`Pairs with ${who}.`], indent, file);
      return {
        title: `Insert ${name}() in ${site.function}() before ${nameInCode(moment, last)}`,
        edits: [
          {
            file,
            span: { start: offset, end: offset },
            text: `${[...comment, `${indent}${name}();`].join('\n')}\n`,
          },
        ],
        ...(index > 0 && { isMore: true }),
      };
    }),
  );
}

/** The store behind the first access made a release, or the load before the second one an acquire. */
function storedOrLoaded({ text, file, site, first, last }: SideLines): readonly Change[] {
  if (first.effect === 'write' && last.effect === 'write')
    return released(text, last).map(({ what, by, edit }) => ({
      title: `Store ${what} in ${site.function}() by ${by}()`,
      edits: [{ file, ...edit }],
    }));
  if (first.effect === 'read' && last.effect === 'read')
    return acquired(text, first).map(({ what, by, edit }) => ({
      title: `Load ${what} in ${site.function}() by ${by}()`,
      edits: [{ file, ...edit }],
    }));
  return [];
}

/** Before the statement of the second access, or behind that of the first. */
function placesBetween({ text, home, first, last }: SideLines): readonly StatementPlace[] {
  const { before } = placesAround(text, home, last.span);
  const { after } = placesAround(text, home, first.span);
  const places = [before, after].flatMap((place) => place ?? []);
  return [...new Map(places.map((place) => [place.offset, place])).values()];
}
