/** Keeps the verdicts of pairings: which are known, whether they still speak of the text, what is to be solved next. */

import { fieldName } from '../facts/file-facts.ts';
import type { Pairing, SharedOrder } from '../pairing/pairing.ts';
import type { OpenPairingCheck } from '../proof/open-check.ts';
import {
  type AskedTexts,
  askedTexts,
  isUntouched,
  movedPlace,
  type PresentTexts,
} from './asked-texts.ts';
import type { Engine, FileTexts } from './engine.ts';
import { movedCheck } from './moved-check.ts';
import { pairingKey, type Tree } from './tree.ts';
import type { ShownVerdict } from './verdict.ts';

export interface Verdicts {
  /** The verdicts as they stand now, for one tree; later work does not change the view. */
  readonly view: (tree: Tree, texts: FileTexts) => (pairing: Pairing) => ShownVerdict;
  /** Solves one pairing over a file of `focus`; returns the files it concerns, or undefined where none waits. */
  readonly work: (
    tree: Tree,
    focus: ReadonlySet<string>,
    texts: FileTexts,
  ) => ReadonlySet<string> | undefined;
  /** Solves these pairings, as far as they are not. */
  readonly solve: (pairings: readonly Pairing[], tree: Tree, texts: FileTexts) => void;
}

/** An answer with what it was made of. */
interface Solved {
  readonly answer: OpenPairingCheck;
  readonly asked: AskedTexts;
  /** The orders that the pairing was taken to be about. */
  readonly about: string;
}

/** No verdicts yet. */
export function createVerdicts(engine: Engine): Verdicts {
  const solved = new Map<string, Solved>();
  /** What views show: a copy, made anew where more was found since. */
  let shared: ReadonlyMap<string, Solved> | undefined;
  let queue:
    | { readonly tree: Tree; readonly focus: ReadonlySet<string>; waiting: Pairing[] }
    | undefined;

  const isSolved = (pairing: Pairing, now: PresentTexts): boolean => {
    const found = solved.get(pairingKey(pairing));
    return found !== undefined && isCurrent(found, pairing, now);
  };

  const refill = (tree: Tree, focus: ReadonlySet<string>, now: PresentTexts): Pairing[] => {
    if (queue?.tree !== tree || queue.focus !== focus) {
      const waiting = [...tree.pairing.pairings, ...tree.unpaired(), ...tree.idioms()].filter(
        (pairing) => pairing.sites.some(({ file }) => focus.has(file)) && !isSolved(pairing, now),
      );
      queue = { tree, focus, waiting: waiting.sort((a, b) => a.score - b.score) };
    }
    return queue.waiting;
  };

  const solveOne = (pairing: Pairing, tree: Tree, now: PresentTexts) => {
    const { check, sources } = engine.verdict(pairing, tree, now);
    const asked = askedTexts(sources, rootsOf(pairing, check, tree), now);
    const found = { answer: check, asked, about: aboutOf(pairing) };
    solved.set(pairingKey(pairing), found);
    shared = undefined;
  };

  return {
    view(tree, texts) {
      shared ??= new Map(solved);
      const then = shared;
      const now = { ...texts, facts: tree.facts };
      const shown = new Map<Pairing, ShownVerdict>();
      return (pairing) => {
        const before = shown.get(pairing);
        if (before !== undefined) return before;
        const verdict = shownNow(then.get(pairingKey(pairing)), pairing, now);
        shown.set(pairing, verdict);
        return verdict;
      };
    },
    work(tree, focus, texts) {
      const now = { ...texts, facts: tree.facts };
      const pairing = refill(tree, focus, now).pop();
      if (pairing === undefined) return undefined;
      solveOne(pairing, tree, now);
      return new Set(pairing.sites.map(({ file }) => file));
    },
    solve(pairings, tree, texts) {
      const now = { ...texts, facts: tree.facts };
      for (const pairing of pairings) if (!isSolved(pairing, now)) solveOne(pairing, tree, now);
    },
  };
}

function shownNow(found: Solved | undefined, pairing: Pairing, now: PresentTexts): ShownVerdict {
  if (found === undefined) return { currency: 'running' };
  const { answer, asked } = found;
  const currency = isCurrent(found, pairing, now) ? 'current' : 'stale';
  return { answer: movedCheck(answer, (place) => movedPlace(asked, now, place)), currency };
}

function isCurrent({ asked, about }: Solved, pairing: Pairing, now: PresentTexts): boolean {
  return about === aboutOf(pairing) && isUntouched(asked, now);
}

/** What of a pairing an answer rests on, wherever it comes from: two accesses of each side, by their fields. */
function aboutOf({ orders }: Pairing): string {
  return JSON.stringify(
    orders.map(({ shape, first, second, kinds, accesses }) => [
      shape,
      fieldName(first),
      fieldName(second),
      kinds,
      accesses.flat().map(({ file, caller, via }) => [file, caller, via.length]),
    ]),
  );
}

/** The functions of both sides, and the callers from which they are looked at. */
function rootsOf(
  { sites, orders }: Pairing,
  check: OpenPairingCheck,
  tree: Tree,
): ReadonlySet<string> {
  const own = sites.flatMap((ref) => tree.site(ref)?.site.function ?? []);
  const all: readonly SharedOrder[] = [...orders, ...check.orders.map(({ order }) => order)];
  const callers = all.flatMap(({ accesses }) =>
    accesses.flat().flatMap(({ caller }) => caller ?? []),
  );
  return new Set([...own, ...callers]);
}
