/**
 * Runs a model's instructions on one execution. Either every choice that the model leaves (`with`) is
 * taken in turn, and the completions that pass are told; or the choices stay open, and what remains
 * of the model is told: the tests that depend on them.
 */

import { type EventSet, has, identityOn, type Relation, setOf } from '../memory-model/relation.ts';
import type { Instruction, Pattern, Test } from './ast.ts';
import { boundsOver } from './bounds.ts';
import { completionsOf } from './completions.ts';
import { bind, type Environment, evaluate, extend, lookUp, matchPattern } from './evaluate.ts';
import { builtins, standardInstructions } from './library.ts';
import { type Requirement, standingOf } from './requirement.ts';
import {
  type Choice,
  type ChoiceTerm,
  knownRelation,
  NotChosenYet,
  type Term,
  type Terms,
  termsOver,
} from './term.ts';
import { asRelation, asSet, elementsOf, locating, ModelError, type Value } from './value.ts';

/** What the program gives a model: its events by class and tag, and their base relations. */
export interface Base {
  readonly size: number;
  /** R, W, M, F, IW, RMW, LKR, LKW, UL, LF, RL, RU, Rcu-lock, Once, ...: whatever has events. */
  readonly sets: ReadonlyMap<string, EventSet>;
  /** po, loc, int, ext, id, addr, data, ctrl, rmw. */
  readonly relations: ReadonlyMap<string, Relation>;
  /** The ordinary writes of each location whose value at the end is asked for: the last one is in FW. */
  readonly finals: readonly (readonly number[])[];
}

/** What an execution adds to its base. */
export interface Drafted {
  /** The rf of ordinary reads. */
  readonly rf: Relation;
  /** Relates the events that have one value. */
  readonly sameValue: Relation;
}

/** One completion (a choice for every `with x from S`) that passes every check. */
export interface Allowed {
  readonly rf: Relation;
  readonly co: Relation;
  /** Names of the flags raised, sorted. */
  readonly flags: readonly string[];
}

/** What is left of a model once all is computed that depends on no choice. */
export interface Residue {
  readonly terms: Terms;
  /** rf of the ordinary reads first, then those of the model's text in its order. */
  readonly choices: readonly ChoiceTerm[];
  readonly sameValue: Term;
  readonly checks: readonly Requirement[];
  readonly flags: readonly Requirement[];
  /** Flags that are raised whatever is chosen. */
  readonly raised: readonly string[];
  readonly co: Term;
}

/** The completions of an execution that `instructions` (bell before cat, includes resolved) allow.
 *  Throws ModelError where the model uses something that is not defined. */
export function* interpret(
  instructions: readonly Instruction[],
  base: Base,
  { rf, sameValue }: Drafted,
): Generator<Allowed> {
  const terms = termsOver(base.size, base.relations.get('loc')!);
  for (const last of lastWrites(base.finals)) {
    const finals = terms.known(
      identityOn(
        base.size,
        setOf(base.size, (e) => last.includes(e)),
      ),
    );
    const scope = baseScope(base, terms, terms.known(rf), terms.known(sameValue), finals);
    for (const { scope: after, raised } of run(startOf(scope, takeEach), instructions)) {
      const relation = (name: string) => knownRelation(asRelation(lookUp(after, name), terms));
      const co = relation('co');
      if (areLast(last, base.finals, co))
        yield { rf: relation('rf'), co, flags: [...new Set(raised)].sort() };
    }
  }
}

/** All ways to take one write of each group. */
function lastWrites(groups: Base['finals']): readonly (readonly number[])[] {
  return groups.reduce<readonly (readonly number[])[]>(
    (ways, group) => ways.flatMap((way) => group.map((write) => [...way, write])),
    [[]],
  );
}

/** Whether co puts none of the writes before another one of its group. */
function areLast(last: readonly number[], groups: Base['finals'], co: Relation): boolean {
  return groups.every((group, at) => !group.some((other) => has(co, last[at]!, other)));
}

/** What remains of a model on `base` while rf and the model's own choices are open; undefined where a
 *  check fails whatever is chosen. Throws NotChosenYet where the model's text goes through the pairs
 *  of a relation that is open, and ModelError as `interpret`. */
export function specialise(instructions: readonly Instruction[], base: Base): Residue | undefined {
  const terms = termsOver(base.size, base.relations.get('loc')!);
  const choices = [terms.choice({ kind: 'reads-from' })];
  const sameValue = terms.choice({ kind: 'same-value' });
  const leaveOpen = (from: Value): Iterable<Value> => {
    const relation = terms.choice(choiceOf(from));
    choices.push(relation);
    return [{ kind: 'relation', relation }];
  };
  const finals = terms.choice({ kind: 'final', groups: base.finals });
  const scope = baseScope(base, terms, choices[0]!, sameValue, finals);
  const [end] = run(startOf(scope, leaveOpen), instructions);
  if (end === undefined) return undefined;
  const { checks, flags, raised } = end;
  const co = asRelation(lookUp(end.scope, 'co'), terms);
  return { terms, choices, sameValue, checks, flags, raised, co };
}

/** The checks of a model on what `scope` says of the base, as far as they leave anything open. */
export function checksIn(
  instructions: readonly Instruction[],
  scope: Environment,
): readonly Requirement[] {
  const [end] = run(
    startOf(scope, takeEach),
    instructions.filter(({ kind }) => kind !== 'flag'),
  );
  return end?.checks ?? [];
}

/** The values that a `with` may take. */
type Take = (from: Value, terms: Terms) => Iterable<Value>;

interface State {
  readonly scope: Environment;
  /** Tests that depend on open choices. */
  readonly checks: readonly Requirement[];
  readonly flags: readonly Requirement[];
  readonly raised: readonly string[];
  readonly procedures: ReadonlyMap<string, Procedure>;
  readonly take: Take;
}

interface Procedure {
  readonly parameter: Pattern;
  readonly body: readonly Instruction[];
}

function startOf(scope: Environment, take: Take): State {
  return { scope, checks: [], flags: [], raised: [], procedures: new Map(), take };
}

function baseScope(base: Base, terms: Terms, rf: Term, sameValue: Term, finals: Term): Environment {
  const names = builtins(terms, terms.known(base.relations.get('loc')!), sameValue);
  for (const [name, set] of base.sets)
    names.set(name, { kind: 'set', set: terms.known(identityOn(base.size, set)) });
  for (const [name, relation] of base.relations)
    names.set(name, { kind: 'relation', relation: terms.known(relation) });
  names.set('rf', { kind: 'relation', relation: rf });
  names.set('FW', { kind: 'set', set: finals });
  return { terms, names, calls: { depth: 0 } };
}

function run(start: State, instructions: readonly Instruction[]): Generator<State> {
  return runFrom(0, [...standardInstructions, ...instructions], start);
}

function* takeEach(from: Value, terms: Terms): Iterable<Value> {
  if (from.kind !== 'selections' && from.kind !== 'orders') {
    yield* elementsOf(from);
    return;
  }
  for (const relation of completionsOf(choiceOf(from), terms.size))
    yield { kind: 'relation', relation: terms.known(relation) };
}

/** What a `with` leaves open, where it chooses relations at single locations. */
function choiceOf(from: Value): Choice {
  switch (from.kind) {
    case 'selections':
      return {
        kind: 'selection',
        components: from.components.map((each) => each.map(knownRelation)),
      };
    case 'orders':
      return { kind: 'order', classes: from.classes, base: from.base };
    default:
      throw new NotChosenYet();
  }
}

/** Instructions from `index` on; forks at `with`, ends where a check fails. */
function* runFrom(
  index: number,
  instructions: readonly Instruction[],
  state: State,
): Generator<State> {
  let now = state;
  for (let at = index; at < instructions.length; at++) {
    const instruction = instructions[at]!;
    switch (instruction.kind) {
      case 'let':
        now = { ...now, scope: scopeAfter(instruction, now.scope) };
        break;
      case 'check': {
        const checked = check(requirementOf(instruction, now.scope), now);
        if (checked === undefined) return;
        now = checked;
        break;
      }
      case 'flag':
        now = flag(requirementOf(instruction, now.scope), now);
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
        for (const after of branch(instruction, now)) yield* runFrom(at + 1, instructions, after);
        return;
      }
    }
  }
  yield now;
}

function scopeAfter(
  { bindings, recursive, span }: Extract<Instruction, { kind: 'let' }>,
  scope: Environment,
): Environment {
  return locating(span, () => bind(bindings, recursive, scope));
}

type Branching = Extract<Instruction, { kind: 'with-from' | 'call' | 'forall' | 'branch' }>;

/** The states after an instruction that can end in several, or in none. */
function* branch(instruction: Branching, state: State): Generator<State> {
  const { scope } = state;
  switch (instruction.kind) {
    case 'with-from':
      for (const choice of state.take(evaluate(instruction.from, scope), scope.terms))
        yield { ...state, scope: extend(scope, new Map([[instruction.name, choice]])) };
      return;
    case 'branch':
      yield* runFrom(0, instruction.body, state);
      return;
    case 'call': {
      const procedure = state.procedures.get(instruction.name);
      if (procedure === undefined) throw new ModelError(`${instruction.name} is not defined`);
      const argument = evaluate(instruction.argument, scope);
      yield* scoped(procedure.body, state, matchPattern(procedure.parameter, argument));
      return;
    }
    case 'forall': {
      let states: State[] = [state];
      for (const element of elementsOf(evaluate(instruction.from, scope))) {
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
  names: Map<string, Value>,
): Generator<State> {
  for (const after of runFrom(0, body, { ...state, scope: extend(state.scope, names) })) {
    yield { ...after, scope: state.scope };
  }
}

function requirementOf({ test, negated, name, value }: Test, scope: Environment): Requirement {
  const of = evaluate(value, scope);
  const term = locating(value.span, () =>
    of.kind === 'set' && test === 'empty' ? asSet(of, scope.terms) : asRelation(of, scope.terms),
  );
  return { name: name ?? 'unnamed', test, negated, term };
}

/** undefined where the check fails whatever is chosen. */
function check(requirement: Requirement, state: State): State | undefined {
  switch (standing(requirement, state)) {
    case 'holds':
      return state;
    case 'fails':
      return undefined;
    case 'open':
      return { ...state, checks: [...state.checks, requirement] };
  }
}

function flag(requirement: Requirement, state: State): State {
  switch (standing(requirement, state)) {
    case 'holds':
      return { ...state, raised: [...state.raised, requirement.name] };
    case 'fails':
      return state;
    case 'open':
      return { ...state, flags: [...state.flags, requirement] };
  }
}

function standing(requirement: Requirement, { scope }: State) {
  return standingOf(
    requirement,
    boundsOver(scope.terms.size, () => undefined),
  );
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
