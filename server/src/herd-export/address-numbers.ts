/** Numbers for the addresses of a program, laid out so that the steps to members are sums. */

import { candidatesOfExpression } from '../program/candidates.ts';
import type { Expression, Program, Statement, Value } from '../program/program.ts';
import { addressesIn, type ProgramValues } from '../program/program-values.ts';
import { bodiesOf, expressionsOf, operandsOf } from '../program/walk.ts';

/** The numbers of one program. */
export interface AddressNumbers {
  /** The value as an integer. */
  readonly valueOf: (value: Value) => Value;
  readonly numberOf: (path: string) => number;
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
  const integers = unique(
    known.flatMap((value) => (value.kind === 'integer' ? Number(value.value) : [])),
  );
  return layOut(paths, integers, dynamic);
}

function layOut(
  paths: readonly string[],
  integers: readonly number[],
  dynamic: ReadonlySet<string>,
): AddressNumbers {
  const parsed = new Map(paths.map((path) => [path, partsOf(path, dynamic)]));
  const members = unique([
    ...dynamic,
    ...[...parsed.values()].flatMap(({ steps }) => steps.map(({ name }) => name)),
  ]);
  const roots = unique([...parsed.values()].map(({ root }) => root));
  const weights = new Map(members.map((name, index) => [name, 2 ** index]));
  const largest = Math.max(0, ...integers.map(Math.abs)) + 2 ** members.length;
  const spacing = 10 ** Math.ceil(Math.log10(largest + 1));
  const stepOf = (member: string) => weights.get(member) ?? 0;
  const numberOf = (path: string): number => {
    const { root, steps } = parsed.get(path) ?? partsOf(path, dynamic);
    const start = spacing * (roots.indexOf(root) + 1);
    return steps.reduce((sum, { name, sign }) => sum + sign * stepOf(name), start);
  };
  const numbers = [...paths.map(numberOf), ...integers];
  return {
    stepOf,
    numberOf,
    valueOf: (value) =>
      value.kind === 'integer' ? value : { kind: 'integer', value: numberOf(value.of) },
    clash: new Set(numbers).size < numbers.length || numbers.some((number) => number > 2 ** 31),
  };
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
