/** Runs a command of `barrierlens` in this process, and makes the folders that it reads. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dispatch } from '../../../server/src/cli/dispatch.ts';

/** What a command wrote and how it ended. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function run(...args: readonly string[]): Promise<Run> {
  let out = '';
  let err = '';
  const code = await dispatch(args, {
    write: (text) => {
      out += text;
    },
    warn: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

/** A new folder with these files, by their names below it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-cli-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A writer and its reader; the reader's barrier is `barrier`. */
export function publishAndConsume(barrier = 'smp_rmb();'): Readonly<Record<string, string>> {
  return {
    'writer.c': `struct box { int data; int flag; };
void publish(struct box *b)
{
	WRITE_ONCE(b->data, 1);
	/* Pairs with smp_rmb() in consume(). */
	smp_wmb();
	WRITE_ONCE(b->flag, 1);
}
`,
    'reader.c': `struct box { int data; int flag; };
int consume(struct box *b)
{
	if (!READ_ONCE(b->flag))
		return -1;
	/* Pairs with smp_wmb() in publish(). */
	${barrier}
	return READ_ONCE(b->data);
}
`,
  };
}
