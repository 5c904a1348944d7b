/** Prints expressions with what herd's C has: no `!`, `&&`, `||`, shifts, or `%`. */

import type { RmwFunction, RmwOrder } from '../kernel/operation.ts';
import type { Expression, ReadModifyWrite, Value } from '../program/program.ts';
import { constantAddress, type Names } from './print-names.ts';

/** A thread being printed: its names, and what it needs before the statement at hand. */
export interface Printer {
  readonly names: Names;
  readonly thread: number;
  /** Statements that have to come first, such as the one that keeps an old value. */
  readonly before: string[];
  /** What herd has no words for, in the words of the program. */
  readonly lacking: string[];
  temporaries: number;
}

const SUFFIXES = { mb: '', once: '_relaxed', acquire: '_acquire', release: '_release' } as const;

const OPERATORS: Readonly<Record<Exclude<RmwFunction, 'set'>, string>> = {
  add: '+',
  sub: '-',
  and: '&',
  or: '|',
  xor: '^',
  andnot: '&~',
};

/** The text of an expression, in parentheses where it is an operation. */
export function printExpression(printer: Printer, expression: Expression): string {
  const { names, thread } = printer;
  const print = (operand: Expression) => printExpression(printer, operand);
  const constant = constantAddress(expression);
  if (constant !== undefined) return names.location(constant);
  switch (expression.kind) {
    case 'value':
      return printValue(printer, expression.value);
    case 'register':
      return names.register(thread, expression.name);
    case 'binary':
      return printBinary(printer, expression);
    case 'not':
      return `(${print(expression.operand)} == 0)`;
    case 'member':
    case 'container':
      printer.lacking.push(`the ${expression.kind} ${expression.path} of a pointer that varies`);
      return print(expression.base);
    case 'convert':
      printer.lacking.push(`a conversion to ${expression.to.bits} bits`);
      return print(expression.operand);
    case 'element':
      printer.lacking.push('an index that varies');
      return print(expression.base);
    case 'open':
      printer.lacking.push('a value that nothing decides');
      return printValue(printer, expression.alternatives[0]!);
    case 'load':
      return printLoad(printer, expression);
    case 'rmw':
      return printRmw(printer, expression);
    case 'cmpxchg': {
      const { address, expected, desired } = expression;
      const operands = [address, expected, desired].map(print).join(', ');
      return `cmpxchg${SUFFIXES[expression.order]}(${operands})`;
    }
    case 'add-unless': {
      const { address, operand, unless, order, result } = expression;
      if (order !== 'mb' || result !== 'changed')
        printer.lacking.push('a conditional addition other than atomic_add_unless()');
      return `atomic_add_unless(${[address, operand, unless].map(print).join(', ')})`;
    }
    case 'lock-query': {
      const query = expression.action === 'trylock' ? 'spin_trylock' : 'spin_is_locked';
      return `${query}(${print(expression.address)})`;
    }
    case 'srcu-lock':
      return `srcu_read_lock(${print(expression.address)})`;
  }
}

function printValue({ names }: Printer, value: Value): string {
  return value.kind === 'integer' ? String(value.value) : names.location(value.of);
}

/** What stands under the star of an lvalue: a name, or anything in parentheses. */
export function printTarget(printer: Printer, address: Expression): string {
  const text = printExpression(printer, address);
  return /^\w+$|^\(.*\)$/.test(text) ? `*${text}` : `*(${text})`;
}

function printLoad(printer: Printer, load: Extract<Expression, { kind: 'load' }>): string {
  if (load.order === 'acquire')
    return `smp_load_acquire(${printExpression(printer, load.address)})`;
  const target = printTarget(printer, load.address);
  return load.order === 'plain' ? target : `READ_ONCE(${target})`;
}

function printBinary(
  printer: Printer,
  expression: Extract<Expression, { kind: 'binary' }>,
): string {
  const left = printExpression(printer, expression.left);
  const right = printExpression(printer, expression.right);
  switch (expression.operator) {
    case '&&':
      return `((${left} != 0) & (${right} != 0))`;
    case '||':
      return `((${left} != 0) | (${right} != 0))`;
    case '<<':
    case '>>': {
      const times = expression.operator === '<<' ? '*' : '/';
      if (/^\d+$/.test(right)) return `(${left} ${times} ${2 ** Number(right)})`;
      printer.lacking.push('a shift by a value that varies');
      return `(${left} ${times} ${right})`;
    }
    case '%':
      if (!/^\w+$/.test(left) || !/^\w+$/.test(right))
        printer.lacking.push('the remainder of more than registers');
      return `(${left} - ((${left} / ${right}) * ${right}))`;
    default:
      return `(${left} ${expression.operator} ${right})`;
  }
}

function printRmw(printer: Printer, rmw: ReadModifyWrite): string {
  const address = printExpression(printer, rmw.address);
  const operand = printExpression(printer, rmw.operand);
  if (rmw.order === 'noreturn') return printNoReturn(rmw.apply, address, operand);
  const { order } = rmw;
  switch (rmw.result) {
    case 'nothing':
    case 'old':
      return printReturning(rmw.apply, order, 'fetch', address, operand);
    case 'new':
      return printReturning(rmw.apply, order, 'return', address, operand);
    case 'new-is-zero':
      return `(${printReturning(rmw.apply, order, 'return', address, operand)} == 0)`;
    case 'new-is-negative':
      return `(${printReturning(rmw.apply, order, 'return', address, operand)} < 0)`;
    case 'old-is-nonzero':
      return `(${printReturning(rmw.apply, order, 'fetch', address, operand)} != 0)`;
    case 'changed': {
      const old = `old_${printer.temporaries++}`;
      printer.before.push(`int ${old};`);
      printer.before.push(
        `${old} = ${printReturning(rmw.apply, order, 'fetch', address, operand)};`,
      );
      return `(${old} != ${storedText(rmw.apply, old, operand)})`;
    }
  }
}

function storedText(apply: RmwFunction, old: string, operand: string): string {
  if (apply === 'set') return operand;
  if (apply === 'andnot') return `(${old} & (-1 - ${operand}))`;
  return `(${old} ${OPERATORS[apply]} ${operand})`;
}

function printNoReturn(apply: RmwFunction, address: string, operand: string): string {
  if (apply === 'add' || apply === 'sub') return `atomic_${apply}(${operand}, ${address})`;
  return apply === 'set'
    ? `xchg_relaxed(${address}, ${operand})`
    : `__atomic_op(${address}, ${OPERATORS[apply]}, ${operand})`;
}

/** Additions by name; the other functions by herd's internal form, as 6.1's `.def` has no names for them. */
function printReturning(
  apply: RmwFunction,
  order: Exclude<RmwOrder, 'noreturn'>,
  form: 'fetch' | 'return',
  address: string,
  operand: string,
): string {
  const suffix = SUFFIXES[order];
  if (apply === 'set') return `xchg${suffix}(${address}, ${operand})`;
  if (apply === 'add' || apply === 'sub')
    return form === 'fetch'
      ? `atomic_fetch_${apply}${suffix}(${operand}, ${address})`
      : `atomic_${apply}_return${suffix}(${operand}, ${address})`;
  const internal = form === 'fetch' ? '__atomic_fetch_op' : '__atomic_op_return';
  return `${internal}{${order}}(${address}, ${OPERATORS[apply]}, ${operand})`;
}
