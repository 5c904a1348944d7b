/** The shape of a command of `barrierlens`, what it may touch, and how its arguments are read. */

import { parseArgs } from 'node:util';

/** What a command writes to; a test passes its own. */
export interface Output {
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
}

/** The exit codes of every command: all is well and all was read; something was found or could not be read;
 *  the command was not called as it should be, or could not do what was asked for. */
export const EXIT = { clean: 0, findings: 1, badUse: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Command {
  /** What follows the command's name in its usage line: `PATH... [--format text|json|sarif]`. */
  readonly usage: string;
  /** Printed by `barrierlens COMMAND --help` below the usage line. */
  readonly help: string;
  readonly run: (args: readonly string[], output: Output) => Promise<ExitCode>;
}

/** A mistake in how a command was called: printed with a pointer to its help, exit code 2. */
export class BadUse extends Error {
  override readonly name = 'BadUse';
}

/** Something that was asked for and cannot be done, as a file that cannot be written: printed, exit code 2. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Whether it is a `BadUse`; each bundle has that class for itself, so that only its name tells. */
export function isBadUse(error: unknown): error is BadUse {
  return error instanceof Error && error.name === 'BadUse';
}

/** `strings` may be given several times. */
type OptionKind = 'string' | 'strings' | 'boolean';

/** The arguments of a command line, taken apart by the options a command has. */
export interface Arguments<Options extends Readonly<Record<string, OptionKind>>> {
  readonly paths: readonly string[];
  readonly options: {
    readonly [Name in keyof Options]?: Options[Name] extends 'string'
      ? string
      : Options[Name] extends 'strings'
        ? readonly string[]
        : boolean;
  };
}

/** Takes `args` apart; `--name value`, `--name=value` and `--` work as elsewhere. Throws `BadUse`
 *  for an option that `options` does not list. */
export function readArguments<const Options extends Readonly<Record<string, OptionKind>>>(
  args: readonly string[],
  options: Options,
): Arguments<Options> {
  const spec = Object.fromEntries(
    Object.entries(options).map(([name, type]) => [
      name,
      type === 'strings' ? { type: 'string' as const, multiple: true } : { type },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: spec,
      allowPositionals: true,
    });
    return { paths: positionals, options: values as Arguments<Options>['options'] };
  } catch (error) {
    throw new BadUse(error instanceof Error ? error.message : String(error));
  }
}
