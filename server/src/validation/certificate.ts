/**
 * Why an execution is forbidden, in terms of orders that can be taken away: the orders on one cycle that an
 * axiom rules out. The model is monotone, and the pairs on the cycle alone close it. So the execution stays
 * forbidden, whatever else is taken away, as long as these orders are kept; and so is every execution of the
 * same events that has the communication of the cycle.
 */

import type { Communication } from '../memory-model/linux-kernel.ts';
import type { WitnessEdge } from '../memory-model/outcome.ts';
import { has } from '../memory-model/relation.ts';
import type { Contribution, Contributions } from './contributions.ts';
import { isAbout, type OrdersBySite, type TakenOrder } from './taken-order.ts';

/** One pair of fields that a site keeps in order; an event that is no access has none. */
interface KeptOrder {
  readonly site: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface Certificate {
  readonly orders: readonly KeptOrder[];
  /** The pairs of rf, co and fr on the cycle. */
  readonly communication: readonly CommunicationEdge[];
  /** Whether the hand-over of a lock is on it, which depends on more of rf and co than these pairs. */
  readonly passesLock: boolean;
}

interface CommunicationEdge extends WitnessEdge {
  readonly relation: keyof Communication;
}

/** Edges of devices, which are named as the parts that devices contribute. */
const BY_DEVICE = new Set(['addr', 'data', 'ctrl', 'mb', 'gp', 'wmb', 'rmb', 'po-rel', 'acq-po']);

/** What the cycle of an axiom rests on where the orders `without` have been taken away; undefined where an
 *  edge of it stands for more than one order. */
export function certificateOf(
  contributions: Contributions,
  without: OrdersBySite,
  cycle: readonly WitnessEdge[],
): Certificate | undefined {
  const orders: KeptOrder[] = [];
  const communication: CommunicationEdge[] = [];
  let passesLock = false;
  for (const edge of cycle) {
    if (isCommunication(edge)) communication.push(edge);
    else if (edge.relation === 'po-unlock-lock-po') passesLock = true;
    else if (BY_DEVICE.has(edge.relation)) {
      const givers = giversOf(contributions, without, edge);
      const chosen = givers.find(({ site }) => isKept(orders, site)) ?? givers[0];
      if (chosen === undefined) passesLock = true;
      else if (chosen.site !== undefined) orders.push(orderOf(contributions, chosen.site, edge));
    } else return undefined;
  }
  return { orders, communication, passesLock };
}

function isCommunication(edge: WitnessEdge): edge is CommunicationEdge {
  return edge.relation === 'rf' || edge.relation === 'co' || edge.relation === 'fr';
}

/** Whether a certificate rests on a site already, or on it one more order costs nothing: it has no name. */
function isKept(orders: readonly KeptOrder[], site: string | undefined): boolean {
  return site === undefined || orders.some((order) => order.site === site);
}

/** The devices that give an edge and have not been taken away for it. */
function giversOf(
  contributions: Contributions,
  without: OrdersBySite,
  edge: WitnessEdge,
): readonly Contribution[] {
  return contributions.parts.filter(
    ({ site, part, relation }) =>
      part === edge.relation &&
      has(relation, edge.from, edge.to) &&
      !(site !== undefined && isTaken(orderOf(contributions, site, edge), without)),
  );
}

function orderOf({ fieldAt }: Contributions, site: string, { from, to }: WitnessEdge): KeptOrder {
  return { site, before: fieldAt[from], after: fieldAt[to] };
}

/** Whether a certificate found for one execution holds for another one of the same events. */
export function holdsFor({ communication, passesLock }: Certificate, com: Communication): boolean {
  return (
    !passesLock && communication.every(({ relation, from, to }) => has(com[relation], from, to))
  );
}

/** Whether a certificate forbids without these orders too: none of its own is among them. */
export function stillForbids({ orders }: Certificate, without: OrdersBySite): boolean {
  return !orders.some((order) => isTaken(order, without));
}

function isTaken({ site, before, after }: KeptOrder, without: OrdersBySite): boolean {
  const taken: readonly TakenOrder[] | undefined = without.get(site);
  return taken?.some((order) => isAbout(order, before, after)) === true;
}
