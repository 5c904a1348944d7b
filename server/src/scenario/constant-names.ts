/** Values of fields by the names that the code has for them: `klp_target_state = KLP_PATCHED`. */

import type { SourceText } from '../lowering/lowering.ts';

/** The name of a value of a field (`klp_func.transition`, `klp_target_state`); undefined where the code has none
 *  for it, or several. */
export type ConstantNames = (field: string, value: string) => string | undefined;

/** Names by what `texts` assign to fields and compare them with. Macros and enumerators are meant, which are in
 *  capitals; `worthOf` gives what they come to. Those of later texts win over those of earlier ones. */
export function constantNames(
  texts: readonly SourceText[],
  worthOf: (constant: string) => string | undefined,
): ConstantNames {
  let partners: Partners | undefined;
  const values = new Map<string, string | undefined>();
  const isWorth = (constant: string, value: string) => {
    if (!values.has(constant)) values.set(constant, worthOf(constant));
    return values.get(constant) === value;
  };
  return (field, value) => {
    partners ??= partnersIn(texts);
    const own = partners.get(lastName(field)) ?? new Map();
    const named = newest(own, value, isWorth);
    if (named !== undefined) return named;
    const others = [...own.keys()].filter((name) => !isConstant(name));
    const found = new Set(
      others.flatMap((name) => newest(partners?.get(name) ?? new Map(), value, isWorth) ?? []),
    );
    return found.size === 1 ? [...found][0] : undefined;
  };
}

/** By name: the names that it is assigned or compared with somewhere, each with the last text in which it is. */
type Partners = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** `a->state = NAME;`, `if (state == b->state)`, `.state = NAME,`: a name, and one or a member, with nothing behind. */
const COMPARED =
  /\b([A-Za-z_]\w*) ?(?:==|!=|=) ?(?:[A-Za-z_]\w*(?:->|\.))*([A-Za-z_]\w*)(?= ?(?:[;,)}?\n]|&&|\|\||\/\\|\\\/))/g;

/** A name for `true` or `false` says what it is for, not what the value is called. */
const TRUTH = /#[ \t]*define[ \t]+([A-Z][A-Z0-9_]*)[ \t]+(?:true|false)\b/g;

function partnersIn(texts: readonly SourceText[]): Partners {
  const truths = new Set(
    texts.flatMap(({ text }) => [...text.matchAll(TRUTH)].map(([, of]) => of)),
  );
  const partners = new Map<string, Map<string, number>>();
  for (const [at, { text }] of texts.entries())
    for (const [, name = '', other = ''] of text.matchAll(COMPARED))
      if (!truths.has(other))
        partners.set(name, (partners.get(name) ?? new Map<string, number>()).set(other, at));
  return partners;
}

/** The one constant of that value in the newest text that has one. */
function newest(
  partners: ReadonlyMap<string, number>,
  value: string,
  isWorth: (constant: string, value: string) => boolean,
): string | undefined {
  const fitting = [...partners].filter(([name]) => isConstant(name) && isWorth(name, value));
  const last = Math.max(...fitting.map(([, at]) => at));
  const [found, ...others] = fitting.filter(([, at]) => at === last);
  return others.length === 0 ? found?.[0] : undefined;
}

function isConstant(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name);
}

function lastName(field: string): string {
  return field.slice(field.lastIndexOf('.') + 1);
}
