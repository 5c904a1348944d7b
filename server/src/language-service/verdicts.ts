/** Keeps the verdicts of pairings: which are known, whether they still speak of the text, what is to be solved next. */

import { fieldName } from '../facts/file-facts.ts';
import type { Pairing } from '../pairing/pairing.ts';
import type { OpenPairingCheck } from '../proof/open-check.ts';
import {
  type AskedTexts,
  askedTexts,
  isUntouched,
  movedPlace,
  type PresentTexts,
} from './asked-texts.ts';
import { isLeftOut, TOO_MANY } from './crowded-files.ts';
import type { Engine, FileTexts, ProofQuestion, ProofSources, Proved } from './engine.ts';
import { noProof } from './guarded-engine.ts';
import { movedCheck } from './moved-check.ts';
import { pairingKey, type Tree } from './tree.ts';
import type { ShownVerdict } from './verdict.ts';
import { isNoteworthy } from './words.ts';

/** A pairing that waits for its proof, at the moment that it is asked in. */
export interface WaitingProof {
  readonly question: ProofQuestion;
  readonly sources: ProofSources;
}

/** One pass over what waits: looked up when it begins, as files may come by the dozen while it is proved. */
export interface ProofPass {
  /** Whether only pairings of barriers are proved: what functions do without one is looked for when all was read. */
  readonly isOfBarriers: boolean;
}

export interface Verdicts {
  /** The verdicts as they stand now, for one tree; later work does not change the view. */
  readonly view: (tree: Tree, texts: FileTexts) => (pairing: Pairing) => ShownVerdict;
  /** The next pairing over a file of `focus` that waits for its proof, of a pass or, without one, as the tree is now. */
  readonly next: (
    tree: Tree,
    focus: ReadonlySet<string>,
    texts: FileTexts,
    pass?: ProofPass,
  ) => WaitingProof | undefined;
  /** How many of those that `next` has looked at still wait. */
  readonly left: () => number;
  /** Takes the answer; returns the files it concerns. */
  readonly answered: (waiting: WaitingProof, answer: Proved) => ReadonlySet<string>;
  /** The proofs of these pairings, as far as they are not known. */
  readonly waiting: (
    pairings: readonly Pairing[],
    tree: Tree,
    texts: FileTexts,
  ) => readonly WaitingProof[];
  /** The same verdicts, apart: what is found there is not known here. */
  readonly copy: () => Verdicts;
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
  return verdictsOf(engine, new Map());
}

function verdictsOf(engine: Engine, solved: Map<string, Solved>): Verdicts {
  /** What views show: a copy, made anew where more was found since. */
  let shared: ReadonlyMap<string, Solved> | undefined;
  let queue:
    | { readonly of: Tree | ProofPass; readonly focus: ReadonlySet<string>; waiting: Pairing[] }
    | undefined;

  const isSolved = (pairing: Pairing, tree: Tree, now: PresentTexts): boolean => {
    if (isLeftOut(pairing, tree)) return true;
    const found = solved.get(pairingKey(pairing));
    return found !== undefined && isCurrent(found, pairing, now);
  };

  const refill = (
    tree: Tree,
    focus: ReadonlySet<string>,
    now: PresentTexts,
    pass: ProofPass | undefined,
  ): Pairing[] => {
    const of = pass ?? tree;
    if (queue?.of !== of || queue.focus !== focus) {
      const own = pass?.isOfBarriers
        ? tree.pairing.pairings.filter(({ sites }) => sites.some(({ file }) => focus.has(file)))
        : tree.everyPairingIn(...focus);
      const waiting = own.filter((pairing) => !isSolved(pairing, tree, now));
      queue = { of, focus, waiting: lastFirst(waiting, tree, focus) };
    }
    return queue.waiting;
  };

  const keep = (pairing: Pairing, answer: Proved, then: PresentTexts) => {
    const asked = askedTexts(answer, then);
    solved.set(pairingKey(pairing), { answer: answer.check, asked, about: aboutOf(pairing) });
    shared = undefined;
  };

  const waiting: Verdicts['waiting'] = (pairings, tree, texts) => {
    const now = { ...texts, facts: tree.facts };
    return pairings.flatMap((pairing) =>
      isSolved(pairing, tree, now) ? [] : (waitingFor(pairing, tree, texts) ?? []),
    );
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
        const verdict = isLeftOut(pairing, tree)
          ? NOT_ASKED
          : shownNow(then.get(pairingKey(pairing)), pairing, now);
        shown.set(pairing, verdict);
        return verdict;
      };
    },
    next(tree, focus, texts, pass) {
      const now = { ...texts, facts: tree.facts };
      for (;;) {
        const pairing = refill(tree, focus, now, pass).pop();
        if (pairing === undefined) return undefined;
        const waiting = waitingFor(pairing, tree, texts);
        if (waiting !== undefined) return waiting;
        keep(pairing, noProof('a side of it is not there any more'), now);
      }
    },
    left: () => queue?.waiting.length ?? 0,
    answered({ question: { pairing }, sources }, answer) {
      keep(pairing, answer, sources);
      return new Set(pairing.sites.map(({ file }) => file));
    },
    waiting,
    copy: () => verdictsOf(engine, new Map(solved)),
    solve(pairings, tree, texts) {
      for (const { question, sources } of waiting(pairings, tree, texts))
        keep(question.pairing, engine.verdict(question, sources), sources);
    },
  };
}

/** The last one is proved first: of the pairings that a lens of the open files tells, then of the others, the likeliest. */
function lastFirst(waiting: readonly Pairing[], tree: Tree, focus: ReadonlySet<string>): Pairing[] {
  const isTold = ({ sites }: Pairing) =>
    sites.some((ref) => {
      const placed = focus.has(ref.file) ? tree.site(ref) : undefined;
      return placed !== undefined && isNoteworthy(placed.site);
    });
  const sorted = [...waiting].sort((a, b) => a.score - b.score);
  return [...sorted.filter((each) => !isTold(each)), ...sorted.filter(isTold)];
}

const NOT_ASKED: ShownVerdict = { answer: noProof(TOO_MANY).check, currency: 'current' };

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

/** The question about a pairing; undefined where a side of it is not there any more. */
function waitingFor(pairing: Pairing, tree: Tree, texts: FileTexts): WaitingProof | undefined {
  const [one, other] = pairing.sites.map((ref) => {
    const placed = tree.site(ref);
    return placed && { file: placed.file, site: tree.completed(placed) };
  });
  if (one === undefined || other === undefined) return undefined;
  const { facts, functions } = tree;
  return { question: { pairing, sites: [one, other] }, sources: { ...texts, facts, functions } };
}
