/** Which names a model uses before or without defining them. */

import type { Binding, Expression, Instruction, Pattern } from './ast.ts';
import { DEFINED_BY_HERD, standardInstructions } from './library.ts';
import type { SourceSpan } from './source.ts';

export interface UndefinedName {
  readonly name: string;
  readonly span: SourceSpan;
}

/** The uses of undefined names in `instructions` (bell before cat, includes resolved), in their order.
 *  What stands behind `try` may be undefined. */
export function undefinedNames(instructions: readonly Instruction[]): readonly UndefinedName[] {
  const found: UndefinedName[] = [];
  const names = new Set(DEFINED_BY_HERD);
  walk([...standardInstructions, ...instructions], { names, procedures: new Set(), found });
  return found;
}

interface Walk {
  /** What is defined so far; grows with the instructions of one body. */
  readonly names: Set<string>;
  readonly procedures: Set<string>;
  readonly found: UndefinedName[];
}

function walk(instructions: readonly Instruction[], state: Walk): void {
  for (const instruction of instructions) visit(instruction, state);
}

function visit(instruction: Instruction, state: Walk): void {
  switch (instruction.kind) {
    case 'let':
      define(instruction.bindings, instruction.recursive, state);
      return;
    case 'check':
    case 'flag':
      examine(instruction.value, state);
      return;
    case 'with-from':
      examine(instruction.from, state);
      state.names.add(instruction.name);
      return;
    case 'procedure':
      walk(instruction.body, inside(state, instruction.parameter));
      state.procedures.add(instruction.name);
      return;
    case 'call':
      if (!state.procedures.has(instruction.name))
        state.found.push({ name: instruction.name, span: instruction.span });
      examine(instruction.argument, state);
      return;
    case 'forall':
      examine(instruction.from, state);
      walk(instruction.body, inside(state, [instruction.name]));
      return;
    case 'branch':
      walk(instruction.body, state);
      return;
    case 'enum':
      for (const tag of instruction.tags)
        state.names.add(tag.charAt(0).toUpperCase() + tag.slice(1));
      return;
    case 'include':
    case 'instructions':
    case 'show':
      return;
  }
}

function inside(state: Walk, more: Pattern): Walk {
  const names = more.filter((name) => name !== undefined);
  return { ...state, names: new Set([...state.names, ...names]) };
}

function define(bindings: readonly Binding[], recursive: boolean, state: Walk): void {
  const bound = bindings.flatMap(({ pattern }) => pattern);
  const seen = recursive ? inside(state, bound) : state;
  for (const { value } of bindings) examine(value, seen);
  for (const name of bound) if (name !== undefined) state.names.add(name);
}

function examine(expression: Expression, state: Walk): void {
  switch (expression.kind) {
    case 'name':
      if (!state.names.has(expression.name))
        state.found.push({ name: expression.name, span: expression.span });
      return;
    case 'tag':
    case 'empty':
    case 'universe':
      return;
    case 'set':
    case 'tuple':
      for (const element of expression.elements) examine(element, state);
      return;
    case 'unary':
      examine(expression.operand, state);
      return;
    case 'binary':
      examine(expression.left, state);
      examine(expression.right, state);
      return;
    case 'apply':
      examine(expression.callee, state);
      examine(expression.argument, state);
      return;
    case 'function':
      examine(expression.body, inside(state, expression.parameter));
      return;
    case 'let': {
      const inner = inside(state, []);
      define(expression.bindings, expression.recursive, inner);
      examine(expression.body, inner);
      return;
    }
    case 'try':
      examine(expression.otherwise, state);
      return;
    case 'match-set':
      examine(expression.value, state);
      examine(expression.empty, state);
      examine(expression.some, inside(state, [expression.element, expression.rest]));
      return;
    case 'match-tag':
      examine(expression.value, state);
      for (const { body } of expression.clauses) examine(body, state);
      if (expression.otherwise !== undefined) examine(expression.otherwise, state);
      return;
  }
}
