/**
 * Brings what was lowered from definitions to where the same definitions stand after an edit elsewhere.
 *
 * A lowered program holds the very spans of the syntax trees it was made of. Two trees that are equal but
 * for spans say, span by span, where each of them stands now.
 */

import type { Origin } from '../program/program.ts';
import type { Span } from '../text/span.ts';
import { OFFSET_MARK } from './trace.ts';

/** Where a span of the earlier tree stands now. */
export interface Moved {
  readonly span: Span;
  /** How far the definition that it belongs to has moved. */
  readonly by: number;
}

/** The spans of an earlier tree, each with the one that has its place in the tree of now. */
export type MovedSpans = ReadonlyMap<Span, Moved>;

/** Two trees that are equal but for spans. */
export interface Paired {
  readonly spans: MovedSpans;
  /** Whether a span is elsewhere now; else the trees are equal. */
  readonly isMoved: boolean;
}

/** A tree and itself. */
export const SAME: Paired = { spans: new Map(), isMoved: false };

/** Pairs the spans of two definitions, of which `begins` tells where they begin; undefined where the
 *  definitions differ in more than spans. */
export function pairedSpans<Definition extends object>(
  before: Definition,
  now: Definition,
  begins: (definition: Definition) => number,
): Paired | undefined {
  if (before === now) return SAME;
  const last = compared.get(before);
  if (last?.now === now) return last.paired;
  const paired = pair(before, now, begins(now) - begins(before));
  compared.set(before, { now, paired });
  return paired;
}

/** What a definition was last compared with: several programs are made of the same ones. */
const compared = new WeakMap<
  object,
  { readonly now: object; readonly paired: Paired | undefined }
>();

function pair(before: object, now: object, by: number): Paired | undefined {
  const spans = new Map<Span, Moved>();
  let isMoved = false;
  const isSame = compare(before, now, (span, to) => {
    spans.set(span, { span: to, by });
    isMoved ||= span.start !== to.start || span.end !== to.end;
  });
  return isSame ? { spans, isMoved } : undefined;
}

/** Where the body of a macro begins: a place like a span, which nothing lowered depends on. */
const PLACES = new Set(['bodyStart']);

/** Whether two trees are equal but for spans, all of which are told to `found`. */
function compare(before: unknown, now: unknown, found: (span: Span, to: Span) => void): boolean {
  if (before === now) return true;
  if (!isTree(before) || !isTree(now)) return false;
  if (isSpan(before) && isSpan(now)) {
    found(before, now);
    return true;
  }
  const keys = Object.keys(before);
  return (
    keys.length === Object.keys(now).length &&
    keys.every((key) => PLACES.has(key) || (key in now && compare(before[key], now[key], found)))
  );
}

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function isSpan(tree: Tree): tree is Tree & Span {
  return typeof tree['start'] === 'number' && typeof tree['end'] === 'number';
}

/** The same data with its spans where they are now. What holds none of them stays the same object, and
 *  what was one object is one object again. */
export function withMovedSpans<Data extends object>(data: Data, moved: MovedSpans): Data {
  return moved.size === 0 ? data : (rebuilt(data, moved, new Map()) as Data);
}

function rebuilt(value: unknown, moved: MovedSpans, known: Map<object, object>): unknown {
  if (!isTree(value)) return value;
  const before = known.get(value);
  if (before !== undefined) return before;
  const made = isSpan(value) ? (moved.get(value)?.span ?? value) : copy(value, moved, known);
  known.set(value, made);
  return made;
}

function copy(value: Tree, moved: MovedSpans, known: Map<object, object>): object {
  const parts = Object.entries(value).map(
    ([key, part]) => [key, rebuilt(part, moved, known)] as const,
  );
  if (parts.every(([key, part]) => part === value[key])) return value;
  if (Array.isArray(value)) return parts.map(([, part]) => part);
  const made = Object.fromEntries(parts);
  return isOrigin(value) ? { ...made, site: movedSite(value, moved) } : made;
}

function isOrigin(tree: Tree): tree is Tree & Origin {
  return typeof tree['site'] === 'string' && typeof tree['span'] === 'object';
}

/** A site that is no primitive's is called after its distance from where its function begins. */
function movedSite({ site, span }: Origin, moved: MovedSpans): string {
  const mark = site.lastIndexOf(OFFSET_MARK);
  const now = moved.get(span);
  if (mark < 0 || now === undefined) return site;
  const offset = Number(site.slice(mark + OFFSET_MARK.length));
  return site.slice(0, mark + OFFSET_MARK.length) + (offset + now.span.start - span.start - now.by);
}

/** Several pairings as one. */
export function together(paired: readonly Paired[]): MovedSpans {
  const all = new Map<Span, Moved>();
  for (const { spans } of paired) for (const [span, to] of spans) all.set(span, to);
  return all;
}
