/**
 * Why an execution is forbidden, in terms of orders that can be taken away: the orders on one cycle that an
 * axiom rules out. The model is monotone, and the pairs on the cycle alone close it. So the execution stays
 * forbidden, whatever else is taken away, as long as these orders are kept; and so is every execution that
 * has such events with the same communication and the same orders between them, whatever else it has.
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
  /** The structure whose events its edges name. */
  readonly contributions: Contributions;
  readonly orders: readonly KeptOrder[];
  /** The pairs of rf, co and fr on the cycle. */
  readonly communication: readonly CommunicationEdge[];
  /** The pairs that devices give, each with the device that the certificate rests on. */
  readonly given: readonly GivenEdge[];
  /** Whether the hand-over of a lock is on it, which depends on more of rf and co than these pairs. */
  readonly passesLock: boolean;
}

interface CommunicationEdge extends WitnessEdge {
  readonly relation: keyof Communication;
}

interface GivenEdge extends WitnessEdge {
  readonly site: string | undefined;
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
  const given: GivenEdge[] = [];
  let passesLock = false;
  for (const edge of cycle) {
    if (isCommunication(edge)) communication.push(edge);
    else if (edge.relation === 'po-unlock-lock-po') passesLock = true;
    else if (BY_DEVICE.has(edge.relation)) {
      const givers = giversOf(contributions, without, edge);
      const chosen = givers.find(({ site }) => isKept(orders, site)) ?? givers[0];
      if (chosen === undefined) {
        passesLock = true;
        continue;
      }
      given.push({ ...edge, site: chosen.site });
      if (chosen.site !== undefined) orders.push(orderOf(contributions, chosen.site, edge));
    } else return undefined;
  }
  return { contributions, orders, communication, given, passesLock };
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

/** A certificate among the events of another structure; undefined where these are not there, where the devices
 *  do not give the same pairs of them, or where that depends on more. */
export function placedIn(
  certificate: Certificate,
  contributions: Contributions,
): Certificate | undefined {
  if (certificate.contributions === contributions) return certificate;
  if (certificate.passesLock) return undefined;
  const { names } = certificate.contributions;
  const { numbers } = contributions;
  const placed = <Edge extends WitnessEdge>(edge: Edge): Edge | undefined => {
    const from = numbers.get(names[edge.from]!);
    const to = numbers.get(names[edge.to]!);
    return from === undefined || to === undefined ? undefined : { ...edge, from, to };
  };
  const communication: CommunicationEdge[] = [];
  for (const edge of certificate.communication) {
    const found = placed(edge);
    if (found === undefined) return undefined;
    communication.push(found);
  }
  const given: GivenEdge[] = [];
  for (const edge of certificate.given) {
    const found = placed(edge);
    if (found === undefined || !isGiven(contributions, found)) return undefined;
    given.push(found);
  }
  return { ...certificate, contributions, communication, given };
}

function isGiven({ parts }: Contributions, edge: GivenEdge): boolean {
  return parts.some(
    ({ site, part, relation }) =>
      site === edge.site && part === edge.relation && has(relation, edge.from, edge.to),
  );
}

/** Whether a certificate found for one execution holds for another one of the same structure. */
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
