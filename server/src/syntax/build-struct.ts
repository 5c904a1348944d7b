/** Builds structs and unions: their members, those of members without a name, and what `#if` has among them. */

import { alternativesOf } from './alternatives.ts';
import type { Expression, Member, StructDefinition, TypeName } from './ast.ts';
import { declare, definedStruct, specifierType } from './build-type.ts';
import { childIn, childOfKind, childrenOf } from './flat-tree.ts';
import { type LayoutAttributes, layoutAttributes, structAttributes } from './layout-attributes.ts';
import { DEEPEST, type Reading, spanOf, textOf } from './reading.ts';

/** Adds the struct that `specifier` defines, if it does, and those inside it that have no name. */
export function addStruct(
  reading: Reading,
  structs: StructDefinition[],
  specifier: number,
  name: string,
  depth = 0,
): void {
  const definition = structDefinition(reading, specifier, name, depth, structs);
  if (definition !== undefined) structs.push(definition);
}

/** The struct or union that a specifier defines which no other text can mean: called `name`, or after its keyword. */
export function ownStruct(
  reading: Reading,
  specifier: number,
  name = textOf(reading, specifier).split(/\W/, 1)[0]!,
  depth = 0,
): StructDefinition | undefined {
  return structDefinition(reading, specifier, name, depth);
}

/** The struct or union that `specifier` defines; structs without a name that are types of its members are added
 *  to `structs`, or, where that is none, stand in the types. */
function structDefinition(
  reading: Reading,
  specifier: number,
  name: string,
  depth: number,
  structs?: StructDefinition[],
): StructDefinition | undefined {
  const { tree } = reading;
  const body = childOfKind(tree, specifier, 'field_declaration_list');
  if (body === undefined) return undefined;
  const fields: Field[] = [];
  const members = membersOf(
    { reading, ...(structs && { structs }), name, fields },
    childrenOf(tree, body),
    depth,
  );
  return {
    name,
    isUnion: tree.kind[specifier] === 'union_specifier',
    fields,
    members,
    attributes: attributesOf(reading, specifier, body),
    span: spanOf(reading, specifier),
  };
}

/** What is said of a struct before its braces and behind them. */
function attributesOf(
  { tree, source }: Reading,
  specifier: number,
  body: number,
): LayoutAttributes {
  const after = /^[^;{}]*/.exec(source.slice(tree.end[body]!, tree.end[body]! + 200))![0];
  return structAttributes(source.slice(tree.start[specifier]!, tree.start[body]!), after);
}

type Field = StructDefinition['fields'][number];

interface Collecting {
  readonly reading: Reading;
  readonly structs?: StructDefinition[];
  /** The struct whose members they are. */
  readonly name: string;
  readonly fields: Field[];
}

function membersOf(within: Collecting, nodes: readonly number[], depth: number): Member[] {
  if (depth > DEEPEST) return [];
  const { tree } = within.reading;
  return nodes.flatMap((node): Member[] => {
    const kind = tree.kind[node]!;
    if (kind === 'field_declaration') return declaredMembers(within, node, depth);
    if (kind !== 'preproc_if' && kind !== 'preproc_ifdef') return [];
    const branches = alternativesOf(within.reading, node).map(({ condition, nodes: inner }) => ({
      condition,
      members: membersOf(within, inner, depth + 1),
    }));
    return [{ kind: 'alternatives', branches }];
  });
}

function declaredMembers(within: Collecting, node: number, depth: number): Member[] {
  const { reading, fields, name: outer } = within;
  const { tree } = reading;
  const struct = definedStruct(reading, node);
  const unnamed = struct !== undefined && childIn(tree, struct, 'name') === undefined;
  const declarators = childrenOf(tree, node).filter((child) => tree.field[child] === 'declarator');
  if (declarators.length === 0)
    return unnamed ? [nested(within, struct, depth)] : unnamedBits(reading, node);
  const attributes = memberAttributes(reading, node, struct);
  return declarators.map((declarator): Member => {
    const declared = declare(reading, specifierType(reading, node), declarator);
    const { name, nameSpan } = declared;
    const type = unnamed
      ? { ...declared.type, ...typeOfUnnamed(within, struct, `${outer}.${name}`, depth + 1) }
      : declared.type;
    if (name !== '') fields.push({ name, type, span: nameSpan });
    const bits = bitsOf(reading, tree.next[declarator]!, tree.next[node]!);
    return {
      kind: 'field',
      name,
      type,
      ...(bits && { bits }),
      attributes,
    };
  });
}

/** What is said of a member; where a struct is defined in its place, what stands behind the braces is said of that. */
function memberAttributes(
  reading: Reading,
  node: number,
  struct: number | undefined,
): LayoutAttributes {
  if (struct === undefined) return layoutAttributes(textOf(reading, node));
  const { tree, source } = reading;
  const declarator = childIn(tree, node, 'declarator')!;
  return layoutAttributes(source.slice(tree.end[declarator]!, tree.end[node]!));
}

function typeOfUnnamed(
  { reading, structs }: Collecting,
  specifier: number,
  base: string,
  depth: number,
): Pick<TypeName, 'base' | 'definition'> {
  if (structs !== undefined) addStruct(reading, structs, specifier, base, depth);
  const definition = structs === undefined && ownStruct(reading, specifier, base, depth);
  return definition ? { base, definition } : { base };
}

/** `unsigned : 3;`, which takes room only. */
function unnamedBits(reading: Reading, node: number): Member[] {
  const { tree } = reading;
  const bits = bitsOf(reading, node + 1, tree.next[node]!);
  return bits === undefined
    ? []
    : [{ kind: 'field', name: '', type: specifierType(reading, node), bits, attributes: {} }];
}

/** The width after a declarator, before the next one. */
function bitsOf(reading: Reading, from: number, to: number): Expression | undefined {
  const { tree } = reading;
  for (let at = from; at < to && tree.field[at] !== 'declarator'; at = tree.next[at]!)
    if (tree.kind[at] === 'bitfield_clause') return reading.expression(reading, at + 1);
  return undefined;
}

function nested(within: Collecting, specifier: number, depth: number): Member {
  const { tree } = within.reading;
  const body = childOfKind(tree, specifier, 'field_declaration_list')!;
  return {
    kind: 'nested',
    isUnion: tree.kind[specifier] === 'union_specifier',
    members: membersOf(within, childrenOf(tree, body), depth + 1),
    attributes: attributesOf(within.reading, specifier, body),
  };
}
