/** The one walker over propositions: their equations, long chains as balanced trees, and what they come to. */

import type { Observable, Proposition, Value } from './program.ts';

/** `x = 1`, `0:r1 != [y]`: what propositions are put together from. */
export type Equation = Proposition & { readonly kind: 'equals' };

/** One or more operands of an associative operator under a tree that is as flat as it can be: going through
 *  the conjunction of ten thousand takes no deep recursion. */
export function balanced<Tree>(
  operands: readonly [Tree, ...Tree[]],
  join: (left: Tree, right: Tree) => Tree,
): Tree {
  const [first, second, third] = operands;
  if (second === undefined) return first;
  if (third === undefined) return join(first, second);
  const middle = Math.ceil(operands.length / 2);
  const [one, ...others] = operands.slice(middle);
  const left: readonly [Tree, ...Tree[]] = [first, ...operands.slice(1, middle)];
  return join(balanced(left, join), balanced([one!, ...others], join));
}

/** The equations in a proposition, in the order of the text. */
export function equationsIn(proposition: Proposition): readonly Equation[] {
  const equations: Equation[] = [];
  const visit = (part: Proposition): void => {
    switch (part.kind) {
      case 'true':
        return;
      case 'equals':
        equations.push(part);
        return;
      case 'not':
        visit(part.operand);
        return;
      case 'and':
      case 'or':
      case 'implies':
        visit(part.left);
        visit(part.right);
    }
  };
  visit(proposition);
  return equations;
}

/** The proposition with another one in place of each of its equations. */
export function replaceEquations(
  proposition: Proposition,
  replace: (equation: Equation) => Proposition,
): Proposition {
  switch (proposition.kind) {
    case 'true':
      return proposition;
    case 'equals':
      return replace(proposition);
    case 'not':
      return { kind: 'not', operand: replaceEquations(proposition.operand, replace) };
    default: {
      const left = replaceEquations(proposition.left, replace);
      return { kind: proposition.kind, left, right: replaceEquations(proposition.right, replace) };
    }
  }
}

/** Whether one side of an equation is an observable, and no value. */
export function isObservable(side: Value | Observable): side is Observable {
  return side.kind === 'location' || side.kind === 'register';
}

/** The registers and locations that a proposition speaks of, one for each place in it. */
export function observablesIn(proposition: Proposition): readonly Observable[] {
  return equationsIn(proposition).flatMap(({ left, right }) =>
    isObservable(right) ? [left, right] : [left],
  );
}

/** Whether a proposition holds, given which of its equations do; undefined where what is known of them
 *  does not tell. */
export function truthOf(
  proposition: Proposition,
  holds: (equation: Equation) => boolean | undefined,
): boolean | undefined {
  switch (proposition.kind) {
    case 'true':
      return true;
    case 'equals':
      return holds(proposition);
    case 'not':
      return negated(truthOf(proposition.operand, holds));
    case 'and': {
      const left = truthOf(proposition.left, holds);
      return left === false ? false : conjunction(left, truthOf(proposition.right, holds));
    }
    case 'or':
    case 'implies': {
      const one = truthOf(proposition.left, holds);
      const left = proposition.kind === 'or' ? one : negated(one);
      if (left === true) return true;
      return negated(conjunction(negated(left), negated(truthOf(proposition.right, holds))));
    }
  }
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function conjunction(left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  if (left === false || right === false) return false;
  return left === undefined || right === undefined ? undefined : true;
}
