/** Compiles and runs C functions with gcc, many in one program. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TreeConfiguration } from '../../../server/src/lowering/configuration.ts';
import { PRELUDE, type RandomFunction } from '../random-c/random-c.ts';

const OPTIONS = ['-std=gnu11', '-O0', '-fwrapv', '-fno-strict-aliasing', '-w'];

/** Both ways in which the kernel has been compiled, each with what its Makefile says: since 6.2 `char` is unsigned. */
export const COMPILERS: readonly CCompiler[] = ['-funsigned-char', '-fsigned-char'].map(
  (option) => ({
    option,
    configuration: {
      makefile: {
        file: 'Makefile',
        text: `VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nKBUILD_CFLAGS += ${option}\n`,
      },
    },
  }),
);

/** An option of gcc, and the kernel that is compiled with it. */
export interface CCompiler {
  readonly option: string;
  readonly configuration: TreeConfiguration;
}

/** Why nothing can be compiled here; undefined where it can. A missing compiler is an error in CI. */
export function withoutCompiler(): string | undefined {
  if (spawnSync('gcc', ['--version']).status === 0) return undefined;
  if (process.env['CI'] !== undefined) throw new Error('gcc is missing');
  return 'there is no gcc';
}

/** What the functions give, as numbers of 64 bits with a sign, in their order. Throws where gcc takes them for
 *  wrong, or running them fails. */
export function compiledValues(
  functions: readonly RandomFunction[],
  { option }: CCompiler,
): readonly bigint[] {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-c-'));
  try {
    const prints = functions.map(({ call }) => `printf("%lld\\n", ${call});`).join('\n');
    const sources = functions.map(({ source }) => source).join('\n');
    const file = join(folder, 'functions.c');
    writeFileSync(file, `${PRELUDE}\n${sources}\nint main(void)\n{\n${prints}\nreturn 0;\n}\n`);
    const program = join(folder, 'functions');
    execFileSync('gcc', [...OPTIONS, option, '-o', program, file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const printed = execFileSync(program, { encoding: 'utf8', timeout: 20_000 });
    return printed.trim().split('\n').map(BigInt);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `f()` of a program gives. `header` stands for what it includes. */
export function valueOfProgram(source: string, header: string, { option }: CCompiler): bigint {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-c-'));
  try {
    const [file, program] = [join(folder, 'program.c'), join(folder, 'program')];
    const main = 'int main(void) { __auto_type v = f(); printf("%lld", (long long)v); return 0; }';
    writeFileSync(file, `#include "${header}"\n${source}\n${main}\n`);
    execFileSync('gcc', [...OPTIONS, option, '-o', program, file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return BigInt(execFileSync(program, { encoding: 'utf8', timeout: 20_000 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
