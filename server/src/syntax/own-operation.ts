/**
 * Operations of a project's own: a call of one is read as the call of the kernel's operation that it stands for. They are
 * given as the macros of a text that counts as a header of every file.
 */

import type { Span } from '../text/span.ts';
import type { Expression, SourceFile } from './ast.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** What a call stands for, in terms of its arguments. */
export interface OwnOperation {
  readonly parameters: readonly string[];
  readonly call: Call;
}

export type OwnOperations = ReadonlyMap<string, OwnOperation>;

/** The name of the file whose operations are meant. */
export const PROJECT_FILE = '.barrierlens.toml';

/** Whether a text is that of a project's own operations. */
export function hasOwnOperations({ path }: { readonly path: string }): boolean {
  return path.endsWith(`/${PROJECT_FILE}`);
}

/** The operations that `source` has as macros; `parse` reads their bodies. A body that is no call is none. */
export function ownOperations(
  { macros }: Pick<SourceFile, 'macros'>,
  parse: (text: string) => SourceFile,
): OwnOperations {
  return new Map(
    macros.flatMap(({ name, parameters, body }) => {
      const [statement] = parse(`void f(void) { ${body}; }`).functions[0]?.body ?? [];
      return parameters !== undefined &&
        statement?.kind === 'expression' &&
        statement.expression.kind === 'call'
        ? [[name, { parameters, call: statement.expression }] as const]
        : [];
    }),
  );
}

/** The operation on the arguments that it was given; undefined where their number is another. All that was not written
 *  at the call has its span. */
export function applied(
  { parameters, call }: OwnOperation,
  given: readonly Expression[],
  span: Span,
): Expression | undefined {
  if (given.length !== parameters.length) return undefined;
  const byName = new Map(parameters.map((name, at) => [name, given[at]!]));
  return inTermsOf(call, byName, span);
}

function inTermsOf(
  expression: Expression,
  given: ReadonlyMap<string, Expression>,
  span: Span,
): Expression {
  const again = (part: Expression) => inTermsOf(part, given, span);
  switch (expression.kind) {
    case 'identifier':
      return given.get(expression.name) ?? { ...expression, span };
    case 'call': {
      const { callee, arguments: own } = expression;
      return { ...expression, callee: again(callee), arguments: own.map(again), span };
    }
    case 'field':
      return { ...expression, base: again(expression.base), nameSpan: span, span };
    case 'index': {
      const { base, index } = expression;
      return { ...expression, base: again(base), index: again(index), span };
    }
    case 'unary':
    case 'cast':
      return { ...expression, operand: again(expression.operand), span };
    case 'binary': {
      const { left, right } = expression;
      return { ...expression, left: again(left), right: again(right), span };
    }
    default:
      return { ...expression, span };
  }
}
