/** Formulas that hold at no end, whatever the threads do: one thing is to have two values. */

import type { Proposition } from '../program/program.ts';
import type { Equation } from '../program/proposition.ts';

/** What one thing is to be, and what it is not to be, with the equations that say so. */
interface Said {
  readonly values: Map<string, Equation>;
  readonly others: Map<string, Equation>;
}

/** Two comparisons that are asked for together and never hold so; undefined where there are none. */
export function contradiction(proposition: Proposition): readonly [Equation, Equation] | undefined {
  return contradictionIn(proposition, true, new Map());
}

/** Looks through what holds together with what is known; alternatives are looked at each for itself. */
function contradictionIn(
  part: Proposition,
  holds: boolean,
  known: Map<string, Said>,
): readonly [Equation, Equation] | undefined {
  switch (part.kind) {
    case 'true':
      return undefined;
    case 'not':
      return contradictionIn(part.operand, !holds, known);
    case 'equals':
      return against({ ...part, negated: part.negated === holds }, known);
    default: {
      const isTogether = (part.kind === 'and') === holds;
      const isLeftDenied = part.kind === 'implies';
      const around = isTogether ? known : undefined;
      return (
        contradictionIn(part.left, holds !== isLeftDenied, around ?? new Map()) ??
        contradictionIn(part.right, holds, around ?? new Map())
      );
    }
  }
}

/** The equation before that cannot hold beside this one. */
function against(
  equation: Equation,
  known: Map<string, Said>,
): readonly [Equation, Equation] | undefined {
  const { left, right, negated } = equation;
  if (right.kind !== 'integer') return undefined;
  const key = left.kind === 'register' ? `P${left.thread}:${left.name}` : left.name;
  const value = String(right.value);
  const said = known.get(key) ?? { values: new Map(), others: new Map() };
  known.set(key, said);
  const [first] = said.values;
  const isOther = first !== undefined && first[0] !== value;
  const other = negated ? said.values.get(value) : isOther ? first[1] : said.others.get(value);
  (negated ? said.others : said.values).set(value, equation);
  return other && [other, equation];
}
