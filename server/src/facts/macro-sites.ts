/** Sites in the bodies of macros, which are text and no C yet: that a primitive stands there is told, not
 *  what it orders. */

import { primitive } from '../kernel/primitives.ts';
import type { MacroDefinition, SourceFile } from '../syntax/ast.ts';
import type { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import type { FunctionFact, Site } from './file-facts.ts';
import { siteOrders } from './site-orders.ts';

/** A macro with sites, as a function that others can name. */
export interface MacroFacts {
  readonly fact: FunctionFact;
  readonly sites: readonly Site[];
}

/** The macros of a file that use an ordering primitive. */
export function macroFacts(source: SourceFile, lines: LineIndex): readonly MacroFacts[] {
  return source.macros.flatMap((macro) => {
    if (macro.parameters === undefined) return [];
    const sites = sitesIn(macro, source, lines);
    return sites.length === 0 ? [] : [{ fact: factOf(macro, lines), sites }];
  });
}

/** The macro as a function about which nothing but its place is known. */
function factOf({ name, span }: MacroDefinition, lines: LineIndex): FunctionFact {
  const line = lines.position(span.start).line + 1;
  const unknown = { calls: [], callSites: [], accesses: [], errors: [] };
  return { name, span, line, isStatic: false, ...unknown };
}

function sitesIn(
  { name, body, bodyStart }: MacroDefinition,
  { comments }: SourceFile,
  lines: LineIndex,
): readonly Site[] {
  return [...body.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].flatMap((match) => {
    const start = bodyStart + match.index;
    const inComment = comments.some(({ span }) => span.start <= start && start < span.end);
    if (inComment) return [];
    const span = { start, end: bodyStart + closing(body, match.index + match[0].length) };
    return siteNamed(match[1]!, name, span, lines);
  });
}

function siteNamed(name: string, macro: string, span: Span, lines: LineIndex): readonly Site[] {
  const row = primitive(name);
  if (row === undefined || (row.orders.length === 0 && !row.explicit)) return [];
  const { category, domain, explicit } = row;
  const { line, column } = lines.position(span.start);
  const named = {
    id: '',
    function: macro,
    primitive: name,
    category,
    domain,
    explicit,
    ordinal: 0,
  };
  const orders = siteOrders(row, { before: [], after: [], dependent: [] });
  const place = { span, line: line + 1, column: column + 1 };
  return [{ ...named, ...place, orders, claims: [], labels: [], uncertain: true }];
}

/** The end of the parentheses that are open at `at`. */
function closing(text: string, at: number): number {
  let open = 1;
  for (let index = at; index < text.length; index++) {
    if (text[index] === '(') open++;
    if (text[index] === ')' && --open === 0) return index + 1;
  }
  return text.length;
}
