/** All that is known of the files at one moment, as look-ups: sites, functions, pairings, claims. Immutable. */

import type { FileFacts, FunctionFact, Site } from '../facts/file-facts.ts';
import type {
  Pairing,
  PairingResult,
  PlacedSite,
  ResolvedClaim,
  SiteRef,
} from '../pairing/pairing.ts';

/** A function with the file that defines it. */
export interface PlacedFunction {
  readonly file: string;
  readonly fact: FunctionFact;
}

/** A pairing seen from one of its sides. */
export interface Partnership {
  readonly pairing: Pairing;
  /** Which of the pairing's sites is the side it is seen from. */
  readonly side: 0 | 1;
  readonly partner: PlacedSite;
}

export interface Tree {
  readonly facts: (file: string) => FileFacts | undefined;
  readonly site: (ref: SiteRef) => PlacedSite | undefined;
  /** The sites of one function, in text order. */
  readonly sitesIn: (file: string, name: string) => readonly Site[];
  /** Definitions of that name, in any file. */
  readonly functions: (name: string) => readonly PlacedFunction[];
  readonly functionNames: () => Iterable<string>;
  /** Best first. */
  readonly partnerships: (file: string, id: string) => readonly Partnership[];
  readonly claims: (file: string, id: string) => readonly ResolvedClaim[];
  /** Files that share a pairing or a claim with `file`, itself included. */
  readonly neighbours: (file: string) => ReadonlySet<string>;
  readonly pairing: PairingResult;
  readonly files: ReadonlyMap<string, FileFacts>;
}

/** The look-ups over the facts of `files` and their pairing; each is built when first asked for. */
export function treeOf(files: ReadonlyMap<string, FileFacts>, pairing: PairingResult): Tree {
  const sites = lazy(() => siteTable(files));
  const functions = lazy(() => functionTable(files));
  const partners = lazy(() => partnerTable(pairing, (ref) => sites().get(refKey(ref))));
  const claims = lazy(() => group(pairing.claims, (claim) => [refKey(claim.from)]));
  const neighbours = lazy(() => neighbourTable(pairing));
  return {
    files,
    pairing,
    facts: (file) => files.get(file),
    site: (ref) => sites().get(refKey(ref)),
    sitesIn: (file, name) => files.get(file)?.sites.filter((site) => site.function === name) ?? [],
    functions: (name) => functions().get(name) ?? [],
    functionNames: () => functions().keys(),
    partnerships: (file, id) => partners().get(refKey({ file, id })) ?? [],
    claims: (file, id) => claims().get(refKey({ file, id })) ?? [],
    neighbours: (file) => new Set([file, ...(neighbours().get(file) ?? [])]),
  };
}

/** A text that stands for a reference in maps. */
export function refKey({ file, id }: SiteRef): string {
  return `${file}\n${id}`;
}

/** A text that stands for a pairing in maps: its two sites. */
export function pairingKey({ sites: [a, b] }: Pairing): string {
  return `${refKey(a)}\n${refKey(b)}`;
}

function siteTable(files: ReadonlyMap<string, FileFacts>): ReadonlyMap<string, PlacedSite> {
  const table = new Map<string, PlacedSite>();
  for (const [file, { sites }] of files)
    for (const site of sites) table.set(refKey({ file, id: site.id }), { file, site });
  return table;
}

function functionTable(
  files: ReadonlyMap<string, FileFacts>,
): ReadonlyMap<string, readonly PlacedFunction[]> {
  const placed = [...files].flatMap(([file, { functions }]) =>
    functions.map((fact) => ({ file, fact })),
  );
  return group(placed, ({ fact }) => [fact.name]);
}

function partnerTable(
  { pairings }: PairingResult,
  site: (ref: SiteRef) => PlacedSite | undefined,
): ReadonlyMap<string, readonly Partnership[]> {
  const table = new Map<string, Partnership[]>();
  const add = (pairing: Pairing, side: 0 | 1) => {
    const partner = site(pairing.sites[side === 0 ? 1 : 0]);
    if (partner === undefined) return;
    const key = refKey(pairing.sites[side]);
    const list = table.get(key);
    if (list === undefined) table.set(key, [{ pairing, side, partner }]);
    else list.push({ pairing, side, partner });
  };
  for (const pairing of pairings) {
    add(pairing, 0);
    add(pairing, 1);
  }
  for (const list of table.values()) list.sort((a, b) => b.pairing.score - a.pairing.score);
  return table;
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

function group<Item>(
  items: readonly Item[],
  keys: (item: Item) => readonly string[],
): ReadonlyMap<string, readonly Item[]> {
  const table = new Map<string, Item[]>();
  for (const item of items)
    for (const key of keys(item)) {
      const list = table.get(key);
      if (list === undefined) table.set(key, [item]);
      else list.push(item);
    }
  return table;
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
