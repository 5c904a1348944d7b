/** Traces statements of the program to the C they come from, and numbers the uses of a primitive. */

import type { FunctionDefinition } from '../syntax/ast.ts';
import { writtenCall } from '../syntax/macro-token.ts';
import type { Span } from '../text/span.ts';
import { type Frame, type Lowering, type Scope, shifted } from './context.ts';
import type { OrderingSite } from './lowering.ts';
import type { Trace } from './machine.ts';

/** The trace of what happens at `span`; of what a macro or the library brings, the trace of its use. A site
 *  is `file:function:primitive:ordinal`, for what is no primitive `file:function:@offset`. */
export function traceOf({ frame, via }: Scope, span: Span, done = ''): Trace {
  if (via !== undefined) return via;
  const brought = frame.replaced.get(span);
  const use = brought && writtenCall(brought);
  const primitive = use === undefined ? done : use.isCall ? use.macro : '';
  const known = traces.get(span) ?? new Map<string, Trace>();
  traces.set(span, known);
  const key = frame.isActor ? `${frame.name}:${frame.shift}:${primitive}` : primitive;
  const trace = known.get(key) ?? newTrace(frame, span, primitive);
  known.set(key, trace);
  return trace;
}

/** By the place in the syntax tree, which is always of the same function, but for the statements of actors: two of the same
 *  text are one tree. */
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

/** Counts the uses of `name` in the text of the function, from 1. */
function ordinalOf({ calls, start: from }: Frame, name: string, { start }: Span): number {
  return 1 + calls(name).filter((place) => from <= place && place < start).length;
}

/** The uses of macros in a function, by their spans. */
export function replacedIn(definition: FunctionDefinition | undefined): Frame['replaced'] {
  return new Map(definition?.replaced?.map((use) => [use.span, use]));
}
