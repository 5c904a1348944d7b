/** Prints a program as a litmus test that herd7 reads, with the `.def` of Linux 6.1. */

import type {
  Expression,
  InitialValue,
  Observable,
  Program,
  Proposition,
  Statement,
  Thread,
  Value,
} from '../program/program.ts';
import { type Printer, printExpression, printTarget } from './print-expression.ts';
import { assignedIn, locationsUsed, type Names, namesOf } from './print-names.ts';

export interface PrintedLitmus {
  readonly text: string;
  /** What the text does not say because herd has no words for it; empty for a faithful text. */
  readonly lacking: readonly string[];
}

/**
 * The text of a litmus test. Locations and registers get names that herd reads; `&&`, `||`, `!`,
 * shifts and `%` are rewritten; a `stop` sets a register that the filter excludes. Printing what
 * `parseLitmus` read and parsing it again gives a program of the same meaning.
 */
export function printLitmus(program: Program, remarkOn: RemarkOn = NO_REMARK): string {
  return printWithGaps(program, remarkOn).text;
}

/** What is written behind a statement as a comment; undefined for nothing. */
export type RemarkOn = (statement: Statement) => string | undefined;

const NO_REMARK: RemarkOn = () => undefined;

/** The same, and what is lost. */
export function printWithGaps(program: Program, remarkOn: RemarkOn = NO_REMARK): PrintedLitmus {
  const names = namesOf(program);
  const lacking: string[] = [];
  const threads = program.threads.map((thread) =>
    printThread(program, thread, { names, lacking, remarkOn }),
  );
  const parts = [
    `C ${program.name.replace(/[^A-Za-z0-9_/.+:[\]-]/g, '_')}`,
    printDescription(program.description),
    `{\n${program.initial.map((value) => printInitial(value, names)).join('')}}`,
    ...threads.map(({ text }) => text),
    printEnding(
      program,
      names,
      threads.filter(({ stops }) => stops).map(({ index }) => index),
    ),
  ];
  return { text: `${parts.filter((part) => part !== '').join('\n\n')}\n`, lacking };
}

/** A description that stands in a comment is kept; other text might end the header. */
function printDescription(description: string): string {
  const start = description.indexOf('(*');
  const end = description.lastIndexOf('*)');
  return start === -1 || end < start + 2 ? '' : description.slice(start, end + 2);
}

/** Types that herd reads in the initial state: not `spinlock_t`, of which it does not know the size. */
const KEPT_TYPES = /^(?:int|long|char|short|atomic_t|intptr_t)?$/;

function printInitial({ target, value, type }: InitialValue, names: Names): string {
  const place =
    target.kind === 'location'
      ? names.location(target.name)
      : `${target.thread}:${names.register(target.thread, target.name)}`;
  const isTyped = target.kind === 'location' && KEPT_TYPES.test(type) && type !== '';
  const typed = isTyped ? `${type} ` : '';
  const pointer = target.kind === 'location' && type.includes('*') ? 'int *' : typed;
  return `\t${pointer}${place} = ${printValue(value, names)};\n`;
}

function printValue(value: Value, names: Names): string {
  return value.kind === 'integer' ? String(value.value) : names.location(value.of);
}

/** The register of a thread that does nothing: herd reads none that is empty. */
const IDLE = 'idle';

/** The register that a `stop` sets. */
const STOPPED = 'stopped';

/** Prints statements, with what is remarked on them. */
interface StatementPrinter extends Printer {
  readonly remarkOn: RemarkOn;
}

function printThread(
  program: Program,
  thread: Thread,
  context: Pick<StatementPrinter, 'names' | 'lacking' | 'remarkOn'>,
) {
  const { names } = context;
  const { index, parameters, body } = thread;
  const printer: StatementPrinter = { ...context, thread: index, before: [], temporaries: 0 };
  const lines = printAll(printer, body, 1);
  const stops = lines.some((line) => line.trim().startsWith(`${STOPPED} = 1;`));
  const declared = new Set(declaredIn(body));
  const passed = new Set(parameters.map(({ name }) => name));
  const missing = [...new Set(assignedIn(body))].filter(
    (name) => !declared.has(name) && !passed.has(name),
  );
  const declarations = missing.map((name) => `\tint ${names.register(index, name)};`);
  if (stops) declarations.push(`\tint ${STOPPED};`, `\t${STOPPED} = 0;`);
  if (declarations.length + lines.length === 0) declarations.push(`\tint ${IDLE};`);
  const locations = [...parameters.map(({ name }) => name), ...locationsUsed(body)];
  const types = new Map(parameters.map(({ name, type }) => [name, type]));
  const printed = [...new Set(locations)].map(
    (name) => `${parameterType(program, body, name, types.get(name))}${names.location(name)}`,
  );
  const text = [`P${index}(${printed.join(', ')})`, '{', ...declarations, ...lines, '}'].join('\n');
  return { index, text, stops };
}

/** Types that herd reads; others say nothing to it. */
function parameterType(
  program: Program,
  body: readonly Statement[],
  name: string,
  type: string | undefined,
): string {
  if (
    type !== undefined &&
    /^(?:volatile )?(?:int|intptr_t|atomic_t|spinlock_t|long|struct srcu_struct)(?: \*)+$/.test(
      type,
    )
  )
    return `${type.replaceAll(' *', '*').replace(/\*/, ' *')}`;
  const initial = program.initial.find(
    ({ target }) => target.kind === 'location' && target.name === name,
  );
  if (initial?.type === 'spinlock_t' || locks(body, name)) return 'spinlock_t *';
  if (initial?.type === 'atomic_t') return 'atomic_t *';
  return 'int *';
}

/** Whether a thread locks or unlocks the location. */
function locks(body: readonly Statement[], name: string): boolean {
  return body.some((statement) => {
    if (statement.kind === 'if')
      return locks(statement.then, name) || locks(statement.otherwise, name);
    if (statement.kind === 'while') return locks(statement.body, name);
    return statement.kind === 'lock' && locationsUsed([statement]).includes(name);
  });
}

function declaredIn(body: readonly Statement[]): readonly string[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'declare') return [statement.register];
    if (statement.kind === 'if')
      return [...declaredIn(statement.then), ...declaredIn(statement.otherwise)];
    return statement.kind === 'while' ? declaredIn(statement.body) : [];
  });
}

function printAll(
  printer: StatementPrinter,
  statements: readonly Statement[],
  depth: number,
): string[] {
  return statements.flatMap((statement) => {
    const lines = printStatement(printer, statement, depth);
    const before = printer.before.splice(0).map((line) => '\t'.repeat(depth) + line);
    return [...before, ...lines];
  });
}

function printStatement(printer: StatementPrinter, statement: Statement, depth: number): string[] {
  const tabs = '\t'.repeat(depth);
  const print = (expression: Expression) => printExpression(printer, expression);
  switch (statement.kind) {
    case 'if': {
      const condition = print(statement.condition);
      const before = printer.before.splice(0).map((line) => tabs + line);
      const then = printAll(printer, statement.then, depth + 1);
      const otherwise = printAll(printer, statement.otherwise, depth + 1);
      const tail = otherwise.length === 0 ? [] : [`${tabs}} else {`, ...otherwise];
      return [
        ...before,
        `${tabs}if (${condition}) {`,
        ...nonEmpty(then, depth),
        ...tail,
        `${tabs}}`,
      ];
    }
    case 'while': {
      const condition = print(statement.condition);
      const body = printAll(printer, statement.body, depth + 1);
      return [`${tabs}while (${condition}) {`, ...nonEmpty(body, depth), `${tabs}}`];
    }
    default: {
      const remark = printer.remarkOn(statement);
      const behind = remark === undefined ? '' : ` // ${remark}`;
      return [`${tabs}${printSimple(printer, statement)};${behind}`];
    }
  }
}

/** herd reads no empty block; a fence of the compiler orders nothing that runs. */
function nonEmpty(lines: readonly string[], depth: number): readonly string[] {
  return lines.length > 0 ? lines : [`${'\t'.repeat(depth + 1)}barrier();`];
}

const FENCES: ReadonlyMap<string, string> = new Map([
  ['mb', 'smp_mb()'],
  ['rmb', 'smp_rmb()'],
  ['wmb', 'smp_wmb()'],
  ['barrier', 'barrier()'],
  ['before-atomic', 'smp_mb__before_atomic()'],
  ['after-atomic', 'smp_mb__after_atomic()'],
  ['after-spinlock', 'smp_mb__after_spinlock()'],
  ['after-unlock-lock', 'smp_mb__after_unlock_lock()'],
  ['after-srcu-read-unlock', 'smp_mb__after_srcu_read_unlock()'],
]);

const RCU = {
  lock: 'rcu_read_lock()',
  unlock: 'rcu_read_unlock()',
  synchronize: 'synchronize_rcu()',
};

function printSimple(
  printer: Printer,
  statement: Exclude<Statement, { kind: 'if' | 'while' }>,
): string {
  const { names, thread } = printer;
  const print = (expression: Expression) => printExpression(printer, expression);
  switch (statement.kind) {
    case 'declare': {
      const pointer = statement.type.includes('*') ? 'int *' : 'int ';
      const declared = `${pointer}${names.register(thread, statement.register)}`;
      return statement.value === undefined ? declared : `${declared} = ${print(statement.value)}`;
    }
    case 'assign':
      return `${names.register(thread, statement.register)} = ${print(statement.value)}`;
    case 'store':
      return printStore(printer, statement);
    case 'evaluate':
      return print(statement.value).replace(/^\((.*)\)$/, '$1');
    case 'fence':
      return FENCES.get(statement.tag)!;
    case 'lock':
      return `spin_${statement.action}(${print(statement.address)})`;
    case 'rcu':
      return RCU[statement.action];
    case 'srcu': {
      const address = print(statement.address);
      if (statement.action === 'synchronize') return `synchronize_srcu(${address})`;
      return `srcu_read_unlock(${address}, ${statement.index === undefined ? '0' : print(statement.index)})`;
    }
    case 'stop':
      if (statement.why === 'end') printer.lacking.push('the end of a thread in its midst');
      return `${STOPPED} = 1`;
  }
}

function printStore(printer: Printer, statement: Extract<Statement, { kind: 'store' }>): string {
  const { address, order, then } = statement;
  const value = printExpression(printer, statement.value);
  if (order === 'release')
    return `smp_store_release(${printExpression(printer, address)}, ${value})`;
  const target = printTarget(printer, address);
  if (then === 'mb') return `smp_store_mb(${target}, ${value})`;
  return order === 'plain' ? `${target} = ${value}` : `WRITE_ONCE(${target}, ${value})`;
}

function printEnding(program: Program, names: Names, stopped: readonly number[]): string {
  const observed = program.observed.map((one) => bare(one, names)).join('; ');
  const conditions = [
    ...(program.filter === undefined ? [] : [printProposition(program.filter, names)]),
    ...stopped.map((thread) => `${thread}:${STOPPED}=0`),
  ];
  const { quantifier, proposition } = program.condition;
  return [
    ...(observed === '' ? [] : [`locations [${observed}]`]),
    ...(conditions.length === 0 ? [] : [`filter (${conditions.join(' /\\ ')})`]),
    `${quantifier} (${printProposition(proposition, names)})`,
  ].join('\n');
}

function bare(observable: Observable, names: Names): string {
  return observable.kind === 'location'
    ? names.location(observable.name)
    : `${observable.thread}:${names.register(observable.thread, observable.name)}`;
}

function bracketed(observable: Observable, names: Names): string {
  const text = bare(observable, names);
  return observable.kind === 'location' ? `[${text}]` : text;
}

/** The operators of propositions: their sign, and what herd leaves bare on each side of them. */
const CONNECTIVES = {
  and: { sign: '/\\', left: ['and'], right: ['and'] },
  or: { sign: '\\/', left: ['and', 'or'], right: ['and', 'or'] },
  // On its left herd leaves `=>` bare, too, and so prints another proposition than it has read.
  implies: { sign: '=>', left: [], right: ['implies'] },
} as const;

/** A proposition as herd reads and prints it. */
export function printProposition(proposition: Proposition, names: Names): string {
  const print = (operand: Proposition) => printProposition(operand, names);
  const side = (operand: Proposition, bare: readonly Proposition['kind'][]) =>
    operand.kind in CONNECTIVES && !bare.includes(operand.kind)
      ? `(${print(operand)})`
      : print(operand);
  switch (proposition.kind) {
    case 'true':
      return 'true';
    case 'not':
      return proposition.operand.kind === 'true' ? 'false' : `not (${print(proposition.operand)})`;
    case 'and':
    case 'or':
    case 'implies': {
      const { sign, left, right } = CONNECTIVES[proposition.kind];
      return `${side(proposition.left, left)} ${sign} ${side(proposition.right, right)}`;
    }
    case 'equals': {
      const { left, right, negated } = proposition;
      const value =
        right.kind === 'location' || right.kind === 'register'
          ? bracketed(right, names)
          : printValue(right, names);
      const equation = `${bracketed(left, names)}=${value}`;
      return negated ? `not (${equation})` : equation;
    }
  }
}
