/** How many arguments a primitive takes, against the headers of the kernel. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { arity } from '../../server/src/kernel/arity.ts';
import { primitive, primitives } from '../../server/src/kernel/primitives.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';

test.each([
  ['smp_mb', 0],
  ['READ_ONCE', 1],
  ['WRITE_ONCE', 2],
  ['atomic_inc', 1],
  ['atomic_add_unless', 3],
  ['test_and_set_bit_lock', 2],
  ['spin_lock', 1],
  ['spin_lock_irqsave_nested', 3],
  ['read_unlock_irqrestore', 2],
  ['local_irq_save', 1],
  ['srcu_dereference_check', 3],
  ['srcu_read_unlock', 2],
  ['wake_up_process', undefined],
])('%s() takes %s', (name, count) => expect(arity(primitive(name)!)).toBe(count));

const linux = linuxSource();

/** The macros and functions of a text, with the number of arguments that each takes. */
function declared(text: string): readonly (readonly [string, number])[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  const found = code.matchAll(
    /^(?:#\s*define (\w+)\(([^)]*)\)|(?:static (?:__always_)?inline|extern) [\w\s*]*?(\w+)\(([^()]*)\))/gm,
  );
  return [...found].flatMap(([, macro, ofMacro, name = macro!, given = ofMacro!]) => {
    const isNone = given.trim() === '' || given.trim() === 'void';
    return given.includes('...') ? [] : [[name, isNone ? 0 : given.split(',').length] as const];
  });
}

describe.skipIf(linux === undefined)(`headers (${WITHOUT_LINUX})`, () => {
  const folder = join(linux ?? '', 'include/linux');
  const headers = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.h'),
  );
  const all = headers.flatMap((name) => declared(readFileSync(join(folder, name), 'utf8')));
  const rows = all.flatMap(([name, count]) => {
    const row = primitives.get(name);
    const taken = row && arity(row);
    return taken === undefined ? [] : [{ name, count, taken }];
  });

  test('there are many', () =>
    expect(new Set(rows.map(({ name }) => name)).size).toBeGreaterThan(500));

  test('all agree', () => expect(rows.filter(({ count, taken }) => count !== taken)).toEqual([]));
});
