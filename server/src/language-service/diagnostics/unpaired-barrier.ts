/** `unpaired-barrier`: the function on the other side accesses the same fields without any order. */

import { fieldName, type Site, shownField } from '../../facts/file-facts.ts';
import type { Pairing, SharedOrder } from '../../pairing/pairing.ts';
import { bareName } from '../bare-side.ts';
import type { Finding } from '../diagnostic.ts';
import type { FileMoment } from '../moment.ts';
import { refKey, type Tree } from '../tree.ts';
import { decisive } from '../verdict.ts';
import { siteTitle } from '../words.ts';
import { stepsOf } from './broken-pairing.ts';
import type { CheckedKind } from './check.ts';
import { isJudged } from './unresolved-claim.ts';

export const unpairedBarrier: CheckedKind = {
  code: 'unpaired-barrier',
  meaning:
    'A barrier orders two accesses of this function, and the function on the other side makes the two accesses that they race with in the opposite order with nothing that keeps it: it can see the second without the first.',
  fires:
    'On a barrier between CPUs that has no partner anywhere, where the function that its comment names accesses the same two fields, itself or in what it calls, and the simulation of both functions as they are shows the outcome; the execution is attached. Without a comment at the access of a function that is not ordered: where a barrier, release or acquire elsewhere in its folder orders what is next to a flag of its own before or behind that flag, or takes the flag itself, the reader holds no lock when it has read that the other side, who calls it, or code of another folder could hold (of its own folder and file one that neither takes), and what it reads of the flag decides whether it reads the rest (or, where it is given back what it then fills anew, whether it stores to it; or it clears the flag before it reads what that announces; or a second look at a counter whether the rest counts, be it in a helper, where the writer moves the counter on before and behind what it stores), and the writer has not just made the object (unless an acquire waits for a pointer to it), does not set up its locks, queues, operations or the memory of several members, nor stores the flag plainly where others mark their stores, or sets a count that all others change by atomic operations: nobody knows the object then; nor where a function stores what others only take for a hint without order, and has a barrier where it counts; nor where the reader frees several members: it is alone, too; of each barrier once. Not on mandatory and dma_ barriers, whose partner is a device, nor where the comment of the barrier says that the other side needs none, nor where the parser could not follow or anything was not modelled, nor where a lock, an atomic operation or a dependency gives the order.',
  fix: 'Put the barrier that is missing between the two accesses of the other side, or say there why it is not needed.',
  asks: (tree) => [...tree.unpaired(), ...tree.idioms().filter(isOneSided)],
  check: (moment) => {
    const own = moment.tree.unpaired().filter(({ sites: [{ file }] }) => file === moment.file);
    const named = moment.facts.sites.flatMap((site) => {
      const found = own
        .filter(({ sites: [{ id }] }) => id === site.id)
        .flatMap((pairing) => finding(moment, site, pairing));
      return found.slice(0, 1);
    });
    return [...named, ...bareFindings(moment)];
  },
};

function isOneSided({ idiom }: Pairing): boolean {
  return idiom === 'one-sided';
}

/** What functions of the file meet without an order; of one barrier the first. */
function bareFindings(moment: FileMoment): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const pairing of moment.tree.idiomsIn(moment.file).filter(isOneSided)) {
    const [barrier, { file }] = pairing.sites;
    const key = refKey(barrier);
    if (file !== moment.file || found.has(key)) continue;
    for (const each of bareFinding(moment, pairing)) found.set(key, each);
  }
  return [...new Map([...found.values()].map((each) => [placeKey(each), each])).values()];
}

/** Whether what a comment says of the barrier and the function is told already: that there is no partner, or what comes of
 *  the two over the same fields. */
function isToldOtherwise(
  { tree, verdictOf }: FileMoment,
  { sites: [{ file, id }, other] }: Pairing,
  { shape, first, second }: SharedOrder,
): boolean {
  const name = bareName(other) ?? '';
  const site = tree.site({ file, id })?.site;
  const isItself = site?.function === name;
  const fields = new Set([first, second].map(fieldName));
  const isLost =
    site !== undefined &&
    isJudged(site) &&
    tree
      .claims(file, id)
      .some(({ claim, status }) => status !== 'resolved' && claim.functions.includes(name));
  const there = tree
    .partnerships(file, id)
    .filter(({ partner }) => partner.site.function === name)
    .filter(
      ({ pairing: { orders, sources } }) =>
        sources.includes('claimed') || (orders.length > 0 && !isItself),
    )
    .map(({ pairing }) => ({
      answer: verdictOf(pairing)?.answer,
      isOfFields: pairing.orders.length > 0,
    }));
  return (
    isLost ||
    there.some(
      ({ answer, isOfFields }) =>
        answer?.verdict.kind === 'broken' ||
        (isOfFields &&
          answer?.orders.some(
            ({ order }) =>
              order.shape === shape &&
              [order.first, order.second].every((field) => fields.has(fieldName(field))),
          )),
    )
  );
}

/** Whether a helper in another file, which makes both accesses for the function, is told to miss the order. */
function isToldOfHelper(
  { file, tree, verdictOf }: FileMoment,
  { sites: [barrier] }: Pairing,
  { first, second, accesses: [, [one, other]] }: SharedOrder,
): boolean {
  const home = one.innerFile;
  const helper = one.via.at(-1);
  if (home === undefined || home === file || home !== other.innerFile) return false;
  if (helper === undefined || helper !== other.via.at(-1)) return false;
  const fields = new Set([first, second].map(fieldName));
  return tree
    .idiomsIn(home)
    .filter(isOneSided)
    .some(
      (each) =>
        refKey(each.sites[0]) === refKey(barrier) &&
        each.sites[1].file === home &&
        bareName(each.sites[1]) === helper &&
        each.orders.some((order) =>
          [order.first, order.second].every((field) => fields.has(fieldName(field))),
        ) &&
        verdictOf(each)?.answer?.verdict.kind === 'broken',
    );
}

/** Whether there is a barrier in the function at all: then it does not stand where it would help. */
function hasBarrier(tree: Tree, { sites: [, ref] }: Pairing): boolean {
  const name = bareName(ref);
  return name !== undefined && tree.sitesIn(ref.file, name).some(({ explicit }) => explicit);
}

function placeKey({ span }: Finding): string {
  return `${span.start}:${span.end}`;
}

function bareFinding(moment: FileMoment, pairing: Pairing): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(pairing) ?? {};
  if (answer === undefined || currency !== 'current' || answer.verdict.kind !== 'broken') return [];
  const placed = moment.tree.site(pairing.sites[0]);
  const { order, bad } = decisive(answer)!;
  if (placed === undefined || isToldOtherwise(moment, pairing, order)) return [];
  if (isToldOfHelper(moment, pairing, order)) return [];
  const [first, last] = order.accesses[1];
  const [one, other] = [shownField(first.field), shownField(last.field)];
  const where = `in ${bareName(pairing.sites[1])}()`;
  const what = hasBarrier(moment.tree, pairing)
    ? `${one} is not always ordered before ${other} ${where}`
    : `nothing orders ${one} before ${other} ${where}`;
  const message = `${what}, as ${siteTitle(placed.site)} does on the other side: ${bad}`;
  const barrier = {
    file: placed.file,
    span: placed.site.span,
    line: placed.site.line,
    message: `${siteTitle(placed.site)} has no partner here`,
  };
  const brief = `no such order ${where}`;
  const related = [barrier, ...stepsOf(moment, answer)];
  const isHere = placed.file === moment.file;
  return [
    { span: last.span, message, brief, related, ...(isHere && { partnerOf: placed.site.id }) },
  ];
}

function finding(moment: FileMoment, site: Site, pairing: Pairing): readonly Finding[] {
  const { answer, currency } = moment.verdictOf(pairing) ?? {};
  if (answer === undefined || currency !== 'current' || answer.verdict.kind !== 'broken') return [];
  const other = moment.tree.site(pairing.sites[1])?.site;
  return [
    {
      partnerOf: site.id,
      span: site.span,
      message: `nothing in ${other?.function}() pairs with it: ${decisive(answer)?.bad}`,
      brief: `no partner: nothing in ${other?.function}() orders`,
      related: stepsOf(moment, answer),
    },
  ];
}
