/** Whether a function gives back all that it takes: locks, read-side critical sections of RCU. */

import type { Primitive } from '../kernel/primitive.ts';
import { primitive } from '../kernel/primitives.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { controlFlow, type Step } from '../syntax/control-flow.ts';

type Definition = SourceText['parsed']['functions'][number];

/** More ways in which it may be held what is held are not told apart. */
const MOST_WAYS = 16;

/**
 * Whether on each way through its text a function gives back what it has taken there, in the words in which it took it, and nothing
 * else: nobody outside notices that it was held. An attempt counts as both taken and not. What it calls is for those to ask who know that.
 */
export function givesBackAll({ text }: SourceText, definition: Definition): boolean {
  const known = answers.get(definition);
  if (known !== undefined) return known;
  const isBalanced = isBalancedIn(text, definition);
  answers.set(definition, isBalanced);
  return isBalanced;
}

const answers = new WeakMap<Definition, boolean>();

function isBalancedIn(text: string, definition: Definition): boolean {
  const { steps, exit } = controlFlow(definition);
  const before = new Map([[0, new Set([''])]]);
  const waiting = new Set([0]);
  for (const index of waiting) {
    waiting.delete(index);
    const step = steps[index]!;
    const after = [...before.get(index)!].flatMap((held) => heldAfter(held, step, text));
    if (after.includes(undefined)) return false;
    for (const { to } of step.successors) {
      const there = before.get(to) ?? new Set();
      const size = there.size;
      for (const held of after) there.add(held!);
      if (there.size > MOST_WAYS) return false;
      before.set(to, there);
      if (there.size > size || size === 0) waiting.add(to);
    }
  }
  return [...(before.get(exit) ?? [])].every((held) => held === '');
}

/** Between the things that are held. */
const AND = '\n';

/** What may be held behind a step where `held` is before it; undefined where it gives back what it has not taken. */
function heldAfter(
  held: string,
  { expression }: Step,
  text: string,
): readonly (string | undefined)[] {
  if (expression?.kind !== 'call' || expression.callee.kind !== 'identifier') return [held];
  const row = primitive(expression.callee.name);
  const action = row && actionOf(row);
  if (row === undefined || action === undefined) return [held];
  const all = held === '' ? [] : held.split(AND);
  const position =
    row.access?.argument ?? (row.operation?.kind === 'srcu' ? row.operation.location : -1);
  const argument = typeof position === 'number' ? expression.arguments[position] : undefined;
  const kind =
    row.operation?.kind === 'rcu' || row.operation?.kind === 'srcu' ? row.operation.kind : '';
  const thing = `${kind} ${argument === undefined ? '' : text.slice(argument.span.start, argument.span.end)}`;
  if (action === 'give') {
    const at = all.lastIndexOf(thing);
    return [at === -1 ? undefined : all.toSpliced(at, 1).join(AND)];
  }
  const taken = [...all, thing].join(AND);
  return row.when === 'on-success' ? [held, taken] : [taken];
}

function actionOf({ category, operation }: Primitive): 'take' | 'give' | undefined {
  switch (category) {
    case 'lock':
      return 'take';
    case 'unlock':
      return 'give';
    case 'rcu-reader':
      return operation !== undefined && 'action' in operation && TAKES.test(operation.action)
        ? 'take'
        : 'give';
    default:
      return undefined;
  }
}

const TAKES = /^(?:lock|down-read)$/;
