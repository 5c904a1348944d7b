/** The model of the user's own tree: the kernel's cat files give herd7's answers. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadModel } from '../../server/src/cat/load.ts';
import { parseMacros } from '../../server/src/litmus/macros.ts';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { checkWithModel } from '../../server/src/search/check-with-model.ts';
import { type Edit, kernelModel } from '../cat/support/model.ts';
import { litmus } from '../memory-model/support/check-litmus.ts';
import { linuxSource, WITHOUT_LINUX, WITHOUT_LINUX_6_12 } from '../support/linux-source.ts';
import { sharedData } from '../support/shared-data.ts';
import { type Answering, disagreements, readVerdicts } from './support/herd-verdicts.ts';

const linux = linuxSource();
const newer = linuxSource('6.12');
const shared = sharedData('litmus');

/** The kernel's own model in a tree, as an answer. */
function modelIn(tree: string): Answering {
  const model = kernelModel(tree);
  return { macros: model.macros, answer: (program) => checkWithModel(program, model) };
}

describe.skipIf(linux === undefined || shared === undefined)(
  `the cat files of Linux 6.1 agree with herd7${linux === undefined ? ` (${WITHOUT_LINUX})` : ''}`,
  () => {
    test("on the kernel's own tests", () => {
      const rows = readVerdicts(join(shared!, 'kernel-verdicts.jsonl'));
      expect(rows.length).toBeGreaterThanOrEqual(38);
      expect(disagreements(linux!, rows, modelIn(linux!))).toEqual([]);
    });

    test('on every shared test', () => {
      const rows = readVerdicts(join(shared!, 'verdicts.jsonl'));
      expect(rows.length).toBeGreaterThan(2000);
      expect(disagreements(shared!, rows, modelIn(linux!))).toEqual([]);
    });

    test('on the corners', () => {
      const rows = readVerdicts(join(shared!, 'corners.jsonl'));
      expect(disagreements(shared!, rows, modelIn(linux!))).toEqual([]);
    });
  },
);

describe.skipIf(newer === undefined || shared === undefined)(
  `the cat files of Linux 6.12 agree with herd7${newer === undefined ? ` (${WITHOUT_LINUX_6_12})` : ''}`,
  () => {
    test('on a sample of the shared tests and the corners', () => {
      const rows = readVerdicts(join(shared!, 'verdicts-6.12.jsonl'));
      expect(rows.length).toBeGreaterThan(1000);
      expect(disagreements(shared!, rows, modelIn(newer!))).toEqual([]);
    });
  },
);

describe.skipIf(linux === undefined)(
  `what the user changes in the kernel's files (${linux === undefined ? WITHOUT_LINUX : '6.1'})`,
  () => {
    const MESSAGE_PASSING = litmus(
      [
        'WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);',
        'int r0; int r1; r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x);',
      ],
      'exists (1:r0=1 /\\ 1:r1=0)',
    );
    const STORE_BUFFERING = litmus(
      [
        'int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y);',
        'int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x);',
      ],
      'exists (0:r0=0 /\\ 1:r0=0)',
    );
    const INCREMENTS = litmus(['atomic_inc(a);', 'atomic_inc(a);'], 'exists (a=1)');
    const READ_OWN = litmus(['int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*x);'], 'exists (0:r0=0)');
    const cat = (find: string, replace: string): Edit => ({
      file: 'linux-kernel.cat',
      find,
      replace,
    });
    const after = (added: string) =>
      cat('irreflexive rb as rcu', `irreflexive rb as rcu\n${added}`);

    test.each<readonly [what: string, test: string, edits: readonly Edit[], expected: string]>([
      ['nothing', MESSAGE_PASSING, [], 'Never'],
      [
        'smp_wmb() orders nothing',
        MESSAGE_PASSING,
        [cat('| wmb | rmb', '| rmb'), cat('(A-cumul(strong-fence | po-rel) | wmb |', '(')],
        'Sometimes',
      ],
      [
        'smp_wmb() is another fence',
        MESSAGE_PASSING,
        [
          {
            file: 'linux-kernel.def',
            find: 'smp_wmb() { __fence{wmb}; }',
            replace: 'smp_wmb() { __fence{rmb}; }',
          },
        ],
        'Sometimes',
      ],
      ['nothing', STORE_BUFFERING, [], 'Sometimes'],
      ['sequential consistency', STORE_BUFFERING, [after('acyclic po | com as sc')], 'Never'],
      [
        'writes in order before later reads',
        STORE_BUFFERING,
        [after('empty ([W] ; po ; [R]) \\ loc as no-store-buffers')],
        'Never',
      ],
      ['nothing', INCREMENTS, [], 'Never'],
      ['no atomicity', INCREMENTS, [cat('empty rmw & (fre ; coe) as atomic', '')], 'Sometimes'],
      ['nothing', READ_OWN, [], 'Never'],
      [
        'no coherence axiom: the library that generates co sees to it all the same',
        READ_OWN,
        [cat('acyclic po-loc | com as coherence', '')],
        'Never',
      ],
    ])('%s: %s', (_, text, edits, expected) => {
      const model = kernelModel(linux!, edits);
      const { program } = parseLitmus(text, model.macros);
      expect(checkWithModel(program!, model)).toMatchObject({ observation: expected });
    });

    test('a flag of their own', () => {
      const model = kernelModel(linux!, [
        after('flag ~empty [W] ; rfe ; [R] ; po ; [R] as seen'),
        after('flag ~empty rmw as never-raised'),
      ]);
      const { program } = parseLitmus(MESSAGE_PASSING);
      expect(checkWithModel(program!, model).flags).toEqual(['seen']);
    });
  },
);

describe('the primitives of a .def file', () => {
  const parse = (body: string, def: string) =>
    parseLitmus(`C t\n{}\nP0(int *x) { int r0; ${body} }\nexists (x=1)`, parseMacros(def).macros);

  test('are what it says they are', () => {
    const outcome = (def: string) =>
      parse('WRITE_ONCE(*x, 1); smp_mb();', def).program?.threads[0]?.body.map((s) => s.kind);
    const def = 'WRITE_ONCE(X,V) { __store{once}(X,V); }';
    expect(outcome(`${def}\nsmp_mb() { __fence{mb}; }`)?.slice(1)).toEqual(['store', 'fence']);
    expect(outcome(`${def}\nsmp_mb() { __fence{rcu-lock}; }`)?.slice(1)).toEqual(['store', 'rcu']);
  });

  test('go through other macros, and values are grouped', () => {
    const def = 'READ_ONCE(X) __load{once}(X)\nis_one(X) READ_ONCE(*X) == 1';
    const { program } = parse('r0 = 1 + is_one(x);', def);
    expect(program?.threads[0]?.body[1]).toMatchObject({
      value: { operator: '+', right: { operator: '==', left: { kind: 'load', order: 'once' } } },
    });
  });

  test.each([
    ['smp_mb();', 'READ_ONCE(X) __load{once}(X)', "the model's .def file has no smp_mb()"],
    ['f(x);', 'f(X) f(X)', 'f() leads back to itself'],
    ['f(x, 1);', 'f(X) __load{once}(X)', 'f() takes 1 arguments, not 2'],
  ])('%s is a problem under %s', (body, def, message) => {
    expect(parse(body, def).problems[0]).toMatchObject({ message });
  });
});

describe('what is answered where a model cannot be run', () => {
  const program = parseLitmus('C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)').program!;
  const files = (cat: string): Record<string, string> => ({
    'linux-kernel.bell': '',
    'linux-kernel.cat': cat,
  });
  const model = (cat: string) => loadModel((file) => files(cat)[file]).model!;

  test.each([
    ['acyclic nowhere', 'nowhere is not defined', 8],
    ['let f(r) = r ; later\nlet later = po', 'later is not defined', 15],
    ['let r = let s = po in s\nacyclic s', 's is not defined', 32],
    ['call nobody(po)', 'nobody is not defined', 0],
    ['include "cos.cat"\nempty Marked', 'Marked is not defined', 24],
  ])('%s: a name that is not defined is said, with its place', (cat, message, start) => {
    const { problems } = loadModel((file) => files(cat)[file]);
    expect(problems).toMatchObject([{ message, file: 'linux-kernel.cat', span: { start } }]);
  });

  test.each([
    ['acyclic W', 'line 1, column 9: a relation is expected, not a set of events'],
    [
      'include "cos.cat"\nlet r = (po\n  ; W)\nempty r',
      'line 2, column 10: a relation is expected, not a set of events',
    ],
    [
      'let rec r = ~(r | po)\nempty r',
      'line 1, column 1: r: no least relations satisfy the definition',
    ],
    [
      'let rec f(r) = f(r ; po)\nempty f(po)',
      'line 1, column 16: a function calls itself without end',
    ],
    ['let r = po(W)\nempty r', 'line 1, column 9: a relation cannot be applied'],
    ['empty fencerel(po)', 'line 1, column 7: a set of events is expected, not a relation'],
  ])('%s: what cannot be computed is said, with its place', (cat, said) => {
    const outcome = checkWithModel(program, model(cat));
    expect(outcome.unknown?.reason).toBe(`the model cannot be run: linux-kernel.cat, ${said}`);
    expect(outcome.observation).toBeUndefined();
  });

  test('the ways to solve one location are steps, too: what grows with all orders of its writes is bounded', () => {
    const threads = Array.from({ length: 8 }, (_, at) => `P${at}(int *x) { WRITE_ONCE(*x, 1); }`);
    const { program: writers } = parseLitmus(`C t\n{}\n${threads.join('\n')}\nexists (x=1)`);
    const outcome = checkWithModel(writers!, model('include "cos.cat"'), { steps: 1000 });
    expect(outcome.unknown?.reason).toBe('more than 1000 steps of the search');
  });

  test('a thread of many events is not asked about: the model is computed in the cube of them', () => {
    const sections = `${'rcu_read_lock();'.repeat(700)}${'rcu_read_unlock();'.repeat(700)}`;
    const text = `C t\n{}\nP0(int *x) { ${sections} WRITE_ONCE(*x, 1); }\nexists (x=1)`;
    const outcome = checkWithModel(
      parseLitmus(text).program!,
      model('include "cos.cat"\nacyclic po | rf | co as sc'),
    );
    expect(outcome.unknown?.reason).toBe('an execution of more than 600 events');
  });

  test('a budget that is spent leaves a never open', () => {
    const outcome = checkWithModel(program, model('include "cos.cat"'), {
      executions: 0,
    });
    expect(outcome.unknown?.reason).toBe('more than 0 executions');
  });
});
