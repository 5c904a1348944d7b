/** The options of the kernel without which the code that is asked about is not there. */

import { optionsAround } from '../lowering/configuration.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { isOptionQuestion } from '../lowering/macros-in-force.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import { everyStatement } from '../syntax/walk.ts';
import { contains, type Span } from '../text/span.ts';
import type { Protocol } from './protocol.ts';

/** The options without which what is asked about is not there, or is not come to. */
export function requiredBy(
  places: Protocol['places'],
  texts: readonly SourceText[],
): ReadonlySet<string> {
  const around = places.flatMap(({ file, span }) => {
    const parsed = texts.find((text) => text.file === file)?.parsed;
    if (parsed === undefined) return [];
    const own = parsed.functions.find((definition) => contains(definition.span, span));
    return [
      ...optionsAround(parsed.conditionals, span),
      ...(own === undefined ? [] : optionsTested(own.body, span)),
    ];
  });
  return new Set(around);
}

/** The options that `IS_ENABLED()` and its like ask for on the way to a place: in the condition of a branch around it, or
 *  of one before it that leaves where they are not set (Documentation/process/coding-style.rst, 21). */
function optionsTested(body: readonly Statement[], { start, end }: Span): readonly string[] {
  return everyStatement(body).flatMap((statement) => {
    if (statement.kind !== 'if') return [];
    const { condition, then } = statement;
    if (contains(then.span, { start, end })) return setWhere(condition, true);
    return statement.span.end <= start && statement.otherwise === undefined && isLeaving(then)
      ? setWhere(condition, false)
      : [];
  });
}

/** The options that are set wherever a condition has a value. */
function setWhere(condition: Expression, isTrue: boolean): readonly string[] {
  switch (condition.kind) {
    case 'unary':
      return condition.operator === '!' ? setWhere(condition.operand, !isTrue) : [];
    case 'binary': {
      const { operator, left, right } = condition;
      const isEach = operator === (isTrue ? '&&' : '||');
      return isEach ? [left, right].flatMap((side) => setWhere(side, isTrue)) : [];
    }
    case 'call': {
      const { callee, arguments: given } = condition;
      const [option] = given;
      const isQuestion = callee.kind === 'identifier' && isOptionQuestion(callee.name);
      return isTrue && isQuestion && option?.kind === 'identifier' ? [option.name] : [];
    }
    default:
      return [];
  }
}

/** Whether a statement ends the function: what only leaves a loop, or goes elsewhere in it, may come to what stands behind. */
function isLeaving(statement: Statement): boolean {
  const last = statement.kind === 'block' ? statement.body.at(-1) : statement;
  return last?.kind === 'return';
}

/** The options without which a variable or a member is declared nowhere. */
export function declaredUnder(field: string, texts: readonly SourceText[]): readonly string[] {
  const [name = '', ...path] = field.split('.');
  const member = path[0]?.replace(/^\*/, '');
  // A text is only parsed where it has the names.
  const declared = texts
    .filter(({ text }) => text.includes(name) && (member === undefined || text.includes(member)))
    .flatMap(({ parsed }) => {
      const spans =
        member === undefined
          ? parsed.globals.filter((global) => global.name === name).map(({ nameSpan }) => nameSpan)
          : parsed.structs
              .filter((struct) => struct.name.replace(/^(?:struct|union) /, '') === name)
              .flatMap(({ fields }) => fields.filter((each) => each.name === member))
              .map(({ span }) => span);
      return spans.map((span) => optionsAround(parsed.conditionals, span));
    });
  return declared.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
