/** The contract of the C lowering: functions of the tree and a scenario's state in, a program out. */

import type { LocationParts } from '../program/parts-of-locations.ts';
import type { InitialValue, LocationName, Thread } from '../program/program.ts';
import type { SourceFile } from '../syntax/ast.ts';
import type { Placement } from '../syntax/expanded-text.ts';
import type { Place } from '../text/span.ts';
import type { TreeConfiguration } from './configuration.ts';
import type { OpenWorld, StartValue } from './open-world.ts';

/** A parsed C file under the name by which origins refer to it. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly parsed: SourceFile;
}

/** One thread: C statements that call functions of the sources and stubs. */
export interface ActorText {
  /** C text of a block's inside; its spans are given in `file` from `offset` on. */
  readonly body: string;
  readonly file: string;
  readonly offset: number;
  /** The state object that `current` points to in this thread (`task`); where absent, a task of its own. */
  readonly current?: string;
}

export interface LoweringRequest {
  /** The tree's files, searched after the stubs for functions, macros, structs and globals. */
  readonly sources: readonly SourceText[];
  /** What the scenario puts in place of the outside world; wins over the sources. */
  readonly stubs: readonly SourceText[];
  /** Declarations with initial values of the shared objects (`struct klp_func new = {...};`). */
  readonly state: SourceText;
  /** Statements that run to completion on the initial state before any thread starts, for state that
   *  is easier made than written (`list_add(&func.stack_node, &ops.func_stack);`). They may only do
   *  what is known beforehand. */
  readonly setup?: ActorText;
  readonly actors: readonly ActorText[];
  /** Locations whose final value is asked for. Others that only one thread touches are kept in
   *  registers and have no final value. */
  readonly observed?: readonly LocationName[];
  /** Names that are asked for beside what is lowered: what the library has of them is there, too. */
  readonly asked?: ReadonlySet<string>;
  /** Parses C that stands in no file of the tree as it is: the library, the actors, files in one configuration
   *  and, with `place`, pieces of files whose macros are replaced. */
  readonly parse: (file: string, text: string, place?: Placement) => SourceText;
  /** Calls that `parse` reads as others, whatever macros there are of these names. */
  readonly own?: ReadonlySet<string>;
  /** What the tree says of its configuration. */
  readonly configuration?: TreeConfiguration;
  /** Functions of the sources that are followed into their bodies although it is known what they do. */
  readonly follow?: readonly string[];
  /** How often a loop with an unknown number of rounds is unrolled before it is a `bound`. */
  readonly unroll: number;
  /** How deep calls are followed. */
  readonly depth: number;
  /** Plain accesses to shared objects become ONCE accesses (`marked`), or stay plain (`as-written`). */
  readonly accesses: 'marked' | 'as-written';
  /** Present where nobody wrote a state: see open-world.ts. */
  readonly open?: OpenWorld;
}

/** Something the answer rests on that the source does not say. */
export interface Assumption {
  readonly kind:
    | 'stub'
    | 'configuration'
    | 'no-effect'
    | 'wait'
    | 'taken-as-marked'
    | 'no-dependency'
    | 'own-cpu'
    | 'any-cpu'
    | 'any-index'
    | 'stored-function'
    | 'bound'
    | 'initial-state';
  readonly message: string;
  readonly place?: Place;
  readonly dependency?: Dependency;
}

/** A dependency that is not followed: the thread that has it, and the registers on whose values something depends. */
export interface Dependency {
  readonly thread: number;
  readonly of: readonly string[];
}

/** A construct that could not be lowered. `affects` says whether the program's answers still hold. */
export interface NotModelled {
  readonly message: string;
  readonly place: Place;
}

/** A device that orders accesses in the lowered program: an explicit barrier, the order implied by
 *  a read-modify-write, a release store or dependency in a list operation, a grace period. */
export interface OrderingSite {
  /** Equals `Origin.site` of the statements that carry it. */
  readonly site: string;
  readonly place: Place;
  readonly function: string;
  readonly primitive: string;
  /** Counts the uses of that primitive in the function, from 1. */
  readonly ordinal: number;
  readonly device: 'fence' | 'rmw' | 'release' | 'acquire' | 'dependency' | 'grace-period' | 'lock';
}

export interface Lowered {
  readonly initial: readonly InitialValue[];
  readonly threads: readonly Thread[];
  /** The locations that a condition may name: those in memory, and those that are never written. */
  readonly locations: readonly LocationName[];
  /** The names of formulas that stand for parts of locations. */
  readonly parts: LocationParts;
  /** Of words of which bits are accessed by their numbers: what each bit is called, by its number. */
  readonly bits: ReadonlyMap<LocationName, ReadonlyMap<string, string>>;
  /** The variables of the actors' own statements, by thread; each is a register at the end. */
  readonly variables: readonly (readonly string[])[];
  readonly sites: readonly OrderingSite[];
  /** Of an open request: the field that each of `locations` is, or is a part of. */
  readonly fields: ReadonlyMap<LocationName, string>;
  /** Of an open request: with what values that were read are compared. */
  readonly compared: readonly StartValue[];
  readonly assumptions: readonly Assumption[];
  /** Empty is what allows a verdict: anything here makes the answer `unknown`, with the place. */
  readonly notModelled: readonly NotModelled[];
}
