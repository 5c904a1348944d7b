/** Prints the AST in brief, so that a test can say what a piece of C means. */

import type { Declarator, Expression, Statement, TypeName } from '../../server/src/syntax/ast.ts';

/** `struct box**[]`: a type with its pointers and arrays. */
export function printType({ base, pointers, arrays, isFunction }: TypeName): string {
  return `${base}${'*'.repeat(pointers)}${'[]'.repeat(arrays)}${isFunction ? '()' : ''}`;
}

/** Calls and operators as lists with their head first. */
export function printExpression(expression: Expression): string {
  const list = (...parts: readonly string[]) => `(${parts.join(' ')})`;
  const print = printExpression;
  switch (expression.kind) {
    case 'identifier':
      return expression.name;
    case 'number':
    case 'string':
      return expression.text;
    case 'call':
      return list(print(expression.callee), ...expression.arguments.map(print));
    case 'field':
      return `${print(expression.base)}${expression.arrow ? '->' : '.'}${expression.name}`;
    case 'index':
      return `${print(expression.base)}[${print(expression.index)}]`;
    case 'unary':
      return list(expression.operator, print(expression.operand));
    case 'update':
      return expression.prefix
        ? list(expression.operator, print(expression.operand))
        : list(print(expression.operand), expression.operator);
    case 'binary':
      return list(expression.operator, print(expression.left), print(expression.right));
    case 'assign':
      return list(expression.operator, print(expression.target), print(expression.value));
    case 'conditional': {
      const { condition, consequence, alternative } = expression;
      return list('?', print(condition), consequence ? print(consequence) : '', print(alternative));
    }
    case 'cast':
      return list(`<${printType(expression.type)}>`, print(expression.operand));
    case 'sizeof':
    case 'offsetof':
      return 'sizeof';
    case 'generic': {
      const { control, associations } = expression;
      const values = associations.map(({ type, value }) =>
        list(type === undefined ? 'default' : printType(type), print(value)),
      );
      return list('_Generic', print(control), ...values);
    }
    case 'comma':
      return list(',', ...expression.parts.map(print));
    case 'statement-expression':
      return list(printStatements(expression.body));
    case 'initializer':
      return `{${expression.items
        .map(({ designator, value }) => (designator ? `${designator}=` : '') + print(value))
        .join(' ')}}`;
    case 'type':
      return `<${printType(expression.type)}>`;
    case 'evaluated':
      return '_';
    case 'unknown':
      return `?${expression.text}?`;
  }
}

/** Statements in braces. */
export function printStatements(body: readonly Statement[]): string {
  return `{${body.map(printStatement).join('; ')}}`;
}

export function printStatement(statement: Statement): string {
  const list = (...parts: readonly (string | undefined)[]) =>
    `(${parts.filter((part) => part !== undefined).join(' ')})`;
  const print = printExpression;
  const optional = (part: Expression | undefined) => (part === undefined ? undefined : print(part));
  switch (statement.kind) {
    case 'expression':
      return print(statement.expression);
    case 'declaration':
      return list('declare', ...statement.declarators.map(printDeclarator));
    case 'block':
      return printStatements(statement.body);
    case 'if': {
      const { condition, then, otherwise } = statement;
      return list(
        'if',
        print(condition),
        printStatement(then),
        otherwise && printStatement(otherwise),
      );
    }
    case 'while':
      return list('while', print(statement.condition), printStatement(statement.body));
    case 'do':
      return list('do', printStatement(statement.body), print(statement.condition));
    case 'for': {
      const { initial, condition, update, body } = statement;
      const head = [initial && printStatement(initial), optional(condition), optional(update)];
      return list('for', head.map((part) => part ?? '-').join(', '), printStatement(body));
    }
    case 'macro-loop':
      return list(
        'loop',
        statement.macro,
        ...statement.arguments.map(print),
        printStatement(statement.body),
      );
    case 'switch':
      return list(
        'switch',
        print(statement.value),
        ...statement.cases.map(({ value, to, body, isBefore }) => {
          const word = isBefore === true ? 'before' : 'default';
          const label = value === undefined ? word : print(value);
          return list(to === undefined ? label : `${label}..${print(to)}`, printStatements(body));
        }),
      );
    case 'goto':
      return list('goto', statement.label);
    case 'label':
      return list(
        `${statement.label}:`,
        statement.statement && printStatement(statement.statement),
      );
    case 'return':
      return list('return', optional(statement.value));
    case 'break':
    case 'continue':
    case 'asm':
    case 'empty':
      return list(statement.kind);
    case 'preprocessor-if':
      return list(
        ...statement.branches.map(
          ({ condition, body }) => `#${condition} ${printStatements(body)}`,
        ),
      );
    case 'unknown':
      return `?${statement.text}?`;
  }
}

function printDeclarator({ name, type, initial, isStatic }: Declarator): string {
  const value = initial === undefined ? '' : ` = ${printExpression(initial)}`;
  return `${isStatic ? 'static ' : ''}${printType(type)} ${name}${value}`;
}
