/** `barrierlens simulate` on texts that a test gives: what it prints, and its exit code. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dispatch } from '../../server/src/cli/dispatch.ts';

/** What a run of the command line left. */
export interface Simulated {
  readonly code: number;
  readonly text: string;
  /** What went to standard error, line by line, with places as `FILE:LINE`. */
  readonly warnings: readonly string[];
}

/** Runs a command; what it wrote and its exit code. */
export async function runCommand(...args: readonly string[]): Promise<Simulated> {
  let text = '';
  let warnings = '';
  const code = await dispatch(args, {
    write: (more) => {
      text += more;
    },
    warn: (more) => {
      warnings += more;
    },
  });
  return { code, text, warnings: warnings.split('\n').filter((line) => line !== '') };
}

/** Simulates `t.scenario` of these files against them; all of them are gone when it is over. */
export async function simulateFiles(
  files: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<Simulated> {
  const folder = mkdtempSync(join(tmpdir(), 'barrierlens-scenario-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const found = await runCommand(
      'simulate',
      join(folder, 't.scenario'),
      '--tree',
      folder,
      ...options,
    );
    const place = /\S*\/(?=[\w.-]+\.(?:scenario|[ch]):\d)/g;
    return { ...found, warnings: found.warnings.map((line) => line.replace(place, '')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What became of each invariant, from the answer as JSON. */
export async function observationsIn(
  files: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const { text, warnings } = await simulateFiles(files, '--json');
  if (text === '') throw new Error(warnings.join('\n'));
  const answer = JSON.parse(text) as {
    readonly scenarios: readonly { readonly invariant: string; readonly observation: string }[];
  };
  return Object.fromEntries(
    answer.scenarios.map(({ invariant, observation }) => [invariant, observation]),
  );
}
