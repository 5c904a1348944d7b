/** `unpaired-barrier`: the function on the other side accesses the same fields without any order. */

import type { Site } from '../../facts/file-facts.ts';
import { fieldName } from '../../facts/file-facts.ts';
import { type Counterpart, unorderedCounterpart } from '../counterpart.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import type { PlacedFunction } from '../tree.ts';
import { isNoteworthy } from '../words.ts';
import type { CheckedKind } from './check.ts';

export const unpairedBarrier: CheckedKind = {
  code: 'unpaired-barrier',
  meaning:
    'A barrier orders two accesses of this function, and the function on the other side makes the two accesses that they race with in the opposite order with nothing between them: it can see the second without the first.',
  fires:
    'On a barrier between CPUs that has no partner anywhere, where the function that its comment names makes both accesses in the opposite order without any ordering operation. Not on mandatory and dma_ barriers, whose partner is a device, nor where the parser could not follow, nor where a lock, an atomic operation or a dependency may give the order.',
  fix: 'Put the barrier that is missing between the two accesses of the other side, or say there why it is not needed.',
  check: (moment) =>
    moment.facts.sites
      .filter((site) => isUnpaired(moment, site))
      .flatMap((site) => finding(moment, site)),
};

function isUnpaired({ tree, file }: FileMoment, site: Site): boolean {
  if (!isNoteworthy(site) || !site.explicit || site.uncertain) return false;
  return tree.partnerships(file, site.id).length === 0;
}

function finding(moment: FileMoment, site: Site): readonly Finding[] {
  for (const target of namedPartners(moment, site)) {
    const counterpart = unorderedCounterpart(moment.tree, site, target);
    if (counterpart !== undefined) return [unordered(site, counterpart)];
  }
  return [];
}

/** The functions that the site's comment names, where it names each without doubt. */
function namedPartners({ tree, file }: FileMoment, site: Site): readonly PlacedFunction[] {
  return tree
    .claims(file, site.id)
    .flatMap(({ foundIn }) => (foundIn && tree.functionIn(foundIn.file, foundIn.function)) ?? []);
}

function unordered(site: Site, counterpart: Counterpart): Finding {
  const { function: target, first, second } = counterpart;
  const verb = (effect: string) => (effect === 'write' ? 'writes' : 'reads');
  const same = verb(first.effect) === verb(second.effect);
  const then = same
    ? `then ${fieldName(second.field)}`
    : `then ${verb(second.effect)} ${fieldName(second.field)}`;
  const related = ([first, second] as const).map((access) => ({
    file: target.file,
    span: access.span,
    line: access.line,
    message: `${target.fact.name}() ${verb(access.effect)} ${fieldName(access.field)}`,
  }));
  return {
    partnerOf: site.id,
    span: site.span,
    message: `${target.fact.name}() ${verb(first.effect)} ${fieldName(first.field)}, ${then}, with nothing between`,
    related,
  };
}
