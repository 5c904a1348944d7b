/**
 * What each expression and statement does to the path that executes it: which events it makes, how
 * they are ordered and depend on each other inside the instruction, and what it computes. It follows
 * the C semantics of herd7 (probed, and `linux-kernel.def`), so that dependencies agree in every corner.
 */

import type { RmwOrder } from '../kernel/operation.ts';
import type {
  AddUnless,
  CompareExchange,
  Expression,
  LockQuery,
  ReadModifyWrite,
  SrcuLock,
  Statement,
  Traced,
} from '../program/program.ts';
import { mayEnd } from '../program/walk.ts';
import {
  beside,
  bindControl,
  bindData,
  connect,
  emptyFragment,
  type Fragment,
  joined,
  maximal,
  outputOf,
  type Port,
} from './instruction-graph.ts';
import {
  beginInstruction,
  chooseValue,
  chooseWay,
  emit,
  emitFence,
  noteOperation,
  type PathState,
  readRegister,
  resolve,
  stopPath,
  writeRegister,
} from './path-state.ts';
import { STEPS_OF_ROUND, STEPS_TO_BRANCH, srcuIndex, stepsBefore } from './program-order-index.ts';
import { resultTerm, storedTerm } from './rmw-terms.ts';
import {
  areEqual,
  binary,
  constant,
  folded,
  runtimeValue,
  sizeOf,
  type Term,
  truth,
} from './value.ts';

/** Executes the statements of a thread, as far as the path goes. */
export function executeThread(state: PathState, statements: readonly Statement[]): void {
  executeAll(state, statements);
  for (const { first, end } of state.lasting) decides(state, first, end);
}

/** Executes statements in order, until the path stops. */
function executeAll(state: PathState, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (state.stop !== undefined) return;
    execute(state, statement);
  }
}

/** A path is not followed further: nested loops double it with each level, and its relations are computed in the cube of it. */
const MOST_NODES = 10_000;
const MOST_STEPS = 4 * MOST_NODES;

function execute(state: PathState, statement: Statement): void {
  state.instance += stepsBefore(statement);
  beginInstruction(state, statement);
  if (state.graph.nodes.length > MOST_NODES || state.instance > MOST_STEPS)
    stopPath(state, 'bound', 'more steps of a thread than are followed', statement);
  switch (statement.kind) {
    case 'declare':
      if (statement.value !== undefined) assign(state, statement.register, statement.value);
      return;
    case 'assign':
      assign(state, statement.register, statement.value);
      return;
    case 'store':
      store(state, statement);
      return;
    case 'evaluate':
      evaluateExpression(state, statement.value, 'none');
      return;
    case 'fence':
      emitFence(state, statement.tag, statement);
      return;
    case 'lock':
      lockOrUnlock(state, statement);
      return;
    case 'rcu':
      emitFence(state, RCU_TAGS[statement.action], statement);
      return;
    case 'srcu':
      srcu(state, statement);
      return;
    case 'if':
      branch(state, statement);
      return;
    case 'while':
      loop(state, statement, 0);
      return;
    case 'stop':
      stopPath(
        state,
        statement.why === 'wait' ? 'discard' : statement.why,
        statement.reason,
        statement,
      );
  }
}

const RCU_TAGS = { lock: 'rcu-lock', unlock: 'rcu-unlock', synchronize: 'sync-rcu' } as const;
const SRCU_TAGS = {
  unlock: 'srcu-unlock',
  'up-read': 'srcu-unlock',
  synchronize: 'sync-srcu',
} as const;

function assign(state: PathState, register: string, value: Expression): void {
  writeRegister(state, register, evaluateExpression(state, value, 'none'));
}

function store(state: PathState, statement: Extract<Statement, { kind: 'store' }>): void {
  const address = evaluateExpression(state, statement.address, 'address');
  const value = evaluateExpression(state, statement.value, 'data');
  const operands = beside(state.graph, address, value, value.value);
  const write = emit(
    state,
    {
      kind: 'write',
      tag: statement.tag ?? statement.order,
      address: address.value,
      value: value.value,
    },
    statement,
  );
  bindData(state.graph, operands, write);
  if (statement.then === undefined) return;
  state.instance++;
  emitFence(state, statement.then, statement);
}

function lockOrUnlock(state: PathState, statement: Extract<Statement, { kind: 'lock' }>): void {
  const address = evaluateExpression(state, statement.address, 'address');
  const access =
    statement.action === 'lock'
      ? takeLock(state, address.value, statement)
      : emit(state, { kind: 'unlock', tag: 'unlock', address: address.value }, statement);
  bindData(state.graph, address, access);
}

/** LKR, then LKW. */
function takeLock(state: PathState, address: Term, at: Traced): Fragment {
  const read = emit(state, { kind: 'lock-read', tag: 'lock', address }, at);
  const write = emit(state, { kind: 'lock-write', tag: 'lock', address }, at);
  return bindControl(state.graph, read, write);
}

function srcu(state: PathState, statement: Extract<Statement, { kind: 'srcu' }>): void {
  const { address: domain, index: handle } = statement;
  const address = evaluateExpression(state, domain, 'none');
  const index = handle === undefined ? undefined : evaluateExpression(state, handle, 'address');
  const operands = index === undefined ? address : beside(state.graph, address, index, index.value);
  const shape = { kind: 'srcu', tag: SRCU_TAGS[statement.action], address: address.value } as const;
  const event = emit(
    state,
    index === undefined ? shape : { ...shape, value: index.value },
    statement,
  );
  bindData(state.graph, operands, event);
}

function branch(state: PathState, statement: Extract<Statement, { kind: 'if' }>): void {
  const first = state.graph.nodes.length;
  const holds = test(state, statement);
  const end = state.graph.nodes.length;
  const body = holds ? statement.then : statement.otherwise;
  if (body.length > 0) state.instance += STEPS_TO_BRANCH;
  state.enclosing.push({ first, end });
  executeAll(state, body);
  state.enclosing.pop();
  if (isLasting(statement)) state.lasting.push({ first, end });
  else decides(state, first, end);
  if (state.stop === undefined && state.joins?.isStoodFor(state, statement) === true)
    stopPath(state, 'discard', 'another way stands for it', statement);
}

/** Whether a thread may end inside an `if`: what follows then depends on its condition. */
function isLasting(statement: Statement): boolean {
  const known = lasting.get(statement) ?? mayEnd(statement);
  lasting.set(statement, known);
  return known;
}

const lasting = new WeakMap<Statement, boolean>();

function loop(
  state: PathState,
  statement: Extract<Statement, { kind: 'while' }>,
  round: number,
): void {
  const first = state.graph.nodes.length;
  const holds = test(state, statement);
  const end = state.graph.nodes.length;
  if (holds && round >= state.unroll)
    stopPath(state, 'bound', `the loop runs more than ${state.unroll} times`, statement);
  else if (holds) {
    state.instance += STEPS_OF_ROUND;
    state.rounds++;
    executeAll(state, statement.body);
    state.rounds--;
    if (state.stop === undefined) {
      state.instance += STEPS_OF_ROUND;
      loop(state, statement, round + 1);
    }
  }
  decides(state, first, end);
}

/** All that follows `end` so far depends on the condition between `first` and `end`. */
function decides(state: PathState, first: number, end: number): void {
  const { nodes, branches } = state.graph;
  for (let source = first; source < end; source++)
    for (let target = end; target < nodes.length; target++) branches.push([source, target]);
}

/** Evaluates a condition and takes one of its outcomes; an open one becomes a constraint. */
function test(state: PathState, statement: Branching): boolean {
  const { condition } = statement;
  beginInstruction(state, statement);
  const { value } = evaluateExpression(state, condition, 'none');
  const known = resolve(state, value);
  if (known.kind === 'constant') return decided(state, truth(known.value), statement);
  const holds = chooseWay(state, 2) === 0;
  state.constraints.push({ term: value, holds });
  return holds;
}

type Branching = Extract<Statement, { kind: 'if' | 'while' }>;

/** Notes which way a known condition goes; one that has no truth value makes the path impossible, as herd
 *  has it. In a program lowered from C it may go either way: that is not followed. */
function decided(state: PathState, holds: boolean | undefined, at: Branching): boolean {
  const why = at.origin === undefined ? 'discard' : 'bound';
  if (holds === undefined) stopPath(state, why, 'a condition that C gives no value', at);
  state.control += holds ? 0 : 1;
  return holds ?? false;
}

/** Evaluates an expression; `port` says what its value is for. */
function evaluateExpression(state: PathState, expression: Expression, port: Port): Fragment {
  switch (expression.kind) {
    case 'value':
      return emptyFragment(state.graph, constant(runtimeValue(state.space, expression.value)));
    case 'open': {
      const value = chooseValue(state, expression.alternatives);
      return emptyFragment(state.graph, constant(runtimeValue(state.space, value)));
    }
    case 'register':
      return readRegister(state, expression.name, port);
    case 'binary': {
      const left = evaluateExpression(state, expression.left, port);
      const right = evaluateExpression(state, expression.right, port);
      const { operator, type } = expression;
      const value = binary(state.space, operator, left.value, right.value, type);
      return beside(state.graph, left, right, followed(state, value, expression));
    }
    case 'not':
    case 'convert': {
      const operand = evaluateExpression(state, expression.operand, port);
      const value = folded(
        state.space,
        expression.kind === 'not'
          ? { kind: 'not', operand: operand.value }
          : { kind: 'convert', operand: operand.value, to: expression.to },
      );
      noteOperation(state, value);
      return { ...operand, value };
    }
    case 'member':
    case 'container': {
      const base = evaluateExpression(state, expression.base, port);
      const { kind, path } = expression;
      return { ...base, value: folded(state.space, { kind, base: base.value, path }) };
    }
    case 'element': {
      const base = evaluateExpression(state, expression.base, port);
      const index = evaluateExpression(state, expression.index, port);
      const term = { kind: 'element', base: base.value, index: index.value } as const;
      const value = folded(state.space, term);
      noteOperation(state, value);
      return beside(state.graph, base, index, value);
    }
    case 'load': {
      const address = evaluateExpression(state, expression.address, port);
      const tag = expression.tag ?? expression.order;
      const shape = { kind: 'read', tag, address: address.value, port } as const;
      return bindData(state.graph, address, emit(state, shape, expression));
    }
    case 'rmw':
      return expression.apply === 'set'
        ? exchange(state, expression, port)
        : atomicOperation(state, expression);
    case 'cmpxchg':
      return compareExchange(state, expression);
    case 'add-unless':
      return addUnless(state, expression);
    case 'lock-query':
      return lockQuery(state, expression);
    case 'srcu-lock':
      return srcuLock(state, expression);
  }
}

/** Values of more operations are not followed: one that is doubled again and again has as many as one likes. */
const MOST_OPERATIONS = 5_000;

/** What is computed, as far as it is followed. */
function followed(state: PathState, value: Term, at: Traced): Term {
  if (sizeOf(value) <= MOST_OPERATIONS) {
    noteOperation(state, value);
    return value;
  }
  stopPath(state, 'bound', `a value of more than ${MOST_OPERATIONS} operations`, at);
  return constant(0);
}

/** The tags of the read and the write of a read-modify-write. */
function accessTags(order: RmwOrder): { readonly read: string; readonly write: string } {
  return {
    read: order === 'acquire' || order === 'noreturn' ? order : 'once',
    write: order === 'release' ? 'release' : 'once',
  };
}

/** A fully ordered read-modify-write stands between two fences, which hand on no value. */
function fenced(state: PathState, order: RmwOrder, at: Traced, body: () => Fragment): Fragment {
  if (order !== 'mb') return body();
  const before = emitFence(state, 'mb', at);
  const access = body();
  const after = emitFence(state, 'mb', at);
  const { value } = access;
  const rest = { ...bindControl(state.graph, access, after), value };
  return bindControl(state.graph, before, rest);
}

/** `xchg`: the write depends on the value and the address, and is controlled by the read. */
function exchange(state: PathState, expression: ReadModifyWrite, port: Port): Fragment {
  return fenced(state, expression.order, expression, () => {
    const { graph } = state;
    const tags = accessTags(expression.order);
    const address = evaluateExpression(state, expression.address, 'address');
    const value = evaluateExpression(state, expression.operand, 'data');
    const access = { atomic: true, address: address.value } as const;
    const read = emit(state, { kind: 'read', tag: tags.read, port, ...access }, expression);
    const stored = storedTerm(state.space, expression, read.value, value.value);
    const write = emit(
      state,
      { kind: 'write', tag: tags.write, value: stored, ...access },
      expression,
    );
    connect(graph.data, maximal(graph, value), [write.first]);
    connect(graph.data, maximal(graph, address), [read.first, write.first]);
    connect(graph.control, [read.first], [write.first]);
    const result = resultTerm(state.space, expression.result, read.value, stored);
    return joined(address, write, result, [read.first]);
  });
}

/** `atomic_add` and its family: the write depends on what was read. */
function atomicOperation(state: PathState, expression: ReadModifyWrite): Fragment {
  return fenced(state, expression.order, expression, () => {
    const tags = accessTags(expression.order);
    const operand = evaluateExpression(state, expression.operand, 'data');
    const address = evaluateExpression(state, expression.address, 'address');
    const access = { atomic: true, address: address.value } as const;
    const read = emit(state, { kind: 'read', tag: tags.read, port: 'data', ...access }, expression);
    const addressed = bindData(state.graph, address, read);
    const operands = beside(state.graph, operand, addressed, read.value);
    const stored = storedTerm(state.space, expression, read.value, operand.value);
    const output = outputOf(state.graph, operands);
    const write = emit(
      state,
      { kind: 'write', tag: tags.write, value: stored, ...access },
      expression,
    );
    bindData(state.graph, operands, write);
    return joined(
      operands,
      write,
      resultTerm(state.space, expression.result, read.value, stored),
      output,
    );
  });
}

/** A successful `cmpxchg` is controlled by the expected value and what was read; one that fails is a
 *  read without any order. */
function compareExchange(state: PathState, expression: CompareExchange): Fragment {
  const { graph } = state;
  if (chooseWay(state, 2) === 1) {
    const address = evaluateExpression(state, expression.address, 'address');
    const expected = evaluateExpression(state, expression.expected, 'none');
    const read = emit(
      state,
      { kind: 'read', tag: 'once', atomic: true, address: address.value, port: 'data' },
      expression,
    );
    connect(graph.data, maximal(graph, address), [read.first]);
    differ(state, expected.value, read.value);
    return joined(address, read, read.value, [read.first]);
  }
  return fenced(state, expression.order, expression, () => {
    const tags = accessTags(expression.order);
    const address = evaluateExpression(state, expression.address, 'address');
    const expected = evaluateExpression(state, expression.expected, 'none');
    const desired = evaluateExpression(state, expression.desired, 'data');
    const access = { atomic: true, address: address.value } as const;
    const read = emit(state, { kind: 'read', tag: tags.read, ...access }, expression);
    const write = emit(
      state,
      { kind: 'write', tag: tags.write, value: desired.value, ...access },
      expression,
    );
    connect(graph.data, maximal(graph, desired), [write.first]);
    connect(graph.data, maximal(graph, address), [read.first, write.first]);
    connect(graph.control, [...maximal(graph, expected), read.first], [write.first]);
    equate(state, expected.value, read.value);
    return joined(address, write, read.value, [read.first]);
  });
}

/** `atomic_add_unless`: always one of the two, decided by what was read. */
function addUnless(state: PathState, expression: AddUnless): Fragment {
  const { graph } = state;
  const old = expression.result === 'old';
  if (chooseWay(state, 2) === 1) {
    const address = evaluateExpression(state, expression.address, 'address');
    const unless = evaluateExpression(state, expression.unless, 'none');
    const read = emit(
      state,
      { kind: 'read', tag: 'once', atomic: true, address: address.value },
      expression,
    );
    connect(graph.data, maximal(graph, address), [read.first]);
    equate(state, unless.value, read.value);
    const output = old ? [read.first] : [read.first, ...outputOf(graph, unless)];
    return joined(address, read, old ? read.value : constant(0), output);
  }
  return fenced(state, expression.order, expression, () => {
    const tags = accessTags(expression.order);
    const address = evaluateExpression(state, expression.address, 'address');
    const operand = evaluateExpression(state, expression.operand, 'address');
    const unless = evaluateExpression(state, expression.unless, 'none');
    const access = { atomic: true, address: address.value } as const;
    const read = emit(state, { kind: 'read', tag: tags.read, ...access }, expression);
    const stored = binary(state.space, '+', read.value, operand.value, expression.type);
    const write = emit(
      state,
      { kind: 'write', tag: tags.write, value: stored, ...access },
      expression,
    );
    connect(graph.data, maximal(graph, address), [read.first, write.first]);
    connect(graph.data, [...maximal(graph, operand), read.first], [write.first]);
    connect(graph.control, maximal(graph, unless), [write.first]);
    differ(state, read.value, unless.value);
    const output = old ? [read.first] : [read.first, ...outputOf(graph, unless)];
    return joined(address, write, old ? read.value : constant(1), output);
  });
}

/** Assumes that two values are the same, be they from thin air; else the path is impossible. */
function equate(state: PathState, left: Term, right: Term): void {
  state.equations.push({ left, right });
  const [one, other] = [resolve(state, left), resolve(state, right)];
  if (one.kind !== 'constant' || other.kind !== 'constant') return;
  if (!areEqual(state.space, one.value, other.value))
    stopPath(state, 'discard', 'impossible alternative', state.thread);
}

/** Assumes that two values are not the same. */
function differ(state: PathState, left: Term, right: Term): void {
  const term = binary(state.space, '==', left, right);
  const known = resolve(state, term);
  if (known.kind !== 'constant') state.constraints.push({ term, holds: false });
  else if (truth(known.value) !== false)
    stopPath(state, 'discard', 'impossible alternative', state.thread);
}

function lockQuery(state: PathState, expression: LockQuery): Fragment {
  const address = evaluateExpression(state, expression.address, 'none');
  const yes = chooseWay(state, 2) === 0;
  const access = lockQueryAccess(state, expression, address.value, yes);
  return { ...bindData(state.graph, address, access), value: constant(Number(yes)) };
}

function lockQueryAccess(
  state: PathState,
  expression: LockQuery,
  address: Term,
  yes: boolean,
): Fragment {
  const failed = { kind: 'lock-fail', tag: 'trylock', address } as const;
  const locked = { kind: 'read-locked', tag: 'is-locked', address } as const;
  const unlocked = { kind: 'read-unlocked', tag: 'is-locked', address } as const;
  if (expression.action === 'trylock')
    return yes ? takeLock(state, address, expression) : emit(state, failed, expression);
  return emit(state, yes ? locked : unlocked, expression);
}

function srcuLock(state: PathState, expression: SrcuLock): Fragment {
  const address = evaluateExpression(state, expression.address, 'address');
  const index = constant(srcuIndex(state.thread.index, state.instance));
  const event = emit(
    state,
    { kind: 'srcu', tag: 'srcu-lock', address: address.value, value: index },
    expression,
  );
  return { ...bindData(state.graph, address, event), value: index };
}
