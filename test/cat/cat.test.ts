/** The cat language: how models parse, what their definitions are worth, what is said of broken ones. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Base } from '../../server/src/cat/interpret.ts';
import { interpret } from '../../server/src/cat/interpret.ts';
import { loadModel } from '../../server/src/cat/load.ts';
import { parseCat } from '../../server/src/cat/parse.ts';
import { sourceOf } from '../../server/src/cat/source.ts';
import {
  type EventSet,
  emptyRelation,
  pairsOf,
  type Relation,
  relationOf,
  setOf,
} from '../../server/src/memory-model/relation.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';

/**
 * Events of "x := 1; y := 1 || read y; read x" where the reader sees the flag and not the data:
 * 0, 1 are the initial writes of x, y; 2: W x; 3: W y; 4: R y from 3; 5: R x from 0.
 */
function messagePassing(extra: Record<string, number[]> = {}): Base {
  const set = (...events: number[]): EventSet => setOf(6, (e) => events.includes(e));
  const pairs = (...list: [number, number][]): Relation =>
    relationOf(6, (a, b) => list.some(([x, y]) => a === x && b === y));
  const thread = [-1, -2, 0, 0, 1, 1];
  const location = ['x', 'y', 'x', 'y', 'y', 'x'];
  return {
    size: 6,
    sets: new Map([
      ['R', set(4, 5)],
      ['W', set(0, 1, 2, 3)],
      ['M', set(0, 1, 2, 3, 4, 5)],
      ['IW', set(0, 1)],
      ...Object.entries(extra).map(([name, events]) => [name, set(...events)] as const),
    ]),
    relations: new Map([
      ['po', pairs([2, 3], [4, 5])],
      ['loc', relationOf(6, (a, b) => location[a] === location[b])],
      ['int', relationOf(6, (a, b) => thread[a] === thread[b])],
      ['ext', relationOf(6, (a, b) => thread[a] !== thread[b])],
      ['id', relationOf(6, (a, b) => a === b)],
      ['rmw', emptyRelation(6)],
    ]),
    finals: [],
  };
}

/** The completions that a model text allows on the message-passing execution above. */
function allowed(text: string, extra?: Record<string, number[]>) {
  const { model, problems } = loadModel((file) =>
    file === 'linux-kernel.cat' ? text : file === 'linux-kernel.bell' ? '' : undefined,
  );
  expect(problems).toEqual([]);
  const rf = relationOf(6, (a, b) => (a === 3 && b === 4) || (a === 0 && b === 5));
  const sameValue = relationOf(6, (a, b) => a === b);
  return [...interpret(model!.instructions, messagePassing(extra), { rf, sameValue })];
}

describe('what models say', () => {
  test('sequential consistency forbids the stale read', () => {
    expect(allowed('include "cos.cat"\nacyclic po | rf | co | fr as sc')).toEqual([]);
  });

  test('coherence alone allows it, with the one coherence order there is', () => {
    const [only, ...others] = allowed(
      'include "cos.cat"\nacyclic po-loc | rf | co | fr as coherence',
    );
    expect(others).toEqual([]);
    expect(pairsOf(only!.co)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  test('a flag is raised and forbids nothing', () => {
    expect(allowed('include "cos.cat"\nflag ~empty rfe as communicates')[0]?.flags).toEqual([
      'communicates',
    ]);
  });

  test.each([
    ['| binds looser than ;', 'empty (po ; rf | po) \\ ((po ; rf) | po)'],
    ['; binds looser than \\', 'empty (po ; po \\ po) \\ (po ; (po \\ po))'],
    ['\\ goes to the left', 'empty (po \\ po \\ po)'],
    [
      '& binds tighter than \\',
      'empty (po \\ po & rf) \\ (po \\ (po & rf))\n~empty (po \\ po & rf)',
    ],
    ['a star before an operand is the product', '~empty (W * R)\nempty ([W] ; (W * R) ; [W])'],
    ['a star before anything else is the closure', 'empty (id \\ po*)\n~empty po*'],
    ['a recursive relation is the least fixed point', 'let rec r = po | (r ; r)\nempty r \\ po+'],
    ['functions close over their scope', 'let f(r) = r ; po\nlet po = 0\n~empty f(rf)'],
    [
      'map and cross make every choice',
      'let one p = p ++ 0\nlet all = cross(map (fun r -> map one ((W * {r}) & loc)) R)\nwith s from all\nempty s \\ (loc & (W * R))',
    ],
    ['try falls back where a name is unknown', 'let A = try Nowhere with emptyset\nempty A'],
    [
      'a procedure is called with its argument',
      'procedure none(r) =\nempty r\nend\ncall none(po \\ po)',
    ],
  ])('%s', (_, checks) => {
    expect(allowed(`include "cos.cat"\n${checks}`)).not.toEqual([]);
  });

  test('a tag of the bell file names the set of its events, empty where none bears it', () => {
    const text =
      'include "cos.cat"\nenum Kinds = \'before-atomic || \'once\nempty Before-atomic\n~empty Once';
    expect(allowed(text, { Once: [2, 3] })).toHaveLength(1);
  });
});

describe('what is said of broken models', () => {
  test.each([
    ['let x = po ;', 'expected an expression, found "end of file"', 12],
    ['let = po', 'expected a name, found "="', 4],
    ['acyclic po |\nlet', 'expected an expression, found "let"', 13],
    ['"t" po', 'expected an instruction, found "po"', 4],
    ['"t" let x = (po', 'expected ")", found "end of file"', 15],
    ['let x = po (* one (* two *)\nacyclic x', 'a comment that is never closed', 11],
  ])('%s', (text, message, at) => {
    expect(parseCat(text, sourceOf('model.cat', text, false)).problems).toMatchObject([
      { message, span: { start: at } },
    ]);
  });

  test.each([
    ['brackets', `${'('.repeat(20_000)}po${')'.repeat(20_000)}`],
    ['terms', Array(20_000).fill('po').join('|')],
    ['complements', `${'~'.repeat(20_000)}po`],
    ['closures', `po${'*'.repeat(20_000)}`],
    ['differences', Array(20_000).fill('po').join('\\')],
    ['arguments', 'po '.repeat(20_000)],
  ])('%s in one another that nobody writes', (_, expression) => {
    const text = `let x = po\nacyclic ${expression} as x`;
    expect(parseCat(text, sourceOf('model.cat', text, false)).problems).toMatchObject([
      { message: expect.stringMatching(/^expected a less deeply nested expression/) },
    ]);
  });

  test('a hundred brackets and a thousand terms are evaluated', () => {
    const deep = `${'('.repeat(100)}po | rf${')'.repeat(100)}`;
    const long = Array(900).fill('po').join('|');
    const unary = `${'~'.repeat(900)}po`;
    expect(
      allowed(
        `include "cos.cat"\nirreflexive ${deep}\nirreflexive ${long} as b\nirreflexive ${unary} as c`,
      ),
    ).toHaveLength(1);
  });

  test('a file that cannot be found, and one that includes itself', () => {
    const files: Record<string, string> = {
      'linux-kernel.bell': '',
      'linux-kernel.cat': 'include "lock.cat"\ninclude "nowhere.cat"',
      'lock.cat': 'include "lock.cat"',
    };
    expect(loadModel((file) => files[file]).problems.map((p) => p.message)).toEqual([
      'lock.cat includes itself',
      "nowhere.cat cannot be found in the model's folder",
    ]);
  });
});

test('files that include the next one twice, and so on, are not followed to the end', () => {
  const next = (at: number) => `include "${at + 1}.cat"\n`.repeat(2);
  const read = (file: string) => {
    if (file === 'linux-kernel.cat') return next(0);
    const at = /^(\d+)\.cat$/.exec(file)?.[1];
    return file === 'linux-kernel.bell' ? '' : at && next(Number(at));
  };
  expect(loadModel(read).problems.map(({ message }) => message)).toEqual([
    'more than 1000 files are included, each as often as it is',
  ]);
});

describe("the kernel's own model", () => {
  const linux = linuxSource();
  test.skipIf(linux === undefined)(
    `parses whole (${linux === undefined ? WITHOUT_LINUX : 'Linux 6.1'})`,
    () => {
      const read = (file: string) => {
        try {
          return readFileSync(join(linux!, 'tools/memory-model', file), 'utf8');
        } catch {
          return undefined;
        }
      };
      const { model, problems } = loadModel(read);
      expect(problems).toEqual([]);
      const axioms = model!.instructions.flatMap((i) =>
        i.kind === 'check' && i.name ? [i.name] : [],
      );
      expect(axioms).toEqual(
        expect.arrayContaining([
          'lock-nest',
          'coherence',
          'atomic',
          'happens-before',
          'propagation',
          'rcu',
          'plain-coherence',
        ]),
      );
    },
  );
});
