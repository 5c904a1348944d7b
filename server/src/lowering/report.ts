/** Collects what a lowering has to say beside the program, each thing once. */

import { bounded } from '../text/printable.ts';
import type { Place } from '../text/span.ts';
import type { Report } from './context.ts';
import type { Assumption, NotModelled, OrderingSite } from './lowering.ts';

/** A report and what has been said to it so far. */
export interface CollectedReport extends Report {
  readonly assumptions: () => readonly Assumption[];
  readonly unmodelled: () => readonly NotModelled[];
  readonly sites: () => readonly OrderingSite[];
  readonly said: () => Said;
}

/** Everything said to a report. */
export interface Said {
  readonly assumptions: readonly Assumption[];
  readonly unmodelled: readonly NotModelled[];
  readonly sites: readonly OrderingSite[];
}

/** Says it again. */
export function sayAll(report: Report, { assumptions, unmodelled, sites }: Said): void {
  for (const { kind, message, place, dependency } of assumptions)
    report.assume(kind, message, place, dependency);
  for (const { message, place } of unmodelled) report.notModelled(message, place);
  for (const site of sites) report.site(site);
}

export function collectReport(): CollectedReport {
  const assumptions = new Map<string, Assumption>();
  const unmodelled = new Map<string, NotModelled>();
  const sites = new Map<string, OrderingSite>();
  return {
    assume: (kind, message, place, dependency) => {
      const assumption: Assumption = {
        kind,
        message,
        ...(place && { place }),
        ...(dependency && { dependency }),
      };
      assumptions.set(
        `${kind} ${message} ${JSON.stringify(dependency)} ${textOf(place)}`,
        assumption,
      );
    },
    notModelled: (message, place) => {
      const told = bounded(message);
      unmodelled.set(`${told} ${textOf(place)}`, { message: told, place });
    },
    site: (site) => {
      if (!sites.has(site.site)) sites.set(site.site, site);
    },
    assumptions: () => [...assumptions.values()],
    unmodelled: () => [...unmodelled.values()],
    sites: () => [...sites.values()],
    said: () => ({
      assumptions: [...assumptions.values()],
      unmodelled: [...unmodelled.values()],
      sites: [...sites.values()],
    }),
  };
}

function textOf(place: Place | undefined): string {
  return place === undefined ? '' : `${place.file} ${place.span.start} ${place.span.end}`;
}
