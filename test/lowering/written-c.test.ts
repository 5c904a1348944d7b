/** Written C gives through the lowering what it gives when gcc compiles and runs it: each program of `written-c/` for itself. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMPILERS, valueOfProgram, withoutCompiler } from './support/c-compiler.ts';
import { observe } from './support/lower-c.ts';

const FOLDER = join(import.meta.dirname, 'written-c');

/** A file is a list of programs, each behind a line with its name, whose value is that of `f()`. */
function programsOf(file: string): readonly (readonly [name: string, source: string])[] {
  const [, ...parts] = readFileSync(join(FOLDER, file), 'utf8').split(/^\/\/- /m);
  return parts.map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1)];
  });
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.c'));

describe.skipIf(withoutCompiler() !== undefined).each(files)('%s', (file) => {
  test.each(programsOf(file))('%s', (_, source) => {
    for (const compiler of source.includes('char') ? COMPILERS : COMPILERS.slice(0, 1)) {
      const value = valueOfProgram(source, join(FOLDER, 'kernel.h'), compiler);
      const { configuration } = compiler;
      const scene = { source, threads: ['r = f();'], unroll: 4, depth: 16, configuration };
      expect(observe(scene, { '0:r': value })).toBe('Always');
    }
  });
});
