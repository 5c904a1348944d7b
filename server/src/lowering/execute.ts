/** Executes C statements on a path: gives every path on which the statement is left, and how. */

import { rootOf } from '../program/address.ts';
import type {
  Expression as CExpression,
  Statement as CStatement,
  SwitchCase,
} from '../syntax/ast.ts';
import { emptyAsm } from '../syntax/compiler-barrier.ts';
import { innerStatements } from '../syntax/walk.ts';
import { copyObject } from './assign.ts';
import { cleanUp, guardIn, takeGuard } from './cleanup.ts';
import {
  type Decision,
  innerScope,
  isLocal,
  joiningAt,
  type Lowering,
  lookUp,
  type Scope,
  visiblePlace,
} from './context.ts';
import { arithmeticType, convert } from './convert.ts';
import { UNKNOWN } from './ctype.ts';
import { decide, decideValue } from './decide.ts';
import { declareTypes } from './declare-types.ts';
import { evaluate } from './evaluate.ts';
import { initialise } from './initializer.ts';
import { executeLoop, executeMacroLoop, withoutWaits } from './loop.ts';
import { emit, join, NORMAL, type State } from './machine.ts';
import { declareVariable } from './open-world.ts';
import { stop } from './settle.ts';
import { leaveOut } from './slice.ts';
import { declareStatic } from './static-local.ts';
import { isCutOff } from './thread.ts';
import { endThread } from './thread-end.ts';
import { traceOf } from './trace.ts';
import { declaredAs } from './type-of.ts';
import { addressOf, binary, type Value } from './value.ts';
import { type RoundStart, roundStart } from './waiting.ts';

/** Every path on which `statement`, entered in `state`, is left, be it by a jump out of an expression; paths that
 *  end are not among them. A path that jumps to a label inside enters there. */
export function execute(
  lowering: Lowering,
  statement: CStatement,
  state: State,
  scope: Scope,
): readonly State[] {
  if (state.dead) return [];
  lowering.statements.count++;
  if (isCutOff(lowering)) {
    stop(lowering, state, 'more statements than can be followed', traceOf(scope, statement.span));
    return [];
  }
  const before = lowering.leaving.length;
  const { cleanups } = state;
  const after =
    state.exit.kind === 'goto'
      ? enterAtLabel(lowering, statement, state, scope)
      : executeWhole(lowering, statement, state, scope);
  const left = lowering.leaving.splice(before).filter(({ dead }) => !dead);
  const all = [...after, ...left];
  return innerStatements(statement).length === 0 ? all : cleanUp(all, cleanups);
}

/** A path that jumps to a label inside a statement is handed on to where that stands. */
function enterAtLabel(
  lowering: Lowering,
  statement: CStatement,
  state: State,
  scope: Scope,
): readonly State[] {
  switch (statement.kind) {
    case 'block':
      return executeSequence(lowering, statement.body, state, innerScope(scope));
    case 'if': {
      const { then, otherwise } = statement;
      const isThere = hasLabel(then, state.exit);
      return execute(lowering, isThere || !otherwise ? then : otherwise, state, innerScope(scope));
    }
    case 'while':
    case 'do':
    case 'for':
      return executeLoop(lowering, statement, state, innerScope(scope));
    case 'switch':
      return executeSwitch(lowering, statement, state, scope);
    case 'label':
      return statement.statement === undefined
        ? [state]
        : execute(lowering, statement.statement, arriving(state, statement), scope);
    default:
      lowering.report.notModelled('a jump into a statement', visiblePlace(scope, statement.span));
      return [];
  }
}

function executeWhole(
  lowering: Lowering,
  statement: CStatement,
  state: State,
  scope: Scope,
): readonly State[] {
  if (leaveOut(lowering, statement, state, scope)) return [state];
  switch (statement.kind) {
    case 'expression': {
      const guard = guardIn(statement.expression);
      if (guard !== undefined) takeGuard(lowering, guard, state, scope);
      else if (isUndefinedName(lowering, statement.expression, scope))
        lowering.report.notModelled(
          `${statement.expression.name}, which no file that is read defines`,
          visiblePlace(scope, statement.span),
        );
      else evaluate(lowering, statement.expression, state, scope);
      return state.dead ? [] : [state];
    }
    case 'declaration':
      return executeDeclaration(lowering, statement, state, scope);
    case 'block':
      return executeSequence(lowering, statement.body, state, innerScope(scope));
    case 'if':
      return executeIf(lowering, statement, state, scope);
    case 'while':
    case 'do':
    case 'for':
      return executeLoop(lowering, statement, state, innerScope(scope));
    case 'macro-loop':
      return executeMacroLoop(lowering, statement, state, scope);
    case 'switch':
      return executeSwitch(lowering, statement, state, scope);
    case 'goto':
      state.exit = { kind: 'goto', label: statement.label };
      return [state];
    case 'label':
      return statement.statement === undefined
        ? [state]
        : execute(lowering, statement.statement, state, scope);
    case 'return':
      return executeReturn(lowering, statement, state, scope);
    case 'break':
    case 'continue':
      state.exit = { kind: statement.kind };
      return [state];
    case 'empty':
      return [state];
    case 'asm':
      return executeAsm(lowering, statement, state, scope);
    case 'preprocessor-if': // only in statements that stand in no file: files are read in one configuration
    case 'unknown':
      lowering.report.notModelled('C that cannot be read', visiblePlace(scope, statement.span));
      return [state];
  }
}

function executeAsm(
  lowering: Lowering,
  { text, span }: CStatement & { readonly kind: 'asm' },
  state: State,
  scope: Scope,
): readonly State[] {
  const empty = emptyAsm(text);
  if (empty === 'barrier') emit(state, { kind: 'fence', tag: empty, ...traceOf(scope, span) });
  if (empty === undefined) lowering.report.notModelled('assembler', visiblePlace(scope, span));
  return [state];
}

/** Whether a statement is but a name that nothing has: a macro, perhaps, that does who knows what. */
function isUndefinedName(
  { request, symbols }: Lowering,
  expression: CExpression,
  scope: Scope,
): expression is CExpression & { readonly kind: 'identifier' } {
  if (expression.kind !== 'identifier' || request.open !== undefined) return false;
  const { name } = expression;
  if (name === 'current') return false;
  const { file } = scope.frame;
  return (
    lookUp(scope, name) === undefined &&
    symbols.object(name, file) === undefined &&
    symbols.function(name, file) === undefined &&
    symbols.enumerator(name, file) === undefined
  );
}

function executeDeclaration(
  lowering: Lowering,
  { declarators, types }: CStatement & { readonly kind: 'declaration' },
  state: State,
  scope: Scope,
): readonly State[] {
  declareTypes(lowering, types, scope);
  for (const declarator of declarators) {
    const { name, type: written, initial, isStatic, isExtern } = declarator;
    if (isExtern === true || written.derived?.[0]?.kind === 'function') {
      // the object or function of that name, which stands elsewhere
      if (lookUp(scope, name) !== undefined) {
        const message = `a declaration of ${name} that hides a local of that name`;
        lowering.report.notModelled(message, visiblePlace(scope, declarator.span));
      }
      continue;
    }
    const type = declaredAs(lowering, written, initial, scope);
    if (isStatic) {
      declareStatic(lowering, declarator, type, scope);
      continue;
    }
    const variable = declareVariable(lowering, scope, name, type);
    forget(state, variable);
    if (initial !== undefined) initialise(lowering, variable, type, initial, state, scope);
  }
  return state.dead ? [] : [state];
}

function declareAll(lowering: Lowering, body: readonly CStatement[], scope: Scope): void {
  for (const statement of body)
    if (statement.kind === 'declaration') declarePassed(lowering, statement, scope);
}

/** Names that a jump leads past are those of the block all the same (C11 6.2.1). */
function declarePassed(
  lowering: Lowering,
  { declarators, types }: CStatement & { readonly kind: 'declaration' },
  scope: Scope,
): void {
  declareTypes(lowering, types, scope);
  for (const declarator of declarators) {
    const { name, type: written, initial, isStatic, isExtern } = declarator;
    if (isExtern === true || scope.names.has(name)) continue;
    const type = declaredAs(lowering, written, initial, scope);
    if (isStatic) declareStatic(lowering, declarator, type, scope);
    else declareVariable(lowering, scope, name, type);
  }
}

/** A local of a loop's body is a new one in every round. */
function forget(state: State, variable: string): void {
  for (const location of isLocal(variable) ? state.variables.keys() : [])
    if (rootOf(location) === variable) state.variables.delete(location);
}

function executeIf(
  lowering: Lowering,
  { condition, then, otherwise }: CStatement & { readonly kind: 'if' },
  state: State,
  scope: Scope,
): readonly State[] {
  const root = state.block;
  const { yes, no } = decide(lowering, condition, state, scope);
  const after = [
    ...yes.flatMap((branch) => execute(lowering, then, branch, innerScope(scope))),
    ...no.flatMap((branch) =>
      otherwise === undefined ? [branch] : execute(lowering, otherwise, branch, innerScope(scope)),
    ),
  ];
  return join(
    after,
    root,
    joiningAt(lowering, () => traceOf(scope, condition.span)),
  );
}

function executeReturn(
  lowering: Lowering,
  { value, span }: CStatement & { readonly kind: 'return' },
  state: State,
  scope: Scope,
): readonly State[] {
  if (value !== undefined) {
    const returned = evaluate(lowering, value, state, scope);
    const variable = returnVariable(scope.frame.prefix);
    const type = lowering.localTypes.get(variable) ?? UNKNOWN;
    const trace = traceOf(scope, span);
    if (type.kind === 'struct' && returned.type.kind === 'struct')
      copyObject(lowering, addressOf(variable, type), returned, type, state, trace);
    else state.variables.set(variable, convert(returned, type, state, trace.span));
  }
  if (state.dead) return [];
  if (isThreadsEnd(lowering, state, scope)) {
    endThread(lowering, state, 'a return from the function in question', traceOf(scope, span));
    return [];
  }
  state.exit = { kind: 'return' };
  return [state];
}

/** Whether a return ends the thread: nothing is asked of what an open request does behind its function, so that no path
 *  has to be kept apart up to there. */
function isThreadsEnd({ request }: Lowering, { cleanups }: State, { frame }: Scope): boolean {
  return request.open !== undefined && frame.isRoot && cleanups.length === 0;
}

/** The variable in which the function with that prefix leaves its value. */
export function returnVariable(prefix: string): string {
  return `${prefix}return`;
}

/** Executes a statement on a path. */
type Perform = (statement: CStatement, state: State) => readonly State[];

/** Statements one after the other, each as `perform` has it. Paths that jump forward wait at their label; those
 *  that jump back start again from there, as often as loops are unrolled. */
export function executeSequence(
  lowering: Lowering,
  statements: readonly CStatement[],
  state: State,
  scope: Scope,
  perform: Perform = (statement, path) => execute(lowering, statement, path, scope),
): readonly State[] {
  const root = state.block;
  let live: readonly State[] = [state];
  let from = 0;
  let start: RoundStart | undefined;
  for (let rounds = 0; ; rounds++) {
    const after = runFrom(lowering, statements, from, live, root, scope, perform);
    live = withoutRounds(lowering, statements, from, start, after, scope);
    const back = live.filter(({ exit }) => labelIndex(statements, exit) !== undefined);
    const [first, ...others] = back;
    if (first === undefined) return live;
    from = labelIndex(statements, first.exit)!;
    start = others.length === 0 ? roundStart(first) : undefined;
    if (back.some(({ cleanups }) => cleanups !== state.cleanups))
      lowering.report.notModelled(
        'a jump back past a guard',
        visiblePlace(scope, statements[from]!.span),
      );
    if (rounds < lowering.request.unroll) continue;
    const trace = traceOf(scope, statements[from]!.span);
    for (const again of back) stop(lowering, again, 'a jump back beyond the loop bound', trace);
    return live.filter(({ dead }) => !dead);
  }
}

/** The paths without those that jump back to where they have started from, and have only waited meanwhile. */
function withoutRounds(
  lowering: Lowering,
  statements: readonly CStatement[],
  from: number,
  start: RoundStart | undefined,
  paths: readonly State[],
  scope: Scope,
): readonly State[] {
  const first = statements[from];
  if (start === undefined || first === undefined) return paths;
  const { span } = first;
  const labels = labelsOf(first);
  const goesRound = ({ exit }: State) => exit.kind === 'goto' && labels.includes(exit.label);
  const round = paths.filter(goesRound);
  const out = paths.filter((path) => !goesRound(path));
  if (round.length === 0) return paths;
  const body = { kind: 'block', body: unlabelled(statements.slice(from)) } as const;
  const loop = { kind: 'for', body: { ...body, span }, span } as const;
  return [...out, ...withoutWaits(lowering, loop, start, round, out, scope)];
}

/** Statements without the label that they begin with. */
function unlabelled([first, ...others]: readonly CStatement[]): readonly CStatement[] {
  if (first?.kind !== 'label') return first === undefined ? [] : [first, ...others];
  return unlabelled(first.statement === undefined ? others : [first.statement, ...others]);
}

function runFrom(
  lowering: Lowering,
  statements: readonly CStatement[],
  from: number,
  entering: readonly State[],
  root: State['block'],
  scope: Scope,
  perform: Perform,
): readonly State[] {
  let live = entering;
  for (const statement of statements.slice(from)) {
    const joining = joiningAt(lowering, () => traceOf(scope, statement.span));
    const here = join(
      live.map((state) => arriving(state, statement)),
      root,
      joining,
    );
    if (statement.kind === 'declaration' && here.every(({ exit }) => exit.kind !== 'normal'))
      declarePassed(lowering, statement, scope);
    const after = here.flatMap((state) =>
      state.exit.kind === 'normal' || hasLabel(statement, state.exit)
        ? perform(statement, state)
        : [state],
    );
    live = join(after, root, joining);
    if (live.length === 0) return [];
  }
  return live;
}

/** A path that jumps to a label of the statement goes on there. */
function arriving(state: State, statement: CStatement): State {
  const { exit } = state;
  const isHere = exit.kind === 'goto' && labelsOf(statement).includes(exit.label);
  return isHere ? { ...state, exit: NORMAL } : state;
}

/** The labels before a statement: `a: b: x = 1;` has two. */
function labelsOf(statement: CStatement): readonly string[] {
  if (statement.kind !== 'label') return [];
  return [statement.label, ...(statement.statement ? labelsOf(statement.statement) : [])];
}

function labelIndex(statements: readonly CStatement[], exit: State['exit']): number | undefined {
  const index = statements.findIndex((statement) => hasLabel(statement, exit));
  return index === -1 ? undefined : index;
}

/** Whether a jump leads to a label of a statement, or inside it. */
function hasLabel(statement: CStatement, exit: State['exit']): boolean {
  if (exit.kind !== 'goto') return false;
  if (statement.kind === 'label' && statement.label === exit.label) return true;
  return innerStatements(statement).some((inner) => hasLabel(inner, exit));
}

type Switch = CStatement & { readonly kind: 'switch' };

/** Each case is entered by the paths whose value it has, and by those that fall in from the one before. */
function executeSwitch(
  lowering: Lowering,
  written: Switch,
  state: State,
  scope: Scope,
): readonly State[] {
  const root = state.block;
  const joining = joiningAt(lowering, () => traceOf(scope, written.value.span));
  const { entries, rest } =
    state.exit.kind === 'goto'
      ? jumpedInto(written, state)
      : distribute(lowering, written, switchedOn(lowering, written, state, scope), state, scope);
  const inner = innerScope(scope);
  let falling: readonly State[] = [];
  let left: readonly State[] = [];
  for (const [index, { body }] of written.cases.entries()) {
    const matched = entries[index]!;
    if (falling.length + matched.length === 0) declareAll(lowering, body, inner);
    const after = [...falling, ...matched].flatMap((entry) =>
      executeSequence(lowering, body, entry, inner),
    );
    falling = after.filter(({ exit }) => exit.kind === 'normal');
    left = [...left, ...after.filter(({ exit }) => exit.kind !== 'normal')];
  }
  const out = [...left, ...falling, ...rest].map((path) =>
    path.exit.kind === 'break' ? { ...path, exit: NORMAL } : path,
  );
  return join(out, root, joining);
}

function switchedOn(lowering: Lowering, { value }: Switch, state: State, scope: Scope): Value {
  const switched = evaluate(lowering, value, state, scope);
  const type = arithmeticType(switched, state);
  return convert(switched, type, state, visiblePlace(scope, value.span).span);
}

/** The paths by which each case is entered, and those that none of them is for. */
interface Entered {
  readonly entries: readonly (readonly State[])[];
  readonly rest: readonly State[];
}

/** A path that jumps to a label enters the case that has it. */
function jumpedInto({ cases }: Pick<Switch, 'cases'>, state: State): Entered {
  const entries = cases.map(({ body }) =>
    labelIndex(body, state.exit) === undefined ? [] : [state],
  );
  return { entries, rest: [] };
}

/** Parts the paths by the value of the switch. A case that stands inside a statement is jumped to. */
function distribute(
  lowering: Lowering,
  { cases, inner = [], value: switched }: Switch,
  value: Value,
  state: State,
  scope: Scope,
): Entered {
  let rest: readonly State[] = [state];
  const matching = ({ value: label, to }: Pick<SwitchCase, 'value' | 'to'>): readonly State[] => {
    if (label === undefined) return [];
    const decisions = rest.map((path) =>
      decideCase(lowering, value, { label, to: to ?? label }, path, switched, scope),
    );
    rest = decisions.flatMap(({ no }) => no);
    return decisions.flatMap(({ yes }) => yes);
  };
  const entries = cases.map(matching);
  const jumps = inner.map((head) => ({ head, paths: matching(head) }));
  const isDefault = (head: Pick<SwitchCase, 'value' | 'isBefore'>) =>
    head.value === undefined && head.isBefore !== true;
  const hasDefault = [...cases, ...inner].some(isDefault);
  const others = hasDefault ? rest : [];
  const jumped = jumps.flatMap(({ head, paths }) =>
    [...paths, ...(isDefault(head) ? others : [])].map(
      (path): State => ({ ...path, exit: { kind: 'goto', label: head.label } }),
    ),
  );
  const entering = jumped.map((path) => jumpedInto({ cases }, path).entries);
  const all = cases.map((each, at) => [
    ...entries[at]!,
    ...(isDefault(each) ? others : []),
    ...entering.flatMap((each) => each[at]!),
  ]);
  return { entries: all, rest: hasDefault ? [] : rest };
}

/** Whether a switch of `value` goes to the case from `label` to `to`, GNU's range. */
function decideCase(
  lowering: Lowering,
  value: Value,
  { label, to }: { readonly label: CExpression; readonly to: CExpression },
  path: State,
  switched: CExpression,
  scope: Scope,
): Decision {
  const { span } = switched;
  const labelled = (expression: CExpression) =>
    convert(evaluate(lowering, expression, path, scope), value.type, path, span);
  const low = labelled(label);
  if (to === label)
    return decideValue(lowering, binary('==', value, low, span), path, switched, scope);
  const atLeast = binary('>=', value, low, span);
  const within = binary('&&', atLeast, binary('<=', value, labelled(to), span), span);
  return decideValue(lowering, within, path, switched, scope);
}
