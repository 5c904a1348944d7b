/** An explanation as text: Markdown for a hover, plain for a terminal, one line for a lens. */

import { basename } from 'node:path';
import { fieldName, placeOfAccess } from '../facts/file-facts.ts';
import type { PlacedAccess, ResolvedClaim } from '../pairing/pairing.ts';
import type { Explanation, FieldLine, PartnerLine } from './explanation.ts';
import type { Markup } from './markup.ts';
import type { NeededCall } from './needed-calls.ts';
import {
  isProven,
  type NeedRow,
  reasonOf,
  type ShownVerdict,
  sideVerdict,
  verdictPhrase,
  verdictSentence,
} from './verdict.ts';
import { categoryPhrase, type OrderedFields, orderPhrase, siteTitle } from './words.ts';

/** How many orders, and fields of a side, are named before "and N more". */
const ORDERS = 3;
const FIELDS = 6;

/** The whole explanation, paragraph by paragraph. */
export function renderExplanation(explanation: Explanation, markup: Markup): string {
  const paragraphs = [
    heading(explanation, markup),
    orders(explanation, markup),
    partners(explanation, markup),
    explanation.dangling.map((claim) => dangling(claim, markup)).join('\n'),
    needs(explanation.needs, markup),
    markup.text(assumptions(explanation.partners)),
  ];
  return paragraphs.filter((text) => text !== '').join(markup.paragraph);
}

/** What scenarios say of a call that they take for an ordering primitive. */
export function renderCall({ name, function: caller, rows }: NeededCall, markup: Markup): string {
  return [titled(name, caller, markup), needs(rows, markup)].join(markup.paragraph);
}

function heading({ site }: Explanation, markup: Markup): string {
  return `${titled(site.primitive, site.function, markup)}: ${categoryPhrase(site.category)}`;
}

function titled(name: string, caller: string, markup: Markup): string {
  return `${markup.strong(markup.code(`${name}()`))} in ${markup.code(`${caller}()`)}`;
}

/** What the barrier is there for; where no partner tells, everything it orders. */
function orders(explanation: Explanation, markup: Markup): string {
  const { telling, partners: lines, before, after } = explanation;
  if (lines.length > 0 && telling.length > 0)
    return [
      'orders',
      ...shortened(
        telling.map((each) => order(each, markup)),
        ORDERS,
      ).map(markup.item),
    ].join('\n');
  if (before.length === 0 || after.length === 0) return '';
  const [first, second] = [before, after].map((side) => fields(side, explanation, markup));
  return `before it: ${first}${markup.paragraph}after it: ${second}`;
}

function order({ before, after, accesses }: OrderedFields, markup: Markup): string {
  const [first, second] = accesses.map((access) => accessed(access, markup));
  return `${markup.code(fieldName(before))} (${first}) → ${markup.code(fieldName(after))} (${second})`;
}

/** `written in f() core.c:12`, where it stands. */
function accessed(access: PlacedAccess, markup: Markup): string {
  const { function: elsewhere, file, line } = placeOfAccess(access, access.file);
  const inside = elsewhere === undefined ? '' : `in ${markup.code(`${elsewhere}()`)} `;
  return `${EFFECT[access.effect]} ${inside}${markup.link(`${basename(file)}:${line}`, file, line)}`;
}

/** The first of the items and, where that is not all, how many more there are. */
function shortened(items: readonly string[], most: number): readonly string[] {
  const more = items.length - most;
  return more > 0 ? [...items.slice(0, most), `and ${more} more`] : items;
}

function fields(lines: readonly FieldLine[], { file: home }: Explanation, markup: Markup): string {
  const named = lines.map(({ field, effect, place: { function: elsewhere, file, line } }) => {
    const at = file === home ? `line ${line}` : `${basename(file)}:${line}`;
    const where = elsewhere === undefined ? at : `${at}, in ${elsewhere}()`;
    return `${markup.code(field)} ${EFFECT[effect]} (${markup.text(where)})`;
  });
  return shortened(named, FIELDS).join(', ');
}

const EFFECT = { read: 'read', write: 'written', 'read-write': 'read and written' } as const;

function partners({ partners: lines, site }: Explanation, markup: Markup): string {
  if (lines.length > 0)
    return ['pairs with', ...lines.map((line) => partner(line, markup))].join('\n');
  return site.domain === 'smp' || site.domain === 'virt' ? 'no partner found' : '';
}

function partner(line: PartnerLine, markup: Markup): string {
  const { file, site } = line.partner;
  const where = markup.link(`${basename(file)}:${site.line}`, file, site.line);
  const { decisive: order, unknownAt } = line;
  const what = order === undefined ? '' : ` for ${markup.code(orderPhrase(order))}`;
  const at =
    unknownAt === undefined
      ? ''
      : ` (${markup.link(`${basename(unknownAt.file)}:${unknownAt.line}`, unknownAt.file, unknownAt.line)})`;
  return markup.item(
    `${markup.code(siteTitle(site))} ${where}${what}: ${markup.text(known(line))}${at}`,
  );
}

/** `claimed, inferred, proven: needed, without it ...`. */
function known({ sources, verdict, side }: PartnerLine): string {
  if (verdict === undefined) return sources.join(', ');
  return isProven(verdict) && verdict.currency === 'current' && verdict.answer !== undefined
    ? `${sources.join(', ')}: ${reasonOf(verdict.answer, side)}`
    : `${sources.join(', ')}; ${verdictSentence(verdict, side)}`;
}

function dangling({ claim, status }: ResolvedClaim, markup: Markup): string {
  const name = markup.code(`${claim.functions[0] ?? claim.primitive ?? claim.label ?? '?'}()`);
  return status === 'function-missing'
    ? `its comment names ${name}, which is in none of the files that were read`
    : `its comment names ${name}, where no barrier can be the other side`;
}

function needs(rows: readonly NeedRow[], markup: Markup): string {
  if (rows.length === 0) return '';
  return ['in the transition', ...rows.map((row) => markup.item(need(row, markup)))].join('\n');
}

function need(row: NeedRow, markup: Markup): string {
  const { path, invariant, orders: ordered, verdict, by, currency } = row;
  const what = ordered.map(({ before, after }) => markup.code(`${before} → ${after}`)).join(', ');
  const instead = by.length === 0 ? '' : `, also ordered by ${markup.text(givers(by))}`;
  const stale = currency === 'stale' ? ' (stale)' : '';
  const about = what === '' ? verdict : `${what} ${verdict}`;
  return `${path}: ${about}${stale}${instead} (${invariant})`;
}

/** Several entries give the order together, of an entry that names alternatives each does alone. */
function givers(by: readonly string[]): string {
  const bracketed = (entry: string) => (entry.includes(' or ') ? `(${entry})` : entry);
  return by.length === 1 ? by[0]! : by.map(bracketed).join(' together with ');
}

function assumptions(lines: readonly PartnerLine[]): string {
  const all = new Set(lines.flatMap(({ verdict }) => assumptionsOf(verdict)));
  return all.size === 0 ? '' : `assuming: ${[...all].join('; ')}`;
}

function assumptionsOf(shown: ShownVerdict | undefined): readonly string[] {
  return shown?.answer?.verdict.assumptions ?? [];
}

/** One line for a lens: `orders a → b · pairs with f() · proven`. */
export function lensTitle({ telling, partners: lines, site, needs: rows }: Explanation): string {
  const parts = [
    telling[0] === undefined ? categoryPhrase(site.category) : ordersPhrase(telling),
    pairsPhrase(lines),
    lensVerdict(telling[0], lines[0]),
    needsPhrase(rows),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** The verdict on the best partner; for which fields, where these are not those that the lens names. */
function lensVerdict(named: OrderedFields | undefined, best: PartnerLine | undefined): string {
  if (best?.verdict === undefined) return '';
  const { verdict, side, decisive } = best;
  const phrase = verdictPhrase(verdict, side);
  if (!isKnown(best) || decisive === undefined || named === undefined) return phrase;
  const about = orderPhrase(decisive);
  return about === orderPhrase(named) ? phrase : `${phrase} for ${about}`;
}

function ordersPhrase(telling: readonly OrderedFields[]): string {
  const more = telling.length > 1 ? ` (+${telling.length - 1})` : '';
  return `orders ${orderPhrase(telling[0]!)}${more}`;
}

/** Whether something is known of the pairing with a partner. */
function isKnown({ verdict, side }: PartnerLine): boolean {
  return verdict?.answer !== undefined && sideVerdict(verdict.answer, side).kind !== 'unknown';
}

/** The partners by name; beside a verdict on the best one those only of which there is one, too. */
function pairsPhrase(lines: readonly PartnerLine[]): string {
  const namesOf = (some: readonly PartnerLine[]) => [
    ...new Set(some.map(({ partner: { site } }) => `${site.function}()`)),
  ];
  const [best] = lines;
  if (best === undefined) return 'no partner found';
  const names = namesOf(isKnown(best) ? lines.filter(isKnown) : lines).slice(0, 2);
  const more = namesOf(lines).length - names.length;
  return `pairs with ${names.join(', ')}${more > 0 ? ` (+${more})` : ''}`;
}

/** One line for the lens of an operation that is no barrier of its own: empty where no scenario needs it. */
export function neededTitle(name: string, rows: readonly NeedRow[]): string {
  const phrase = needsPhrase(rows);
  return phrase === '' ? '' : `${name}() · ${phrase}`;
}

function needsPhrase(rows: readonly NeedRow[]): string {
  const needed = [
    ...new Set(rows.filter(({ verdict }) => verdict === 'needed').map(({ path }) => path)),
  ];
  const stale = rows.some(({ currency }) => currency === 'stale') ? ' (stale)' : '';
  return needed.length === 0 ? '' : `needed on ${needed.join(', ')}${stale}`;
}
