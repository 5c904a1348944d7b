/** `violated-invariant`: a scenario of the code can end in a state that it must never be in. */

import { basename } from 'node:path';
import type { Finding, Related } from '../diagnostic.ts';
import type { Violation } from '../need-table.ts';
import type { CheckedKind } from './check.ts';

export const violatedInvariant: CheckedKind = {
  code: 'violated-invariant',
  meaning:
    'A scenario, bundled or of the tree, runs the functions of these files against each other, as in a livepatch transition, and the Linux kernel memory model allows an execution that ends in a state which one of its invariants forbids.',
  fires:
    'Where the order is missing, also in a file that is not open: on the barrier that does not order the two accesses, or on the first of two accesses that nothing orders; where no barrier is enough, on the first write. Every step of the execution is attached, in the order in which it is told. Only while the texts are those that were simulated, and only where every file that the scenario names is there and everything in it was modelled. What the scenario assumes of the code outside is counted in the message; `barrierlens simulate` lists it. What a scenario accepts, with its reason, is information.',
  fix: 'Order the two accesses, for instance with a barrier between them, or say in the code what else keeps the execution from happening and put that into a scenario, or accept it there with its reason.',
  isOfOpenFiles: true,
  check: ({ file, violations }) => {
    const here = violations.filter(({ at }) => at.file === file);
    return [...alike(here).values()].map(findingOf);
  },
};

/** Violations that say the same of the same place: told once, with the execution of the first. */
function alike(violations: readonly Violation[]): ReadonlyMap<string, readonly Violation[]> {
  const groups = new Map<string, readonly Violation[]>();
  for (const violation of violations) {
    const { at, path, invariant, words, missing, instead, accepted } = violation;
    const key = JSON.stringify([at.span, path, invariant, words, missing, instead, accepted]);
    groups.set(key, [...(groups.get(key) ?? []), violation]);
  }
  return groups;
}

function findingOf(violations: readonly Violation[]): Finding {
  const { at, path, invariant, words, missing, instead, start, steps, assumptions, accepted } =
    violations[0]!;
  const scenarios = violations.map(({ scenario }) => scenario).join(', ');
  const orders = missing.map(({ before, after }) => `${before} before ${after}`);
  const why = instead ?? `nothing keeps ${orders.join(' and ')}`;
  const what = words === '' ? 'an invariant can be violated' : words;
  const starting = start.length === 0 ? '' : `, starting with ${start.join(', ')}`;
  return {
    span: at.span,
    message: `on the path ${path} ${why}: ${what} (${invariant} in ${scenarios}${starting})${assumingPhrase(assumptions)}${accepted === undefined ? '' : `; accepted: ${accepted}`}`,
    brief: missing.length === 1 ? briefOf(path, missing[0]!) : `broken on ${path}`,
    related: steps.map(relatedOf),
    ...(accepted !== undefined && { atMost: 'information' }),
  };
}

/** `broken on enable: transition not before func_stack`. */
function briefOf(path: string, { before, after }: Violation['missing'][number]): string {
  const [first, last] = [before, after].map((name) => name.slice(name.lastIndexOf('.') + 1));
  return `broken on ${path}: ${first} not before ${last}`;
}

function relatedOf({
  file,
  span,
  line,
  thread,
  function: name,
  message,
}: Violation['steps'][number]): Related {
  const where = file.endsWith('.scenario') ? `${name}() of ${basename(file)}` : `${name}()`;
  return { file, span, line, message: `P${thread}: ${where} ${message}` };
}

/** How many things of each kind the answer rests on, in a few words. */
function assumingPhrase(assumptions: Violation['assumptions']): string {
  const counts = Object.entries(ASSUMED).flatMap(([kind, words]) => {
    const count = new Set(
      assumptions.filter((each) => each.kind === kind).map(({ message }) => message),
    ).size;
    return count === 0 ? [] : [words(count)];
  });
  return counts.length === 0 ? '' : `; assuming ${counts.join(', ')}`;
}

const ASSUMED: Readonly<
  Record<Violation['assumptions'][number]['kind'], (count: number) => string>
> = {
  'taken-as-marked': () => 'plain accesses as marked ones',
  stub: (count) => `${counted(count, 'function')} outside as in the scenario`,
  configuration: (count) => `${counted(count, 'choice')} of the configuration`,
  'no-effect': (count) => `${counted(count, 'call')} without effect`,
  wait: (count) => `the end of ${counted(count, 'wait')}`,
  'no-dependency': (count) => `${counted(count, 'dependency')} not followed`,
  'own-cpu': () => 'each thread on a CPU of its own',
  'any-cpu': () => 'each thread on a CPU of its own',
  'stored-function': (count) => `what ${counted(count, 'call')} through a pointer lead to`,
  'any-index': () => 'every index of an array of pointers the same one',
  'initial-state': (count) => counted(count, 'initial value'),
  bound: (count) => counted(count, 'bound'),
};

function counted(count: number, thing: string): string {
  return count === 1 ? `1 ${thing}` : `${count} ${thing}s`;
}
