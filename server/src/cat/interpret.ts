/** Runs a model's instructions on the base of one execution: which completions does it allow? */

import * as algebra from '../memory-model/relation.ts';
import type { Instruction, Pattern, Test } from './ast.ts';
import { bind, type Environment, evaluate, extend, lookUp, matchPattern } from './evaluate.ts';
import { builtins, STANDARD } from './library.ts';
import { parseCat } from './parse.ts';
import { asRelation, asSet, elementsOf, ModelError, type Value } from './value.ts';

/** What the program gives a model: its events by class and tag, and their base relations. */
export interface Base {
  readonly size: number;
  /** R, W, M, F, IW, RMW, LKR, LKW, UL, LF, RL, RU, Rcu-lock, Once, ...: whatever has events. */
  readonly sets: ReadonlyMap<string, algebra.EventSet>;
  /** po, loc, int, ext, id, rf, addr, data, ctrl, rmw. */
  readonly relations: ReadonlyMap<string, algebra.Relation>;
  readonly sameValue: (a: number, b: number) => boolean;
}

/** One completion (a choice for every `with x from S`) that passes every check. */
export interface Allowed {
  readonly rf: algebra.Relation;
  readonly co: algebra.Relation;
  /** Names of the flags raised, sorted. */
  readonly flags: readonly string[];
}

interface State {
  readonly scope: Environment;
  readonly flags: readonly string[];
  readonly procedures: ReadonlyMap<string, Procedure>;
}

interface Procedure {
  readonly parameter: Pattern;
  readonly body: readonly Instruction[];
}

/** The completions of `base` that `instructions` (bell before cat, includes resolved) allow.
 *  Throws ModelError where the model uses something that is not defined. */
export function* interpret(instructions: readonly Instruction[], base: Base): Generator<Allowed> {
  const start: State = { scope: baseScope(base), flags: [], procedures: new Map() };
  const { model } = parseCat(STANDARD);
  for (const { scope, flags } of run([...model.instructions, ...instructions], 0, start)) {
    yield {
      rf: asRelation(lookUp(scope, 'rf'), base.size),
      co: asRelation(lookUp(scope, 'co'), base.size),
      flags: [...new Set(flags)].sort(),
    };
  }
}

function baseScope(base: Base): Environment {
  const loc = base.relations.get('loc') ?? algebra.emptyRelation(base.size);
  const names = builtins(base.size, loc, base.sameValue);
  for (const [name, set] of base.sets) names.set(name, { kind: 'set', set });
  for (const [name, relation] of base.relations) names.set(name, { kind: 'relation', relation });
  return { size: base.size, names };
}

/** Instructions from `index` on; forks at `with`, ends where a check fails. */
function* run(instructions: readonly Instruction[], index: number, state: State): Generator<State> {
  let now = state;
  for (let at = index; at < instructions.length; at++) {
    const instruction = instructions[at]!;
    switch (instruction.kind) {
      case 'let':
        now = { ...now, scope: bind(instruction.bindings, instruction.recursive, now.scope) };
        break;
      case 'check':
        if (!holds(instruction, now.scope)) return;
        break;
      case 'flag':
        if (holds(instruction, now.scope)) {
          now = { ...now, flags: [...now.flags, instruction.name ?? 'unnamed'] };
        }
        break;
      case 'procedure':
        now = { ...now, procedures: new Map([...now.procedures, [instruction.name, instruction]]) };
        break;
      case 'enum':
        now = { ...now, scope: defineTags(instruction.tags, now.scope) };
        break;
      case 'include':
        throw new ModelError(`"${instruction.file}" cannot be found`);
      case 'instructions':
      case 'show':
        break;
      default: {
        for (const after of branch(instruction, now)) yield* run(instructions, at + 1, after);
        return;
      }
    }
  }
  yield now;
}

type Branching = Extract<Instruction, { kind: 'with-from' | 'call' | 'forall' | 'if-variant' }>;

/** The states after an instruction that can end in several, or in none. */
function* branch(instruction: Branching, state: State): Generator<State> {
  switch (instruction.kind) {
    case 'with-from':
      for (const choice of elementsOf(evaluate(instruction.from, state.scope), state.scope.size)) {
        yield { ...state, scope: extend(state.scope, new Map([[instruction.name, choice]])) };
      }
      return;
    case 'if-variant':
      yield* run(instruction.otherwise, 0, state);
      return;
    case 'call': {
      const procedure = state.procedures.get(instruction.name);
      if (procedure === undefined) throw new ModelError(`${instruction.name} is not defined`);
      const argument = evaluate(instruction.argument, state.scope);
      yield* scoped(procedure.body, state, matchPattern(procedure.parameter, argument));
      return;
    }
    case 'forall': {
      let states: State[] = [state];
      for (const element of elementsOf(evaluate(instruction.from, state.scope), state.scope.size)) {
        const names = new Map([[instruction.name, element]]);
        states = states.flatMap((each) => [...scoped(instruction.body, each, names)]);
      }
      yield* states;
    }
  }
}

/** Runs `body` with more names; what it defines ends with it, the flags it raises remain. */
function* scoped(
  body: readonly Instruction[],
  state: State,
  names: ReadonlyMap<string, Value>,
): Generator<State> {
  for (const after of run(body, 0, { ...state, scope: extend(state.scope, names) })) {
    yield { ...after, scope: state.scope };
  }
}

function holds({ test, negated, value }: Test, scope: Environment): boolean {
  return passes(test, evaluate(value, scope), scope.size) !== negated;
}

function passes(test: Test['test'], value: Value, size: number): boolean {
  if (test === 'empty' && value.kind === 'set') return algebra.isEmptySet(asSet(value, size));
  const relation = asRelation(value, size);
  switch (test) {
    case 'acyclic':
      return algebra.isAcyclic(relation);
    case 'irreflexive':
      return algebra.isIrreflexive(relation);
    case 'empty':
      return algebra.isEmpty(relation);
  }
}

/** bell: the tag `'before-atomic` makes the set `Before-atomic`, empty where no event bears it. */
function defineTags(tags: readonly string[], scope: Environment): Environment {
  const names = new Map<string, Value>();
  for (const tag of tags) {
    const name = tag.charAt(0).toUpperCase() + tag.slice(1);
    if (!isDefined(scope, name)) names.set(name, { kind: 'empty' });
  }
  return extend(scope, names);
}

function isDefined(scope: Environment, name: string): boolean {
  for (let at: Environment | undefined = scope; at; at = at.outer)
    if (at.names.has(name)) return true;
  return false;
}
