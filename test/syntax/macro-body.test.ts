/** What the bodies of macros mean, and C without a function around it. */

import { expect, test } from 'vitest';
import {
  LOOP_BODY,
  type MacroBody,
  parseMacroBody,
  parseStatements,
} from '../../server/src/syntax/macro-body.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { testParser } from '../support/parser.ts';
import { printExpression, printStatements } from './print.ts';

const parser = await testParser();

function bodyOf(definition: string): MacroBody {
  const [macro] = parseKernelC(parser, `${definition}\n`).macros;
  return parseMacroBody(parser, macro!);
}

function meaning(definition: string): string {
  const body = bodyOf(definition);
  switch (body.kind) {
    case 'expression':
      return printExpression(body.expression);
    case 'statements':
      return printStatements(body.body);
    case 'loop':
      return `loop ${printStatements(body.body).replaceAll(LOOP_BODY, 'BODY')}`;
    case 'nothing':
    case 'unknown':
      return body.kind;
  }
}

test.each([
  ['#define MAX 5', '5'],
  ['#define NOTHING', 'nothing'],
  ['#define add(a, b) ((a) + (b))', '(+ a b)'],
  ['#define get(p) \\\n\tREAD_ONCE((p)->x)', '(READ_ONCE p->x)'],
  ['#define call(f, args...) f(args)', '(f args)'],
  ['#define paste(a) prefix_ ## a(1)', '(?prefix_ ## a? 1)'],
  ['#define set(p) do { (p)->x = 1; smp_wmb(); } while (0)', '{(do {(= p->x 1); (smp_wmb)} 0)}'],
  ['#define two(a) f(a); g(a)', '{(f a); (g a)}'],
  ['#define value(a) ({ int x = (a); x; })', '({(declare int x = a); x})'],
  [
    '#define each(p, h) for (p = (h)->first; p; p = p->next)',
    'loop {(for (= p h->first), p, (= p p->next) BODY)}',
  ],
  ['#define each(p, h) list_for_each_entry(p, h, node)', '(list_for_each_entry p h node)'],
  [
    '#define each(p, h, c) list_for_each(p, h) if (!(c)) { } else',
    'loop {(loop list_for_each p h (if (! c) {} BODY))}',
  ],
  [
    '#define each(p) for (p = a; p; p = p->next) if (p->on)',
    'loop {(for (= p a), p, (= p p->next) (if p->on BODY))}',
  ],
  ['#define entry(p, type, member) container_of(p, type, member)', '(container_of p type member)'],
  ['#define broken(a) ) a (', 'unknown'],
])('%j', (definition, expected) => {
  expect(meaning(definition)).toBe(expected);
});

test('spans of a macro are offsets into its file', () => {
  const text = '/* x */\n#define get(p) READ_ONCE((p)->x)\n';
  const [macro] = parseKernelC(parser, text).macros;
  const body = parseMacroBody(parser, macro!);
  expect(
    body.kind === 'expression' && text.slice(body.expression.span.start, body.expression.span.end),
  ).toBe('READ_ONCE((p)->x)');
});

test('the inside of a block, with spans moved to where it stands', () => {
  const text = 'v1 = call(); for_each(a, b) f(a);\n\tout:';
  const { body, errors } = parseStatements(parser, text, 1000);
  expect([printStatements(body), errors]).toEqual([
    '{(= v1 (call)); (loop for_each a b (f a)); (out: (empty))}',
    [],
  ]);
  expect(body[0]?.span).toEqual({ start: 1000, end: 1012 });
  expect(
    parseStatements(parser, 'x = ;', 10).errors.every(({ start }) => start >= 10 && start <= 15),
  ).toBe(true);
  expect(parseStatements(parser, '', 0)).toEqual({ body: [], errors: [] });
});
