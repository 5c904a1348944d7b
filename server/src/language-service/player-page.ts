/** Executions on the source of their functions, as data: what a page steps through, in an editor and in a browser. */

import type { ExecutionStep } from '../proof/tell-execution.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/span.ts';

/** A part of a source file: a function, or the lines around a place. Lines count from 1. */
export interface Excerpt {
  readonly file: string;
  readonly title: string;
  readonly line: number;
  readonly lines: readonly string[];
}

export interface PageStep {
  readonly thread: number;
  /** The number of its excerpt; absent where it stands nowhere. */
  readonly excerpt?: number;
  readonly line: number;
  readonly where: string;
  readonly message: string;
  /** Its number in the picture, where there is one. */
  readonly event?: number;
  /** Whether it sees what has been overwritten: what a barrier would forbid. */
  readonly isStale: boolean;
  /** Whether it is a barrier that is taken away in this execution. */
  readonly isGone: boolean;
}

/** An execution that must not be: as the code is, or without barriers. */
export interface PageExecution {
  readonly title: string;
  /** What goes wrong, what is missing, what is accepted: a sentence each. */
  readonly about: readonly string[];
  /** Of one without barriers: these, and what is so with them. */
  readonly without: readonly {
    readonly name: string;
    readonly excerpt?: number;
    readonly line: number;
  }[];
  readonly with: string;
  /** Who the threads are, by their numbers, where that has been said: `updater`. */
  readonly names?: ThreadNames;
  readonly steps: readonly PageStep[];
}

export type ThreadNames = Readonly<Record<number, string>>;

/** What a page steps through. */
export interface PlayerPage {
  readonly executions: readonly PageExecution[];
  readonly excerpts: readonly Excerpt[];
}

/** So many lines around a place are shown where it is in no function. */
const AROUND = 8;

/** Where excerpts are taken from. */
export interface ExcerptSources {
  readonly textOf: (file: string) => string | undefined;
  /** The function that a place is in. */
  readonly functionAt: (place: Place) => FunctionPlace | undefined;
}

interface FunctionPlace {
  readonly name: string;
  readonly span: Place['span'];
}

export interface Excerpts {
  readonly all: readonly Excerpt[];
  /** The number of the excerpt that a place is in, and its line. */
  readonly around: (
    place: Place,
    name: string | undefined,
  ) => { readonly excerpt: number; readonly line: number };
}

/** No excerpts yet: each is taken once, when a place in it is asked for. */
export function excerptsOf({ textOf, functionAt }: ExcerptSources): Excerpts {
  const all: Excerpt[] = [];
  const known = new Map<string, number>();
  const indexes = new Map<string, LineIndex>();
  return {
    all,
    around({ file, span }, name) {
      const text = textOf(file) ?? '';
      const index = indexes.get(file) ?? new LineIndex(text);
      indexes.set(file, index);
      const lineAt = (offset: number) => index.position(offset).line;
      const line = lineAt(span.start);
      const body = functionAt({ file, span });
      const from = body === undefined ? Math.max(0, line - AROUND) : lineAt(body.span.start);
      const to = body === undefined ? line + AROUND : lineAt(body.span.end);
      const key = `${file}:${from}:${to}`;
      const excerpt = known.get(key) ?? all.length;
      if (!known.has(key)) {
        const title = `${file.slice(file.lastIndexOf('/') + 1)} ${body?.name ?? name ?? ''}()`;
        all.push({ file, title, line: from + 1, lines: text.split('\n').slice(from, to + 1) });
        known.set(key, excerpt);
      }
      return { excerpt, line: line + 1 };
    },
  };
}

/** The steps of an execution, of which the barriers at some lines are gone; `show` prints a place in few characters. */
export function pageSteps(
  steps: readonly ExecutionStep[],
  excerpts: Excerpts,
  show: (place: Place) => string,
  without: PageExecution['without'] = [],
): readonly PageStep[] {
  return steps.map(({ thread, place, function: name, message, source, event }) => {
    const at = place === undefined ? { line: 0 } : excerpts.around(place, name);
    const isFence = message.endsWith('()');
    const isThere = (gone: PageExecution['without'][number]) =>
      'excerpt' in at && gone.excerpt === at.excerpt && gone.line === at.line;
    return {
      thread,
      ...at,
      where: place === undefined ? '' : `${show(place).replace(/^.*\//, '')} ${name ?? ''}()`,
      message,
      ...(event !== undefined && { event }),
      isStale: source === 'overwritten',
      isGone: isFence && without.some(isThere),
    };
  });
}
