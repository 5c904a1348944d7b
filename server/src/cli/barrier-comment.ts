/** What the comment of a barrier should say, from its rows: what it orders, with whom it pairs, on which path and why. */

import { barrierTable } from '../proof/barrier-table.ts';
import type { BarrierName, Giver, PairedOrder } from '../proof/scenario-rows.ts';
import { joinOrders, type TableRow, type TransitionTable } from '../proof/transition-table.ts';

/** A comment as paragraphs without line ends, and what it is made of. */
export interface ProposedComment {
  readonly barrier: BarrierName;
  readonly paragraphs: readonly string[];
  /** What it orders, with the partners that want a comment, too. */
  readonly orders: readonly PairedOrder[];
  /** The paths on which it is not needed. */
  readonly idle: readonly string[];
  /** The paths on which it is not enough, with what is missing. */
  readonly broken: readonly string[];
}

export interface CommentContext {
  readonly table: TransitionTable;
  /** Whether the field or variable is the tree's, not the scenario's own. */
  readonly isOwn: (field: string) => boolean;
}

/** Barriers that somebody has put there to order; what lists order by themselves needs no comment. */
export function wantsComment({ device }: TableRow): boolean {
  return device === 'fence' || device === 'rmw' || device === 'grace-period';
}

/** The comment that the rows of one barrier come to. */
export function barrierComment(
  rows: readonly TableRow[],
  context: CommentContext,
): ProposedComment {
  const { barrier } = rows[0]!;
  const told = rows.filter(({ verdict }) => verdict === 'needed' || verdict === 'redundant');
  const orders = joinOrders(told.flatMap((row) => row.orders))
    .filter(({ before, after }) => context.isOwn(before) && context.isOwn(after))
    .map((order) => ({ ...order, partners: order.partners.filter(isPlacedIn(context)) }));
  const paths = [...new Set(told.map(({ path }) => path))];
  const neededOn = (path: string) =>
    told.filter((row) => row.path === path && row.verdict === 'needed');
  const idle = paths.filter((path) => neededOn(path).length === 0);
  const needed = paths.filter((path) => !idle.includes(path));
  return {
    barrier,
    paragraphs: [
      orderParagraph(told, orders, context),
      ...neededParagraphs(
        needed.map((path) => ({ path, rows: neededOn(path) })),
        context,
      ),
      ...idle.map((path) =>
        idleParagraph(
          path,
          told.filter((row) => row.path === path),
          context,
        ),
      ),
    ],
    orders,
    idle,
    broken: rows.flatMap(({ verdict, path, lacks }) =>
      verdict === 'broken' && lacks !== undefined ? `on ${path} ${lacks}` : [],
    ),
  };
}

/** `Order a before b and c before d. Pairs with smp_rmb() in f().`, once for the orders with the same partners. */
function orderParagraph(
  rows: readonly TableRow[],
  orders: ProposedComment['orders'],
  context: CommentContext,
): string {
  if (rows.every(({ device }) => device === 'grace-period')) return 'Wait for a grace period.';
  const groups = new Map<string, PairedOrder[]>();
  for (const order of orders) {
    // A number is read on to what follows it, so those without one come first.
    const texts = order.partners.map((each) => barrierText(each, context));
    const pairs = texts.toSorted(
      (one, other) => Number(isNumbered(one)) - Number(isNumbered(other)),
    );
    const key = pairs.length === 0 ? '' : ` Pairs with ${listed(pairs)}.`;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  return [...groups].map(([pairs, told]) => `Order ${ordersText(told)}.${pairs}`).join(' ');
}

/** `a and b before c, and d before e`. */
function ordersText(orders: ProposedComment['orders']): string {
  const afters = [...new Set(orders.map(({ after }) => after))];
  const told = afters.map((after) => {
    const befores = orders.filter((order) => order.after === after).map(({ before }) => before);
    return `${listed(befores)} before ${after}`;
  });
  return told.join(', and ');
}

/** Whether a barrier has a comment of its own; what lists order by themselves is none that a comment would name. */
function isPlacedIn({ table }: CommentContext): (barrier: BarrierName) => boolean {
  const rows = table.rows.filter(wantsComment);
  const placed = new Set(rows.map(({ barrier }) => JSON.stringify(barrier)));
  return (barrier) => placed.has(JSON.stringify(barrier));
}

/** Paths on which the same goes wrong without it, together. */
function neededParagraphs(
  needed: readonly { readonly path: string; readonly rows: readonly TableRow[] }[],
  { table }: CommentContext,
): readonly string[] {
  const byWords = new Map<string, string[]>();
  for (const { path, rows } of needed) {
    const words = [...new Set(rows.map((row) => wordsOf(row, table)))].join('; or ');
    byWords.set(words, [...(byWords.get(words) ?? []), path]);
  }
  return [...byWords].map(([words, paths]) => `Needed on ${listed(paths)}, or else ${words}.`);
}

function wordsOf({ invariant, scenarios }: TableRow, { answers }: TransitionTable): string {
  const answer = answers.find(({ scenario }) => scenarios.includes(scenario.name));
  const words = answer?.invariants.find(({ name }) => name === invariant)?.words ?? '';
  return words === '' ? `${invariant} is violated` : words;
}

/** Who has to stay for it: of each entry anyone does. */
function idleParagraph(path: string, rows: readonly TableRow[], context: CommentContext): string {
  const givers = barrierTable(rows)[0]?.cells.get(path)?.givers ?? [];
  const names = [...new Set(givers.map((entry) => entryText(entry, context)))];
  return `Not needed on ${path}, as long as there ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`;
}

function entryText(entry: readonly Giver[], context: CommentContext): string {
  const barriers = entry.flatMap((giver) =>
    'barrier' in giver ? [barrierText(giver.barrier, context)] : [],
  );
  if (barriers.length > 0) return barriers.join(' or ');
  const outside = entry.flatMap((giver) => ('stubs' in giver ? giver.stubs : []));
  const names = outside.filter((name) => context.isOwn(name)).map((name) => `${name}()`);
  return `the order that ${names.length === 0 ? 'others' : listed(names)} outside ${names.length === 1 ? 'gives' : 'give'}`;
}

/** `the 2nd smp_rmb() in f()`: with a number where the function has several. */
export function barrierText(
  { file, function: name, primitive, ordinal }: BarrierName,
  { table }: Pick<CommentContext, 'table'>,
): string {
  const several = table.rows.some(
    ({ barrier }) =>
      barrier.file === file &&
      barrier.function === name &&
      barrier.primitive === primitive &&
      barrier.ordinal !== ordinal,
  );
  return `the ${several ? `${nth(ordinal)} ` : ''}${primitive}() in ${name}()`;
}

function isNumbered(text: string): boolean {
  return /^the \d/.test(text);
}

function nth(number: number): string {
  return `${number}${['th', 'st', 'nd', 'rd'][number] ?? 'th'}`;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
