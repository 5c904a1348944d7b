/**
 * Scenarios: litmus tests whose threads call real functions of a tree. What a `.scenario` file says,
 * as data; the language is documented for users in docs/scenarios.md.
 */

import type { Problem, Span } from '../text/span.ts';

/** A piece of C inside a scenario file: the inside of a pair of braces. */
export interface Block {
  /** The scenario file it stands in. */
  readonly file: string;
  readonly text: string;
  /** Where `text` begins in that file. */
  readonly offset: number;
}

/** A name or path that a scenario file says. */
export interface Said {
  readonly name: string;
  readonly file: string;
  readonly span: Span;
}

/** One thread: its statements, and the task that `current` is there. */
export interface Actor {
  readonly index: number;
  /** The object that `P1 as NAME` binds `current` to. */
  readonly task?: Said;
  readonly body: Block;
}

/** By the numbers of the threads, the tasks that they are said to be. */
export function actorNames({
  actors,
}: Pick<ScenarioPart, 'actors'>): Readonly<Record<number, string>> {
  return Object.fromEntries(
    actors.flatMap(({ index, task }) => (task === undefined ? [] : [[index, task.name]])),
  );
}

/** A proposition as written, over final values. Names are resolved when the program is known. */
export type Formula =
  | { readonly kind: 'compare'; readonly left: Term; readonly right: Term; readonly equal: boolean }
  | {
      readonly kind: 'and' | 'or' | 'implies';
      readonly left: Formula;
      readonly right: Formula;
    }
  | { readonly kind: 'not'; readonly operand: Formula };

/** What a formula compares: `P1:v1`, `task.patch_state`, `&func`, `KLP_PATCHED`, `-1`, `(1 << FULL)`. */
export type Term =
  | {
      readonly kind: 'register';
      readonly thread: number;
      readonly name: string;
      readonly span: Span;
    }
  | { readonly kind: 'address'; readonly of: string; readonly span: Span }
  | { readonly kind: 'integer'; readonly value: number; readonly span: Span }
  /** A location, or the name of a constant (macro or enumerator). */
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  /** A constant expression of C, as written. */
  | { readonly kind: 'expression'; readonly text: string; readonly span: Span };

/** What must never be: `never I1-before-the-switch "in words": (P1:v1 = NEW)`. */
export interface Invariant {
  readonly name: string;
  /** What a violation means, in the scenario's words; empty where it says none. */
  readonly words: string;
  readonly never: Formula;
  readonly accepted?: Acceptance;
  readonly file: string;
  readonly span: Span;
}

/** That an invariant may be violated in the code as it is: `accepted with ordered-in-practice: "reason"`. */
export interface Acceptance {
  readonly reason: string;
  /** The suppositions under which it has to hold all the same; what violates it under them is not accepted. */
  readonly under: readonly Said[];
}

/** What somebody else says of a barrier on the scenario's path: `remark FUNCTION PRIMITIVE 1 of 2: "words" PAGE`. */
export interface Remark {
  readonly function: string;
  readonly primitive: string;
  /** Which of that primitive in the function, from 1. */
  readonly ordinal: number;
  /** Of how many; where the function has another number of them, nobody knows which one was meant. */
  readonly of?: number;
  readonly words: string;
  /** The page, with its section, that explains it; empty where none is named. */
  readonly page: string;
}

/** A remark where it stands. */
export interface SaidRemark extends Remark {
  readonly file: string;
  /** From the function's name to the colon. */
  readonly span: Span;
}

/** Which executions count: those that end like this. */
export interface Filter {
  readonly formula: Formula;
  readonly file: string;
  readonly span: Span;
}

/** A counterfactual: what if the code, or the world around it, were like this? */
export interface Supposition {
  readonly name: string;
  readonly words: string;
  /** The suppositions that this one builds on (`suppose B with A`). */
  readonly on: readonly Said[];
  /** C that wins over the scenario's stubs and over the sources. */
  readonly stubs: Block;
  readonly span: Span;
}

/** What a part takes for granted of a function that it replaces: `calls: wait_for_all schedule_on_each_cpu`. */
export interface Calls {
  readonly caller: Said;
  readonly called: readonly Said[];
}

/** Everything one file says, before its includes are followed. */
export interface ScenarioPart {
  readonly file: string;
  readonly text: string;
  /** The first line, `C name`; a file that is only included may have none. */
  readonly name?: string;
  readonly description: string;
  readonly path?: string;
  readonly sources: readonly Said[];
  readonly includes: readonly Said[];
  /** Functions and objects that a tree must define for this scenario to speak of it. */
  readonly applies: readonly Said[];
  /** Names of which a tree must define all, for this part to count where it is included. */
  readonly when: readonly Said[];
  /** Names of which a tree must define none. */
  readonly unless: readonly Said[];
  /** What functions of the tree must call. */
  readonly calls: readonly Calls[];
  /** Functions of the tree that are followed into their bodies although it is known what they do. */
  readonly follow: readonly Said[];
  /** What is not played although it belongs to the protocol, each with the reason. */
  readonly beyond: readonly string[];
  readonly state: readonly Block[];
  /** Statements that complete the initial state, in order, before any thread starts. */
  readonly setup: readonly Block[];
  readonly stubs: readonly Block[];
  readonly actors: readonly Actor[];
  readonly invariants: readonly Invariant[];
  readonly suppositions: readonly Supposition[];
  readonly remarks: readonly SaidRemark[];
  readonly filter?: Filter;
  readonly unroll?: number;
  readonly depth?: number;
}

/** A whole scenario: a file with everything it includes, ready to be lowered against a tree. */
export interface Scenario extends ScenarioPart {
  readonly name: string;
  /** The file itself and all that it includes, as they are. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
  /** Groups the scenario in tables (`enable`, `disable`, ...); the scenario's name without one. */
  readonly path: string;
  readonly unroll: number;
  readonly depth: number;
}

/** Something wrong in a scenario, with the file it is in. */
export interface ScenarioProblem extends Problem {
  readonly file: string;
}
