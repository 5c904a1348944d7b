/** Builds what stands at file scope: functions, types, globals. Alternatives of an `#if` all count. */

import { contains } from '../text/span.ts';
import { alternativesOf } from './alternatives.ts';
import type { Declarator, FunctionDefinition, SourceFile, TypeName } from './ast.ts';
import { buildDeclarators, buildStatements } from './build-statement.ts';
import { addStruct } from './build-struct.ts';
import { declare, definedStruct, parametersOf, specifierType, UNKNOWN_TYPE } from './build-type.ts';
import { alignmentOfTypedef, tagsDefined } from './defined-types.ts';
import { childIn, childOfKind, childrenOf } from './flat-tree.ts';
import { DEEPEST, type Reading, spanOf } from './reading.ts';
import type { FunctionOutline } from './rewrite-file.ts';

/** The parts of a `SourceFile` that come from the tree of its text without its functions. */
export type FileScope = {
  readonly [part in
    | 'structs'
    | 'typedefs'
    | 'globals'
    | 'enumerators'
    | 'prototypes'
    | 'errors']: SourceFile[part];
};

/** The same while it is built. */
type Growing = { readonly [part in keyof FileScope]: FileScope[part][number][] };

/** Builds everything at file scope, in text order. What the tree takes for a function is none. */
export function buildFileScope(reading: Reading): FileScope {
  const scope: Growing = {
    structs: [],
    typedefs: [],
    globals: [],
    enumerators: [],
    prototypes: [],
    errors: reading.tree.errors.map((node) => spanOf(reading, node)),
  };
  visitAll({ reading, scope }, childrenOf(reading.tree, 0), 0);
  const { structs, enumerators } = tagsDefined(reading, 0);
  for (const struct of structs) scope.structs.push(struct);
  for (const enumerator of enumerators) scope.enumerators.push(enumerator);
  return scope;
}

/** Builds the function of a tree that was made of its text alone; where its body ends too early, the
 *  rest is an error. */
export function buildOnlyFunction(
  reading: Reading,
  outline: FunctionOutline,
): FunctionDefinition | undefined {
  const { tree } = reading;
  const node = childOfKind(tree, 0, 'function_definition');
  const body = node === undefined ? undefined : childIn(tree, node, 'body');
  if (node === undefined || body === undefined) return undefined;
  const { end } = spanOf(reading, body);
  const definition = buildFunction(reading, node, { ...outline, span: { ...outline.span, end } });
  if (definition === undefined || end >= outline.span.end) return definition;
  const rest = { start: end, end: outline.span.end };
  return { ...definition, span: outline.span, errors: [...definition.errors, rest] };
}

interface Visit {
  readonly reading: Reading;
  readonly scope: Growing;
}

function visitAll(visiting: Visit, nodes: readonly number[], depth: number): void {
  if (depth < DEEPEST) for (const node of nodes) visit(visiting, node, depth + 1);
}

function visit(visiting: Visit, node: number, depth: number): void {
  const { reading, scope } = visiting;
  const { tree } = reading;
  switch (tree.kind[node]) {
    case 'declaration':
      visitDeclaration(reading, scope, node);
      break;
    case 'type_definition':
      visitTypedef(reading, scope, node);
      break;
    case 'preproc_if':
    case 'preproc_ifdef':
      for (const { nodes } of alternativesOf(reading, node)) visitAll(visiting, nodes, depth);
      break;
    case 'linkage_specification':
    case 'declaration_list':
    case 'ERROR':
      visitAll(visiting, childrenOf(tree, node), depth);
      break;
    default:
  }
}

function buildFunction(
  reading: Reading,
  node: number,
  outline: FunctionOutline,
): FunctionDefinition | undefined {
  const { tree, source } = reading;
  const declarator = childIn(tree, node, 'declarator');
  const body = childIn(tree, node, 'body');
  if (declarator === undefined || body === undefined) return undefined;
  const { span, isStatic } = outline;
  return {
    ...signatureOf(reading, node, declarator, outline),
    isStatic,
    isInline: /\b(?:__always_|__)?inline\b/.test(
      source.slice(tree.start[node]!, tree.start[declarator]!),
    ),
    body: buildStatements(reading, body, 0),
    span,
    errors: tree.errors
      .map((error) => spanOf(reading, error))
      .filter((error) => contains(span, error)),
    omitted: [],
  };
}

type Signature = Pick<
  FunctionDefinition,
  'name' | 'nameSpan' | 'returns' | 'parameters' | 'madeBy'
>;

function signatureOf(
  reading: Reading,
  node: number,
  declarator: number,
  { name, nameSpan, madeBy }: FunctionOutline,
): Signature {
  if (madeBy === undefined) {
    const declared = declare(reading, specifierType(reading, node), declarator);
    const list = declared.parameters;
    const parameters = list === undefined ? [] : parametersOf(reading, list);
    return { name, nameSpan, returns: resultOf(declared.type), parameters };
  }
  const { macro, parameters } = madeBy;
  return { name, nameSpan, returns: UNKNOWN_TYPE, parameters, madeBy: macro };
}

function resultOf(type: TypeName): TypeName {
  const { isFunction: _, derived, ...result } = type;
  const [, ...steps] = derived ?? [];
  const isPlain = steps.every((step) => step.kind === 'pointer' && step.qualifiers === undefined);
  return isPlain ? result : { ...result, derived: steps };
}

function visitDeclaration(reading: Reading, scope: Growing, node: number): void {
  for (const declarator of buildDeclarators(reading, node, 0)) {
    if (isPrototype(declarator))
      scope.prototypes.push({
        name: declarator.name,
        returns: resultOf(declarator.type),
        span: declarator.span,
      });
    else scope.globals.push(declarator);
  }
}

/** A function pointer is a variable: it is a pointer first. */
function isPrototype({ type, initial }: Declarator): boolean {
  return initial === undefined && type.derived?.[0]?.kind === 'function';
}

function visitTypedef(reading: Reading, scope: Growing, node: number): void {
  const base = specifierType(reading, node);
  const struct = definedStruct(reading, node);
  const aligned = alignmentOfTypedef(reading, node);
  for (const child of childrenOf(reading.tree, node)) {
    if (reading.tree.field[child] !== 'declarator') continue;
    const { name, nameSpan, type } = declare(reading, base, child);
    scope.typedefs.push({ name, type: { ...type, ...aligned }, span: nameSpan });
    if (struct !== undefined && childIn(reading.tree, struct, 'name') === undefined)
      addStruct(reading, scope.structs, struct, name);
  }
}
