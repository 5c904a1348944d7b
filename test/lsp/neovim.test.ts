/** The server in another editor: Debian's Neovim, without a window, as docs/editors.md has it. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ToldExecution } from '../../server/src/lsp/server-commands.ts';
import { programOf } from '../support/program.ts';

const BOX = `struct box { int data; int flag; };
void publish(struct box *b)
{
	b->data = 1;
	smp_wmb(); /* before the flag */
	WRITE_ONCE(b->flag, 1);
}
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	return b->data;
}
`;

/** What session.lua has seen. */
interface Seen {
  readonly error?: string;
  readonly diagnostics: readonly { readonly line: number; readonly message: string }[];
  readonly actions: readonly string[];
  readonly left: number;
  readonly hover: string;
  readonly lenses: readonly string[];
  readonly details: string;
  readonly litmus: string;
  readonly execution: ToldExecution;
  readonly undone: boolean;
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'barrierlens-neovim-')));
afterAll(() => rmSync(folder, { recursive: true }));

const isThere = spawnSync('nvim', ['--version']).status === 0;
if (!isThere && process.env['CI'] === 'true') throw new Error('Neovim is missing: install neovim');

test.skipIf(!isThere)('in Neovim (needs nvim): finding, fix, hover, lens, commands, undo', () => {
  writeFileSync(join(folder, 'box.c'), BOX);
  const server = [process.execPath, programOf('server/src/lsp/main.ts'), '--stdio'];
  const { stderr } = spawnSync(
    'nvim',
    ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-S', resolve('test/lsp/support/session.lua')],
    {
      timeout: 600_000,
      encoding: 'utf8',
      env: {
        ...process.env,
        XDG_STATE_HOME: folder,
        XDG_CACHE_HOME: folder,
        BARRIERLENS_SERVER: JSON.stringify(server),
        BARRIERLENS_FOLDER: folder,
      },
    },
  );
  const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')) as Seen;
  expect(seen.error, stderr).toBeUndefined();
  expect(seen.diagnostics.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    expect.stringMatching(/^11: nothing orders box.flag before box.data in consume\(\)/),
  ]);
  expect(seen.actions).toEqual([
    'Insert smp_rmb() in consume() before b->data: forbidden after this',
    'Load b->flag in consume() by smp_load_acquire(): forbidden after this',
    'Accept unpaired-barrier here, for a reason',
  ]);
  expect(seen.left).toBe(0);
  expect(seen.hover).toContain('consume()');
  expect(seen.lenses[0]).toMatch(/^✓ needed · (?:may )?pairs? with consume\(\)/);
  expect(seen.details).toContain('smp_rmb() in consume()');
  expect(seen.litmus).toMatch(/^C publish\+consume\n/);
  expect(seen.execution.title).toBe('Without smp_wmb() in publish()');
  expect(seen.execution.text).toMatch(/P1 {2}box\.c:\d+ consume\(\) {2}reads box\.data = 0/);
  expect(seen.execution.picture).toContain('<svg');
  expect(seen.undone).toBe(true);
});
