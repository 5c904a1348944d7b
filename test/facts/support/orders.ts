/** States what each site of a C text orders in one readable line per ordering. */

import { expect } from 'vitest';
import { extendAcrossFiles } from '../../../server/src/facts/extend.ts';
import { fileFacts } from '../../../server/src/facts/facts.ts';
import {
  type Access,
  type FileFacts,
  fieldName,
  type Site,
} from '../../../server/src/facts/file-facts.ts';
import { parseKernelC } from '../../../server/src/syntax/parse.ts';
import { testParser } from '../../support/parser.ts';

/** The facts of a C text. */
export async function factsOf(text: string, file = 'test.c'): Promise<FileFacts> {
  return fileFacts(file, parseKernelC(await testParser(), text), text);
}

/** The facts of several files, completed across them. */
export async function factsAcross(
  texts: Readonly<Record<string, string>>,
): Promise<readonly FileFacts[]> {
  const facts = await Promise.all(Object.entries(texts).map(([file, text]) => factsOf(text, file)));
  return extendAcrossFiles(facts);
}

/** Checks what the sites of a text order: one line per ordering of a site, `W` for a write, `R` a read,
 *  `U` an update; `?` where only some paths meet the access; `>f` where the callee `f()` makes it and
 *  `<f` where the caller does; nearest first. Sites of locks have no line. */
export async function checkOrders(text: string, ...expected: readonly string[]): Promise<void> {
  expect(orderLines(await factsOf(text))).toEqual(expected);
}

/** The lines that `checkOrders` compares. */
export function orderLines({ sites }: FileFacts): readonly string[] {
  return sites.flatMap((site) =>
    site.orders.map(
      ({ before, after }) => `${siteName(site)}: ${shown(before)} => ${shown(after)}`,
    ),
  );
}

/** `publish smp_wmb`, with its number from the second one of the function on. */
export function siteName({ function: name, primitive, ordinal }: Site): string {
  return `${name} ${primitive}${ordinal === 1 ? '' : `#${ordinal}`}`;
}

const LETTERS = { read: 'R', write: 'W', 'read-write': 'U' } as const;

function shown(accesses: readonly Access[]): string {
  return accesses.length === 0 ? 'nothing' : accesses.map(shownAccess).join(', ');
}

/** `W box.flag?` */
export function shownAccess({ field, bit, effect, on, via, caller }: Access): string {
  const place = `${fieldName(field)}${bit === undefined ? '' : `[${bit}]`}`;
  const certain = on === 'every-path' || caller !== undefined ? '' : '?';
  const callees = via.map((name) => `>${name}`).join('');
  const from = caller === undefined ? '' : `<${caller}`;
  return `${LETTERS[effect]} ${place}${certain}${from}${callees}`;
}
