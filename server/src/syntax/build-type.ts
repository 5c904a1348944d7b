/** Builds type names and declarators: what a declaration says about each of its names. */

import type { Span } from '../text/span.ts';
import type { Derivation, Parameter, Qualifiers, TypeName } from './ast.ts';
import { childIn, childOfKind, childrenOf } from './flat-tree.ts';
import { type Reading, spanOf, textOf, wordAt, wordSpan } from './reading.ts';

/** A name being declared, with the type that its pointers, arrays and parameters make of the specifier. */
export interface DeclaredName {
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: TypeName;
  /** The `parameter_list` next to the name, where it is a function. */
  readonly parameters?: number;
}

export const UNKNOWN_TYPE: TypeName = { base: '', pointers: 0, arrays: 0 };

/** The type that the specifiers of `node` (a declaration, parameter, field, type descriptor) name. */
export function specifierType(reading: Reading, node: number): TypeName {
  const specifier = childIn(reading.tree, node, 'type');
  if (specifier === undefined) return UNKNOWN_TYPE;
  const base = specifierName(reading, specifier);
  const sized = reading.tree.kind[specifier] === 'sized_type_specifier' ? [specifier] : [];
  return { base, pointers: 0, arrays: 0, ...qualifiersUnder(reading, [node, ...sized]) };
}

/** The qualifiers that stand directly in nodes. */
function qualifiersUnder(reading: Reading, nodes: readonly number[]): Qualified {
  const { tree } = reading;
  const words = nodes
    .flatMap((node) => childrenOf(tree, node))
    .filter((child) => tree.kind[child] === 'type_qualifier')
    .map((child) => textOf(reading, child));
  return words.length === 0 ? {} : qualifiersOf(words.join(' '));
}

interface Qualified {
  readonly qualifiers?: Qualifiers;
}

/** The qualifiers that a text names. */
function qualifiersOf(text: string): Qualified {
  const isConst = /\b(?:const|__const|__const__)\b/.test(text);
  const isVolatile = /\b(?:volatile|__volatile|__volatile__)\b/.test(text);
  if (isConst) return { qualifiers: isVolatile ? 'const volatile' : 'const' };
  return isVolatile ? { qualifiers: 'volatile' } : {};
}

function specifierName(reading: Reading, specifier: number): string {
  const { tree } = reading;
  switch (tree.kind[specifier]) {
    case 'struct_specifier':
    case 'union_specifier': {
      const name = childIn(tree, specifier, 'name');
      const keyword = tree.kind[specifier]!.slice(0, -'_specifier'.length);
      return name === undefined ? keyword : `${keyword} ${wordAt(reading, name)}`;
    }
    case 'enum_specifier':
      return enumerationName(reading, specifier) ?? 'enum';
    case 'sized_type_specifier':
    case 'primitive_type':
      return isWritten(reading, specifier) ? withoutQualifiers(textOf(reading, specifier)) : '';
    default:
      return tidy(textOf(reading, specifier));
  }
}

/** What an `enum` is called: by its tag, or, where it has none, after its first enumerator. */
export function enumerationName(reading: Reading, specifier: number): string | undefined {
  const { tree } = reading;
  const tag = childIn(tree, specifier, 'name');
  if (tag !== undefined) return `enum ${wordAt(reading, tag)}`;
  const list = childOfKind(tree, specifier, 'enumerator_list');
  const first = list === undefined ? undefined : childOfKind(tree, list, 'enumerator');
  const name = first === undefined ? undefined : childIn(tree, first, 'name');
  return name === undefined ? undefined : `enum of ${wordAt(reading, name)}`;
}

/** Whether the text ends a word where the node ends: the pre-pass writes `int` over the longer name of
 *  a macro that declares a member, whose type is not known. */
function isWritten({ tree, source }: Reading, specifier: number): boolean {
  return !/\w/.test(source[tree.end[specifier]!] ?? '');
}

function withoutQualifiers(text: string): string {
  return tidy(text.replace(/\b(?:const|volatile)\b/g, ' '));
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The type of a `type_descriptor`, as in a cast. */
export function descriptorType(reading: Reading, descriptor: number): TypeName {
  const struct = definedStruct(reading, descriptor);
  const definition = struct === undefined ? undefined : reading.struct(reading, struct);
  const base = { ...specifierType(reading, descriptor), ...(definition && { definition }) };
  const declarator = childIn(reading.tree, descriptor, 'declarator');
  return declarator === undefined ? base : declare(reading, base, declarator).type;
}

/** The type that text such as `const struct foo __user *` names, where no tree was made of it. */
export function typeFromText(text: string): TypeName {
  const end = text.lastIndexOf(')') + 1;
  const described = text.slice(0, end);
  const operand = described.search(/\b_*typeof\w*\s*\(/);
  if (operand !== -1)
    return {
      ...typeFromText(text.slice(end)),
      base: tidy(described.slice(operand)),
      ...qualifiersOf(described.slice(0, operand)),
    };
  const [named = {}, ...stars] = text.split('*').map(qualifiersOf);
  const pointers = stars.length;
  const arrays = text.split('[').length - 1;
  const words = text
    .replace(/\[[^\]]*\]?|\*/g, ' ')
    .replace(
      /\b(?:const|volatile|static|register|extern|inline|__(?!u?\w*\d)[a-z]+)\b(?!\s*\()/g,
      ' ',
    );
  const derived = stars.some(({ qualifiers }) => qualifiers !== undefined)
    ? { derived: stars.map((star) => ({ kind: 'pointer', ...star }) as const).reverse() }
    : {};
  return { base: tidy(words), pointers, arrays, ...derived, ...named };
}

/** Follows a declarator inwards to the name it declares; an abstract one has the empty name. */
export function declare(
  reading: Reading,
  base: TypeName,
  declarator: number,
  depth = 0,
): DeclaredName {
  const { tree } = reading;
  let type = base;
  let parameters: number | undefined;
  const derived: Derivation[] = [];
  let node = declarator;
  let name: Omit<DeclaredName, 'type'> | undefined;
  while (name === undefined) {
    const kind = tree.kind[node]!;
    const stars = kind.endsWith('pointer_declarator') ? 1 : starsAlone(reading, node);
    if (stars > 0) {
      for (let star = 0; star < stars; star++) {
        type = pointerTo(type);
        derived.push({ kind: 'pointer', ...qualifiersUnder(reading, [node]) });
      }
    } else if (kind.endsWith('array_declarator')) {
      type = { ...type, arrays: type.arrays + 1 };
      const size = childIn(tree, node, 'size');
      const length = size === undefined ? undefined : reading.expression(reading, size);
      derived.push(length === undefined ? { kind: 'array' } : { kind: 'array', length });
    } else if (kind.endsWith('function_declarator')) {
      type = { ...type, isFunction: true };
      parameters = childIn(tree, node, 'parameters');
      const takes = takenBehind(reading, node, parameters, depth);
      derived.push({ kind: 'function', ...(takes && { takes }) });
    } else if (!isWrapper(kind)) break;
    const inner = innerDeclarator(reading, node);
    if (inner === undefined) name = { name: '', nameSpan: spanOf(reading, node) };
    else node = inner;
  }
  name ??= { name: wordAt(reading, node), nameSpan: wordSpan(reading, node) };
  if (derived.some((step) => step.kind !== 'pointer' || step.qualifiers !== undefined))
    type = { ...type, derived: [...derived.reverse(), ...derivationsOf(base)] };
  return { ...name, type, ...(parameters !== undefined && { parameters }) };
}

/** So deep in parameters it is said what functions take that are pointed to. */
const DEEPEST_TAKEN = 2;

/** What a function takes that is pointed to; undefined where that is left open, or it is what is declared. */
function takenBehind(
  reading: Reading,
  node: number,
  list: number | undefined,
  depth: number,
): readonly TypeName[] | undefined {
  const inner = innerDeclarator(reading, node);
  const isPointedTo = inner !== undefined && reading.tree.kind[inner]!.endsWith('ed_declarator');
  if (list === undefined || !isPointedTo || depth >= DEEPEST_TAKEN) return undefined;
  const text = textOf(reading, list);
  if (text.includes('...') || !/\w/.test(text)) return undefined;
  return parametersOf(reading, list, depth).map(({ type }) => type);
}

/** The parameters of a `parameter_list`; `(void)` has none. */
export function parametersOf(reading: Reading, list: number, depth = 0): Parameter[] {
  return childrenOf(reading.tree, list)
    .filter((child) => reading.tree.kind[child] === 'parameter_declaration')
    .map((child) => {
      const base = specifierType(reading, child);
      const declarator = childIn(reading.tree, child, 'declarator');
      const span = spanOf(reading, child);
      if (declarator === undefined) return { name: '', type: base, span };
      const { name, type } = declare(reading, base, declarator, depth + 1);
      return { name, type, span };
    })
    .filter(({ name, type }) => name !== '' || type.base !== 'void' || type.pointers > 0);
}

/** The stars of `(*)` in the type of a pointer to an array or a function, which is parsed as parameters. */
function starsAlone(reading: Reading, node: number): number {
  const { tree } = reading;
  if (tree.kind[node] !== 'abstract_function_declarator') return 0;
  const list = childIn(tree, node, 'parameters');
  const text = list === undefined ? '' : textOf(reading, list);
  return /^\([\s*]*\)$/.test(text) ? text.split('*').length - 1 : 0;
}

/** How a type is made of its base, the outermost step first. */
export function derivationsOf({ derived, pointers }: TypeName): readonly Derivation[] {
  return derived ?? Array.from({ length: pointers }, () => ({ kind: 'pointer' }) as const);
}

/** The pointer of `(*callback)(void)` is to the function: `pointers` goes on telling about its result. */
function pointerTo(type: TypeName): TypeName {
  return type.isFunction === true ? type : { ...type, pointers: type.pointers + 1 };
}

function isWrapper(kind: string): boolean {
  return (
    kind === 'parenthesized_declarator' ||
    kind === 'abstract_parenthesized_declarator' ||
    kind === 'attributed_declarator' ||
    kind === 'init_declarator'
  );
}

function innerDeclarator(reading: Reading, node: number): number | undefined {
  const named = childIn(reading.tree, node, 'declarator');
  if (named !== undefined) return named;
  return childrenOf(reading.tree, node).find((child) => {
    const kind = reading.tree.kind[child]!;
    return kind.endsWith('declarator') || kind.endsWith('identifier');
  });
}

/** Whether the specifiers of a declaration contain the word, as `static`. */
export function hasStorage(reading: Reading, declaration: number, word: RegExp): boolean {
  return childrenOf(reading.tree, declaration).some(
    (child) =>
      reading.tree.kind[child] === 'storage_class_specifier' && word.test(textOf(reading, child)),
  );
}

/** The struct or union specifier of `node`, where it defines one. */
export function definedStruct(reading: Reading, node: number): number | undefined {
  const specifier = childIn(reading.tree, node, 'type');
  if (specifier === undefined) return undefined;
  const kind = reading.tree.kind[specifier];
  if (kind !== 'struct_specifier' && kind !== 'union_specifier') return undefined;
  return childOfKind(reading.tree, specifier, 'field_declaration_list') && specifier;
}
