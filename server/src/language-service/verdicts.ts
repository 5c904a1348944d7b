/** Keeps the verdicts of pairings: which are known, whether they still speak of the text, what is to be solved next. */

import type { Pairing } from '../pairing/pairing.ts';
import type { OpenPairingCheck } from '../proof/open-check.ts';
import type { Engine, FileTexts } from './engine.ts';
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

interface Solved {
  /** The text that the answer depends on. */
  readonly source: string;
  readonly answer: OpenPairingCheck;
}

/** How many calls deep a function's text is followed when asking whether a verdict is stale. */
const DEPTH = 2;

/** No verdicts yet. */
export function createVerdicts(engine: Engine): Verdicts {
  let solved: ReadonlyMap<string, Solved> = new Map();
  let queue:
    | { readonly tree: Tree; readonly focus: ReadonlySet<string>; waiting: Pairing[] }
    | undefined;

  const refill = (tree: Tree, focus: ReadonlySet<string>, texts: FileTexts): Pairing[] => {
    if (queue?.tree !== tree || queue.focus !== focus) {
      const waiting = tree.pairing.pairings.filter(
        (pairing) =>
          pairing.sites.some(({ file }) => focus.has(file)) &&
          solved.get(pairingKey(pairing))?.source !== sourceOf(pairing, tree, texts),
      );
      queue = { tree, focus, waiting: waiting.sort((a, b) => a.score - b.score) };
    }
    return queue.waiting;
  };

  const solveOne = (pairing: Pairing, tree: Tree, texts: FileTexts) => {
    const source = sourceOf(pairing, tree, texts);
    const answer = engine.verdict(pairing, tree, texts);
    solved = new Map(solved).set(pairingKey(pairing), { source, answer });
  };

  return {
    view(tree, texts) {
      const then = solved;
      return (pairing) => {
        const known = then.get(pairingKey(pairing));
        if (known === undefined) return { currency: 'running' };
        const current = known.source === sourceOf(pairing, tree, texts);
        return { answer: known.answer, currency: current ? 'current' : 'stale' };
      };
    },
    work(tree, focus, texts) {
      const pairing = refill(tree, focus, texts).pop();
      if (pairing === undefined) return undefined;
      solveOne(pairing, tree, texts);
      return new Set(pairing.sites.map(({ file }) => file));
    },
    solve(pairings, tree, texts) {
      for (const pairing of pairings)
        if (solved.get(pairingKey(pairing))?.source !== sourceOf(pairing, tree, texts))
          solveOne(pairing, tree, texts);
    },
  };
}

/** The text of the functions of both sides and of what they call in their files. */
function sourceOf(pairing: Pairing, tree: Tree, texts: FileTexts): string {
  return pairing.sites
    .map((ref) => {
      const site = tree.site(ref)?.site;
      return site === undefined ? '' : functionTexts(ref.file, site.function, tree, texts);
    })
    .join('\n');
}

function functionTexts(file: string, name: string, tree: Tree, texts: FileTexts): string {
  const text = texts.textOf(file) ?? '';
  const functions = new Map(tree.facts(file)?.functions.map((fact) => [fact.name, fact]));
  const names = new Set([name]);
  for (let depth = 0; depth < DEPTH; depth++)
    for (const known of [...names])
      for (const called of functions.get(known)?.calls ?? []) names.add(called);
  return [...names]
    .map((known) => functions.get(known)?.span)
    .map((span) => (span === undefined ? '' : text.slice(span.start, span.end)))
    .join('\n');
}
