/** The claims of real comments against pairs that were labelled by eye, over the files they are in. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileFacts } from '../../server/src/facts/facts.ts';
import type { FileFacts } from '../../server/src/facts/file-facts.ts';
import type { SiteRef } from '../../server/src/pairing/pairing.ts';
import { pairUp } from '../../server/src/pairing/pairing-index.ts';
import { isAssertion } from '../../server/src/pairing/resolve.ts';
import { parseKernelC } from '../../server/src/syntax/parse.ts';
import { linuxSource, WITHOUT_LINUX } from '../support/linux-source.ts';
import { testParser } from '../support/parser.ts';
import { sharedData, WITHOUT_SHARED_DATA } from '../support/shared-data.ts';

/** A labelled pair: a site with a comment, and the sites that it means. */
interface LabelledPair {
  readonly file: string;
  readonly line: number;
  readonly tier: number;
  readonly status: string;
  readonly partner_file: string | null;
  readonly partner_sites: readonly { readonly line: number; readonly file?: string }[];
  readonly actual_function?: string;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

interface Found {
  readonly from: Place;
  readonly isAssertion: boolean;
  readonly targets: readonly Place[];
}

const tree = linuxSource();
const data = sharedData('pairs');
const missing = tree === undefined ? WITHOUT_LINUX : WITHOUT_SHARED_DATA;

describe.skipIf(tree === undefined || data === undefined)(`labelled pairs (${missing})`, () => {
  /** What was measured when the rules were written, rounded down. The rules know no row. */
  test.each([
    { tier: 1, recall: 0.95, precision: 0.95 },
    { tier: 2, recall: 0.8, precision: 0.85 },
  ])('tier $tier', async ({ tier, recall, precision }) => {
    const pairs = pairsOf(tier);
    const found = await claimsIn(pairs);
    const resolved = pairs.filter(({ status }) => status === 'resolved');
    const hits = resolved.filter((pair) =>
      found.some(
        (claim) => isAt(claim.from, pair) && claim.targets.some((at) => isMeant(at, pair)),
      ),
    );
    const counted = found.filter(
      (claim) =>
        claim.targets.length > 0 &&
        (tier === 2 || claim.isAssertion) &&
        pairs.some((pair) => isAt(claim.from, pair)),
    );
    const right = counted.filter((claim) =>
      pairs.some((pair) => isAt(claim.from, pair) && claim.targets.some((at) => isMeant(at, pair))),
    );
    expect(resolved.length).toBeGreaterThan(50);
    expect(hits.length / resolved.length).toBeGreaterThanOrEqual(recall);
    expect(right.length / counted.length).toBeGreaterThanOrEqual(precision);
  });
});

function pairsOf(tier: number): readonly LabelledPair[] {
  const lines = readFileSync(join(data ?? '', 'dev.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line): LabelledPair => JSON.parse(line)).filter((pair) => pair.tier === tier);
}

/** What becomes of the claims in the files of the pairs, each site once. */
async function claimsIn(pairs: readonly LabelledPair[]): Promise<readonly Found[]> {
  const facts = await factsOf(filesOf(pairs));
  const sites = new Map(
    facts.flatMap(({ file, sites }) => sites.map((site) => [`${file} ${site.id}`, site] as const)),
  );
  const placeOf = ({ file, id }: SiteRef): Place => {
    const site = sites.get(`${file} ${id}`);
    return { file, line: site?.line ?? 0, function: site?.function ?? '' };
  };
  return pairUp(facts)
    .claims.filter(({ status }) => status === 'resolved' || status === 'not-point-to-point')
    .map(({ from, claim, targets }) => ({
      from: placeOf(from),
      isAssertion: isAssertion(claim),
      targets: targets.map(placeOf),
    }));
}

function filesOf(pairs: readonly LabelledPair[]): ReadonlySet<string> {
  const partners = pairs.flatMap(({ partner_file, partner_sites }) => [
    ...(partner_file === null ? [] : [partner_file]),
    ...partner_sites.flatMap(({ file }) => file ?? []),
  ]);
  return new Set([...pairs.map(({ file }) => file), ...partners]);
}

async function factsOf(files: ReadonlySet<string>): Promise<readonly FileFacts[]> {
  const parser = await testParser();
  return [...files]
    .filter((file) => existsSync(join(tree ?? '', file)))
    .map((file) => {
      const text = readFileSync(join(tree ?? '', file), 'utf8');
      return fileFacts(file, parseKernelC(parser, text), text);
    });
}

function isAt(place: Place, { file, line }: LabelledPair): boolean {
  return place.file === file && place.line === line;
}

/** A call over two lines may be counted from either. */
function isMeant(place: Place, pair: LabelledPair): boolean {
  if (pair.actual_function === place.function) return true;
  return pair.partner_sites.some(
    ({ file, line }) =>
      (file ?? pair.partner_file) === place.file && Math.abs(line - place.line) <= 1,
  );
}
