/** How the process ends when the world is not as it should be: a line that says so, and never as if all were well. */

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programOf } from '../support/program.ts';
import { folderWith, publishAndConsume, run } from './support/run.ts';

const SB = `C sb
{}
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;

const isLinux = process.platform === 'linux';

describe.skipIf(!isLinux)('the process', () => {
  const program = programOf('server/src/cli/main.ts');
  const folder = folderWith({ ...publishAndConsume(';'), 'sb.litmus': SB });

  /** Runs a line of the shell in which $B is the program. */
  const shell = (line: string) => {
    const env = { ...process.env, B: `${process.execPath} ${program}` };
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { status, stdout, stderr };
  };

  test.each(['litmus sb.litmus', 'check .', 'pairs --json .', '--help'])(
    '%s, onto a full disk',
    (command) => {
      expect(shell(`$B ${command} >/dev/full`)).toEqual({
        status: 2,
        stdout: '',
        stderr: expect.stringMatching(
          /^barrierlens[^\n]*: ENOSPC: no space left on device[^\n]*\n$/,
        ),
      });
    },
  );

  test('warnings that cannot be written are lost, and the rest is as it would be', () => {
    expect(shell('$B check . /etc/hostname 2>/dev/full')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('writer.c:5:5: warning:'),
    });
  });

  test('a reader that has seen enough is not told that all is clean', () => {
    writeFileSync(join(folder, '@many'), 'sb.litmus\n'.repeat(2000));
    expect(shell('{ $B litmus @@many; echo "status $?" >&2; } | head -n 1')).toEqual({
      status: 0,
      stdout: 'Test sb Allowed\n',
      stderr: 'status 2\n',
    });
  });

  test.each(['check .', 'litmus sb.litmus', 'simulate x.scenario', 'check'])(
    '%s in a folder that is not there any more',
    (command) => {
      const { status, stderr } = shell(`mkdir gone; cd gone; rmdir ../gone; $B ${command}`);
      expect(stderr).toMatch(/^(?:[^\n]+\n){1,2}$/);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(status).toBe(2);
    },
  );
});

test('pictures where they cannot be written', async () => {
  const folder = folderWith({ 'sb.litmus': SB, file: '', 'pictures/sb.svg/x': '' });
  const test = join(folder, 'sb.litmus');
  expect(await run('litmus', test, '--svg', join(folder, 'file/x'))).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^barrierlens litmus: the folder .* cannot be made: a file is in/),
  });
  expect(await run('litmus', test, '--svg', join(folder, 'pictures'))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/sb\.svg cannot be written: a folder is in the way\n$/),
  });
});

test('a test with a name that no file can have is drawn all the same', async () => {
  const name = `../${'x'.repeat(300)}`;
  const folder = folderWith({ 'sb.litmus': SB.replace('C sb', `C ${name}`) });
  const { code, err } = await run(
    'litmus',
    join(folder, 'sb.litmus'),
    '--dot',
    join(folder, 'out'),
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(existsSync(join(folder, 'out'))).toBe(true);
});

test('lists and folders of litmus tests that cannot be read', async () => {
  const folder = folderWith({ 'below/sb.litmus': SB });
  expect(await run('litmus', `@${folder}`)).toMatchObject({
    code: 2,
    err: expect.stringContaining('cannot be read: a folder, not a file'),
  });
  mkdirSync(join(folder, 'below/pipe.litmus'));
  for (const at of ['a', 'b', 'below/c']) symlinkSync(folder, join(folder, at));
  const { code, out, err } = await run('litmus', folder);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.match(/^Test /gm)).toHaveLength(1);
});

describe('a file that was not read is not clean', () => {
  const folder = folderWith({
    ...publishAndConsume(),
    'nul.c': '\0smp_wmb();',
    'wide.c': 'i\0n\0t\0 \0a\0;\0',
    'x.scenario': 'C x',
  });
  const commands = ['check', 'pairs', 'report', 'explain'];

  test.each(commands)('%s: binary', async (command) => {
    const place = join(folder, command === 'explain' ? 'nul.c:1' : 'nul.c');
    expect(await run(command, place)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/nul\.c: not analysed: a binary file\n/),
    });
  });

  test.each(commands.slice(0, 3))(
    '%s: one of a folder, and what it says goes on',
    async (command) => {
      const { code, out, err } = await run(command, folder);
      expect(err).toMatch(/nul\.c: not analysed: a binary file\n/);
      expect(err).toMatch(/wide\.c: not analysed: a binary file\n/);
      expect(code).toBe(1);
      if (command !== 'check') expect(out).toContain('smp_rmb() in consume()');
    },
  );

  test('SARIF says so too', async () => {
    const { out } = await run('check', folder, '--format', 'sarif');
    expect(JSON.parse(out).runs[0].invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: expect.arrayContaining([
          expect.objectContaining({ message: { text: 'not analysed: a binary file' } }),
        ]),
      },
    ]);
  });

  test.runIf(isLinux)('no permission', async () => {
    const closed = folderWith({ 'a.c': 'int a;' });
    chmodSync(closed, 0o755);
    chmodSync(join(closed, 'a.c'), 0);
    expect(await asNobody(() => run('check', join(closed, 'a.c')))).toMatchObject({
      code: 1,
      err: expect.stringContaining('no permission to read it'),
    });
  });
});

/** What `act` gives where root, who may read everything, is nobody for as long. */
async function asNobody<Result>(act: () => Promise<Result>): Promise<Result> {
  const { geteuid, seteuid } = process;
  if (geteuid?.() !== 0) return act();
  seteuid?.('nobody');
  try {
    return await act();
  } finally {
    seteuid?.(0);
  }
}
