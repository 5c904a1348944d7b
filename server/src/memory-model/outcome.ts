/** The answer of the simulation core to one program, in herd's terms. */

import type { LocationName, Origin } from '../program/program.ts';
import type { Span } from '../text/span.ts';

/** Over all executions the model allows: does the proposition hold never, sometimes, always? */
export type Observation = 'Never' | 'Sometimes' | 'Always';

/** One final state: the observed registers and locations with their values, as herd prints it. */
export type FinalState = string;

/** An event of an execution. `index` is its place in the witness's `events`. */
export interface WitnessEvent {
  readonly index: number;
  /** The thread, or -1 for an initial write. */
  readonly thread: number;
  readonly kind: 'read' | 'write' | 'fence' | 'lock' | 'unlock' | 'rcu' | 'srcu' | 'branch';
  /** The event's tag as the bell file spells it: `once`, `mb`, `rcu-lock`, ... */
  readonly tag: string;
  readonly location?: LocationName;
  readonly value?: string;
  readonly span: Span;
  readonly origin?: Origin;
}

/** An edge between two events, by index, named as in the cat file: `rf`, `co`, `fr`, `hb`, ... */
export interface WitnessEdge {
  readonly relation: string;
  readonly from: number;
  readonly to: number;
}

/** One execution, drawn or told: allowed by the model, or forbidden by the axiom it names. */
export interface Witness {
  readonly events: readonly WitnessEvent[];
  /** po (immediate successors), rf, co (immediate), fr (immediate), addr, data, ctrl, rmw. */
  readonly edges: readonly WitnessEdge[];
  readonly final: FinalState;
  /** For a forbidden execution: the axiom by its cat name and the cycle, in order. */
  readonly forbidden?: { readonly axiom: string; readonly cycle: readonly WitnessEdge[] };
}

/** What the search may spend; each is a number of its own unit, Infinity for no bound. */
export interface Budget {
  readonly events: number;
  readonly executions: number;
  /** Steps of the search: an extension of an execution, or of the trace of a thread. */
  readonly steps: number;
  /** The steps that each node of a path costs which is followed through a thread; a path costs one at least. */
  readonly stepsOfNode: number;
  /** Statements that are gone through to find what the threads may read, each with all that is held there. */
  readonly valueSteps: number;
  /** Of time, which makes the answer depend on the machine: the user's to set. */
  readonly milliseconds: number;
}

/** Why there is no complete answer, and where. */
export interface Unknown {
  readonly reason: string;
  readonly span: Span;
  readonly origin?: Origin;
}

export interface Outcome {
  readonly states: readonly FinalState[];
  /** Executions the model allows that satisfy the proposition, and that do not. */
  readonly positive: number;
  readonly negative: number;
  /** Absent where `unknown` is set and the executions seen do not settle it. */
  readonly observation?: Observation;
  /** Whether the condition with its quantifier holds. */
  readonly ok?: boolean;
  /** Sorted names of the flags raised: `data-race`, `mixed-accesses`, `unbalanced-rcu-locking`, ... */
  readonly flags: readonly string[];
  readonly unknown?: Unknown;
  /** An allowed execution that satisfies the proposition. */
  readonly witness?: Witness;
  /** A forbidden execution that would satisfy it, where one was asked for and exists. */
  readonly counterpart?: Witness;
}
