/**
 * What a model's text implies for every program: whether it is coherent, and whether read-modify-writes
 * are atomic. Only then may the values that reads return be narrowed before there are executions to judge.
 * The text is run on relations of which nothing is known; then it is looked for a check whose relation
 * contains the one that such an execution would make cyclic, or not empty.
 */

import { emptyRelation } from '../memory-model/relation.ts';
import type { Instruction } from './ast.ts';
import { type Environment, extend } from './evaluate.ts';
import { checksIn } from './interpret.ts';
import { BASE_RELATIONS, BASE_SETS, builtins } from './library.ts';
import type { Requirement } from './requirement.ts';
import { NotChosenYet, type Term, type Terms, termsOver } from './term.ts';
import { asSet, ModelError, type Value } from './value.ts';

export interface ModelFacts {
  /** A read returns its own thread's last write before it, or what another thread writes. */
  readonly isCoherent: boolean;
  /** No two read-modify-writes read from one write. */
  readonly isAtomic: boolean;
}

/** They are asked again for each program under the same model. */
const found = new WeakMap<readonly Instruction[], ModelFacts>();

/** What is certain of a model; what cannot be shown is told as not so. */
export function factsOf(instructions: readonly Instruction[]): ModelFacts {
  const facts = found.get(instructions) ?? findFacts(instructions);
  found.set(instructions, facts);
  return facts;
}

function findFacts(instructions: readonly Instruction[]): ModelFacts {
  const unknown = unknowns(instructions);
  try {
    const checks = checksIn(instructions, unknown.scope);
    const isCoherent = checks.some((check) => forbidsIncoherence(check, unknown));
    return {
      isCoherent,
      isAtomic: isCoherent && checks.some((check) => forbidsTheft(check, unknown)),
    };
  } catch (error) {
    if (error instanceof NotChosenYet || error instanceof ModelError)
      return { isCoherent: false, isAtomic: false };
    throw error;
  }
}

/** Enough events that no operation on all pairs and on all events gives by chance what it gives else. */
const EVENTS = 4;

interface Unknowns {
  readonly terms: Terms;
  readonly scope: Environment;
  readonly named: (name: string) => Term;
  /** The relations chosen among the total orders of all writes of each location. */
  readonly orders: readonly Term[];
}

/** An environment in which nothing is known of the sets and relations that a program gives. */
function unknowns(instructions: readonly Instruction[]): Unknowns {
  const made = termsOver(EVENTS, emptyRelation(EVENTS));
  const opaque = (): Term => made.choice({ kind: 'same-value' });
  // A recursion that takes itself away has no bounds; as a relation by itself it contains nothing.
  const difference = (left: Term, right: Term) =>
    right.isOpen ? opaque() : made.difference(left, right);
  const terms: Terms = { ...made, difference };
  const table = new Map(
    [...BASE_SETS, ...tagSets(instructions), ...BASE_RELATIONS].map((name) => [name, opaque()]),
  );
  const named = (name: string): Term => table.get(name)!;
  const orders: Term[] = [];
  const names = builtins(terms, named('loc'), opaque());
  for (const [name, term] of table)
    names.set(
      name,
      BASE_RELATIONS.includes(name)
        ? { kind: 'relation', relation: term }
        : { kind: 'set', set: term },
    );
  names.set('id', { kind: 'relation', relation: terms.identity });
  const oneOfMany = (relation: Term): Value => ({
    kind: 'collection',
    elements: [{ kind: 'relation', relation }],
  });
  const chosen = new Map<string, Value>([
    ['linearisations', { kind: 'function', apply: () => oneOfMany(opaque()) }],
    [
      'map',
      { kind: 'function', apply: () => ({ kind: 'function', apply: () => ({ kind: 'empty' }) }) },
    ],
    ['cross', { kind: 'function', apply: () => oneOfMany(opaque()) }],
    [
      'generate-orders',
      {
        kind: 'function',
        apply: (argument) => {
          const order = opaque();
          const [events] = argument.kind === 'tuple' ? argument.elements : [];
          if (events !== undefined && contains(asSet(events, terms), named('W')))
            orders.push(order);
          return oneOfMany(order);
        },
      },
    ],
  ]);
  return { terms, scope: extend({ terms, names, calls: { depth: 0 } }, chosen), named, orders };
}

/** bell: the tag `'before-atomic` names the set `Before-atomic`. */
function tagSets(instructions: readonly Instruction[]): readonly string[] {
  const tags = instructions.flatMap((each) => (each.kind === 'enum' ? each.tags : []));
  return tags.map((tag) => tag.charAt(0).toUpperCase() + tag.slice(1));
}

/**
 * Whether a check forbids that a read returns a write that is after it in its thread (`rw` is then a
 * loop), or that is overwritten before it (`ww` and `wr` close a cycle, `co0` and `wr` for the initial write).
 */
function forbidsIncoherence({ test, negated, term }: Requirement, unknown: Unknowns): boolean {
  const { terms, named } = unknown;
  if (test !== 'acyclic' || negated) return false;
  const poLoc = terms.intersection(named('po'), named('loc'));
  const pairs = (from: string, to: string) =>
    terms.sequence(named(from), terms.sequence(terms.full, named(to)));
  const rf = named('rf');
  const ww = terms.intersection(poLoc, pairs('W', 'W'));
  const rw = terms.sequence(rf, terms.intersection(poLoc, pairs('R', 'W')));
  const readBack = terms.sequence(terms.intersection(poLoc, pairs('W', 'R')), terms.inverse(rf));
  const wr = terms.difference(readBack, terms.identity);
  const others = terms.difference(named('W'), named('IW'));
  const initialFirst = terms.sequence(named('IW'), terms.sequence(terms.full, others));
  const co0 = terms.intersection(named('loc'), initialFirst);
  return [ww, rw, wr, co0].every((part) => contains(term, part));
}

/** Whether a check forbids that a write comes between the read and the write of one instruction: of two
 *  that read from one write, one's write does so in the other. */
function forbidsTheft({ test, negated, term }: Requirement, unknown: Unknowns): boolean {
  const { terms, named, orders } = unknown;
  if (test !== 'empty' || negated) return false;
  return orders.some((co) => {
    const coe = terms.intersection(co, named('ext'));
    const fr = terms.sequence(terms.inverse(named('rf')), co);
    const fre = terms.intersection(fr, named('ext'));
    return contains(term, terms.intersection(named('rmw'), terms.sequence(fre, coe)));
  });
}

/** Whether it follows from how they are made that `whole` has all pairs of `part`. */
function contains(whole: Term, part: Term): boolean {
  if (whole === part) return true;
  if (part.kind === 'union') return contains(whole, part.left) && contains(whole, part.right);
  if (part.kind === 'intersection' && (contains(whole, part.left) || contains(whole, part.right)))
    return true;
  if (part.kind === 'difference' && contains(whole, part.left)) return true;
  switch (whole.kind) {
    case 'union':
      return contains(whole.left, part) || contains(whole.right, part);
    case 'intersection':
      return contains(whole.left, part) && contains(whole.right, part);
    case 'sequence':
      return (
        part.kind === 'sequence' &&
        contains(whole.left, part.left) &&
        contains(whole.right, part.right)
      );
    case 'difference':
      return (
        part.kind === 'difference' &&
        contains(whole.left, part.left) &&
        contains(part.right, whole.right)
      );
    case 'inverse':
      return part.kind === 'inverse' && contains(whole.of, part.of);
    case 'closure':
      return contains(whole.of, part);
    case 'known':
    case 'choice':
    case 'domain':
    case 'recursive':
    case 'fixpoint':
      return false;
  }
}
