/** Remembers what the model has said of executions, and asks it only what does not follow from that. */

import { type Certificate, holdsFor, placedIn, stillForbids } from './certificate.ts';
import type { Contributions } from './contributions.ts';
import type { PreparedExecution, RelaxedModel } from './relaxed-model.ts';
import {
  type AddedOrder,
  covers,
  type OrdersBySite,
  ordersBySite,
  type TakenOrder,
} from './taken-order.ts';

/** Whether the model allows an execution without these orders, and with those that are added. */
export type Allows = (
  execution: PreparedExecution,
  without: readonly TakenOrder[],
  added?: readonly AddedOrder[],
) => boolean;

/** What is known of the executions of one structure. */
interface KnownStructure {
  /** The certificates that its events may have; the first `looked` of all have been looked at. */
  readonly certificates: Certificate[];
  looked: number;
}

/** What is known of one execution. */
interface Known {
  /** The certificates that hold for it. */
  readonly certificates: Certificate[];
  /** What is known of its structure; the first `looked` certificates have been looked at. */
  readonly structure: KnownStructure;
  looked: number;
  /** What was taken away when it was allowed. */
  readonly allowed: (readonly TakenOrder[])[];
  /** What was taken away when it was forbidden for reasons that have no certificate. */
  readonly forbidden: (readonly TakenOrder[])[];
}

/** All that the model has said. */
interface Memory {
  readonly executions: Map<PreparedExecution, Known>;
  readonly structures: Map<Contributions, KnownStructure>;
  /** The certificates that may hold elsewhere than where they were found. */
  readonly certificates: Certificate[];
}

/** What is taken away, while many executions are asked about it. */
interface Question {
  readonly without: readonly TakenOrder[];
  readonly bySite: OrdersBySite;
  /** By the orders of a certificate: whether it still forbids. */
  readonly forbids: Map<Certificate['orders'], boolean>;
}

function questionOf(without: readonly TakenOrder[]): Question {
  return { without, bySite: ordersBySite(without), forbids: new Map() };
}

/** The model, asked no more than is needed. An execution stays forbidden as long as the orders of a
 *  certificate are kept, or when less is taken away; it stays allowed when more is. */
export function remembering(model: RelaxedModel): Allows {
  const memory: Memory = { executions: new Map(), structures: new Map(), certificates: [] };
  let question = questionOf([]);
  return (execution, without, added) => {
    if (added !== undefined) return model.ask(execution, without, added).kind === 'allowed';
    if (question.without !== without) question = questionOf(without);
    const known = knownOf(memory, execution);
    if (isCertain(memory, known, execution, question)) return false;
    const taken = model.effective(execution, without);
    if (known.forbidden.some((more) => covers(more, taken))) return false;
    if (known.allowed.some((less) => covers(taken, less))) return true;
    return askAnew(model, memory, known, execution, taken);
  };
}

function knownOf({ executions, structures }: Memory, execution: PreparedExecution): Known {
  const known = executions.get(execution);
  if (known !== undefined) return known;
  const structure = structures.get(execution.contributions) ?? { certificates: [], looked: 0 };
  structures.set(execution.contributions, structure);
  const made = { certificates: [], structure, looked: 0, allowed: [], forbidden: [] };
  executions.set(execution, made);
  return made;
}

/** Whether a certificate forbids the execution. */
function isCertain(
  { certificates }: Memory,
  known: Known,
  { contributions, com }: PreparedExecution,
  { bySite, forbids }: Question,
): boolean {
  const { structure } = known;
  for (; structure.looked < certificates.length; structure.looked++) {
    const placed = placedIn(certificates[structure.looked]!, contributions);
    if (placed !== undefined) structure.certificates.push(placed);
  }
  for (; known.looked < structure.certificates.length; known.looked++) {
    const certificate = structure.certificates[known.looked]!;
    if (holdsFor(certificate, com)) known.certificates.push(certificate);
  }
  const forbidding = known.certificates.findIndex((certificate) => {
    const answer = forbids.get(certificate.orders) ?? stillForbids(certificate, bySite);
    forbids.set(certificate.orders, answer);
    return answer;
  });
  if (forbidding === -1) return false;
  // What forbids once is likely to do so again: it goes first.
  if (forbidding > 0) known.certificates.unshift(...known.certificates.splice(forbidding, 1));
  return true;
}

function askAnew(
  model: RelaxedModel,
  { certificates }: Memory,
  known: Known,
  execution: PreparedExecution,
  taken: readonly TakenOrder[],
): boolean {
  const answer = model.ask(execution, taken);
  if (answer.kind === 'allowed') {
    known.allowed.push(taken);
    return true;
  }
  const { certificate } = answer;
  if (certificate === undefined) known.forbidden.push(taken);
  else (certificate.passesLock ? known.certificates : certificates).push(certificate);
  return false;
}
