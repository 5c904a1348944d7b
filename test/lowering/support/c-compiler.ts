/** Compiles and runs C functions with gcc, many in one program. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PRELUDE, type RandomFunction } from '../random-c/random-c.ts';

/** Why nothing can be compiled here; undefined where it can. A missing compiler is an error in CI. */
export function withoutCompiler(): string | undefined {
  if (spawnSync('gcc', ['--version']).status === 0) return undefined;
  if (process.env['CI'] !== undefined) throw new Error('gcc is missing');
  return 'there is no gcc';
}

/** What the functions give, as numbers of 64 bits with a sign, in their order. Throws where gcc takes them for
 *  wrong, or running them fails. */
export function compiledValues(functions: readonly RandomFunction[]): readonly bigint[] {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-c-'));
  try {
    const prints = functions.map(({ call }) => `printf("%lld\\n", ${call});`).join('\n');
    const sources = functions.map(({ source }) => source).join('\n');
    const file = join(folder, 'functions.c');
    writeFileSync(file, `${PRELUDE}\n${sources}\nint main(void)\n{\n${prints}\nreturn 0;\n}\n`);
    const program = join(folder, 'functions');
    const options = ['-std=gnu11', '-O0', '-fwrapv', '-fno-strict-aliasing', '-w', '-o', program];
    execFileSync('gcc', [...options, file], { stdio: ['ignore', 'ignore', 'pipe'] });
    const printed = execFileSync(program, { encoding: 'utf8', timeout: 20_000 });
    return printed.trim().split('\n').map(BigInt);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
