/**
 * How what is asked of programs follows from what was asked before: the same but for where it stands, for the
 * names of its sites, and for fences and waits for grace periods that are gone.
 */

import type { Origin, Program, Statement } from '../program/program.ts';
import { everyStatement } from '../program/walk.ts';

/** Programs by invariant and initial case; of all but the first invariant only what they ask is told. */
export type AskedPrograms = readonly (readonly (
  | Program
  | Pick<Program, 'condition' | 'filter'>
)[])[];

export interface Match {
  /** Where each statement and access stands now; what is lost nowhere. */
  readonly origins: ReadonlyMap<Origin, Origin>;
  /** The names that sites have now. */
  readonly names: ReadonlyMap<string, string>;
  /** Sites whose fences and grace periods are gone, all of them. */
  readonly lost: ReadonlySet<string>;
}

/** Matches what was asked before with what is asked now; undefined where more has changed than that. */
export function matchPrograms(before: AskedPrograms, now: AskedPrograms): Match | undefined {
  const found: Found = {
    origins: new Map(),
    names: new Map(),
    before: new Map(),
    lost: new Set(),
    marksReadSides: now.flat().some(marksReadSides),
  };
  if (!isSame(before, now, found)) return undefined;
  const { origins, names, lost } = found;
  return [...lost].some((site) => names.has(site)) ? undefined : { origins, names, lost };
}

/** What has been matched so far. */
interface Found {
  readonly origins: Map<Origin, Origin>;
  readonly names: Map<string, string>;
  /** `names` the other way round. */
  readonly before: Map<string, string>;
  readonly lost: Set<string>;
  /** Whether there are read sides now; there are none where nobody waits for them. */
  readonly marksReadSides: boolean;
}

function marksReadSides(asked: AskedPrograms[number][number]): boolean {
  const isMark = ({ kind }: Statement) => kind === 'rcu';
  return 'threads' in asked && asked.threads.some(({ body }) => everyStatement(body).some(isMark));
}

/** What may differ: places in files, and what is said of a program in words. */
const UNTOLD = new Set(['span', 'description']);

function isSame(left: unknown, right: unknown, found: Found): boolean {
  if (!isObject(left) || !isObject(right)) return Object.is(left, right);
  if (Array.isArray(left) || Array.isArray(right))
    return Array.isArray(left) && Array.isArray(right) && areSame(left, right, found);
  for (const key in right) if (!(key in left) && !UNTOLD.has(key)) return false;
  for (const key in left) {
    if (UNTOLD.has(key)) continue;
    const [one, other] = [left[key], right[key]];
    const same =
      key === 'origin' && isOrigin(one) && isOrigin(other)
        ? pairOrigins(one, other, found)
        : isSame(one, other, found);
    if (!same) return false;
  }
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isOrigin(value: unknown): value is Origin {
  return isObject(value) && typeof value['site'] === 'string';
}

/** Matches lists item by item, passing over what the second has lost. */
function areSame(left: readonly unknown[], right: readonly unknown[], found: Found): boolean {
  let at = 0;
  for (const item of left) {
    if (!found.marksReadSides && isReadSideMark(item)) continue;
    const site = lostSite(item, right[at]);
    if (site !== undefined) found.lost.add(site);
    else if (at >= right.length || !isSame(item, right[at++], found)) return false;
  }
  return at === right.length;
}

/** Fences that can be taken away from an execution without the rest of it changing. */
const FENCES = new Set<unknown>(['mb', 'rmb', 'wmb']);

/** The site of a fence or a wait that does not stand in the place it is looked for. */
function lostSite(item: unknown, now: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  const { kind, tag, action, origin } = item;
  const isFence = kind === 'fence' && FENCES.has(tag);
  const isWait = kind === 'rcu' && action === 'synchronize';
  if (!isFence && !isWait) return undefined;
  if (isObject(now) && now['kind'] === kind && now['tag'] === tag && now['action'] === action)
    return undefined;
  return isOrigin(origin) ? origin.site : undefined;
}

function isReadSideMark(item: unknown): boolean {
  return isObject(item) && item['kind'] === 'rcu' && item['action'] !== 'synchronize';
}

/** Notes where something stands now; false where its site has one name here and another there. */
function pairOrigins(one: Origin, other: Origin, { origins, names, before }: Found): boolean {
  origins.set(one, other);
  const [name, old] = [names.get(one.site), before.get(other.site)];
  names.set(one.site, other.site);
  before.set(other.site, one.site);
  const isNew = (name ?? other.site) === other.site && (old ?? one.site) === one.site;
  return isNew && one.bit === other.bit;
}
