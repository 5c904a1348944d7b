/** Functions as nobody writes them: an answer where there is one, else a word that there is none, and in no long time. */

import { describe, expect, test } from 'vitest';
import { fileFacts } from '../../server/src/facts/facts.ts';
import { isReadWhole } from '../../server/src/facts/file-facts.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { testParser } from '../support/parser.ts';

const parser = await testParser();

function factsOf(body: string) {
  const text = `struct s { int a, b; };\nvoid f(struct s *p)\n{\n${body}\n}\nvoid g(struct s *p) { smp_mb(); }\n`;
  return fileFacts('/a.c', parseKernelC(parser, text), text);
}

/** `make` for 0, 1, ... up to `count`, joined. */
function times(count: number, make: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => make(at)).join('');
}

describe('more than anybody writes is told, and the rest of the file goes on', () => {
  test.each([
    ['barriers', times(20_000, () => 'smp_mb();\n')],
    ['barriers in one statement', `${times(2000, () => 'smp_mb(), ')}0;`],
    ['barriers and accesses', times(5000, () => 'p->a = 1; smp_mb();\n')],
    ['barriers on branches', times(5000, () => 'if (p->a) smp_mb();\n')],
    ['barriers in cases', `switch (p->a) {\n${times(5000, (at) => `case ${at}: smp_mb();\n`)}\t}`],
    ['alternatives', times(3000, () => '#ifdef A\nsmp_mb();\n#else\nsmp_wmb();\n#endif\n')],
    ['accesses', `smp_mb();\n${times(30_000, (at) => `p->a${at} = 1;\n`)}`],
    ['calls', `smp_mb();\n${times(30_000, (at) => `call${at}(p);\n`)}`],
  ])('%s', (_, body) => {
    const { sites, functions, problems } = factsOf(body);
    expect(sites.map((site) => site.function)).toEqual(['g']);
    expect(functions.map((fact) => [fact.name, isReadWhole(fact)])).toEqual([
      ['f', false],
      ['g', true],
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^f\(\) is not analysed: it has \d+ .+, more than \d+$/),
    ]);
  });
});

describe('below that everything is looked at', () => {
  test.each([
    ['barriers between accesses of many fields', times(499, (at) => `p->a${at} = 1; smp_mb();\n`)],
    [
      'barriers behind many accesses',
      `${times(9000, (at) => `p->a${at} = 1;\n`)}${times(400, () => 'smp_mb();\n')}`,
    ],
    [
      'barriers in loops',
      `${'while (p->a) {\n'.repeat(100)}smp_mb(); p->b = 1;${'\t}\n'.repeat(100)}`,
    ],
    ['barriers in branches', `${'if (p->a) {\n'.repeat(100)}smp_mb();${'\t}\n'.repeat(100)}`],
    [
      'jumps that cross',
      times(450, (at) => `l${at}: if (p->a) goto l${(at * 7919) % 450};\nsmp_mb();\n`),
    ],
  ])('%s', (_, body) => {
    const { sites, problems } = factsOf(body);
    expect(problems).toEqual([]);
    expect(sites.filter((site) => site.function === 'f').length).toBe(
      body.split('smp_mb').length - 1,
    );
  });
});

test.each([
  ['variables', `void f(void) { int ${times(150_000, (at) => `x${at}, `)}y; smp_mb(); }\n`],
  ['enumerators', `enum { ${times(150_000, (at) => `X${at}, `)} };\nvoid f(void) { smp_mb(); }\n`],
])('a list of more %s than can be handed on at once', (_, text) => {
  const { sites } = fileFacts('/a.c', parseKernelC(parser, text), text);
  expect(sites.map((site) => site.function)).toEqual(['f']);
});
