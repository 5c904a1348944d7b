/** What a command told, told again where nothing that it looked at has changed: no file of the tree is read for that. */

import { type Cache, userCache } from '../disk/cache.ts';
import type { FileSystem } from '../disk/file-system.ts';
import { isUnchanged, type Observations, observing } from '../disk/observed-files.ts';
import type { ExitCode, Output } from './command.ts';

/** What a command has to tell, and whether all that it looked at were the files that it was given. */
export interface Told {
  readonly output: string;
  readonly warnings: string;
  readonly exit: ExitCode;
  readonly isRepeatable: boolean;
}

type Remembered = Pick<Told, 'output' | 'warnings' | 'exit'> & { readonly seen: Observations };

/** Tells what `run` tells of `files`, or what it told when they were the same. `key` has all else that it depends on. */
export async function rememberedRun(
  key: readonly string[],
  files: FileSystem,
  output: Output,
  run: (files: FileSystem, cache: Cache) => Promise<Told>,
  cache: Cache = userCache(),
): Promise<ExitCode> {
  const known = cache.get(['run', ...key]) as Remembered | undefined;
  if (known !== undefined && (await isUnchanged(known.seen, files))) return tell(known, output);
  const observed = observing(files);
  const told = await run(observed.files, cache);
  const { isRepeatable, ...said } = told;
  if (isRepeatable) cache.put(['run', ...key], { ...said, seen: observed.observations() });
  cache.trim();
  return tell(said, output);
}

/** Says it. */
export function tell(told: Omit<Told, 'isRepeatable'>, output: Output): ExitCode {
  output.warn(told.warnings);
  output.write(told.output);
  return told.exit;
}
