/** What went wrong, in a line for whoever called; a stack says nothing to them. */

import { printable } from '../text/printable.ts';

/** The sentence of an error that a command ended with. */
export function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  if (error.name === 'BadUse' || error.name === 'Failure') return printable(error.message);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'uv_cwd') return 'the working directory is not there any more';
  if (code !== undefined && syscall !== undefined) return printable(error.message);
  return printable(`internal error: ${error.message}${whereOf(error)}`);
}

/** ` (at read, check.cjs:12:34)`: enough to find a mistake of ours. */
function whereOf({ stack = '' }: Error): string {
  const frame = stack.split('\n').find((line) => line.trimStart().startsWith('at '));
  if (frame === undefined) return '';
  const [name = '', place = name] = frame.trim().slice('at '.length).split(' (');
  const file = place.slice(place.lastIndexOf('/') + 1).replace(')', '');
  return ` (at ${name === place ? file : `${name}, ${file}`})`;
}
