/** What reaches the reader of the command line's output, however it reads. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { folderWith } from './support/run.ts';

test('all of it, to a reader that takes its time', async () => {
  // A socket on the descriptor makes it one that does not block.
  const child = spawn(process.execPath, [
    program(`
      new (require('node:net').Socket)({ fd: 1, readable: false });
      standardOutput.write('début ' + 'x'.repeat(5e6));
      standardOutput.write(' end');
      standardOutput.warn('written');
      endProcess(1);`),
  ]);
  await once(child.stderr, 'data');
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk;
  expect(text).toBe(`début ${'x'.repeat(5e6)} end`);
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(1);
});

test.skipIf(process.platform === 'win32')('no complaint when the reader has seen enough', () => {
  const file = program(`for (;;) standardOutput.write('x\\n'.repeat(1000));`);
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', `"${process.execPath}" "${file}" | head -n 1`],
    {
      encoding: 'utf8',
    },
  );
  expect({ stdout, stderr }).toEqual({ stdout: 'x\n', stderr: '' });
});

/** A program that uses the output, as a file that Node runs. */
function program(text: string): string {
  const outfile = join(folderWith({}), 'program.cjs');
  const contents = `import { endProcess, standardOutput } from './server/src/cli/standard-output.ts'; ${text}`;
  buildSync({
    stdin: { contents, resolveDir: '.' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  return outfile;
}
