/** Conditions as long and as deep as no one writes them, but a program might. */

import { describe, expect, test } from 'vitest';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { printLitmus } from '../../server/src/litmus/print.ts';
import { ask, litmus, programOf } from '../memory-model/support/check-litmus.ts';

const TERMS = 10_000;

/** A reader and a writer of `x`. */
function asking(condition: string): string {
  return litmus(['int r0; r0 = READ_ONCE(*x);', 'WRITE_ONCE(*x, 1);'], `exists (${condition})`);
}

function repeated(term: (index: number) => string, sign: string): string {
  return Array.from({ length: TERMS }, (_, index) => term(index)).join(` ${sign} `);
}

describe('a condition of 10,000 terms', () => {
  test.each([
    ['all of which must hold', repeated(() => '0:r0=1', '/\\'), 1, 1],
    ['one of which must hold', repeated((index) => `0:r0=${index + 1}`, '\\/'), 1, 1],
    ['none of which can hold', repeated((index) => `0:r0=${index + 2}`, '\\/'), 0, 2],
    ['of both kinds', repeated((index) => `0:r0=${index % 2} /\\ x=1`, '\\/'), 2, 0],
    ['that are denied', repeated((index) => `not (0:r0=${index + 1})`, '/\\'), 1, 1],
  ])('%s', (_, condition, positive, negative) => {
    const text = asking(condition);
    expect(ask(text)).toMatchObject({ positive, negative });
    const program = programOf(text);
    expect(ask(printLitmus(program))).toMatchObject({ positive, negative });
  });

  test('as a filter', () => {
    const filter = `filter (${repeated(() => '0:r0=1', '/\\')})`;
    const text = asking('0:r0=1').replace('\nexists', `\n${filter}\nexists`);
    expect(ask(text)).toMatchObject({ positive: 1, negative: 0 });
  });
});

describe('a condition that is nested', () => {
  test.each([
    ['in parentheses', (depth: number) => `${'('.repeat(depth)}0:r0=1${')'.repeat(depth)}`],
    ['in denials', (depth: number) => `${'~('.repeat(depth)}0:r0=1${')'.repeat(depth)}`],
    ['to its right', (depth: number) => `${'(x=1 /\\ '.repeat(depth)}0:r0=1${')'.repeat(depth)}`],
    ['in conclusions', (depth: number) => `${'x=1 => '.repeat(depth)}0:r0=1`],
  ])(
    '%s is answered 400 deep, and told to be too deep before it exhausts the stack',
    (_, nested) => {
      expect(ask(asking(nested(400)))).toMatchObject({ positive: 1, negative: 1 });
      const { problems } = parseLitmus(asking(nested(100_000)));
      expect(problems[0]?.message).toContain('less deeply nested');
    },
  );
});

test('an expression of very many operators is told to be too long', () => {
  const sum = `0${' + 1'.repeat(100_000)}`;
  const { problems } = parseLitmus(litmus([`WRITE_ONCE(*x, ${sum});`], 'exists (x=1)'));
  expect(problems[0]?.message).toContain('a shorter expression');
});
