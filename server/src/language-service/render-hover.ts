/** The answer about a site as a person reads it: the verdict, at most three ordered pairs, the partner, why, and where
 *  it is not needed; at most 12 lines. All that is known beside it is `renderDetails()`. */

import { basename } from 'node:path';
import { placeOfAccess } from '../facts/file-facts.ts';
import type { PlacedAccess } from '../pairing/pairing.ts';
import type { Explanation } from './explanation.ts';
import { type FieldNames, fieldNames } from './field-names.ts';
import type { Markup } from './markup.ts';
import type { Moment } from './moment.ts';
import type { NeededCall } from './needed-calls.ts';
import { type FileLine, type PartnerLine, pairsWords } from './partner-line.ts';
import { verdictWords } from './render-lens.ts';
import type { SiteAnswer } from './site-answer.ts';
import { becauseOf, type NeedRow, sideVerdict } from './verdict.ts';
import { categoryPhrase, type OrderedFields, orderPhrase, siteTitle } from './words.ts';

/** So many ordered pairs, fields of a side, and invariants are told. */
const PAIRS = 3;
const FIELDS = 4;
const INVARIANTS = 3;

/** Names of paths that are longer together are counted. */
const NAMED = 80;

/** The hover on a site. */
export function renderHover(moment: Moment, explanation: Explanation, markup: Markup): string {
  const { site, answer, needs } = explanation;
  const asked = lineOf(answer, explanation.partners)?.decisive?.accesses;
  const names = fieldNames(moment, accessesOf(explanation), asked);
  const head = `${markup.strong(markup.text(verdictWords(answer, NAMED)))}: ${titled(site.primitive, site.function, markup)}, ${categoryPhrase(site.category)}`;
  const paragraphs = [
    head,
    pairs(names, explanation, markup),
    partner(explanation, markup),
    why(names, explanation, markup),
    notNeeded(needs, markup),
    currency(answer),
  ];
  return paragraphs.filter((text) => text !== '').join(markup.paragraph);
}

/** Those that are told, and those of which a reason may speak: the function's own. */
function accessesOf({ telling, nearest, partners }: Explanation): readonly PlacedAccess[] {
  const met = partners.flatMap(({ orders }) => orders);
  return [...telling, ...nearest, ...met].flatMap(({ accesses }) => accesses);
}

/** The hover on a call that scenarios take for an ordering primitive. */
export function renderCall(
  { name, function: caller, rows, answer }: NeededCall,
  markup: Markup,
): string {
  const paragraphs = [
    `${markup.strong(markup.text(verdictWords(answer, NAMED)))}: ${titled(name, caller, markup)}`,
    scenarioPairs(rows, markup),
    answer.kind === 'warned' ? markup.text(`${answer.finding.message}.`) : keeps(rows, markup),
    notNeeded(rows, markup),
    currency(answer),
  ];
  return paragraphs.filter((text) => text !== '').join(markup.paragraph);
}

function titled(name: string, caller: string, markup: Markup): string {
  return `${markup.code(`${name}()`)} in ${markup.code(`${caller}()`)}`;
}

/** What the verdict is about comes first; where nobody is known to meet it, what stands before it and after it. */
function pairs(names: FieldNames, explanation: Explanation, markup: Markup): string {
  const { partners, before, after, needs } = explanation;
  const orders = toldOrders(explanation);
  const told = orders.map((order) => orderText(names, order, markup));
  const needed = neededPairs(needs).map(pairPhrase);
  const isOfScenario = needed.length > 0 && !isProvenOf(explanation);
  const isNamed = !isOfScenario || orders.map(orderPhrase).some((each) => needed.includes(each));
  if (told.length > 0 && partners.length > 0 && isNamed)
    return [...new Set(told)].slice(0, PAIRS).map(markup.item).join('\n');
  if (needed.length > 0) return scenarioPairs(needs, markup);
  if (before.length === 0 || after.length === 0) return '';
  const side = (lines: Explanation['before']) =>
    nearestIn(lines)
      .slice(0, FIELDS)
      .map(
        ({ access, place: { file, line } }) =>
          `${markup.code(names.of(access))} ${at({ file, line }, markup)}`,
      )
      .join(', ');
  return [`before it: ${side(before)}`, `after it: ${side(after)}`].map(markup.item).join('\n');
}

/** What the function itself does, else what is done in fewest calls from it: what callers do around it is seldom meant. */
function nearestIn(lines: Explanation['before']): Explanation['before'] {
  const least = Math.min(...lines.map(({ access }) => callsTo(access)));
  return lines.filter(({ access }) => callsTo(access) === least);
}

/** Whether the simulation of both functions is what the answer tells of, and not a scenario. */
function isProvenOf({ answer, partners }: Explanation): boolean {
  const line = lineOf(answer, partners);
  const check = line?.verdict?.answer;
  return check !== undefined && sideVerdict(check, line!.side).kind === answer.kind;
}

/** What the verdict is about; of it what a scenario needs, where one does. */
function toldOrders({
  telling,
  nearest,
  answer,
  needs,
  partners,
}: Explanation): readonly OrderedFields[] {
  const orders = isAnswered(answer)
    ? answeredOrders(lineOf(answer, partners), telling)
    : nearestFirst([...telling, ...nearest]);
  const rows = new Set(neededPairs(needs).map(pairPhrase));
  const needed = orders.filter((order) => rows.has(orderPhrase(order)));
  return needed.length > 0 ? needed : orders;
}

/** Whether it is known which fields the answer is about. */
function isAnswered({ kind }: SiteAnswer): boolean {
  return !['unknown', 'running', 'not-simulated', 'marked'].includes(kind);
}

/** What the verdict is about, then what the two also agree on and is as near. */
function answeredOrders(
  line: PartnerLine | undefined,
  telling: readonly OrderedFields[],
): readonly OrderedFields[] {
  const asked = line?.decisive;
  if (line === undefined || asked === undefined) return telling;
  const near = nearestFirst(line.orders).filter((order) => depthOf(order) <= depthOf(asked));
  return distinct([asked, ...near]);
}

/** What the function itself does before what is done in its callees: that is farther from what is meant. */
function nearestFirst(orders: readonly OrderedFields[]): readonly OrderedFields[] {
  return distinct(orders).toSorted((one, other) => depthOf(one) - depthOf(other));
}

/** How many calls lie between the barrier and the two accesses. */
function depthOf({ accesses }: OrderedFields): number {
  return accesses.reduce((sum, access) => sum + callsTo(access), 0);
}

function callsTo({ via, caller }: PlacedAccess): number {
  return via.length + (caller === undefined ? 0 : 1);
}

/** Where only a scenario knows what is ordered. */
function scenarioPairs(rows: readonly NeedRow[], markup: Markup): string {
  return neededPairs(rows)
    .slice(0, PAIRS)
    .map(([before, after]) =>
      markup.item(`${markup.code(before)} → ${markup.code(after)}, as the scenario has them`),
    )
    .join('\n');
}

function orderText(names: FieldNames, { accesses }: OrderedFields, markup: Markup): string {
  return accesses.map((access) => accessText(names, access, markup)).join(' → ');
}

const EFFECT = { read: 'read', write: 'written', 'read-write': 'read and written' } as const;

/** `b->data written in fill() fill.c:12`, where it stands. */
function accessText(names: FieldNames, access: PlacedAccess, markup: Markup): string {
  const { function: elsewhere, file, line } = placeOfAccess(access, access.file);
  const inside = elsewhere === undefined ? '' : `in ${markup.code(`${elsewhere}()`)} `;
  return `${markup.code(names.of(access))} ${EFFECT[access.effect]} ${inside}${at({ file, line }, markup)}`;
}

function at({ file, line }: FileLine, markup: Markup): string {
  return markup.link(`${basename(file)}:${line}`, file, line);
}

/** The partner that the answer is about, how it is known, and how many more there are. */
function partner({ answer, partners }: Explanation, markup: Markup): string {
  const line = lineOf(answer, partners) ?? partners[0];
  if (line === undefined) return '';
  const { file, site } = line.partner;
  const where = at({ file, line: site.line }, markup);
  const others = partners.length - 1;
  const more = others > 0 ? `; ${others} more in the details` : '';
  return `${pairsWords(line)} ${markup.code(siteTitle(site))} ${where} (${known(line)}${more})`;
}

function known({ sources }: PartnerLine): string {
  const isClaimed = sources.includes('claimed');
  if (!isClaimed) return 'by the fields; no comment says so';
  return sources.includes('inferred') ? 'by comment and fields' : 'by the comment';
}

/** One sentence. */
function why(names: FieldNames, explanation: Explanation, markup: Markup): string {
  const { answer, needs, site } = explanation;
  switch (answer.kind) {
    case 'warned':
      return markup.text(`${capital(names.within(answer.finding.message))}.`);
    case 'needed':
    case 'redundant':
      return (
        said(names, answer.line, answer.kind, markup) ??
        keeps(needs, markup, toldOrders(explanation).map(orderPhrase))
      );
    case 'broken':
      return (
        said(names, answer.line, answer.kind, markup) ??
        'A scenario accepts it in the code as it is, with its reason.'
      );
    case 'unknown':
      return `Not proven${answer.place === undefined ? '' : ` at ${at(answer.place, markup)}`}: ${markup.text(names.within(answer.reason))}.`;
    case 'open':
      if (answer.because !== undefined)
        return `Not known${markup.text(` on ${answer.on.join(', ')}`)} while this is so: ${at(answer.because, markup)}: ${markup.text(answer.because.message)}.`;
      return 'Something on these paths is not modelled, or a bound was hit: barrierlens simulate has the place.';
    case 'idle':
      return 'Without it nothing changes that these two functions could tell apart.';
    case 'running':
      return 'The simulation of both functions is under way.';
    case 'marked':
      return 'Both are accesses that are only marked: the compiler may not tear, merge or repeat them, and nothing is ordered by them.';
    case 'not-simulated':
      return 'The setting barrierlens.validation.enable is off.';
    case 'alone':
      return site.comment === undefined
        ? 'Nothing that was read pairs with it: say in a comment with whom it does.'
        : 'Nothing that was read pairs with it.';
  }
}

/** What the simulation of both functions says, where the verdict is from there. */
function said(
  names: FieldNames,
  line: PartnerLine | undefined,
  kind: 'needed' | 'redundant' | 'broken',
  markup: Markup,
): string | undefined {
  const answer = line?.verdict?.answer;
  if (line === undefined || answer === undefined) return undefined;
  if (sideVerdict(answer, line.side).kind !== kind) return undefined;
  return markup.text(`${capital(names.within(becauseOf(answer, line.side)))}.`);
}

/** What a scenario needs it for: an order that is `told` already, where it is one of them. */
function keeps(rows: readonly NeedRow[], markup: Markup, told: readonly string[] = []): string {
  const needed = rows.filter(({ verdict }) => verdict === 'needed');
  if (needed.length === 0) return '';
  const all = neededPairs(needed);
  const first = all.find((pair) => told.includes(pairPhrase(pair))) ?? all[0];
  const about = needed.filter(
    ({ orders }) =>
      first === undefined ||
      orders.some(({ before, after }) => before === first[0] && after === first[1]),
  );
  const happens = markup.text(consequence(about));
  if (first === undefined) return `Without it ${happens}.`;
  return `It keeps ${markup.code(first[0])} before ${markup.code(first[1])}; without that ${happens}.`;
}

/** What can happen without the order: what a violation means, in the scenario's words, then the names of what else can be violated. */
function consequence(rows: readonly NeedRow[]): string {
  const said = rows.find(({ words }) => words !== '');
  const names = [...new Set(rows.map(({ invariant }) => invariant))];
  const others = names.filter((name) => name !== said?.invariant);
  const more = others.length > INVARIANTS ? ` and ${others.length - INVARIANTS} more` : '';
  const violated = `${others.slice(0, INVARIANTS).join(', ')}${more} can be violated`;
  if (said === undefined) return violated;
  const first = `${said.words} (${said.invariant})`;
  return others.length === 0 ? first : `${first}; ${violated}, too`;
}

type Pair = readonly [before: string, after: string];

function pairPhrase([before, after]: Pair): string {
  return `${before} → ${after}`;
}

function neededPairs(rows: readonly NeedRow[]): readonly Pair[] {
  const needed = rows.filter(({ verdict }) => verdict === 'needed');
  const pairs = needed.flatMap(({ orders }) =>
    orders.map(({ before, after }): Pair => [before, after]),
  );
  return [...new Map(pairs.map((pair) => [pairPhrase(pair), pair])).values()];
}

/** The paths on which something else gives the order. */
function notNeeded(rows: readonly NeedRow[], markup: Markup): string {
  const needed = new Set(
    rows.filter(({ verdict }) => verdict === 'needed').map(({ path }) => path),
  );
  const redundant = rows.filter(
    ({ path, verdict }) => verdict === 'redundant' && !needed.has(path),
  );
  const paths = [...new Set(redundant.map(({ path }) => path))];
  if (paths.length === 0) return '';
  const by = [...new Set(redundant.flatMap((row) => row.by))].toSorted(
    (a, b) => a.length - b.length,
  );
  const others = by.length > 1 ? ' and others' : '';
  const instead = by[0] === undefined ? '' : `: also ordered by ${by[0]}${others}`;
  return `Not needed on ${markup.text(`${paths.join(', ')}${instead}`)}.`;
}

function currency(answer: SiteAnswer): string {
  return 'currency' in answer && answer.currency === 'stale'
    ? 'What it rests on has changed or was read since; it is being proved anew.'
    : '';
}

/** The partner that the answer is about; of a warning, with whom the pairing is broken. */
function lineOf(answer: SiteAnswer, partners: readonly PartnerLine[]): PartnerLine | undefined {
  const isBroken = ({ verdict, side }: PartnerLine) =>
    verdict?.answer !== undefined && sideVerdict(verdict.answer, side).kind === 'broken';
  if (answer.kind === 'warned') return partners.find(isBroken);
  return 'line' in answer ? answer.line : undefined;
}

function distinct(orders: readonly OrderedFields[]): readonly OrderedFields[] {
  return [...new Map(orders.map((order) => [orderPhrase(order), order])).values()];
}

/** A name keeps its first letter. */
function capital(sentence: string): string {
  if (!/^[a-z]+[ ,]/.test(sentence)) return sentence;
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
}
