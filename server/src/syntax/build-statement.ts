/** Builds statements, with the loops that macros make and the `#if`s that stand between statements. */

import { alternativesOf } from './alternatives.ts';
import type { Declarator, Expression, InnerCase, Statement, SwitchCase } from './ast.ts';
import {
  asmText,
  buildExpression,
  conditionOf,
  expressionList,
  innerExpression,
} from './build-expression.ts';
import { ownStruct } from './build-struct.ts';
import { declare, definedStruct, hasStorage, specifierType } from './build-type.ts';
import { typesDefined } from './defined-types.ts';
import { childIn, childOfKind, childrenOf, firstChild } from './flat-tree.ts';
import { DEEPEST, type Reading, spanOf, textOf, wordAt, wordSpan } from './reading.ts';

/** The statements inside a block, in text order. */
export function buildStatements(
  reading: Reading,
  block: number,
  depth: number,
): readonly Statement[] {
  return statementsOf(reading, childrenOf(reading.tree, block), depth);
}

function statementsOf(reading: Reading, nodes: readonly number[], depth: number): Statement[] {
  return nodes.flatMap((node) =>
    reading.tree.kind[node] === 'case_statement'
      ? innerCase(reading, node, depth)
      : [buildStatement(reading, node, depth)],
  );
}

/** The statement at `node`; what is none, or is nested too deeply, becomes `unknown`. */
function buildStatement(reading: Reading, node: number, depth: number): Statement {
  if (depth > DEEPEST) return unknownStatement(reading, node);
  const kind = reading.tree.kind[node]!;
  const build = Object.hasOwn(BUILDERS, kind) ? BUILDERS[kind] : undefined;
  return build?.(reading, node, depth + 1) ?? unknownStatement(reading, node);
}

function unknownStatement(reading: Reading, node: number): Statement {
  return { kind: 'unknown', text: textOf(reading, node), span: spanOf(reading, node) };
}

type Builder = (reading: Reading, node: number, depth: number) => Statement | undefined;

const BUILDERS: Readonly<Record<string, Builder>> = {
  expression_statement: buildExpressionStatement,
  declaration: buildDeclaration,
  type_definition: withoutNames,
  struct_specifier: withoutNames,
  union_specifier: withoutNames,
  enum_specifier: withoutNames,
  compound_statement: buildBlock,
  if_statement: buildIf,
  while_statement: buildWhile,
  do_statement: buildDo,
  for_statement: buildFor,
  switch_statement: buildSwitch,
  case_statement: buildInnerCase,
  goto_statement: buildGoto,
  labeled_statement: buildLabel,
  return_statement: buildReturn,
  break_statement: (reading, node) => ({ kind: 'break', span: spanOf(reading, node) }),
  continue_statement: (reading, node) => ({ kind: 'continue', span: spanOf(reading, node) }),
  preproc_if: buildPreprocessorIf,
  preproc_ifdef: buildPreprocessorIf,
};

function buildExpressionStatement(
  reading: Reading,
  node: number,
  depth: number,
): Statement | undefined {
  const span = spanOf(reading, node);
  const asm = asmText(reading, node);
  if (asm !== undefined) return { kind: 'asm', text: asm, span };
  const expression = innerExpression(reading, node, depth);
  if (expression?.kind === 'unknown' && /^goto\b/.test(expression.text)) return undefined;
  return expression === undefined
    ? { kind: 'empty', span }
    : { kind: 'expression', expression, span };
}

function buildDeclaration(reading: Reading, node: number, depth: number): Statement {
  return declaration(reading, node, buildDeclarators(reading, node, depth));
}

/** A declaration of types alone. */
function withoutNames(reading: Reading, node: number): Statement {
  return declaration(reading, node, []);
}

function declaration(
  reading: Reading,
  node: number,
  declarators: readonly Declarator[],
): Statement {
  const types = typesDefined(reading, node);
  const span = spanOf(reading, node);
  return { kind: 'declaration', declarators, ...(types && { types }), span };
}

/** The names that a `declaration` declares, with their first values. */
export function buildDeclarators(
  reading: Reading,
  declaration: number,
  depth: number,
): Declarator[] {
  const { tree } = reading;
  const struct = definedStruct(reading, declaration);
  const definition =
    struct === undefined || childIn(tree, struct, 'name') !== undefined
      ? undefined
      : ownStruct(reading, struct);
  const base = { ...specifierType(reading, declaration), ...(definition && { definition }) };
  const isStatic = hasStorage(reading, declaration, /^static$/);
  const isExtern = hasStorage(reading, declaration, /^extern$/);
  return childrenOf(tree, declaration)
    .filter((child) => tree.field[child] === 'declarator')
    .map((child) => {
      const declared = declare(reading, base, child);
      const value = childIn(tree, child, 'value');
      const { name, nameSpan, type } = declared;
      const declarator: Declarator = {
        name,
        nameSpan,
        type,
        isStatic,
        ...(isExtern && { isExtern }),
        span: spanOf(reading, child),
      };
      if (value === undefined || tree.kind[child] !== 'init_declarator') return declarator;
      return { ...declarator, initial: buildExpression(reading, value, depth) };
    });
}

function buildBlock(reading: Reading, node: number, depth: number): Statement {
  return {
    kind: 'block',
    body: buildStatements(reading, node, depth),
    span: spanOf(reading, node),
  };
}

function bodyOf(reading: Reading, node: number, depth: number): Statement {
  const body = childIn(reading.tree, node, 'body');
  return body === undefined
    ? unknownStatement(reading, node)
    : buildStatement(reading, body, depth);
}

/** A loop that a macro makes was parsed as `while` or, where its name is short, `if`. */
function macroLoop(
  reading: Reading,
  node: number,
  body: Statement,
  depth: number,
): Statement | undefined {
  const macro = wordAt(reading, node);
  if (macro === 'while' || macro === 'if') return undefined;
  return {
    kind: 'macro-loop',
    macro,
    macroSpan: wordSpan(reading, node),
    arguments: macroArguments(reading, node, depth),
    body,
    span: spanOf(reading, node),
  };
}

function macroArguments(reading: Reading, node: number, depth: number): readonly Expression[] {
  const condition = childIn(reading.tree, node, 'condition');
  if (condition === undefined || /^[^(]?\(\s*\)$/.test(textOf(reading, condition))) return [];
  const inner = firstChild(reading.tree, condition);
  return inner === undefined ? [] : expressionList(reading, inner, depth);
}

function buildIf(reading: Reading, node: number, depth: number): Statement {
  const then = childIn(reading.tree, node, 'consequence');
  const body =
    then === undefined ? unknownStatement(reading, node) : buildStatement(reading, then, depth);
  const loop = macroLoop(reading, node, body, depth);
  if (loop !== undefined) return loop;
  const clause = childIn(reading.tree, node, 'alternative');
  const alternative = clause === undefined ? undefined : childrenOf(reading.tree, clause).at(-1);
  const condition = conditionOf(reading, node, depth);
  const span = spanOf(reading, node);
  // biome-ignore-start lint/suspicious/noThenProperty: the name that branches have in programs too.
  if (alternative === undefined) return { kind: 'if', condition, then: body, span };
  return {
    kind: 'if',
    condition,
    then: body,
    otherwise: buildStatement(reading, alternative, depth),
    span,
  };
  // biome-ignore-end lint/suspicious/noThenProperty: as above.
}

function buildWhile(reading: Reading, node: number, depth: number): Statement {
  const body = bodyOf(reading, node, depth);
  const loop = macroLoop(reading, node, body, depth);
  return (
    loop ?? {
      kind: 'while',
      condition: conditionOf(reading, node, depth),
      body,
      span: spanOf(reading, node),
    }
  );
}

function buildDo(reading: Reading, node: number, depth: number): Statement {
  return {
    kind: 'do',
    body: bodyOf(reading, node, depth),
    condition: doCondition(reading, node, depth),
    span: spanOf(reading, node),
  };
}

/** `do { } while_each_thread(g, t);`: the condition is a call of the macro. */
function doCondition(reading: Reading, node: number, depth: number): Expression {
  const keyword = childOfKind(reading.tree, node, 'while');
  if (keyword === undefined || wordAt(reading, keyword) === 'while')
    return conditionOf(reading, node, depth);
  const callee: Expression = {
    kind: 'identifier',
    name: wordAt(reading, keyword),
    span: wordSpan(reading, keyword),
  };
  const span = reading.place(reading.tree.start[keyword]!, reading.tree.end[node]!);
  return { kind: 'call', callee, arguments: macroArguments(reading, node, depth), span };
}

function buildFor(reading: Reading, node: number, depth: number): Statement {
  const initial = childIn(reading.tree, node, 'initializer');
  const condition = childIn(reading.tree, node, 'condition');
  const update = childIn(reading.tree, node, 'update');
  return {
    kind: 'for',
    ...(initial === undefined ? {} : { initial: forInitializer(reading, initial, depth) }),
    ...(condition === undefined ? {} : { condition: buildExpression(reading, condition, depth) }),
    ...(update === undefined ? {} : { update: buildExpression(reading, update, depth) }),
    body: bodyOf(reading, node, depth),
    span: spanOf(reading, node),
  };
}

function forInitializer(reading: Reading, node: number, depth: number): Statement {
  if (reading.tree.kind[node] === 'declaration') return buildDeclaration(reading, node, depth);
  return {
    kind: 'expression',
    expression: buildExpression(reading, node, depth),
    span: spanOf(reading, node),
  };
}

function buildGoto(reading: Reading, node: number): Statement | undefined {
  const label = childIn(reading.tree, node, 'label');
  if (label === undefined) return undefined;
  return { kind: 'goto', label: wordAt(reading, label), span: spanOf(reading, node) };
}

function buildLabel(reading: Reading, node: number, depth: number): Statement {
  const label = wordAt(reading, node);
  const span = spanOf(reading, node);
  const inner = childrenOf(reading.tree, node).at(-1);
  if (inner === undefined || reading.tree.field[inner] === 'label')
    return { kind: 'label', label, span };
  return { kind: 'label', label, statement: buildStatement(reading, inner, depth), span };
}

function buildReturn(reading: Reading, node: number, depth: number): Statement {
  const value = innerExpression(reading, node, depth);
  const span = spanOf(reading, node);
  return value === undefined ? { kind: 'return', span } : { kind: 'return', value, span };
}

function buildPreprocessorIf(reading: Reading, node: number, depth: number): Statement {
  const branches = alternativesOf(reading, node).map(({ condition, nodes }) => ({
    condition,
    body: statementsOf(reading, nodes, depth),
  }));
  return { kind: 'preprocessor-if', branches, span: spanOf(reading, node) };
}

function buildSwitch(reading: Reading, node: number, depth: number): Statement {
  const body = childIn(reading.tree, node, 'body');
  const inner = body === undefined ? [] : innerCasesOf(reading, body, depth);
  return {
    kind: 'switch',
    value: conditionOf(reading, node, depth),
    cases: body === undefined ? [] : casesOf(reading, childrenOf(reading.tree, body), depth),
    ...(inner.length > 0 && { inner }),
    span: spanOf(reading, node),
  };
}

/** The cases of a switch that stand inside its statements (C11 6.8.4.2: a case belongs to the innermost switch). */
function innerCasesOf(reading: Reading, body: number, depth: number): readonly InnerCase[] {
  const found: InnerCase[] = [];
  const stack = [...childrenOf(reading.tree, body)].reverse();
  const own = new Set(stack.flatMap((node) => ownCases(reading, node)));
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const kind = reading.tree.kind[at]!;
    if (kind === 'switch_statement') continue;
    if (kind === 'case_statement' && !own.has(at)) {
      const { span: _, ...head } = caseHead(reading, at, depth);
      found.push({ ...head, label: caseLabel(at) });
    }
    for (const child of [...childrenOf(reading.tree, at)].reverse()) stack.push(child);
  }
  return found;
}

/** The node itself, or those under an `#if`, that stand directly in a switch. */
function ownCases(reading: Reading, node: number): readonly number[] {
  const kind = reading.tree.kind[node]!;
  if (kind === 'case_statement') return [node];
  if (!kind.startsWith('preproc_')) return [];
  return childrenOf(reading.tree, node).flatMap((child) => ownCases(reading, child));
}

/** No label of the user's is called so. */
function caseLabel(node: number): string {
  return `case ${node}`;
}

/** Whether it is the label of a `case` or `default` among statements. */
export function isCaseLabel(label: string): boolean {
  return label.startsWith('case ');
}

/** A case inside a statement of its switch: a label, and what follows it there. */
function innerCase(reading: Reading, node: number, depth: number): Statement[] {
  const { span } = caseHead(reading, node, depth);
  return [{ kind: 'label', label: caseLabel(node), span }, ...caseBody(reading, node, depth)];
}

/** Where one statement stands, it alone is labelled; the parser takes what follows for its own. */
function buildInnerCase(reading: Reading, node: number, depth: number): Statement | undefined {
  const [label, statement, ...others] = innerCase(reading, node, depth);
  if (label?.kind !== 'label' || statement === undefined || others.length > 0) return undefined;
  return { ...label, statement };
}

/** The cases among `nodes`. A statement after an `#if` inside a case is not in the case's node but
 *  follows it, and an `#if` can contain cases itself: its alternatives' cases stand in text order. */
const DECLARATIONS: ReadonlySet<string> = new Set([
  'declaration',
  'type_definition',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
]);

function casesOf(reading: Reading, nodes: readonly number[], depth: number): SwitchCase[] {
  const cases: { head: Omit<SwitchCase, 'body'>; body: Statement[] }[] = [];
  const visit = (node: number, level: number): void => {
    if (reading.tree.kind[node] === 'case_statement') {
      cases.push({ head: caseHead(reading, node, depth), body: caseBody(reading, node, depth) });
    } else if (isPreprocessorIf(reading, node) && containsCase(reading, node) && level < DEEPEST) {
      for (const { nodes: inner } of alternativesOf(reading, node))
        for (const child of inner) visit(child, level + 1);
    } else {
      if (cases.length === 0)
        cases.push({ head: { isBefore: true, span: spanOf(reading, node) }, body: [] });
      cases.at(-1)!.body.push(buildStatement(reading, node, depth));
    }
  };
  const first = nodes.findIndex((node) => !DECLARATIONS.has(reading.tree.kind[node]!));
  const leading = first === -1 ? nodes : nodes.slice(0, first);
  for (const node of nodes.slice(leading.length)) visit(node, depth);
  const declared = leading.map((node) => withoutValues(reading, node, depth));
  cases[0]?.body.unshift(...declared);
  return cases.map(({ head, body }) => ({ ...head, body }));
}

/** Names that are declared before the first case: those of all cases, with values that are never given. */
function withoutValues(reading: Reading, node: number, depth: number): Statement {
  const declarators = buildDeclarators(reading, node, depth).map(
    ({ initial: _, ...declarator }) => declarator,
  );
  return declaration(reading, node, declarators);
}

function isPreprocessorIf(reading: Reading, node: number): boolean {
  const kind = reading.tree.kind[node];
  return kind === 'preproc_if' || kind === 'preproc_ifdef';
}

/** Whether a `case` of the switch around it stands under the `#if`. */
function containsCase(reading: Reading, node: number): boolean {
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const child of childrenOf(reading.tree, at)) {
      const kind = reading.tree.kind[child]!;
      if (kind === 'case_statement') return true;
      if (kind.startsWith('preproc_')) stack.push(child);
    }
  }
  return false;
}

function caseHead(reading: Reading, node: number, depth: number): Omit<SwitchCase, 'body'> {
  const span = spanOf(reading, node);
  const value = childIn(reading.tree, node, 'value');
  if (value === undefined) return { span };
  return { ...caseRange(reading, value, depth), span };
}

/** The pre-pass wrote `||` over the `...` of a GNU range. */
function caseRange(
  reading: Reading,
  value: number,
  depth: number,
): Pick<SwitchCase, 'value' | 'to'> {
  const { tree, source } = reading;
  const operator = childIn(tree, value, 'operator');
  const left = childIn(tree, value, 'left');
  const right = childIn(tree, value, 'right');
  const isRange = operator !== undefined && source.startsWith('...', tree.start[operator]);
  if (!isRange || left === undefined || right === undefined)
    return { value: buildExpression(reading, value, depth) };
  return {
    value: buildExpression(reading, left, depth),
    to: buildExpression(reading, right, depth),
  };
}

function caseBody(reading: Reading, node: number, depth: number): Statement[] {
  const nodes = childrenOf(reading.tree, node).filter((child) => isCaseBody(reading, child));
  return statementsOf(reading, nodes, depth);
}

function isCaseBody(reading: Reading, child: number): boolean {
  const kind = reading.tree.kind[child]!;
  return (
    reading.tree.field[child] !== 'value' && kind !== 'case' && kind !== 'default' && kind !== ':'
  );
}
