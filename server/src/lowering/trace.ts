/** Traces statements of the program to the C they come from, and numbers the uses of a primitive. */

import type { Statement as CStatement } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import { type Frame, type Lowering, type Scope, shifted } from './context.ts';
import type { OrderingSite } from './lowering.ts';
import type { Trace } from './machine.ts';

/** The trace of what happens at `span`; inside a macro or the library, the trace of its use. A site
 *  is `file:function:primitive:ordinal`, for what is no primitive `file:function:@offset`. */
export function traceOf({ frame, via }: Scope, span: Span, primitive = ''): Trace {
  if (via !== undefined) return via;
  const known = traces.get(span) ?? new Map<string, Trace>();
  traces.set(span, known);
  const trace = known.get(primitive) ?? newTrace(frame, span, primitive);
  known.set(primitive, trace);
  return trace;
}

/** By the place in the syntax tree, which is always of the same function. */
const traces = new WeakMap<Span, Map<string, Trace>>();

/** Stands in a site before the distance from where its function begins. */
export const OFFSET_MARK = ':@';

function newTrace(frame: Frame, span: Span, primitive: string): Trace {
  const place = shifted(span, frame.shift);
  const within = `${frame.file}:${frame.name}`;
  const base = { file: frame.file, span: place, function: frame.name };
  const origin =
    primitive === ''
      ? { ...base, site: `${within}${OFFSET_MARK}${span.start - frame.start}` }
      : { ...base, primitive, site: `${within}:${primitive}:${ordinalOf(frame, primitive, span)}` };
  return { span: place, origin };
}

/** Reports that the statement traced to `trace` orders accesses. */
export function reportSite(
  lowering: Lowering,
  { origin }: Trace,
  device: OrderingSite['device'],
): void {
  const { site, primitive = '' } = origin;
  const ordinal = Number(site.slice(site.lastIndexOf(':') + 1));
  const place = { file: origin.file, span: origin.span };
  lowering.report.site({ site, place, function: origin.function, primitive, ordinal, device });
}

const uses = new WeakMap<readonly CStatement[], ReadonlyMap<string, readonly number[]>>();

/** Counts the uses of `name` in the text of the function, from 1. */
function ordinalOf(frame: Frame, name: string, { start }: Span): number {
  const known = uses.get(frame.body);
  const places = known ?? usesIn(frame.body);
  if (known === undefined) uses.set(frame.body, places);
  return 1 + (places.get(name) ?? []).filter((place) => place < start).length;
}

/** Where names are called, or loops made by them, in text order. */
function usesIn(body: readonly CStatement[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const use = usedName(node as Partial<Use>);
    if (use !== undefined) places.set(use.name, [...(places.get(use.name) ?? []), use.start]);
    Object.values(node).forEach(visit);
  };
  visit(body);
  return places;
}

interface Use {
  readonly kind: string;
  readonly callee: { readonly kind: string; readonly name?: string };
  readonly macro: string;
  readonly macroSpan: Span;
  readonly span: Span;
}

function usedName(
  node: Partial<Use>,
): { readonly name: string; readonly start: number } | undefined {
  if (node.kind === 'macro-loop') return { name: node.macro!, start: node.macroSpan!.start };
  if (node.kind !== 'call' || node.callee?.kind !== 'identifier') return undefined;
  return { name: node.callee.name!, start: node.span!.start };
}
