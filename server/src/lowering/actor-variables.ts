/** The variables of an actor's own statements, by the scopes that C gives to names (C11 6.2.1). */

import type { Declarator, Expression, FunctionDefinition, Statement } from '../syntax/ast.ts';
import { everyExpression, expressionsOf, innerStatements } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';

/** What an actor's statements say of variables. */
export interface ActorVariables {
  /** Those that are there at the end, each with its declaration, or without one where it is only assigned. What is
   *  only assigned may also be an object or a function of that name. */
  readonly atEnd: ReadonlyMap<string, Declarator | undefined>;
  /** Names of inner blocks, and of static variables: nothing of them is there at the end. */
  readonly hidden: ReadonlySet<string>;
  /** Second declarations of a name in the same block, and declarations behind the first use. */
  readonly twice: readonly { readonly name: string; readonly span: Span }[];
}

/** The names that are declared around a place. */
interface Names {
  readonly own: Set<string>;
  readonly outer?: Names;
}

export function actorVariables({ body }: Pick<FunctionDefinition, 'body'>): ActorVariables {
  const atEnd = new Map<string, Declarator | undefined>();
  const hidden = new Set<string>();
  const twice: { name: string; span: Span }[] = [];
  const outermost: Names = { own: new Set() };

  const declare = (declarator: Declarator, names: Names): void => {
    const { name, nameSpan, isStatic, isExtern, type } = declarator;
    if (isExtern === true || type.derived?.[0]?.kind === 'function') {
      names.own.add(name);
      return;
    }
    if (names.own.has(name) || (names === outermost && atEnd.has(name)))
      twice.push({ name, span: nameSpan });
    names.own.add(name);
    if (names === outermost && isStatic !== true) atEnd.set(name, declarator);
    else hidden.add(name);
  };
  const visitExpression = (whole: Expression, names: Names): void => {
    for (const expression of everyExpression(whole)) {
      const name = assignedBy(expression);
      if (name !== undefined && !isDeclared(name, names) && !atEnd.has(name))
        atEnd.set(name, undefined);
      if (expression.kind === 'statement-expression') visitAll(expression.body, inside(names));
    }
  };
  const visitAll = (statements: readonly Statement[], names: Names): void => {
    for (const statement of statements) visit(statement, names);
  };
  const visit = (statement: Statement, names: Names): void => {
    if (statement.kind === 'declaration') {
      for (const declarator of statement.declarators) {
        declare(declarator, names);
        if (declarator.initial !== undefined) visitExpression(declarator.initial, names);
      }
      return;
    }
    const isSame = statement.kind === 'label' || statement.kind === 'preprocessor-if';
    const within = isSame ? names : inside(names);
    if (statement.kind === 'for' && statement.initial !== undefined)
      visit(statement.initial, within);
    for (const expression of expressionsOf(statement)) visitExpression(expression, within);
    const initial = statement.kind === 'for' ? statement.initial : undefined;
    visitAll(
      innerStatements(statement).filter((inner) => inner !== initial),
      within,
    );
  };
  visitAll(body, outermost);
  return { atEnd, hidden, twice };
}

function inside(outer: Names): Names {
  return { own: new Set(), outer };
}

function isDeclared(name: string, names: Names): boolean {
  for (let at: Names | undefined = names; at !== undefined; at = at.outer)
    if (at.own.has(name)) return true;
  return false;
}

/** The variable that an expression itself assigns. */
function assignedBy(expression: Expression): string | undefined {
  const target =
    expression.kind === 'assign'
      ? expression.target
      : expression.kind === 'update'
        ? expression.operand
        : undefined;
  return target?.kind === 'identifier' ? target.name : undefined;
}
