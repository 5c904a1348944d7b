/** Printing programs as litmus tests that herd7 reads. */

import { describe, expect, test } from 'vitest';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { printLitmus, printWithGaps } from '../../server/src/litmus/print.ts';
import type { Expression, Program, Statement } from '../../server/src/program/program.ts';

const span = { start: 0, end: 0 };
const register = (name: string): Expression => ({ kind: 'register', name, span });
const number = (value: number): Expression => ({
  kind: 'value',
  value: { kind: 'integer', value },
  span,
});
const address = (of: string): Expression => ({
  kind: 'value',
  value: { kind: 'address', of },
  span,
});

/** A program as the C lowering makes them: one thread, locations by their C names. */
function lowered(...body: readonly Statement[]): Program {
  return {
    name: 'transition, disable',
    description: '',
    initial: [
      {
        target: { kind: 'location', name: 'func.transition' },
        value: { kind: 'integer', value: 1 },
        type: 'bool',
        span,
      },
    ],
    threads: [{ index: 0, parameters: [], body, span }],
    observed: [],
    condition: {
      quantifier: 'exists',
      proposition: {
        kind: 'equals',
        left: { kind: 'location', name: 'func.transition' },
        right: { kind: 'integer', value: 0 },
        negated: false,
        span,
      },
      span,
    },
  };
}

const read: Statement = {
  kind: 'assign',
  register: 'func_transition',
  value: { kind: 'load', order: 'once', address: address('func.transition'), span },
  span,
};

describe('a lowered program', () => {
  test('gets identifiers for its locations, its registers other ones', () => {
    expect(printLitmus(lowered(read))).toBe(`C transition__disable

{
	func_transition = 1;
}

P0(int *func_transition)
{
	int func_transition_2;
	func_transition_2 = READ_ONCE(*func_transition);
}

exists ([func_transition]=0)
`);
  });

  test('says what herd has no word for with what it has', () => {
    const both: Expression = {
      kind: 'binary',
      operator: '&&',
      left: { kind: 'not', operand: register('r'), span },
      right: { kind: 'binary', operator: '<<', left: number(1), right: number(3), span },
      span,
    };
    const text = printLitmus(lowered({ kind: 'assign', register: 'r', value: both, span }));
    expect(text).toContain('r = (((r == 0) != 0) & ((1 * 8) != 0));');
  });

  test('uses the internal forms for bit operations', () => {
    const or: Statement = {
      kind: 'evaluate',
      value: {
        kind: 'rmw',
        order: 'noreturn',
        address: address('flags'),
        apply: 'or',
        operand: number(4),
        result: 'nothing',
        span,
      },
      span,
    };
    expect(printLitmus(lowered(or))).toContain('\t__atomic_op(flags, |, 4);\n');
  });

  test('declares something where a thread does nothing: herd reads no empty body', () => {
    const text = printLitmus(lowered());
    expect(text).toMatch(/P0\(\)\n\{\n\tint \w+;\n\}/);
    expect(parseLitmus(text).problems).toEqual([]);
  });

  test('excludes what its stops exclude by the filter', () => {
    const stop: Statement = {
      kind: 'if',
      condition: register('func_transition'),
      // biome-ignore lint/suspicious/noThenProperty: the name that branches have in programs.
      then: [{ kind: 'stop', why: 'discard', reason: '', span }],
      otherwise: [],
      span,
    };
    const text = printLitmus(lowered(read, stop));
    expect(text).toContain('\t\tstopped = 1;\n');
    expect(text).toContain('filter (0:stopped=0)');
    expect(parseLitmus(text).problems).toEqual([]);
    const remarked = printLitmus(lowered(read, stop), ({ kind }) => `a ${kind}`);
    expect(remarked).toContain('\t\tstopped = 1; // a stop\n');
    expect(remarked).toContain('READ_ONCE(*func_transition); // a assign\n');
    expect(remarked).toContain('filter (0:stopped=0)');
    expect(parseLitmus(remarked).problems).toEqual([]);
  });

  test('folds members of known structs, and owns up to the others', () => {
    const member = (base: Expression): Expression => ({ kind: 'member', base, path: 'next', span });
    const store = (base: Expression): Statement => ({
      kind: 'store',
      order: 'once',
      address: member(base),
      value: number(1),
      span,
    });
    expect(printWithGaps(lowered(store(address('head'))))).toMatchObject({ lacking: [] });
    expect(printLitmus(lowered(store(address('head'))))).toContain('WRITE_ONCE(*head_next, 1);');
    expect(printWithGaps(lowered(read, store(register('func_transition')))).lacking).toEqual([
      'the member next of a pointer that varies',
    ]);
  });
});
