/** What a function that a comment names as a partner does, in itself and in what it calls. */

import { type Access, type FunctionFact, isReadWhole, type Site } from '../facts/file-facts.ts';
import { isVisible } from '../pairing/function-index.ts';
import { type Located, sameness } from '../pairing/shape.ts';
import type { PlacedFunction, Tree } from './tree.ts';

/** A function with what it calls. */
export interface Reach {
  /** The function itself first. */
  readonly functions: readonly PlacedFunction[];
  /** Whether it may do more than is known: it calls through a pointer, was read only in part, is a macro, or calls a
   *  function of nearly its name (`__f`) that was not read. */
  readonly isOpen: boolean;
}

/** How many calls down, and how many functions, are looked into. */
const DEPTH = 3;
const MOST_FUNCTIONS = 200;

/** `start` and the functions that it calls. */
export function reachOf(tree: Tree, start: PlacedFunction): Reach {
  const functions = [start];
  const seen = new Set([start.fact]);
  let from = 0;
  for (let depth = 0; depth < DEPTH && functions.length < MOST_FUNCTIONS; depth++) {
    const level = functions.slice(from);
    from = functions.length;
    for (const caller of level)
      for (const callee of calledBy(tree, caller))
        if (!seen.has(callee.fact) && functions.length < MOST_FUNCTIONS) {
          seen.add(callee.fact);
          functions.push(callee);
        }
  }
  const isCut = functions.length >= MOST_FUNCTIONS;
  return { functions, isOpen: isCut || functions.some((each) => isOpen(tree, each, start.fact)) };
}

function calledBy(tree: Tree, { file, fact }: PlacedFunction): readonly PlacedFunction[] {
  return fact.calls.flatMap((name) =>
    tree.functions(name).filter((callee) => isVisible(callee, file)),
  );
}

function isOpen(tree: Tree, { file, fact }: PlacedFunction, start: FunctionFact): boolean {
  if (!isReadWhole(fact) || fact.callsPointers === true) return true;
  if (tree.facts(file)?.macros?.includes(fact.name) === true) return true;
  return fact.calls.some(
    (name) => name !== start.name && name.includes(start.name) && tree.functions(name).length === 0,
  );
}

/** The sites of all of the functions. */
export function sitesWithin(tree: Tree, { functions }: Reach): readonly Site[] {
  return functions.flatMap(({ file, fact }) => tree.sitesIn(file, fact.name));
}

/** Whether one of the functions accesses the object of `own` so that the two conflict. */
export function meets({ functions }: Reach, own: Access): boolean {
  return functions.some(({ fact }) => fact.accesses.some((access) => conflicts(own, access)));
}

/** Whether two accesses can be to one object, and one of them writes. */
export function conflicts(a: Access & Located, b: Access & Located): boolean {
  return sameness(a, b) > 0 && (a.effect !== 'read' || b.effect !== 'read');
}
