/** What becomes of the labelled pairs (`pairs` of the shared data) over a whole tree: the claims, the stale ones among them, and
 *  who is found where no comment is read. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitingFileSystem } from '../server/src/disk/node-file-system.ts';
import type { FileFacts, Site } from '../server/src/facts/file-facts.ts';
import { readSettings } from '../server/src/language-service/config.ts';
import { createHost } from '../server/src/language-service/host.ts';
import { indexTree } from '../server/src/language-service/index-tree.ts';
import { createEngine } from '../server/src/language-service/node-engine.ts';
import type { Snapshot } from '../server/src/language-service/snapshot.ts';
import type { PairingResult, PlacedSite, SiteRef } from '../server/src/pairing/pairing.ts';
import { pairUp } from '../server/src/pairing/pairing-index.ts';
import type { Place } from '../server/src/text/span.ts';
import type { Row } from './bench-section.ts';

/** A site, and who its comment says is its partner. */
interface Labelled {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly primitive: string;
  readonly tier: number;
  readonly status: string;
  readonly partner_function: string;
  readonly actual_function?: string;
  readonly partner_file: string | null;
  readonly partner_sites: readonly { readonly line: number; readonly file?: string }[];
}

/** A comment that names a partner which is not there. */
interface Stale {
  readonly file: string;
  readonly line: number;
  readonly partner: string;
  readonly pair_id: string;
}

/** The figures of `tree`, which `data` is about. */
export async function labelledFigures(tree: string, data: string): Promise<readonly Row[]> {
  const stale = linesOf<Stale>(join(data, 'stale.jsonl'));
  const pairs = linesOf<Labelled>(join(data, 'dev.jsonl')).filter(
    ({ status }) => status === 'resolved',
  );
  const snapshot = await read(
    tree,
    new Set([...pairs, ...stale].map(({ file }) => join(tree, file))),
  );
  return [
    ...claimRows(snapshot, tree, pairs, stale),
    ...partnerRows([...snapshot.moment.tree.files.values()], tree, pairs),
  ];
}

function linesOf<Value>(path: string): readonly Value[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line): Value => JSON.parse(line));
}

/** The tree as it is read, with the answers that the claims of `files` wait for. */
async function read(tree: string, files: ReadonlySet<string>): Promise<Snapshot> {
  const host = createHost({ engine: await createEngine(), inKernelTree: () => true });
  const { surroundings, maxFiles, maxFileSize } = readSettings(undefined).index;
  await indexTree({
    host,
    files: waitingFileSystem,
    roots: [tree],
    surroundings,
    maxFiles,
    maxFileSize,
    cancelled: () => false,
    foundKernel: () => undefined,
    progress: () => undefined,
  });
  const { moment } = host.snapshot();
  host.solve(moment.tree.unpaired().filter(({ sites: [{ file }] }) => files.has(file)));
  return host.snapshot();
}

function claimRows(
  snapshot: Snapshot,
  tree: string,
  pairs: readonly Labelled[],
  stale: readonly Stale[],
): readonly Row[] {
  const { tree: known } = snapshot.moment;
  const isCallMeant = ({ file, span }: Place, pair: Labelled) => {
    const line = (snapshot.lines(file)?.position(span.start).line ?? 0) + 1;
    return placesOf(pair, tree).some((each) => each.file === file && isNear(each.line, line));
  };
  /** A site there, or the call that is meant where it is none. */
  const isRight = (pair: Labelled) =>
    sitesAt(known.facts(join(tree, pair.file)), pair)
      .flatMap(({ id }) => known.claims(join(tree, pair.file), id))
      .some(
        ({ targets, at }) =>
          (at !== undefined && isCallMeant(at, pair)) ||
          targets
            .flatMap((ref) => known.site(ref) ?? [])
            .some((target) => isMeant(target, pair, tree, known.files)),
      );
  const isCalledStale = ({ file, line, name }: { file: string; line: number; name: string }) => {
    const path = join(tree, file);
    const ids = new Set(sitesAt(known.facts(path), { line }).map(({ id }) => id));
    return snapshot
      .diagnostics(path)
      .some(
        ({ code, about, message }) =>
          code === 'unresolved-claim' &&
          about !== undefined &&
          ids.has(about) &&
          message.includes(`${name}()`),
      );
  };
  const others = new Set(stale.map(({ pair_id }) => pair_id));
  const sound = pairs.filter(({ id }) => !others.has(id));
  const first = pairs.filter(({ tier }) => tier === 1);
  return [
    share('claims that resolve to the labelled function', pairs, isRight, { atLeast: 97 }),
    share('… of tier 1', first, isRight, { atLeast: 99 }),
    share(
      '… called stale, at any level',
      sound,
      (pair) => isCalledStale({ ...pair, name: pair.partner_function }),
      { atMost: 1 },
    ),
    share(
      'stale claims found, at any level',
      stale,
      (each) => isCalledStale({ ...each, name: each.partner }),
      { atLeast: 90 },
    ),
  ];
}

/** Partners by the fields alone. */
function partnerRows(
  facts: readonly FileFacts[],
  tree: string,
  pairs: readonly Labelled[],
): readonly Row[] {
  const bare = facts.map((each) => ({
    ...each,
    sites: each.sites.map((site) => ({ ...site, claims: [], labels: [] })),
  }));
  const files = new Map(bare.map((each) => [each.file, each]));
  const { pairings } = pairUp(bare);
  const found = pairs.map((pair) => partnersOf(pair, tree, files, pairings));
  const answered = found.filter(({ length }) => length > 0);
  const isFirst = ([best]: readonly boolean[]) => best === true;
  const isAmongThree = (hits: readonly boolean[]) => hits.slice(0, 3).includes(true);
  return [
    share('first partner right, comments aside', found, isFirst, { atLeast: 65 }),
    share('… of those that have one', answered, isFirst, { atLeast: 85 }),
    share('… among the first three', found, isAmongThree, { atLeast: 75 }),
  ];
}

/** Of the partners of the labelled site, best first, which are in the labelled function. */
function partnersOf(
  pair: Labelled,
  tree: string,
  files: ReadonlyMap<string, FileFacts>,
  pairings: PairingResult['pairings'],
): readonly boolean[] {
  const file = join(tree, pair.file);
  const here = sitesAt(files.get(file), pair);
  const named = here.filter(({ primitive }) => primitive === pair.primitive);
  const ids = new Set((named.length > 0 ? named : here).map(({ id }) => id));
  const isHere = (ref: SiteRef) => ref.file === file && ids.has(ref.id);
  return pairings
    .filter(({ sites }) => sites.some(isHere))
    .map(({ sites: [one, two] }) => (isHere(one) ? two : one))
    .map((ref) => {
      const site = files.get(ref.file)?.sites.find(({ id }) => id === ref.id);
      return site !== undefined && isMeant({ file: ref.file, site }, pair, tree, files);
    });
}

function sitesAt(facts: FileFacts | undefined, { line }: { line: number }): readonly Site[] {
  return facts?.sites.filter((site) => site.line === line) ?? [];
}

/** One of the sites that are labelled, or any in their functions. */
function isMeant(
  { file, site }: PlacedSite,
  pair: Labelled,
  tree: string,
  files: ReadonlyMap<string, FileFacts>,
): boolean {
  const places = placesOf(pair, tree);
  const names = [pair.partner_function, pair.actual_function];
  const homes = [join(tree, pair.partner_file ?? ''), ...places.map((each) => each.file)];
  if (homes.includes(file) && names.includes(site.function)) return true;
  return places.some((place) => {
    if (place.file !== file) return false;
    const home = files.get(file)?.functions.findLast(({ line }) => line <= place.line);
    return isNear(place.line, site.line) || home?.name === site.function;
  });
}

/** The sites that are labelled as the other side. */
function placesOf({ partner_sites, partner_file }: Labelled, tree: string) {
  return partner_sites.map(({ file, line }) => ({
    file: join(tree, file ?? partner_file ?? ''),
    line,
  }));
}

/** A call over two lines may be counted from either. */
function isNear(line: number, other: number): boolean {
  return Math.abs(line - other) <= 1;
}

function share<Item>(
  what: string,
  items: readonly Item[],
  isOne: (item: Item) => boolean,
  bar: NonNullable<Row['bar']>,
): Row {
  const count = items.filter(isOne).length;
  const value = (100 * count) / Math.max(1, items.length);
  return { what, value, unit: '%', bar, note: `${count} of ${items.length}` };
}
