/** All that is known of a site, as text: what stands behind the hover's few lines. */

import { basename } from 'node:path';
import { placeOfAccess, shownField } from '../facts/file-facts.ts';
import type { PlacedAccess, ResolvedClaim } from '../pairing/pairing.ts';
import type { Explanation, FieldLine } from './explanation.ts';
import type { Markup } from './markup.ts';
import type { NeededCall } from './needed-calls.ts';
import type { PartnerLine } from './partner-line.ts';
import { isProven, type NeedRow, reasonOf, type ShownVerdict, verdictSentence } from './verdict.ts';
import { categoryPhrase, type OrderedFields, orderPhrase, siteTitle } from './words.ts';

/** How many orders, and fields of a side, are named before "and N more". */
const ORDERS = 3;
const FIELDS = 6;

/** The whole explanation, paragraph by paragraph. */
export function renderDetails(explanation: Explanation, markup: Markup): string {
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

/** All that scenarios say of a call that they take for an ordering primitive. */
export function renderCallDetails(
  { name, function: caller, rows }: NeededCall,
  markup: Markup,
): string {
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
  return `${markup.code(shownField(before))} (${first}) → ${markup.code(shownField(after))} (${second})`;
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
  const named = lines.map(({ field, access, place: { function: elsewhere, file, line } }) => {
    const at = file === home ? `line ${line}` : `${basename(file)}:${line}`;
    const where = elsewhere === undefined ? at : `${at}, in ${elsewhere}()`;
    return `${markup.code(field)} ${EFFECT[access.effect]} (${markup.text(where)})`;
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
