/**
 * What one file says about ordering, as plain serialisable data: barrier sites, what each orders on
 * each control-flow path, accesses by struct and field, and the pairing claims of comments.
 */

import type { Claim } from '../claims/claim.ts';
import type { Category, Domain } from '../kernel/primitive.ts';
import type { Span } from '../text/span.ts';

/** A shared object as the kernel's reader names it: `klp_func.transition` (struct type and field),
 *  or a global by its name (`klp_target_state`). `struct` is without its keyword; it is `?` where
 *  the type of the base could not be told, and then only the field's name can be compared. */
export interface Field {
  readonly struct?: string;
  readonly name: string;
}

/** One access to a shared object. */
export interface Access {
  readonly field: Field;
  /** The struct of the object of which the field's struct is a part, where the code names it so (`table` of
   *  `table->entries[i].key`). */
  readonly outer?: string;
  /** The bit of the field that is meant, where the code names it (`test_bit(DEAD, &x->flags)`). */
  readonly bit?: string;
  readonly effect: 'read' | 'write' | 'read-write';
  readonly marking: 'plain' | 'marked' | 'atomic' | 'release' | 'acquire';
  /** Of what it finds there the code is told nothing (`clear_bit()`). */
  readonly isBlind?: true;
  /** Where it stands in this file; for an access in a callee, the call, with `via` naming the callees;
   *  for an access of a caller in another file, the site. */
  readonly span: Span;
  readonly line: number;
  readonly via: readonly string[];
  /** The function that calls the site's function and makes the access before or after that call. */
  readonly caller?: string;
  /** Of an access in a callee or caller: where it really stands, in this file or in `innerFile`. */
  readonly inner?: Span;
  readonly innerLine?: number;
  readonly innerFile?: string;
  /** Steps along the control-flow graph between the barrier and the access (0: the barrier's own). */
  readonly distance: number;
  /** Whether every path through the barrier meets it, or only some. */
  readonly on: 'every-path' | 'some-path';
}

/** Where an access really stands: not at a call, but in the callee or caller that makes it. */
export interface AccessPlace {
  /** The callee or caller, where it is one. */
  readonly function?: string;
  readonly file: string;
  readonly line: number;
}

/** Where an access that `file` has really stands. */
export function placeOfAccess(
  { via, caller, line, innerLine, innerFile }: Access,
  file: string,
): AccessPlace {
  const elsewhere = via.at(-1) ?? caller;
  return {
    ...(elsewhere === undefined ? {} : { function: elsewhere }),
    file: innerFile ?? file,
    line: innerLine ?? line,
  };
}

/** One ordering that a site gives: `before` are ordered before `after`. */
export interface SiteOrder {
  readonly before: readonly Access[];
  readonly after: readonly Access[];
}

/** A call, around a site, of a function that is not in this file: what it accesses is known where it
 *  is defined, and pairing looks there. */
export interface OuterCall {
  readonly name: string;
  readonly span: Span;
  readonly line: number;
  /** As of an access: functions of this file on the way, steps from the site, and whether always met. */
  readonly via: readonly string[];
  readonly distance: number;
  readonly on: Access['on'];
}

/** A place where a primitive that orders is used. */
export interface Site {
  /** Unique in the file and stable under edits elsewhere: `function:primitive:ordinal`. */
  readonly id: string;
  readonly function: string;
  readonly primitive: string;
  readonly category: Category;
  readonly domain: Domain;
  readonly explicit: boolean;
  /** Counts the uses of that primitive in the function, from 1, in text order; those that macros bring behind all others. */
  readonly ordinal: number;
  readonly span: Span;
  /** The macro whose use stands there, and which brings the primitive: `foo_done` of `foo_done(x)`. */
  readonly macro?: string;
  /** With that: where the macro makes accesses itself, so that they alone are what it orders there. */
  readonly closed?: { readonly before: boolean; readonly after: boolean };
  /** Counted from 1, as compilers print them. */
  readonly line: number;
  readonly column: number;
  /** The location the primitive itself accesses. */
  readonly own?: Access;
  /** One for each ordering of the primitive, with an empty side where nothing was found; nearest accesses
   *  first, each field once per effect. Empty for locks: what they order is their critical section. */
  readonly orders: readonly SiteOrder[];
  /** Other sites of the function (the starts of their spans) that every path through this one meets. */
  readonly meets?: readonly number[];
  /** Of an explicit site: the accesses of the function (the starts of their spans) that no path reaches
   *  without having met it. */
  readonly guards?: readonly number[];
  /** Steps from the function's entry to the site and from there to its end: what callers do beyond. */
  readonly fromEntry?: number;
  readonly toExit?: number;
  /** Calls that leave the file, met on paths before and after the site. */
  readonly outerCalls?: {
    readonly before: readonly OuterCall[];
    readonly after: readonly OuterCall[];
  };
  readonly comment?: { readonly text: string; readonly span: Span };
  readonly claims: readonly Claim[];
  /** Labels the site bears (a comment that is only `A`, or `LMM(f:X)`), to which claims of others can point. */
  readonly labels: readonly string[];
  /** Stands in or next to something the parser could not follow: nothing is warned about it. */
  readonly uncertain: boolean;
}

/** An access as part of its function: `distance` counts the steps from the function's entry. */
export interface FunctionAccess extends Access {
  /** Steps to the function's end. */
  readonly toExit: number;
  /** Whether its value decides where control goes, is waited for, or is what the function returns. */
  readonly isTested?: true;
  /** Whether it is to an object that the function has made itself. */
  readonly isNew?: true;
  /** Whether it is to a variable of the function with which it waits. */
  readonly isOfWaiter?: true;
  /** The parameter, by its position, through which the object is named. */
  readonly parameter?: number;
  /** Likewise, where the access is plain, and to what the parameter itself leads to: no other pointer is between. */
  readonly within?: number;
  /** Whether it stores a null pointer, or zero. */
  readonly isClear?: true;
  /** Where the variable that has taken the value of a read is used for the last time. */
  readonly keptUntil?: number;
  /** The parameter, by its position, to whose object another one's field is copied. */
  readonly handedTo?: number;
}

/** A call as part of the function that makes it, with the steps from its entry and to its end. */
export interface FunctionCall {
  readonly name: string;
  readonly span: Span;
  readonly line: number;
  readonly distance: number;
  readonly toExit: number;
  readonly on: Access['on'];
  /** The arguments, by position, that lead to an object which nobody else knows: the function has made it, or it is a
   *  variable of the function. */
  readonly newObjects?: readonly number[];
  readonly objects?: readonly GivenObject[];
  readonly parts?: readonly GivenPart[];
  /** Where the variable that has taken what it returns is used for the last time. */
  readonly keptUntil?: number;
}

/** An argument of a call, by its position: the address of a variable of the function, which keeps it nowhere itself, and where that
 *  is used for the last time; or the value of one of its parameters. */
export type GivenObject =
  | { readonly position: number; readonly variable: string; readonly keptUntil?: number }
  | { readonly position: number; readonly parameter: number };

/** An argument of a call, by its position, that is the address of a part of an object: an element of an array, a member; and the
 *  struct of that object. */
export interface GivenPart {
  readonly position: number;
  readonly of: string;
}

/** A function makes an object that it fills known: from then on others find it. */
export interface Publication {
  /** Of the access by which it becomes known, or of the call that leads there. */
  readonly span: Span;
  readonly how: PublishedHow;
  /** What becomes known. */
  readonly struct: string;
  /** The function made the object itself. */
  readonly isNew?: true;
  readonly isLocked?: true;
  /** What fills the object through the same variable before and after that. */
  readonly before: Fillings;
  readonly after: Fillings;
}

/** A pointer that a function tests and then follows, by two reads (their spans). */
export interface Reread {
  readonly tested: Span;
  readonly followed: Span;
  /** The two reads are plain; instead of being followed the pointer may be returned. */
  readonly isPlain?: true;
  /** The pointer is not followed there, but given to a function, as the argument at a position. */
  readonly givenTo?: { readonly function: string; readonly position: number };
}

/** A member of an object, and the function that runs once it is queued, or that is called through it. */
export interface Runner {
  readonly struct: string;
  readonly member: string;
  readonly runs: string;
  /** The variable at file scope whose initializer says so. */
  readonly table?: string;
}

/** How an object becomes known. */
export type PublishedHow =
  /** A pointer to it is stored; `isGiven` where the function was given the object. */
  | { readonly kind: 'pointer'; readonly isGiven: boolean }
  /** It is added to a list or an array of pointers; likewise. */
  | { readonly kind: 'entry'; readonly isGiven: boolean }
  /** Others wait for a completion in it, and go on. */
  | { readonly kind: 'completion' }
  /** It is given to a function, which may make it known. */
  | { readonly kind: 'handed-on'; readonly to: string }
  /** A function that is given it, or its `member`, runs from then on: the one that the call names, or the one that the
   *  member is known to run. */
  | {
      readonly kind: 'started';
      readonly by: string;
      readonly runs?: string;
      readonly member?: string;
    };

/** The accesses (by their spans) that store fields of an object, and the functions that are given it. */
export interface Fillings {
  readonly stores: readonly Span[];
  readonly calls: readonly string[];
}

/** A function reads a field again to see whether it is as before, and nothing orders what it read in between. Places of
 *  accesses, by their spans. */
export interface Recheck {
  readonly first: Span;
  readonly second: Span;
  readonly between: readonly Span[];
  /** The first read is ordered before the others: an order is meant. */
  readonly isMeant?: true;
}

/** A function sets its state and sleeps, without another look at fields that it tested only before. */
export interface Sleep {
  readonly state: Span;
  /** The wait queues that it is on, as fields are compared; none where somebody wakes the task itself. */
  readonly queues: readonly string[];
  /** The accesses, by their spans. */
  readonly tested: readonly Span[];
  /** The calls whose results are tested, by their spans: what they look at may be what is meant. */
  readonly asked?: readonly Span[];
  /** With those, where they come before the state: the fields that the function reads itself between that and the sleep. */
  readonly again?: readonly string[];
  /** The tests come behind the state, which is set without order before them. */
  readonly isUnordered?: true;
  /** What is called between the state and the sleep: it may look. */
  readonly calls: readonly string[];
}

/** A function as others need it: to resolve a claim or to follow a call. */
export interface FunctionFact {
  readonly name: string;
  readonly span: Span;
  readonly line: number;
  readonly isStatic: boolean;
  readonly calls: readonly string[];
  readonly callSites: readonly FunctionCall[];
  /** Whether it also calls what a pointer says. */
  readonly callsPointers?: true;
  /** The parameters, by their positions, of which it keeps the value somewhere itself. */
  readonly keeps?: readonly number[];
  /** Every access of the function itself, in the order of evaluation: what a partner is looked for in. */
  readonly accesses: readonly FunctionAccess[];
  readonly publications?: readonly Publication[];
  /** Which function a member of an object runs, where this one tells it (`INIT_WORK(&dev->work, run)`, `ops->run = run`). */
  readonly runners?: readonly Runner[];
  readonly rechecks?: readonly Recheck[];
  readonly rereads?: readonly Reread[];
  readonly sleeps?: readonly Sleep[];
  readonly errors: readonly Span[];
  /** In words, why nothing in it was looked at: it is larger than any function that somebody wrote. */
  readonly tooLarge?: string;
  /** Something beside it at file scope could not be followed: a brace too many may have ended it too early. */
  readonly isBesideError?: true;
}

/** Whether what the function does not have is known: it was looked at, and neither in it nor beside it is there
 *  anything that the parser could not follow. */
export function isReadWhole({ errors, tooLarge, isBesideError }: FunctionFact): boolean {
  return errors.length === 0 && tooLarge === undefined && isBesideError !== true;
}

/** Everything the rest of the engine knows of one file. */
export interface FileFacts {
  readonly file: string;
  readonly sites: readonly Site[];
  readonly functions: readonly FunctionFact[];
  /** Names of macros that are called like functions: a comment can name one, but none is looked into. */
  readonly macros?: readonly string[];
  /** Names of the structs, and of the variables that are locks, that stand at its file scope. */
  readonly structs?: readonly string[];
  readonly locks?: readonly string[];
  /** The functions that its initializers store in members. */
  readonly runners?: readonly Runner[];
  /** What could not be analysed, in sentences with their place. */
  readonly problems: readonly { readonly message: string; readonly span: Span }[];
}

/** `klp_func.transition` or `klp_target_state`; of a struct that is not known the field alone; `*a.b` of what a pointer
 *  leads to: how a field is shown. */
export function shownField({ struct, name }: Field): string {
  if (struct === undefined || struct === '?') return name;
  return name.startsWith('*') ? `*${struct}.${name.slice(1)}` : `${struct}.${name}`;
}

/** The same, with `?` for a struct that is not known: how a field is compared. */
export function fieldName(field: Field): string {
  return field.struct === undefined ? field.name : `${field.struct}.${field.name}`;
}
