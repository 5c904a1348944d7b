/** Names of places in litmus tests: a new name changes nothing but the name. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { occurrencesAt } from '../../server/src/litmus/occurrences.ts';
import { parseLitmus } from '../../server/src/litmus/parse.ts';
import { check } from '../../server/src/search/check.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';

/** The text with all that is named like what stands at an offset called `name`; undefined where nothing can be renamed. */
function renamed(text: string, offset: number, name: string): string | undefined {
  const found = occurrencesAt(text, parseLitmus(text).program!, offset);
  return found?.spans.reduceRight(
    (now, { start, end }) => now.slice(0, start) + name + now.slice(end),
    text,
  );
}

const MP = `C MP+x

(* x and r0 in a remark stay. *)

{ x=0; 1:r0=2; }

P0(int *x, int *y)
{
	int r0;

	WRITE_ONCE(*x, 1); /* x too */
	r0 = READ_ONCE(*y);
}

P1(int *x, int *y)
{
	int r0 = READ_ONCE(*y);
	int r1 = READ_ONCE(*x);
}

locations [x; 0:r0]
exists (1:r0=1 /\\ 1:r1=0 /\\ x=1)
`;

test('a location: in every thread, the initial state and the condition', () => {
  const now = renamed(MP, MP.indexOf('*x)') + 1, 'data')!;
  expect(now.match(/\bdata\b/g)).toHaveLength(7);
  expect(now.match(/\bx\b/g)).toEqual(['x', 'x', 'x']);
});

test('a register: of its thread alone', () => {
  const now = renamed(MP, MP.indexOf('1:r0=1') + 2, 'seen')!;
  expect(now).toContain('{ x=0; 1:seen=2; }');
  expect(now).toContain('int seen = READ_ONCE(*y);');
  expect(now).toContain('exists (1:seen=1');
  expect(now).toContain('locations [x; 0:r0]');
  expect(now.match(/\br0\b/g)).toHaveLength(4);
});

test.each(['READ_ONCE', 'int r1', 'exists', 'MP+x', 'x too'])('nothing at %s', (words) =>
  expect(renamed(MP, MP.indexOf(words) + 1, 'new')).toBeUndefined(),
);

const linux = linuxSource();
describe.skipIf(linux === undefined)(`the kernel's litmus tests ${WITHOUT_LINUX}`, () => {
  const folder = join(linux ?? '', 'tools/memory-model/litmus-tests');
  const files =
    linux === undefined ? [] : readdirSync(folder).filter((file) => file.endsWith('.litmus'));

  test('there are some', () => expect(files.length).toBeGreaterThan(30));

  test.each(files)(
    '%s comes to the same with every place renamed, and back to its bytes',
    (file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const outcome = (of: string) => {
        const { program, problems } = parseLitmus(of);
        expect(problems).toEqual([]);
        const { observation, positive, negative } = check(program!);
        return { observation, positive, negative };
      };
      let now = text;
      const given = new Map<string, string>();
      for (let at = 0; at < now.length; at++) {
        const found = occurrencesAt(now, parseLitmus(now).program!, at);
        if (found === undefined || found.name.startsWith('renamed_')) continue;
        const name = `renamed_${given.size}`;
        given.set(name, found.name);
        now = renamed(now, at, name)!;
      }
      expect(given.size).toBeGreaterThan(0);
      expect(outcome(now)).toEqual(outcome(text));
      for (const [name, old] of given) now = renamed(now, now.indexOf(name), old)!;
      expect(now).toBe(text);
    },
  );
});
