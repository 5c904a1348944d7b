/** All that is known of the files at one moment, as look-ups: sites, functions, pairings, claims. Immutable. */

import type { FileFacts, FunctionFact, Site } from '../facts/file-facts.ts';
import { functionsNamed } from '../facts/functions-of-file.ts';
import { grouped } from '../facts/grouped.ts';
import { sitesOfFunction } from '../facts/sites-of-function.ts';
import { once, remembering } from '../memo/once.ts';
import { functionsOfTree } from '../pairing/functions-of-tree.ts';
import type {
  Pairing,
  PairingResult,
  Partnership,
  PlacedSite,
  ResolvedClaim,
  SiteRef,
} from '../pairing/pairing.ts';
import { bareName, bareSite, claimedOfFunctions } from './bare-side.ts';
import { idiomsOf } from './idioms.ts';

/** A function with the file that defines it. */
export interface PlacedFunction {
  readonly file: string;
  readonly fact: FunctionFact;
}

export interface Tree {
  readonly facts: (file: string) => FileFacts | undefined;
  readonly site: (ref: SiteRef) => PlacedSite | undefined;
  /** The site with what its paths access in functions of other files. */
  readonly completed: (placed: PlacedSite) => Site;
  /** The sites of one function, in text order. */
  readonly sitesIn: (file: string, name: string) => readonly Site[];
  readonly functionIn: (file: string, name: string) => PlacedFunction | undefined;
  /** Definitions of that name, in any file. */
  readonly functions: (name: string) => readonly PlacedFunction[];
  readonly functionNames: () => Iterable<string>;
  /** Best first. */
  readonly partnerships: (file: string, id: string) => readonly Partnership[];
  readonly claims: (file: string, id: string) => readonly ResolvedClaim[];
  /** Files that share a pairing or a claim with `file`, itself included. */
  readonly neighbours: (file: string) => ReadonlySet<string>;
  readonly pairing: PairingResult;
  /** Barriers without a partner, with the functions that their comments name: see bare-side.ts. */
  readonly unpaired: () => readonly Pairing[];
  /** Functions that are only right with an order, by what they do: with whom, over which fields. */
  readonly idioms: () => readonly Pairing[];
  /** Those with a side in a file, without a look for the others. */
  readonly idiomsIn: (file: string) => readonly Pairing[];
  /** All that can be proved: pairings of barriers, and of functions that stand for one. */
  readonly everyPairing: () => readonly Pairing[];
  /** Those with a side in one of the files. */
  readonly everyPairingIn: (...files: readonly string[]) => readonly Pairing[];
  readonly files: ReadonlyMap<string, FileFacts>;
}

/** The look-ups over the facts of `files` and their pairing; each is built when first asked for. */
export function treeOf(files: ReadonlyMap<string, FileFacts>, pairing: PairingResult): Tree {
  const functionFact = (name: string, file: string) => functionsNamed(files.get(file), name)[0];
  const site = ({ file, id }: SiteRef): PlacedSite | undefined => {
    const facts = files.get(file);
    const bare = bareName({ file, id });
    const fact = bare === undefined ? undefined : functionFact(bare, file);
    const found = fact === undefined ? facts && siteById(facts).get(id) : bareSite(fact);
    return found && { file, site: found };
  };
  const among = functionsOfTree(files);
  const pairings = once(() => grouped(pairing.pairings, ({ sites }) => sites.map(refKey)));
  const claims = once(() => grouped(pairing.claims, ({ from }) => [refKey(from)]));
  const neighbours = once(() => neighbourTable(pairing));
  const isAlone = (ref: SiteRef): boolean => {
    const found = site(ref)?.site;
    if (found === undefined || !found.explicit || found.uncertain) return false;
    if (found.domain !== 'smp' && found.domain !== 'virt') return false;
    // A marked read on which others depend may be meant, and may not give what is meant: that is asked of the functions.
    return partnershipsOf(ref, pairings().get(refKey(ref)) ?? [], site).every(
      ({ pairing: { sources }, partner }) =>
        partner.site.category === 'marked-access' && !sources.includes('claimed'),
    );
  };
  const unpaired = once(() =>
    claimedOfFunctions(pairing.claims, isAlone, (file, name) => functionFact(name, file)),
  );
  const completed = ({ file, site }: PlacedSite) =>
    pairing.completed.get(file)?.get(site.id) ?? site;
  const facts = (file: string) => files.get(file);
  const partnerships = (file: string, id: string) =>
    partnershipsOf({ file, id }, pairings().get(refKey({ file, id })) ?? [], site);
  const claimsOf = (file: string, id: string) => claims().get(refKey({ file, id })) ?? [];
  const findIdioms = once(() =>
    idiomsOf({ ...among, files: [...files.values()], completed, partnerships, claims: claimsOf }),
  );
  const same = onePairingEach();
  let all: ByFile | undefined;
  const everyIdiom = () => {
    all ??= byFile(findIdioms()().map(same));
    return all;
  };
  const idiomsIn = remembering((file: string) =>
    all === undefined ? findIdioms()(file).map(same) : all.of(file),
  );
  const paired = once(() => byFile(pairing.pairings));
  const unpairedByFile = once(() => byFile(unpaired()));
  const everyPairingOf = remembering((file: string) => [
    ...paired().of(file),
    ...unpairedByFile().of(file),
    ...idiomsIn(file),
  ]);
  return {
    files,
    pairing,
    unpaired,
    idioms: () => everyIdiom().all,
    idiomsIn,
    everyPairing: () => [...pairing.pairings, ...unpaired(), ...everyIdiom().all],
    everyPairingIn: (...of) => [...new Set(of.flatMap(everyPairingOf))],
    facts,
    site,
    completed,
    sitesIn: (file, name) => sitesOfFunction(files.get(file), name),
    functionIn: (file, name) => {
      const fact = functionFact(name, file);
      return fact && { file, fact };
    },
    functions: among.functions,
    functionNames: among.names,
    partnerships,
    claims: claimsOf,
    neighbours: (file) => new Set([file, ...(neighbours().get(file) ?? [])]),
  };
}

/** A text that stands for a reference in maps. */
export function refKey({ file, id }: SiteRef): string {
  return `${file}\n${id}`;
}

/** A text that stands for a pairing in maps: its two sites, and what they are looked at for. */
export function pairingKey({ sites: [a, b], idiom, orders }: Pairing): string {
  const shape = idiom === 'one-sided' ? orders[0]?.shape : '';
  return `${refKey(a)}\n${refKey(b)}\n${idiom ?? ''} ${shape}`;
}

/** Pairings, and those with a side in a file. */
interface ByFile {
  readonly all: readonly Pairing[];
  readonly of: (file: string) => readonly Pairing[];
}

function byFile(all: readonly Pairing[]): ByFile {
  const found = grouped(all, ({ sites }) => sites.map(({ file }) => file));
  return { all, of: (file) => found.get(file) ?? [] };
}

/** Tells of each pairing the first that was the same: one that is found for both of its files is one. */
function onePairingEach(): (pairing: Pairing) => Pairing {
  const known = new Map<string, Pairing>();
  return (pairing) => {
    const places = pairing.orders.map(({ shape, accesses }) => [
      shape,
      accesses.flat().map(({ file, field, span, inner }) => [file, field, span, inner]),
    ]);
    const key = `${pairingKey(pairing)}\n${JSON.stringify(places)}`;
    const found = known.get(key) ?? pairing;
    known.set(key, found);
    return found;
  };
}

/** By the facts of a file, which never change: its sites by id. */
const siteTables = new WeakMap<FileFacts, ReadonlyMap<string, Site>>();

function siteById(facts: FileFacts): ReadonlyMap<string, Site> {
  const known = siteTables.get(facts);
  if (known !== undefined) return known;
  const table = new Map(facts.sites.map((site) => [site.id, site]));
  siteTables.set(facts, table);
  return table;
}

/** The pairings of one site, best first, out of those that have it on a side. */
function partnershipsOf(
  { file, id }: SiteRef,
  pairings: readonly Pairing[],
  site: (ref: SiteRef) => PlacedSite | undefined,
): readonly Partnership[] {
  const found: Partnership[] = [];
  for (const pairing of pairings)
    for (const side of [0, 1] as const) {
      const own = pairing.sites[side];
      if (own.file !== file || own.id !== id) continue;
      const partner = site(pairing.sites[side === 0 ? 1 : 0]);
      if (partner !== undefined) found.push({ pairing, side, partner });
    }
  return found.sort((a, b) => b.pairing.score - a.pairing.score);
}

function neighbourTable({
  pairings,
  claims,
}: PairingResult): ReadonlyMap<string, ReadonlySet<string>> {
  const table = new Map<string, Set<string>>();
  const join = (a: string, b: string) => {
    if (a === b) return;
    table.set(a, (table.get(a) ?? new Set()).add(b));
    table.set(b, (table.get(b) ?? new Set()).add(a));
  };
  for (const { sites } of pairings) join(sites[0].file, sites[1].file);
  for (const { from, targets, foundIn } of claims) {
    for (const target of targets) join(from.file, target.file);
    if (foundIn !== undefined) join(from.file, foundIn.file);
  }
  return table;
}
