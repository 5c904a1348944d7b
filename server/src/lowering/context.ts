/** What the parts of the lowering share: the thread being lowered, its scopes, and where reports go. */

import { rootOf } from '../program/address.ts';
import { only } from '../program/candidates.ts';
import type { Integer } from '../program/integer.ts';
import type { Expression as CExpression, FunctionDefinition } from '../syntax/ast.ts';
import type { Alignment } from '../syntax/layout-attributes.ts';
import type { MacroCall } from '../syntax/macro-token.ts';
import type { Place, Span } from '../text/span.ts';
import type { CallPlaces } from './call-places.ts';
import { type CType, sameCType, UNKNOWN } from './ctype.ts';
import type { KnownPlaces } from './known-types.ts';
import type { Assumption, Dependency, LoweringRequest, OrderingSite } from './lowering.ts';
import type { Choice, Joining, State, Trace } from './machine.ts';
import type { Memory } from './memory.ts';
import {
  type Free,
  type Made,
  openInitial,
  type StartValue,
  type Unfollowed,
} from './open-world.ts';
import type { Symbols } from './symbols.ts';
import { integer, known, undefinedValue, type Value } from './value.ts';

/** One thread being lowered in one round. */
export interface Lowering {
  readonly request: LoweringRequest;
  readonly symbols: Symbols;
  readonly memory: Memory;
  readonly report: Report;
  /** The thread's index; `SETUP` for the statements that make the initial state. */
  readonly thread: number;
  /** The object that `current` points to in this thread. */
  readonly current?: string;
  readonly freshRegister: (hint: string) => string;
  readonly freshFrame: () => number;
  /** The types of locals, by their variable. */
  readonly localTypes: Map<string, CType>;
  /** Of an open request: the objects that were made, by all threads, and the free integers, with their types. */
  readonly made: Map<string, Made>;
  readonly free: Map<string, Free>;
  /** Of an open request: the operations on free values whose results are free, numbered. */
  readonly results: Map<string, number>;
  /** Of those the sums with a constant, by the registers that hold them. */
  readonly sums: Map<string, Value>;
  /** The free values that come of what was read, and where. */
  readonly unfollowed: Map<string, Unfollowed>;
  /** With what values that were read are compared, by its text. */
  readonly compared: Map<string, StartValue>;
  /** What was found out of locals. */
  readonly ownPlaces: KnownPlaces;
  /** Of an open request: whether what is asked about has been accessed so far, on any path, and whether a variable leads to it, so
   *  that it may be accessed without its name. */
  readonly accessed: { isAny: boolean; isPointedTo: boolean };
  /** How often paths have parted so far; there is a limit to it. */
  readonly partings: { count: number };
  /** How many statements have been followed so far, those of loops and calls as often as they are; there is a limit to it. */
  readonly statements: { count: number };
  /** What the registers stand for that joined paths assign. */
  readonly choices: Map<string, Choice>;
  /** The paths on which control has left the expression that is being evaluated. */
  readonly leaving: State[];
  /** The locals whose address is taken somewhere. */
  readonly pointedTo: Set<string>;
  /** The locals with braces as first value, whose other members are 0. */
  readonly zeroed: Set<string>;
}

export const SETUP = -1;

export type Call = CExpression & { readonly kind: 'call' };

export interface Decision {
  readonly yes: readonly State[];
  readonly no: readonly State[];
}

/** A function's body (or an actor's) being walked. */
export interface Frame {
  readonly name: string;
  readonly file: string;
  /** Added to the spans of the text to make them offsets of the file. */
  readonly shift: number;
  /** Where the function begins, so that places in it survive edits elsewhere. */
  readonly start: number;
  /** Where names are called in its text. */
  readonly calls: CallPlaces;
  /** The uses of macros in it, by the spans that what they bring has. */
  readonly replaced: ReadonlyMap<Span, MacroCall>;
  /** Distinguishes the variables of the copies of a function; ends in a separator. */
  readonly prefix: string;
  readonly depth: number;
  readonly isActor: boolean;
  /** Whether it is a function of the source that an actor calls: where it ends, so does what it is about. */
  readonly isRoot: boolean;
  /** Of an open request: whether behind the call of it the thread may access what is asked about. */
  readonly isFollowed: boolean;
  /** The function, where it is one. */
  readonly definition?: FunctionDefinition;
}

/** The names visible at one point. */
export interface Scope {
  readonly frame: Frame;
  readonly names: Map<string, Binding>;
  readonly outer?: Scope;
  /** Set inside a macro or a function of the library: the use in the user's file that led here. */
  readonly via?: Trace;
  /** In the condition of a loop: in which round it is asked, from the second one on. */
  readonly round?: number;
}

export type Binding =
  /** A local: the variable that holds it. */
  | { readonly kind: 'local'; readonly variable: string }
  /** A type of the block; tags have their keyword before them. */
  | { readonly kind: 'type'; readonly type: CType; readonly alignment?: Alignment }
  /** An enumerator of the block; without a value where that is not known. */
  | { readonly kind: 'enumerator'; readonly value: Integer | undefined };

/** Collects what a lowering has to say beside the program. */
export interface Report {
  readonly assume: (
    kind: Assumption['kind'],
    message: string,
    place?: Place,
    dependency?: Dependency,
  ) => void;
  readonly notModelled: (message: string, place: Place) => void;
  readonly site: (site: OrderingSite) => void;
}

export function lookUp(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const binding = at.names.get(name);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

/** Where the names of a scope's file are seen, without locals. */
export function topScope({ frame, via }: Scope): Scope {
  return { frame, names: new Map(), ...(via && { via }) };
}

/** The scope of what stands at file scope; `name` is what is declared there, and `start` where. */
export function scopeOfFile(file: string, name = '', start = 0): Scope {
  const frame = {
    name,
    file,
    shift: 0,
    start,
    calls: () => [],
    replaced: new Map(),
    prefix: `${name}#`,
    depth: 0,
    isActor: false,
    isRoot: false,
    isFollowed: false,
  };
  return { frame, names: new Map() };
}

/** A block's scope inside `outer`. */
export function innerScope(outer: Scope): Scope {
  const { frame, via, round } = outer;
  return { frame, names: new Map(), outer, ...(via && { via }), ...(round && { round }) };
}

/** Makes a local of the scope's function and gives the variable that holds it: for all paths that come to its
 *  declaration the same. */
export function declareLocal(
  lowering: Lowering,
  scope: Scope,
  name: string,
  type: CType = UNKNOWN,
): string {
  const own = scope.names.get(name);
  if (own?.kind === 'local' && sameCType(lowering.localTypes.get(own.variable) ?? UNKNOWN, type))
    return own.variable;
  const plain = `${scope.frame.prefix}${name}`;
  const before = lowering.localTypes.get(plain); // one of that name in another block
  const isOther = before !== undefined && !sameCType(before, type);
  const isTaken = isOther || lookUp(scope, name) !== undefined;
  const variable = isTaken ? `${plain}'${lowering.freshFrame()}` : plain;
  scope.names.set(name, { kind: 'local', variable });
  lowering.localTypes.set(variable, type);
  return variable;
}

/** Separates the function and its number from the name in the variable of a local. */
export const LOCAL_MARK = '#';

export function isLocal(variable: string): boolean {
  return variable.includes(LOCAL_MARK);
}

/** The span itself where it need not be moved: by that, programs are brought to where code stands later
 *  (see moved-spans.ts). */
export function shifted(span: Span, by: number): Span {
  return by === 0 ? span : { start: span.start + by, end: span.end + by };
}

export function placeOf(scope: Scope, span: Span): Place {
  const { file, shift } = scope.frame;
  return { file, span: shifted(span, shift) };
}

/** Where the user sees what happens at `span` of this scope: there, or where a macro or the library was used. */
export function visiblePlace(scope: Scope, span: Span): Place {
  return scope.via === undefined ? placeOf(scope, span) : placeOfTrace(scope.via);
}

export function placeOfTrace({ origin }: Trace): Place {
  return { file: origin.file, span: origin.span };
}

/** What a location holds before the thread first assigns it. */
export function initialValue(lowering: Lowering, location: string): Value {
  const { memory, zeroed } = lowering;
  const open = openInitial(lowering, location);
  if (open !== undefined) return open;
  if (!isLocal(location)) return known(memory.initial(location), UNKNOWN);
  return zeroed.has(rootOf(location))
    ? integer(0, UNKNOWN)
    : undefinedValue('a variable that is not set');
}

/** What joining paths needs, statements being traced to `trace`. */
export function joiningAt(lowering: Lowering, trace: () => Trace): Joining {
  const { freshRegister } = lowering;
  return {
    freshRegister: (variable) => freshRegister(hintOf(variable)),
    initial: (variable) => initialValue(lowering, variable),
    contents: (location) => only(lowering.memory.initial(location)),
    choices: lowering.choices,
    aside: lowering.leaving,
    trace,
  };
}

/** What the register that holds a location is called after: the last name of its path. */
export function hintOf(location: string): string {
  return location.match(/[A-Za-z_]\w*/g)?.at(-1) ?? 'value';
}
