/** What a command says of itself, for texts about all commands: completion and the manual page. */

/** A command with its help. */
export interface Described {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly help: string;
}

/** An option as the usage line has it: its name, and the words that it may be followed by. */
export interface DescribedOption {
  readonly name: string;
  readonly values: readonly string[];
}

/** `[--format text|json]`: the name, and what may follow it. */
const OPTION = /(--?[a-z][a-z-]*)(?: ([a-z][a-z|]*\|[a-z|]*))?/g;

/** The options of a usage line, and `--help`. */
export function optionsOf({ usage }: Pick<Described, 'usage'>): readonly DescribedOption[] {
  const found = [...usage.matchAll(OPTION)].map(([, name, values]) => ({
    name: name!,
    values: values?.split('|') ?? [],
  }));
  return [...found, { name: '--help', values: [] }];
}
