/** Orders that are taken away from a program or added to it, by the site that gives them and the fields they
 *  are about. */

/** An order to take away: all that a site gives, or only what it orders after accesses to the field
 *  `before`, before accesses to the field `after`, or both. */
export interface TakenOrder {
  readonly site: string;
  readonly before?: string;
  readonly after?: string;
}

/** An order to add: accesses to `before` are kept, as by a full barrier or by one of this kind, before the accesses to
 *  `after` that follow them in program order; accesses to anything where no field is named, in every thread where none is. */
export interface AddedOrder {
  readonly before?: string;
  readonly after?: string;
  readonly thread?: number;
  readonly by?: 'rmb' | 'wmb';
}

/** The orders that are taken away from each site. */
export type OrdersBySite = ReadonlyMap<string, readonly TakenOrder[]>;

export function ordersBySite(orders: readonly TakenOrder[]): OrdersBySite {
  const bySite = new Map<string, TakenOrder[]>();
  for (const order of orders) {
    const known = bySite.get(order.site);
    if (known === undefined) bySite.set(order.site, [order]);
    else known.push(order);
  }
  return bySite;
}

/** Whether all is taken away that the site gives. */
export function isWhole({ before, after }: TakenOrder): boolean {
  return before === undefined && after === undefined;
}

/** Whether an order is about accesses to these fields; an event that is no access has none. */
export function isAbout(
  order: TakenOrder,
  before: string | undefined,
  after: string | undefined,
): boolean {
  return (
    (order.before === undefined || order.before === before) &&
    (order.after === undefined || order.after === after)
  );
}

/** Whether all that `less` takes away is taken away by `more` too. */
export function covers(more: readonly TakenOrder[], less: readonly TakenOrder[]): boolean {
  return less.every(({ site, before, after }) =>
    more.some((order) => order.site === site && isAbout(order, before, after)),
  );
}
