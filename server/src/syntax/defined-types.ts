/** The types and constants that a declaration defines: tags, enumerators, names of types. */

import type {
  DefinedTypes,
  Enumerator,
  Expression,
  StructDefinition,
  Typedef,
  TypeName,
} from './ast.ts';
import { buildExpression } from './build-expression.ts';
import { addStruct, ownStruct } from './build-struct.ts';
import { declare, definedStruct, enumerationName, specifierType } from './build-type.ts';
import { childIn, childOfKind, childrenOf } from './flat-tree.ts';
import { layoutAttributes } from './layout-attributes.ts';
import { type Reading, spanOf, textOf, wordAt } from './reading.ts';

/** What the declaration at `node` of a block defines; undefined where that is nothing. */
export function typesDefined(reading: Reading, node: number): DefinedTypes | undefined {
  const typedefs = reading.tree.kind[node] === 'type_definition' ? typedefsOf(reading, node) : [];
  const { structs, enumerators } = tagsDefined(reading, node, addOwnStruct);
  const forward = forwardTag(reading, node);
  if (structs.length + typedefs.length + enumerators.length + forward.length === 0)
    return undefined;
  return { structs: [...structs, ...forward], typedefs, enumerators };
}

function addOwnStruct(
  reading: Reading,
  structs: StructDefinition[],
  specifier: number,
  name: string,
): void {
  const definition = ownStruct(reading, specifier, name);
  if (definition !== undefined) structs.push(definition);
}

/** `struct box;`, which hides another one of that name (C11 6.7.2.3). */
function forwardTag(reading: Reading, node: number): readonly StructDefinition[] {
  const { tree } = reading;
  const keyword = KEYWORDS[tree.kind[node]!];
  const name = childIn(tree, node, 'name');
  if (keyword === undefined || name === undefined) return [];
  if (childOfKind(tree, node, 'field_declaration_list') !== undefined) return [];
  const isUnion = keyword === 'union';
  const span = spanOf(reading, node);
  const tag = `${keyword} ${wordAt(reading, name)}`;
  return [{ name: tag, isUnion, fields: [], members: [], attributes: {}, span }];
}

function typedefsOf(reading: Reading, node: number): readonly Typedef[] {
  const struct = definedStruct(reading, node);
  const isNamed = struct !== undefined && childIn(reading.tree, struct, 'name') !== undefined;
  const definition = struct === undefined || isNamed ? undefined : reading.struct(reading, struct);
  const base = { ...specifierType(reading, node), ...(definition && { definition }) };
  const aligned = alignmentOfTypedef(reading, node);
  return childrenOf(reading.tree, node)
    .filter((child) => reading.tree.field[child] === 'declarator')
    .map((child) => {
      const { name, nameSpan, type } = declare(reading, base, child);
      return { name, type: { ...type, ...aligned }, span: nameSpan };
    });
}

/** What a typedef says of alignment; where it defines a struct, that is said of the struct (build-struct.ts). */
export function alignmentOfTypedef(reading: Reading, node: number): Pick<TypeName, 'alignment'> {
  if (definedStruct(reading, node) !== undefined) return {};
  const { alignment } = layoutAttributes(textOf(reading, node));
  return alignment === undefined ? {} : { alignment };
}

const KEYWORDS: Readonly<Record<string, string>> = {
  struct_specifier: 'struct',
  union_specifier: 'union',
};

/** The structs with a name and the enumerators that are defined at `node`, in other structs too; not those of
 *  blocks inside, which are seen there only (C11 6.2.1). `add` notes a struct. */
export function tagsDefined(
  reading: Reading,
  node: number,
  add: typeof addStruct = addStruct,
): Pick<DefinedTypes, 'structs' | 'enumerators'> {
  const { tree } = reading;
  const structs: StructDefinition[] = [];
  const enumerators: Enumerator[] = [];
  let at = node;
  while (at < tree.next[node]!) {
    const kind = tree.kind[at]!;
    const keyword = KEYWORDS[kind];
    const name = keyword === undefined ? undefined : childIn(tree, at, 'name');
    if (name !== undefined) add(reading, structs, at, `${keyword} ${wordAt(reading, name)}`);
    else if (kind === 'enum_specifier')
      for (const enumerator of enumeratorsOf(reading, at)) enumerators.push(enumerator);
    at = kind === 'compound_statement' ? tree.next[at]! : at + 1;
  }
  return { structs, enumerators };
}

/** The enumerators that an `enum` defines; those under an `#if` count all. */
function enumeratorsOf(reading: Reading, specifier: number): readonly Enumerator[] {
  const { tree } = reading;
  const name = enumerationName(reading, specifier);
  const of = name === undefined ? {} : { of: name };
  const list = childOfKind(tree, specifier, 'enumerator_list');
  const found: Enumerator[] = [];
  for (let node = list ?? tree.kind.length; node < (list ? tree.next[list]! : 0); node++)
    if (tree.kind[node] === 'enumerator') {
      const enumerator = enumeratorAt(reading, node, found.at(-1));
      if (enumerator !== undefined) found.push({ ...enumerator, ...of });
    }
  return found;
}

function enumeratorAt(
  reading: Reading,
  node: number,
  before: Enumerator | undefined,
): Enumerator | undefined {
  const name = childIn(reading.tree, node, 'name');
  const value = childIn(reading.tree, node, 'value');
  if (name === undefined) return undefined;
  const found = { name: wordAt(reading, name), span: spanOf(reading, name) };
  if (value !== undefined) {
    const written = buildExpression(reading, value, 0);
    const number = constantOf(written);
    return number === undefined ? { ...found, written } : { ...found, written, value: number };
  }
  if (before === undefined) return { ...found, value: 0 };
  const after = { ...found, after: before.name };
  return before.value === undefined ? after : { ...after, value: before.value + 1 };
}

/** A number that has this value in whatever type it is; a negative one has a sign in decimal only. */
function constantOf(expression: Expression): number | undefined {
  if (expression.kind === 'number')
    return /^-(?!\d+$)/.test(expression.text) ? undefined : expression.value;
  if (expression.kind !== 'unary' || expression.operator !== '-') return undefined;
  const { operand } = expression;
  const isDecimal = operand.kind === 'number' && /^\d+$/.test(operand.text);
  return isDecimal && operand.value !== undefined ? -operand.value : undefined;
}
