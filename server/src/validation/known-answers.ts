/** Remembers what the model has said of executions, and asks it only what does not follow from that. */

import { type Certificate, holdsFor, stillForbids } from './certificate.ts';
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

/** What is known of one execution. */
interface Known {
  /** The certificates that hold for it. */
  readonly certificates: Certificate[];
  /** Those of all executions of its structure; the first `looked` have been looked at. */
  readonly shared: Certificate[];
  looked: number;
  /** What was taken away when it was allowed. */
  readonly allowed: (readonly TakenOrder[])[];
  /** What was taken away when it was forbidden for reasons that have no certificate. */
  readonly forbidden: (readonly TakenOrder[])[];
}

/** The model, asked no more than is needed. An execution stays forbidden as long as the orders of a
 *  certificate are kept, or when less is taken away; it stays allowed when more is. */
export function remembering(model: RelaxedModel): Allows {
  const executions = new Map<PreparedExecution, Known>();
  const structures = new Map<Contributions, Certificate[]>();
  let last = { without: [] as readonly TakenOrder[], bySite: ordersBySite([]) };
  return (execution, without, added) => {
    if (added !== undefined) return model.ask(execution, without, added).kind === 'allowed';
    if (last.without !== without) last = { without, bySite: ordersBySite(without) };
    const known = knownOf(executions, structures, execution);
    if (isCertain(known, execution, last.bySite)) return false;
    const taken = model.effective(execution, without);
    if (known.forbidden.some((more) => covers(more, taken))) return false;
    if (known.allowed.some((less) => covers(taken, less))) return true;
    return askAnew(model, known, execution, taken);
  };
}

function knownOf(
  executions: Map<PreparedExecution, Known>,
  structures: Map<Contributions, Certificate[]>,
  execution: PreparedExecution,
): Known {
  const known = executions.get(execution);
  if (known !== undefined) return known;
  const shared = structures.get(execution.contributions) ?? [];
  structures.set(execution.contributions, shared);
  const made = { certificates: [], shared, looked: 0, allowed: [], forbidden: [] };
  executions.set(execution, made);
  return made;
}

/** Whether a certificate forbids the execution. */
function isCertain(known: Known, { com }: PreparedExecution, without: OrdersBySite): boolean {
  for (; known.looked < known.shared.length; known.looked++) {
    const certificate = known.shared[known.looked]!;
    if (holdsFor(certificate, com)) known.certificates.push(certificate);
  }
  return known.certificates.some((certificate) => stillForbids(certificate, without));
}

function askAnew(
  model: RelaxedModel,
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
  else (certificate.passesLock ? known.certificates : known.shared).push(certificate);
  return false;
}
