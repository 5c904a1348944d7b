/** Completes what sites order with what happens in other files: callees there, and callers from there. */

import { primitive } from '../kernel/primitives.ts';
import { type CallerSite, nearestFirst, seenAt, sideOfCallers } from './around.ts';
import { isMemberName, meantOf, storedIn, structOfMember } from './by-member.ts';
import { type Called, type DefinedFunction, follow, privateArguments } from './callees.ts';
import type { Access, FileFacts, FunctionFact, OuterCall, Site } from './file-facts.ts';
import type { Direction } from './flow.ts';
import { grouped } from './grouped.ts';
import { siteOrders } from './site-orders.ts';

/** The same files, each site with the accesses that its paths make in functions of the other files: to
 *  `depth` calls beyond its own file, and in callers of its function from there. */
export function extendAcrossFiles(files: readonly FileFacts[], depth = 3): readonly FileFacts[] {
  const called = calledAcross(files);
  const callers = callersAcross(files, called);
  return files.map((facts) => ({
    ...facts,
    sites: facts.sites.map((site) => extendSite(site, facts.file, called, callers, depth)),
  }));
}

/** Who calls a function from other files. */
export type Callers = (name: string, file: string) => readonly CallerSite[];

/** `site` of `file`, completed. A site without calls or callers outside of the file is returned as it is. */
export function extendSite(
  site: Site,
  file: string,
  called: Called,
  callers: Callers,
  depth: number,
): Site {
  const row = primitive(site.primitive);
  if (row === undefined || site.orders.length === 0) return site;
  if (row.orders.every(({ after }) => after === 'dependent')) return site;
  const outside = callers(site.function, file);
  const side = (direction: Direction): readonly Access[] => {
    if (site.closed?.[direction === 'forward' ? 'after' : 'before'] === true) return [];
    const calls = site.outerCalls?.[direction === 'forward' ? 'after' : 'before'] ?? [];
    const steps = (direction === 'forward' ? site.toExit : site.fromEntry) ?? 0;
    return [
      ...calls.flatMap((call) => followOuter(site, call, file, direction, called, depth)),
      ...sideOfCallers(outside, steps, direction, called, { file, ...site }),
    ];
  };
  const before = side('backward');
  const after = side('forward');
  if (before.length + after.length === 0) return site;
  const { own } = site;
  const orders = siteOrders(row, {
    before: nearestFirst([...known(site, 'before'), ...before]),
    after: nearestFirst([...known(site, 'after'), ...after]),
    dependent: [],
    ...(own === undefined ? {} : { own }),
  });
  return { ...site, orders };
}

function followOuter(
  site: Site,
  call: OuterCall,
  file: string,
  direction: Direction,
  called: Called,
  depth: number,
): readonly Access[] {
  const { name, distance, on, via, span, line } = call;
  const seen = { name, distance, on, own: privateAt(site, call, file, called) };
  return follow(seen, file, direction, called, depth).accesses.map((one) =>
    seenAt({ ...one, via: [...via, ...one.via] }, span, line, file),
  );
}

/** The arguments of a call that leaves the file which lead to variables of functions on the way there. */
function privateAt(
  { function: root }: Site,
  { name, via, span }: OuterCall,
  file: string,
  called: Called,
): readonly number[] {
  const way = [root, ...via].map((each) => called(each, file));
  return [...via, name].reduce((own: readonly number[], next, at) => {
    const caller = way[at];
    const call = caller?.fact.callSites.find(
      (each) =>
        (each.name === next || called(each.name, caller.file)?.fact.name === next) &&
        (at > 0 || each.span.start === span.start),
    );
    return caller === undefined || call === undefined
      ? []
      : privateArguments(caller, call, called, own);
  }, []);
}

/** What the site is known to order already, its own access aside. */
function known({ orders }: Site, side: 'before' | 'after'): readonly Access[] {
  return orders.flatMap((order) => order[side]).filter(({ distance }) => distance > 0);
}

/** Looks functions up in all files: the file's own first, then those that are not static. */
function calledAcross(files: readonly FileFacts[]): Called {
  const byName = new Map<string, DefinedFunction[]>();
  for (const { file, functions } of files)
    for (const fact of functions) {
      const list = byName.get(fact.name);
      if (list === undefined) byName.set(fact.name, [{ file, fact }]);
      else list.push({ file, fact });
    }
  const named = (name: string, from: string) => {
    const found = byName.get(name) ?? [];
    return found.find(({ file }) => file === from) ?? found.find(isVisible);
  };
  const stored = grouped(files.flatMap(storedIn), ({ struct }) => [struct]);
  return (name, from) => {
    if (!isMemberName(name)) return named(name, from);
    const meant = meantOf(stored.get(structOfMember(name)) ?? [], name);
    return meant && named(meant.runs, meant.file);
  };
}

/** From another file only functions are seen that are not static, or that a header defines. */
function isVisible({
  file,
  fact,
}: {
  readonly file: string;
  readonly fact: FunctionFact;
}): boolean {
  return !fact.isStatic || file.endsWith('.h');
}

function callersAcross(files: readonly FileFacts[], called: Called): Callers {
  const table = new Map<string, CallerSite[]>();
  for (const { file, functions } of files)
    for (const fact of functions)
      for (const call of fact.callSites) {
        const target = called(call.name, file);
        if (target === undefined || target.file === file) continue;
        const key = `${target.file}\n${call.name}`;
        const list = table.get(key);
        if (list === undefined) table.set(key, [{ caller: { file, fact }, call }]);
        else list.push({ caller: { file, fact }, call });
      }
  return (name, file) => table.get(`${file}\n${name}`) ?? [];
}
