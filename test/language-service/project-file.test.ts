/** What a project file says, and what is told of one that is wrong, by accident or on purpose. */

import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../server/src/language-service/config.ts';
import { inProject, readProject } from '../../server/src/language-service/project-file.ts';
import { LineIndex } from '../../server/src/text/line-index.ts';

const PATH = '/k/linux/.barrierlens.toml';

const RIGHT = `# What we have agreed on.
exclude = ["drivers/staging", "tools/"]
scenarios = ["protocols", 'tests/ring.scenario']

[levels]
unordered-publication = "warning"
"uncommented-barrier" = 'off'
`;

/** What is wrong, each as `line: message`. */
function problems(text: string): readonly string[] {
  const lines = new LineIndex(text);
  return readProject(PATH, text).problems.map(
    ({ message, span }) => `${lines.position(span.start).line + 1}: ${message}`,
  );
}

test('levels, and paths from where it stands', () => {
  const { project } = readProject(PATH, RIGHT);
  expect(problems(RIGHT)).toEqual([]);
  expect(project.levels).toEqual({
    'unordered-publication': 'warning',
    'uncommented-barrier': 'off',
  });
  expect(project.excluded).toEqual(['/k/linux/drivers/staging', '/k/linux/tools']);
  expect(project.scenarios.map(({ path }) => path)).toEqual([
    '/k/linux/protocols',
    '/k/linux/tests/ring.scenario',
  ]);
});

test('it wins over the settings of an editor, and leaves alone what it does not name', () => {
  const { project } = readProject(PATH, RIGHT);
  const settings = inProject(DEFAULT_SETTINGS, project);
  expect(settings.diagnostics['uncommented-barrier']).toBe('off');
  expect(settings.diagnostics['broken-pairing']).toBe('warning');
  expect(inProject(DEFAULT_SETTINGS, undefined)).toEqual(DEFAULT_SETTINGS);
});

test.each([
  ['levels = { broken-pairing = "error" }', { 'broken-pairing': 'error' }],
  ['levels.broken-pairing = "error"', { 'broken-pairing': 'error' }],
  ['[levels]\r\nbroken-pairing = "error"\r\n', { 'broken-pairing': 'error' }],
  ['\uFEFF[levels]\nbroken-pairing = "error"\n', { 'broken-pairing': 'error' }],
  ['', {}],
])('TOML as others write it: %j', (text, levels) => {
  expect(problems(text)).toEqual([]);
  expect(readProject(PATH, text).project.levels).toEqual(levels);
});

describe('what is wrong is told with its line and the nearest right name, and the rest holds', () => {
  test.each([
    ['exlude = []', ['1: there is no setting "exlude"; "exclude" is near']],
    ['\n\n[level]\na = "error"', ['4: there is no setting "level"; "levels" is near']],
    [
      'colours = true',
      ['1: there is no setting "colours"; there are levels, exclude, scenarios, operations'],
    ],
    [
      '[levels]\nunresolved-claims = "error"',
      ['2: there is no rule "unresolved-claims"; "unresolved-claim" is near'],
    ],
    [
      '[levels]\nbroken-pairing = "warn"',
      ['2: there is no level "warn"; there are error, warning, information, hint, off'],
    ],
    ['[levels]\nbroken-pairing = "errro"', ['2: there is no level "errro"; "error" is near']],
    [
      '[levels]\nbroken-pairing = 2',
      ['2: the level of a rule is a word: error, warning, information, hint, off'],
    ],
    ['levels = "error"', ['1: levels is a table: unresolved-claim = "error" on a line']],
    [
      '[levels.broken-pairing]\nis = "error"',
      ['2: levels is a table: unresolved-claim = "error" on a line'],
    ],
    ['exclude = "drivers"', ['1: exclude is a list of paths, as in exclude = ["drivers/staging"]']],
    [
      'exclude = [1,\n["a"]]',
      [1, 2].map(
        (line) => `${line}: exclude is a list of paths, as in exclude = ["drivers/staging"]`,
      ),
    ],
    ['exclude.a = ["b"]', ['1: exclude is a list of paths, as in exclude = ["drivers/staging"]']],
    ['exclude = [""]', ['1: a path is empty']],
    ['exclude = ["*.c"]', ['1: *.c: no wildcards; a folder stands for all below it']],
    [
      'scenarios = [\n"../../etc/passwd",\n"/etc/a.scenario",\n"a/../../linux2"]',
      ['../../etc/passwd', '/etc/a.scenario', 'a/../../linux2'].map(
        (path, at) => `${at + 2}: ${path} does not lie below the folder of this file`,
      ),
    ],
  ])('%j', (wrong, expected) => {
    expect(problems(wrong)).toEqual(expected);
    const { levels, excluded, scenarios } = readProject(PATH, wrong).project;
    expect([levels, excluded, scenarios]).toEqual([{}, [], []]);
  });

  test('among what is right', () => {
    const text = `exlude = ["a"]
exclude = ["b", "../c", "d"]
[levels]
lost-wakeup = "off"
broken-pairing = "loud"
credited-order = "off"
`;
    expect(problems(text).map((told) => told[0])).toEqual(['1', '2', '4', '5']);
    const { levels, excluded } = readProject(PATH, text).project;
    expect(levels).toEqual({ 'credited-order': 'off' });
    expect(excluded).toEqual(['/k/linux/b', '/k/linux/d']);
  });

  test('of what is no TOML nothing holds', () => {
    for (const text of ['[levels', 'a = ', 'a = "b', 'a b', '= 1', '[levels]\n[levels]\n', '\0']) {
      const { project, problems: told } = readProject(PATH, `exclude = ["a"]\n${text}`);
      expect(told.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^this is no TOML: /),
      ]);
      const operations = { path: PATH, text: '', names: [] };
      expect(project).toEqual({ path: PATH, levels: {}, excluded: [], scenarios: [], operations });
    }
  });
});

describe('operations of its own', () => {
  const AS_IN = '"ring_publish(ring, at)" = "smp_store_release(&ring->head, at)"';
  test.each([
    [`a = "smp_mb()"`, `an operation is two calls, as in ${AS_IN}`],
    [`"a()" = "smp_mb"`, `an operation is two calls, as in ${AS_IN}`],
    [`"a()" = 1`, `an operation is two calls, as in ${AS_IN}`],
    [`"a()" = ["smp_mb()"]`, `an operation is two calls, as in ${AS_IN}`],
    [`"a()" = "smp_mb(); smp_mb()"`, `an operation is two calls, as in ${AS_IN}`],
    [`"a()" = "smp_mb()\\n#define b"`, `an operation is two calls, as in ${AS_IN}`],
    [`"a b()" = "smp_mb()"`, `an operation is two calls, as in ${AS_IN}`],
    [`"a(x, x)" = "smp_mb()"`, 'the parameters of a() are names, each another one'],
    [`"a(x->y)" = "smp_mb()"`, 'the parameters of a() are names, each another one'],
    [`"a(,)" = "smp_mb()"`, 'the parameters of a() are names, each another one'],
    [`"smp_rmb()" = "smp_mb()"`, "smp_rmb() is an operation of the kernel's own"],
    [`"a()" = "smp_mbb()"`, 'there is no operation smp_mbb() of the kernel; smp_mb() is near'],
    [`"a()" = "publish()"`, 'there is no operation publish() of the kernel'],
    [`"a(x)" = "smp_store_release(&x)"`, 'smp_store_release() has 2 arguments at least, not 1'],
    [`"a(x)" = "smp_load_acquire()"`, 'smp_load_acquire() has 1 arguments at least, not 0'],
    [
      `"a(x)" = "smp_load_acquire(&x[(1])"`,
      'the brackets of smp_load_acquire(&x[(1]) do not match',
    ],
  ])('%s', (line, message) => {
    const { project } = readProject(PATH, `[operations]\n${line}\n"ok()" = "smp_mb()"\n`);
    expect(problems(`[operations]\n${line}\n`)).toEqual([`2: ${message}`]);
    expect(project.operations.names).toEqual(['ok']);
  });

  test('more than anybody has are told', () => {
    const rows = Array.from({ length: 300 }, (_, at) => `"op${at}()" = "smp_mb()"`);
    const told = problems(`[operations]\n${rows.join('\n')}`);
    expect(told).toHaveLength(100);
    expect(told[0]).toBe('202: only the first 200 operations count');
  });
});

describe('a text that was written against the reader', () => {
  const LARGE = 100_000;
  test.each([
    ['brackets in brackets', `a = ${'['.repeat(LARGE)}`],
    ['closed brackets in brackets', `a = ${'['.repeat(LARGE / 2)}${']'.repeat(LARGE / 2)}`],
    ['tables in tables', `a = ${'{a='.repeat(LARGE / 3)}`],
    ['brackets on lines of their own', `a = ${'[\n'.repeat(LARGE / 2)}`],
    ['a long key', `${'a.'.repeat(LARGE / 2)}a = 1`],
    ['many keys', Array.from({ length: LARGE / 8 }, (_, at) => `k${at} = 1`).join('\n')],
    ['many tables', Array.from({ length: LARGE / 8 }, (_, at) => `[k${at}]`).join('\n')],
    ['a long name', `${'a'.repeat(LARGE)} = 1`],
    ['a long string', `exclude = ["${'a/'.repeat(LARGE / 2)}"]`],
    ['many paths', `exclude = [${'"a",'.repeat(LARGE / 4)}]`],
    ['a string that does not end', `a = """${'\\'.repeat(LARGE)}`],
    ['quotes', '"'.repeat(LARGE)],
    ['blanks', `a =${' '.repeat(LARGE)}`],
    ['a comment', `#${' #'.repeat(LARGE / 2)}`],
    ['digits', `a = ${'1_'.repeat(LARGE / 2)}`],
  ])('%s', (_, text) => {
    const { project } = readProject(PATH, text);
    expect(project.levels).toEqual({});
    expect(project.excluded.length).toBeLessThanOrEqual(500);
  });

  test('names of the language it is read with are names like others', () => {
    const text =
      '__proto__ = 1\n[levels]\nconstructor = "off"\n__proto__ = "off"\ntoString = "off"';
    expect(problems(text)).toHaveLength(4);
    expect(readProject(PATH, text).project.levels).toEqual({});
  });
});
