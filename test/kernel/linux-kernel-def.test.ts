/** The operations of the table against `linux-kernel.def`, the definitions that herd7 reads. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Operand, Operation } from '../../server/src/kernel/operation.ts';
import type { OwnAccess, Primitive } from '../../server/src/kernel/primitive.ts';
import { primitive } from '../../server/src/kernel/primitives.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';

/** What is in the newest definitions and not in those of 6.1, in the same notation. */
const NEWER = `
smp_mb__after_srcu_read_unlock() { __fence{after-srcu-read-unlock}; }
atomic_and(V,X) { __atomic_op(X,&,V); }
atomic_or(V,X)  { __atomic_op(X,|,V); }
atomic_xor(V,X) { __atomic_op(X,^,V); }
atomic_andnot(V,X) { __atomic_op(X,&~,V); }
atomic_fetch_andnot_acquire(V,X) __atomic_fetch_op{acquire}(X,&~,V)
atomic_fetch_xor(V,X) __atomic_fetch_op{mb}(X,^,V)
atomic_add_negative_release(V,X) __atomic_op_return{release}(X,+,V) < 0
srcu_down_read(X) __srcu{srcu-down-read}(X)
srcu_up_read(X,Y) { __srcu{srcu-up-read}(X,Y); }
atomic_add_unless(X,V,W) __atomic_add_unless{mb}(X,V,W)
`;

const APPLY: Readonly<Record<Extract<Operation, { kind: 'rmw' }>['apply'], string>> = {
  add: '+',
  sub: '-',
  and: '&',
  or: '|',
  xor: '^',
  andnot: '&~',
  set: '',
};

/** A definition as the row would have it, with its arguments numbered (`_0`, `_1`). */
function defined({ operation, access }: Primitive): string {
  if (operation === undefined) return 'no operation';
  const value = (operand: Operand) =>
    'constant' in operand ? `${operand.constant}` : `_${operand.argument}`;
  switch (operation.kind) {
    case 'load':
      return `__load{${operation.order}}(${place(operation.location, access)})`;
    case 'store': {
      const store = `__store{${operation.order}}(${place(operation.location, access)},${value(operation.value)})`;
      return operation.then === undefined ? store : `${store};__fence{${operation.then}}`;
    }
    case 'fence':
      return `__fence{${operation.tag}}`;
    case 'rmw':
      return readModifyWrite(operation, value(operation.operand));
    case 'cmpxchg':
      return `__cmpxchg{${operation.order}}(_${operation.location},${value(operation.expected)},${value(operation.desired)})`;
    case 'add-unless':
      return `__atomic_add_unless{${operation.order}}(_${operation.location},${value(operation.operand)},${value(operation.unless)})`;
    case 'lock':
      return `__${operation.action.replace('-', '')}(_${operation.location})`;
    case 'rcu':
      return `__fence{${operation.action === 'synchronize' ? 'sync-rcu' : `rcu-${operation.action}`}}`;
    case 'srcu': {
      const tag = operation.action === 'synchronize' ? 'sync-srcu' : `srcu-${operation.action}`;
      const index = operation.index === undefined ? '' : `,_${operation.index}`;
      return `__srcu{${tag}}(_${operation.location}${index})`;
    }
  }
}

/** A location given by its address is `*X` in a definition. */
function place(argument: number, access: OwnAccess | undefined): string {
  return access?.by === 'pointer' ? `*_${argument}` : `_${argument}`;
}

function readModifyWrite(operation: Extract<Operation, { kind: 'rmw' }>, operand: string): string {
  const { order, location, apply, result } = operation;
  if (apply === 'set') return `__xchg{${order}}(_${location},${operand})`;
  const call = `(_${location},${APPLY[apply]},${operand})`;
  if (result === 'nothing') return `__atomic_op${call}`;
  if (result === 'old') return `__atomic_fetch_op{${order}}${call}`;
  const test = { 'new-is-zero': '==0', 'new-is-negative': '<0' }[result as string] ?? '';
  return `__atomic_op_return{${order}}${call}${test}`;
}

/** Name and body of each definition, with the parameters numbered and the definitions that are
 *  written in terms of others replaced by those. */
function definitions(text: string): readonly (readonly [name: string, body: string])[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\w+)\(([\w,]*)\)\s+(.+)$/.exec(line);
    if (match === null) return [];
    const [, name = '', parameters = '', body = ''] = match;
    const compact = body.replace(/^\{|;\s*\}$/g, '').replace(/\s+/g, '');
    const numbered = parameters
      .split(',')
      .reduce(
        (text, parameter, index) =>
          parameter === ''
            ? text
            : text.replace(new RegExp(`\\b${parameter}\\b`, 'g'), `_${index}`),
        compact,
      );
    return [[name, inTermsOfEvents(numbered)]];
  });
}

function inTermsOfEvents(body: string): string {
  return body
    .replace('READ_ONCE', '__load{once}')
    .replace('WRITE_ONCE', '__store{once}')
    .replace('smp_load_acquire(', '__load{acquire}(*')
    .replace('smp_store_release(', '__store{release}(*');
}

function disagreements(text: string): readonly string[] {
  return definitions(text).flatMap(([name, body]) => {
    const row = primitive(name);
    const ours = row === undefined ? 'no row' : defined(row);
    return ours === body ? [] : [`${name}: the model has ${body}, the table ${ours}`];
  });
}

const linux = linuxSource();

test.skipIf(linux === undefined)(`the definitions of 6.1 (${WITHOUT_LINUX})`, () => {
  const text = readFileSync(join(linux!, 'tools/memory-model/linux-kernel.def'), 'utf8');
  expect(definitions(text)).toHaveLength(text.match(/^\w+\(/gm)!.length);
  expect(disagreements(text)).toEqual([]);
});

describe('newer definitions', () => {
  test('all are read', () => expect(definitions(NEWER)).toHaveLength(11));
  test('all agree', () => expect(disagreements(NEWER)).toEqual([]));
});
