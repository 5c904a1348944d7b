/** Reads the formulas of a scenario: litmus propositions over registers, locations and C names. */

import { balanced } from '../program/proposition.ts';
import type { Span } from '../text/span.ts';
import type { Formula, Term } from './scenario.ts';
import { complain, type Scanner, take } from './scenario-scanner.ts';

/** Nesting beyond this is reported, so that no text can exhaust the stack. */
const DEEPEST = 200;

/** Reads one formula: `/\`, `\/`, `=>`, `not` (or `~`), `=`, `!=` and parentheses, `/\` binding
 *  tighter than `\/`, that tighter than `=>`. Complains and returns undefined where there is none. */
export function parseFormula(scanner: Scanner, depth = 0): Formula | undefined {
  const left = disjunction(scanner, depth);
  if (left === undefined || take(scanner, /=>/) === undefined) return left;
  const right = parseFormula(scanner, depth + 1);
  return right && { kind: 'implies', left, right };
}

function disjunction(scanner: Scanner, depth: number): Formula | undefined {
  return chain(scanner, 'or', /\\\//, () => conjunction(scanner, depth));
}

function conjunction(scanner: Scanner, depth: number): Formula | undefined {
  return chain(scanner, 'and', /\/\\/, () => operand(scanner, depth));
}

function chain(
  scanner: Scanner,
  kind: 'and' | 'or',
  operator: RegExp,
  part: () => Formula | undefined,
): Formula | undefined {
  const first = part();
  if (first === undefined) return undefined;
  const parts: [Formula, ...Formula[]] = [first];
  while (take(scanner, operator) !== undefined) {
    const next = part();
    if (next === undefined) return undefined;
    parts.push(next);
  }
  return balanced(parts, (left, right) => ({ kind, left, right }));
}

function operand(scanner: Scanner, depth: number): Formula | undefined {
  if (depth > DEEPEST) {
    complain(scanner, 'expected a less deeply nested formula');
    return undefined;
  }
  if (take(scanner, /~|not\b/) !== undefined) {
    const inner = operand(scanner, depth + 1);
    return inner && { kind: 'not', operand: inner };
  }
  if (take(scanner, /\(/) === undefined) return comparison(scanner);
  const inner = parseFormula(scanner, depth + 1);
  if (inner !== undefined && take(scanner, /\)/) === undefined) {
    complain(scanner, 'expected ")" in the formula');
    return undefined;
  }
  return inner;
}

function comparison(scanner: Scanner): Formula | undefined {
  const left = term(scanner);
  if (left === undefined) return undefined;
  const operator = take(scanner, /!=|==?(?!>)/);
  if (operator === undefined) {
    complain(scanner, 'expected "=" or "!=" in the formula');
    return undefined;
  }
  const right = term(scanner);
  return right && { kind: 'compare', left, right, equal: operator.text !== '!=' };
}

const C_PATH = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*/;

function term(scanner: Scanner): Term | undefined {
  const integer = take(scanner, /-?(?:0[xX][\da-fA-F]+|\d+)(?![\w:])/);
  if (integer !== undefined)
    return { kind: 'integer', value: Number(integer.text), span: integer.span };
  const register = take(scanner, /P?\d+:[A-Za-z_]\w*/);
  if (register !== undefined) return registerTerm(register.text, register.span);
  const address = take(scanner, new RegExp(`&\\s*${C_PATH.source}`));
  if (address !== undefined)
    return { kind: 'address', of: address.text.slice(1).trim(), span: address.span };
  const name = take(scanner, C_PATH);
  if (name !== undefined) return { kind: 'name', name: name.text, span: name.span };
  complain(scanner, 'expected a register (P1:v), a location, a name or a number in the formula');
  return undefined;
}

function registerTerm(text: string, span: Span): Term {
  const [thread = '', name = ''] = text.replace(/^P/, '').split(':');
  return { kind: 'register', thread: Number(thread), name, span };
}
