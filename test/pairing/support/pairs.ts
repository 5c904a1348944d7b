/** Runs the pairing over small C files and states its results by the marks in them. */

import { expect } from 'vitest';
import { fileFacts } from '../../../server/src/facts/facts.ts';
import { type FileFacts, fieldName } from '../../../server/src/facts/file-facts.ts';
import type { Pairing, PairingResult, SiteRef } from '../../../server/src/pairing/pairing.ts';
import { pairUp } from '../../../server/src/pairing/pairing-index.ts';
import { parseKernelC } from '../../../server/src/syntax/parse.ts';
import { testParser } from '../../support/parser.ts';

/** Files by their names, as the text after each line `//- /name`. */
export function filesIn(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^[ \t]*\/\/- \/(.*)$/m);
  if (parts.length === 1) return new Map([['test.c', text]]);
  return new Map(
    parts.flatMap((name, index) => (index % 2 === 1 ? [[name.trim(), parts[index + 1]!]] : [])),
  );
}

/** The facts of the files in `text`. */
export async function factsIn(text: string): Promise<readonly FileFacts[]> {
  const parser = await testParser();
  return [...filesIn(text)].map(([file, content]) =>
    fileFacts(file, parseKernelC(parser, content), content),
  );
}

/** A pairing of small files, with the names by which the texts call their sites. */
export interface Paired {
  readonly files: ReadonlyMap<string, string>;
  readonly facts: readonly FileFacts[];
  readonly result: PairingResult;
  /** The mark at the end of the site's line (`//@ name`), or its id. */
  readonly markOf: (ref: SiteRef) => string;
}

export async function paired(text: string): Promise<Paired> {
  const files = filesIn(text);
  const facts = await factsIn(text);
  const markOf = ({ file, id }: SiteRef) => {
    const site = facts.find((each) => each.file === file)?.sites.find((each) => each.id === id);
    const line = files.get(file)?.split('\n')[(site?.line ?? 0) - 1] ?? '';
    return /\/\/@ (\w+)/.exec(line)?.[1] ?? id;
  };
  return { files, facts, result: pairUp(facts), markOf };
}

/** Checks what became of every claim in `text`: `mark -> partner, partner` or `mark -> status`. */
export async function checkClaims(text: string, ...expected: readonly string[]): Promise<void> {
  const { result, markOf } = await paired(text);
  const lines = result.claims.map(({ from, status, targets }) => {
    const means = status === 'resolved' ? targets.map(markOf).join(', ') : status;
    return `${markOf(from)} -> ${means}`;
  });
  expect([...new Set(lines)].sort()).toEqual([...expected].sort());
}

/** Checks which pairs are inferred from the fields, comments aside: `mark - mark: MP a, b`. */
export async function checkInferred(text: string, ...expected: readonly string[]): Promise<void> {
  const { result, markOf } = await paired(text);
  const inferred = result.pairings.filter(({ sources }) => sources.includes('inferred'));
  expect(inferred.map((pairing) => shownPair(pairing, markOf)).sort()).toEqual(
    [...expected].sort(),
  );
}

/** The pair with the order that speaks most for it. */
export function shownPair({ sites, orders }: Pairing, markOf: Paired['markOf']): string {
  const [order] = orders;
  const fields =
    order === undefined
      ? ''
      : `: ${order.shape} ${fieldName(order.first)}, ${fieldName(order.second)}`;
  return `${sites.map(markOf).join(' - ')}${fields}`;
}
