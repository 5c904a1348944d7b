/** Reads the formulas of a scenario: litmus propositions over registers, locations and C's constants. */

import { charactersIn } from '../lowering/literal.ts';
import { balanced } from '../program/proposition.ts';
import type { Span } from '../text/span.ts';
import type { Formula, Term } from './scenario.ts';
import { behindBlanks, complain, isAt, type Scanner, take } from './scenario-scanner.ts';

/** Nesting beyond this is reported, so that no text can exhaust the stack. */
const DEEPEST = 200;

/** Reads one formula: `/\`, `\/`, `=>`, `not` (or `~`), `=`, `!=` and parentheses, `/\` binding
 *  tighter than `\/`, that tighter than `=>`. Complains and returns undefined where there is none. */
export function parseFormula(scanner: Scanner, depth = 0): Formula | undefined {
  const left = disjunction(scanner, depth);
  if (left === undefined || take(scanner, /=>/y) === undefined) return left;
  const right = parseFormula(scanner, depth + 1);
  return right && { kind: 'implies', left, right };
}

function disjunction(scanner: Scanner, depth: number): Formula | undefined {
  return chain(scanner, 'or', /\\\//y, () => conjunction(scanner, depth));
}

function conjunction(scanner: Scanner, depth: number): Formula | undefined {
  return chain(scanner, 'and', /\/\\/y, () => operand(scanner, depth));
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
  const foreign = take(scanner, /&&|\|\||(?:and|or)\b/y);
  if (foreign !== undefined) {
    const own = /&&|and/.test(foreign.text) ? '/\\' : '\\/';
    complain(scanner, `"${foreign.text}" is written ${own} in a formula`, foreign.span);
    return undefined;
  }
  return balanced(parts, (left, right) => ({ kind, left, right }));
}

function operand(scanner: Scanner, depth: number): Formula | undefined {
  if (!mayGoDeeper(scanner, depth)) return undefined;
  if (take(scanner, /~|not\b/y) !== undefined) {
    const inner = operand(scanner, depth + 1);
    return inner && { kind: 'not', operand: inner };
  }
  const denial = take(scanner, /!(?=\s*(?:\(|P?\d+:))/y);
  if (denial !== undefined) {
    complain(scanner, '"!" before a comparison is written "not"', denial.span);
    return undefined;
  }
  const start = scanner.at;
  if (take(scanner, /\(/y) === undefined) return comparison(scanner, depth);
  const told = scanner.problems.length;
  const inner = parseFormula(scanner, depth + 1);
  if (inner !== undefined) return closes(scanner) ? inner : undefined;
  const reasons = scanner.problems.splice(told);
  const reached = scanner.at;
  scanner.at = start;
  const value = comparison(scanner, depth);
  if (value === undefined && scanner.at <= reached) {
    scanner.problems.splice(told, Number.POSITIVE_INFINITY, ...reasons);
    scanner.at = reached;
  }
  return value;
}

function mayGoDeeper(scanner: Scanner, depth: number): boolean {
  if (depth <= DEEPEST) return true;
  complain(scanner, 'expected a less deeply nested formula');
  return false;
}

function closes(scanner: Scanner): boolean {
  if (take(scanner, /\)/y) !== undefined) return true;
  complain(scanner, 'expected ")" in the formula');
  return false;
}

function comparison(scanner: Scanner, depth: number): Formula | undefined {
  const left = term(scanner, depth);
  if (left === undefined) return undefined;
  const operator = take(scanner, /!=|==?(?!>)/y);
  if (operator === undefined) {
    complain(
      scanner,
      isAt(scanner, /[<>]/y)
        ? 'a formula compares by "=" and "!=": assign what else is asked to a variable'
        : 'expected "=" or "!=" in the formula',
    );
    return undefined;
  }
  if (operator.text === '=' && scanner.text[scanner.at] === '!') {
    complain(scanner, '"=!" is written "!="', operator.span);
    return undefined;
  }
  const right = term(scanner, depth);
  return right && { kind: 'compare', left, right, equal: operator.text !== '!=' };
}

const NAME = /[A-Za-z_]\w*/y;

/** Words of C that stand for numbers. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['NULL', 0],
  ['false', 0],
  ['true', 1],
]);

/** What is the same number in C and here. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d{0,8})$/;

function term(scanner: Scanner, depth: number): Term | undefined {
  const register = take(scanner, /P?\d+:[A-Za-z_]\w*/y);
  if (register !== undefined) return registerTerm(register.text, register.span);
  const foreign = take(scanner, /[A-Za-z_]\w*:(?=[A-Za-z_])/y);
  if (foreign !== undefined) {
    const [number] = /\d+/.exec(foreign.text) ?? [];
    const meant = number === undefined ? '' : `; P${number}?`;
    complain(scanner, `there is no thread ${foreign.text.slice(0, -1)}${meant}`, foreign.span);
    return undefined;
  }
  const address = take(scanner, /&(?!&)/y);
  const start = behindBlanks(scanner);
  const read = address === undefined ? readValue(scanner, depth) : readPath(scanner, depth);
  if (read === undefined) return undefined;
  const text = scanner.text.slice(start, scanner.at);
  const span = { start: address?.span.start ?? start, end: scanner.at };
  if (address !== undefined) return { kind: 'address', of: text, span };
  const word = WORDS.get(text);
  if (word !== undefined) return { kind: 'integer', value: word, span };
  if (PLAIN_NUMBER.test(text)) return { kind: 'integer', value: Number(text), span };
  return read === 'path' ? { kind: 'name', name: text, span } : { kind: 'expression', text, span };
}

function registerTerm(text: string, span: Span): Term {
  const [thread = '', name = ''] = text.replace(/^P/, '').split(':');
  return { kind: 'register', thread: Number(thread), name, span };
}

/** C's operators between two values, but for those that formulas have: no `&&`, no `||`, no `/\`. */
const OPERATOR = /<<|>>|[-+*%^]|&(?!&)|\|(?!\|)|\/(?![\\/*])/y;

/** What has been read: the path of an object, or the name of something; or more than that. */
type Read = 'path' | 'expression' | undefined;

/** Reads a location or a constant expression of C; complains where there is none. */
function readValue(scanner: Scanner, depth: number): Read {
  const first = readOperand(scanner, depth);
  if (first === undefined || take(scanner, OPERATOR) === undefined) return first;
  do if (readOperand(scanner, depth) === undefined) return undefined;
  while (take(scanner, OPERATOR) !== undefined);
  return 'expression';
}

function readOperand(scanner: Scanner, depth: number): Read {
  const start = scanner.at;
  while (take(scanner, /[-+~]|!(?!=)/y) !== undefined);
  const isPlain = scanner.at === start;
  const character = take(scanner, /'(?:[^'\\\n]|\\.)+'/y);
  if (character !== undefined) {
    const { text, span } = character;
    if (charactersIn(text) === 1) return 'expression';
    complain(scanner, `${text} has several characters, and is no number`, span);
    return undefined;
  }
  if (take(scanner, /(?:0[xX][\da-fA-F]+|\d+)[uUlL]*(?![\w:])/y) !== undefined) return 'expression';
  if (isAt(scanner, NAME)) {
    const path = readPath(scanner, depth);
    if (path === undefined || take(scanner, /\(/y) === undefined)
      return path && (isPlain ? path : 'expression');
    return readArguments(scanner, depth) ? 'expression' : undefined;
  }
  if (take(scanner, /\(/y) !== undefined) {
    const isRead = mayGoDeeper(scanner, depth) && readValue(scanner, depth + 1) !== undefined;
    return isRead && closes(scanner) ? 'expression' : undefined;
  }
  complain(
    scanner,
    isAt(scanner, />/y)
      ? 'a member stands behind "." in a formula, not behind "->"'
      : 'expected a register (P1:v), a location, a name or a number in the formula',
  );
  return undefined;
}

/** Reads a name with the members and elements behind it, whose indexes are constant expressions. */
function readPath(scanner: Scanner, depth: number): 'path' | undefined {
  if (take(scanner, NAME) === undefined) {
    complain(scanner, 'expected the name of an object behind "&"');
    return undefined;
  }
  for (;;) {
    if (take(scanner, /\.\s*[A-Za-z_]\w*/y) !== undefined) continue;
    if (take(scanner, /\[/y) === undefined) return 'path';
    if (!mayGoDeeper(scanner, depth) || readValue(scanner, depth + 1) === undefined)
      return undefined;
    if (take(scanner, /\]/y) === undefined) {
      complain(scanner, 'expected "]" in the formula');
      return undefined;
    }
  }
}

/** What is given to a macro, and the parenthesis behind it. */
function readArguments(scanner: Scanner, depth: number): boolean {
  if (!mayGoDeeper(scanner, depth)) return false;
  do if (readValue(scanner, depth + 1) === undefined) return false;
  while (take(scanner, /,/y) !== undefined);
  return closes(scanner);
}
