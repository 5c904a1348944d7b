/** Names of files that would be more than names: on a terminal, in a line, in a URI, in an export. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { folderWith, publishAndConsume, run } from './support/run.ts';

const NAMES = [
  'ha#sh.c',
  'que?stion.c',
  'per%41cent.c',
  'a:b.c',
  'http:x.c',
  'back\\slash.c',
  'two\nlines.c',
  'esc\u001b[31m.c',
  'turn\u202ed.c',
  'é ü.c',
  '[x](command:y).c',
];

const { 'writer.c': WRITER, 'reader.c': READER } = publishAndConsume(';');

describe.skipIf(process.platform === 'win32')('a finding', () => {
  test.each(NAMES)('in %j', async (name) => {
    const folder = folderWith({ [name]: WRITER!, 'reader.c': READER! });
    const text = await run('check', folder);
    expect(text.out).toMatch(/^[^\n]+:5:5: warning: [^\n]+\n(?:[^\n]+: note: [^\n]+\n)*$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    const json = JSON.parse((await run('check', folder, '--format', 'json')).out);
    expect(json[0].file.endsWith(name)).toBe(true);
    const { runs } = JSON.parse((await run('check', folder, '--format', 'sarif')).out);
    const { uri, uriBaseId } = runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    const base = runs[0].originalUriBaseIds[uriBaseId]?.uri;
    expect(fileURLToPath(new URL(uri, base))).toBe(join(folder, name));
  });
});

test('what scenarios name for export stays in its folder', async () => {
  const scenario = `C ../../escaped "a name that leads out"
source: a.c
{ int x; }
P0 { set(); }
never half "never": x == 2
`;
  const folder = folderWith({
    'a.scenario': scenario,
    'tree/a.c': 'int x;\nvoid set(void) { WRITE_ONCE(x, 1); }\n',
  });
  const out = join(folder, 'below/out');
  const { err } = await run(
    'simulate',
    join(folder, 'a.scenario'),
    '--tree',
    join(folder, 'tree'),
    '--export',
    out,
  );
  expect(err).toBe('');
  expect(readdirSync(out)).toEqual(['.._.._escaped+half.litmus', '@all', 'index.md']);
  expect(existsSync(join(folder, 'escaped+half.litmus'))).toBe(false);
});
