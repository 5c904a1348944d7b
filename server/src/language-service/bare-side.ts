/** A function without a barrier as the other side of one: what its comment names, where nothing is found to pair with. */

import type { FunctionFact, Site } from '../facts/file-facts.ts';
import { isReadWhole } from '../facts/file-facts.ts';
import type { OneSided } from '../pairing/one-sided.ts';
import type { Idiom, Pairing, ResolvedClaim, SiteRef } from '../pairing/pairing.ts';
import type { Meeting } from '../pairing/store-buffering.ts';

/** Ends the id of a function that stands for a site in it: no site's id does. */
const MARK = ':';

/** The reference by which a function stands for a site in it. */
export function bareRef(file: string, name: string): SiteRef {
  return { file, id: `${name}${MARK}` };
}

/** The function that a reference is of, where it is of one. */
export function bareName({ id }: SiteRef): string | undefined {
  return id.endsWith(MARK) ? id.slice(0, -MARK.length) : undefined;
}

/** A function as a site that orders nothing. */
export function bareSite({ name, span, line }: FunctionFact): Site {
  return {
    id: `${name}${MARK}`,
    function: name,
    primitive: name,
    category: 'marked-access',
    domain: 'smp',
    explicit: false,
    ordinal: 0,
    span: { start: span.start, end: span.start },
    line,
    column: 1,
    orders: [],
    claims: [],
    labels: [],
    uncertain: false,
  };
}

/** The pairings that comments claim of barriers without a partner, each with a function that it names. */
export function claimedOfFunctions(
  claims: readonly ResolvedClaim[],
  isAlone: (ref: SiteRef) => boolean,
  functionIn: (file: string, name: string) => FunctionFact | undefined,
): readonly Pairing[] {
  const found = new Map<string, Pairing>();
  for (const { from, foundIn } of claims) {
    const fact = foundIn && functionIn(foundIn.file, foundIn.function);
    if (foundIn === undefined || fact === undefined || !isReadWhole(fact) || !isAlone(from))
      continue;
    const other = bareRef(foundIn.file, foundIn.function);
    found.set(`${from.file}\n${from.id}\n${other.file}\n${other.id}`, {
      sites: [from, other],
      sources: ['claimed'],
      orders: [],
      score: 0.5,
      reasons: [],
    });
  }
  return [...found.values()];
}

/** Functions that meet without barriers, as pairings of the functions: one for each two and what they do. */
export function pairingsOf(idiom: Idiom, meetings: readonly Meeting[]): readonly Pairing[] {
  const found = new Map<string, Pairing>();
  for (const { functions, order } of meetings) {
    const [one, other] = functions.map(({ file, fact }) => bareRef(file, fact.name));
    const key = `${one!.file}\n${one!.id}\n${other!.file}\n${other!.id}`;
    const orders = [...(found.get(key)?.orders ?? []), order];
    found.set(key, { sites: [one!, other!], idiom, sources: [], orders, score: 0.3, reasons: [] });
  }
  return [...found.values()];
}

/** Barriers whose order a function meets without one, as pairings of the barrier with the function: one for each two, but for what
 *  is misplaced. */
export function oneSidedPairings(found: readonly OneSided[]): readonly Pairing[] {
  const made = new Map<string, Pairing>();
  for (const { site, function: met, order } of found) {
    const sites: Pairing['sites'] = [
      { file: site.file, id: site.site.id },
      bareRef(met.file, met.fact.name),
    ];
    const idiom = order.misplaced === undefined ? 'one-sided' : 'misplaced';
    const key = JSON.stringify([sites, order.misplaced === undefined ? idiom : made.size]);
    const orders = [...(made.get(key)?.orders ?? []), order];
    made.set(key, { sites, idiom, sources: [], orders, score: 0.3, reasons: [] });
  }
  return [...made.values()];
}
