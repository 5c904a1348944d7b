/** Numbers for the addresses of a program, laid out so that the steps to members are sums. */

import { candidatesOfExpression } from '../program/candidates.ts';
import { INT, type Integer, isOf, wrap } from '../program/integer.ts';
import type { Expression, Program, Statement, Value } from '../program/program.ts';
import { addressesIn, type ProgramValues } from '../program/program-values.ts';
import { bodiesOf, expressionsOf, operandsOf } from '../program/walk.ts';

/** The numbers of one program. */
export interface AddressNumbers {
  /** The value as an integer of 32 bits with a sign, which is all that herd knows. What is larger goes by what
   *  its lower 32 bits are, or where that is another value of the program by some number that is none. */
  readonly valueOf: (value: Value) => Value & { readonly kind: 'integer' };
  /** Whether every integer goes by its lower 32 bits. */
  readonly isNatural: boolean;
  readonly numberOf: (path: string) => number;
  /** What the step to the next element of an array of objects adds, where all its elements are named. */
  readonly spacing: number;
  /** What the step to a member adds, and the step back takes away. */
  readonly stepOf: (member: string) => number;
  /** Whether two addresses, or an address and an integer of the program, have the same number. */
  readonly clash: boolean;
}

/** Every object gets a multiple of a round number, every member that code steps to a power of two. */
export function addressNumbers(program: Program, values: ProgramValues): AddressNumbers {
  const expressions = program.threads.flatMap(({ body, index }) =>
    body.flatMap((one) => withParts(one)).map((expression) => ({ expression, index })),
  );
  const dynamic = new Set(expressions.flatMap(({ expression }) => stepNames(expression)));
  const known = [
    ...addressesIn(program, values),
    ...expressions.flatMap(({ expression, index }) => {
      const candidates = candidatesOfExpression(expression, values.registers[index]!);
      return candidates === 'any' ? [] : [...candidates.values()];
    }),
  ];
  const paths = unique(known.flatMap((value) => (value.kind === 'address' ? value.of : [])));
  const integers = unique(known.flatMap((value) => (value.kind === 'integer' ? value.value : [])));
  return layOut(paths, integers, dynamic);
}

function isNarrow(value: Integer): value is number {
  return isOf(value, INT);
}

function layOut(
  paths: readonly string[],
  integers: readonly Integer[],
  dynamic: ReadonlySet<string>,
): AddressNumbers {
  const parsed = new Map(paths.map((path) => [path, partsOf(path, dynamic)]));
  const members = unique([
    ...dynamic,
    ...[...parsed.values()].flatMap(({ steps }) => steps.map(({ name }) => name)),
  ]);
  const roots = byElement(unique([...parsed.values()].map(({ root }) => root)));
  const weights = new Map(members.map((name, index) => [name, 2 ** index]));
  const stepOf = (member: string) => weights.get(member) ?? 0;
  const numberWith = (spacing: number) => (path: string) => {
    const { root, steps } = parsed.get(path) ?? partsOf(path, dynamic);
    const start = spacing * (roots.indexOf(root) + 1);
    return steps.reduce((sum, { name, sign }) => sum + sign * stepOf(name), start);
  };
  const narrow = integers.filter(isNarrow);
  const isClear = (spacing: number) => {
    const numbers = [...paths.map(numberWith(spacing)), ...narrow];
    return new Set(numbers).size === numbers.length && numbers.every(isNarrow);
  };
  const round = roundAbove(Math.max(0, ...narrow.map(Math.abs)) + 2 ** members.length);
  const least = roundAbove(2 ** members.length);
  const spacing = [round, least, least * 10, least * 100, least * 1000].find(isClear);
  const numberOf = numberWith(spacing ?? round);
  const codes = codesOf(integers, new Set([...paths.map(numberOf), ...narrow]));
  return {
    stepOf,
    spacing: spacing ?? round,
    numberOf,
    isNatural: [...codes].every(([value, code]) => code === lowerBits(value)),
    valueOf: (value) => {
      if (value.kind === 'address') return { kind: 'integer', value: numberOf(value.of) };
      const code = isNarrow(value.value) ? value.value : codes.get(value.value);
      return { kind: 'integer', value: code ?? lowerBits(value.value) };
    },
    clash: spacing === undefined,
  };
}

function roundAbove(number: number): number {
  return 10 ** Math.ceil(Math.log10(number + 1));
}

/** The names in their order, but the elements of an array one behind the other. */
function byElement(roots: readonly string[]): readonly string[] {
  const placed = roots.map((root) => {
    const [, array = root, index = '0'] = /^(.*)\[(\d+)\]$/.exec(root) ?? [];
    return { root, array, index: Number(index) };
  });
  const first = (name: string) => placed.findIndex(({ array }) => array === name);
  return placed
    .toSorted((left, right) => first(left.array) - first(right.array) || left.index - right.index)
    .map(({ root }) => root);
}

/** What stands for the integers that are no `int`. */
function codesOf(integers: readonly Integer[], taken: Set<number>): ReadonlyMap<Integer, number> {
  const codes = new Map<Integer, number>();
  let next = Math.max(0, ...taken) + 1;
  for (const value of integers.filter((each) => !isNarrow(each))) {
    const lower = lowerBits(value);
    while (taken.has(next)) next += 1;
    const code = taken.has(lower) ? next : lower;
    taken.add(code);
    codes.set(value, code);
  }
  return codes;
}

function lowerBits(value: Integer): number {
  return Number(wrap(value, INT));
}

interface Parts {
  /** The object, with the members that no code steps to from it. */
  readonly root: string;
  readonly steps: readonly { readonly name: string; readonly sign: 1 | -1 }[];
}

function partsOf(path: string, dynamic: ReadonlySet<string>): Parts {
  const [root = '', ...tokens] = path.match(/^[^.~]*|[.~][^.~]*/g) ?? [];
  const first = tokens.findIndex((token) => dynamic.has(token.slice(1)));
  const fixed = first === -1 ? tokens : tokens.slice(0, first);
  const steps = tokens.slice(fixed.length).map((token) => ({
    name: token.slice(1),
    sign: token.startsWith('~') ? (-1 as const) : (1 as const),
  }));
  return { root: root + fixed.join(''), steps };
}

/** The expressions of a statement and of those inside it, each with all its parts. */
function withParts(statement: Statement): readonly Expression[] {
  const inner = bodiesOf(statement).flatMap((body) => body.flatMap(withParts));
  return [...expressionsOf(statement).flatMap(partsOfExpression), ...inner];
}

function partsOfExpression(expression: Expression): readonly Expression[] {
  return [expression, ...operandsOf(expression).flatMap(partsOfExpression)];
}

function stepNames(expression: Expression): readonly string[] {
  return expression.kind === 'member' || expression.kind === 'container' ? [expression.path] : [];
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}
