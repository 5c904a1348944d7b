/** The names that a scenario may use: what it defines itself, what the files of the tree and the library do. */

import { addressingOf, type TypeIndex, withoutKeyword } from '../facts/type-index.ts';
import { arity } from '../kernel/arity.ts';
import { leftOut } from '../kernel/left-out.ts';
import { perCpuAccesses } from '../kernel/per-cpu.ts';
import type { Category } from '../kernel/primitive.ts';
import { primitive, primitives } from '../kernel/primitives.ts';
import { givesNothing } from '../kernel/signature.ts';
import { BUILT_IN, builtInArity, isBuiltIn } from '../lowering/built-in.ts';
import { integerOfWords } from '../lowering/ctype.ts';
import { type FileIndex, fileIndex, type GlobalObject } from '../lowering/file-index.ts';
import { kernelType } from '../lowering/kernel-types.ts';
import { libraryTexts } from '../lowering/library.ts';
import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import { isOptionQuestion, OPTION_QUESTIONS } from '../lowering/macros-in-force.ts';
import { type Symbols, symbolsOf } from '../lowering/symbols.ts';
import type {
  FunctionDefinition,
  MacroDefinition,
  Member,
  Parameter,
  SourceFile,
  StructDefinition,
  TypeName,
} from '../syntax/ast.ts';
import { nearestName } from '../text/similar-name.ts';
import { filesThatDiffer } from './ambiguous-names.ts';
import { calledIn, calledOf, membersIn, membersOf, wordsOf } from './source-words.ts';

/** What a name is meant to name. */
export type NameKind =
  | 'object'
  | 'function'
  | 'constant'
  | 'struct'
  | 'enumeration'
  | 'member'
  | 'type';

/** What can be looked up by its name. */
const LOOKED_UP = [
  ...(['object', 'function', 'defined', 'macro', 'constant'] as const),
  ...(['type', 'tag', 'enumeration', 'member'] as const),
] as const;
type LookedUp = (typeof LOOKED_UP)[number];

export interface KnownNames {
  readonly types: TypeIndex;
  readonly has: (kind: LookedUp, name: string) => boolean;
  /** Whether the scenario or the tree defines a function or macro of that name. */
  readonly isOwn: (name: string) => boolean;
  /** The name of anything that differs from this one in one letter. */
  readonly nearly: (name: string) => string | undefined;
  /** Whether the files of the tree have the word: then it is no invention, though nothing here defines it. */
  readonly isInTree: (word: string) => boolean;
  /** Whether code of the tree has the word somewhere, or the scenario has it more than `times`. */
  readonly isUsed: (word: string, times: number) => boolean;
  /** Of a member that the scenario names only once, and the code of the tree and the stubs never: the nearest
   *  one that they do name. */
  readonly nearMember: (member: string) => string | undefined;
  /** What stands before a parenthesis in that code, stubs aside. */
  readonly called: () => ReadonlySet<string>;
  /** What the function of that name takes that the scenario or the tree defines, without the types of which its definitions differ; undefined where it is anything else, or
   *  takes as many as one likes. */
  readonly parametersOf: (name: string) => readonly Parameter[] | undefined;
  /** Whether a name is that of an enumerator, or of a macro that is but a number. */
  readonly isNumber: (name: string) => boolean;
  /** The `enum` with a tag that the name is an enumerator of, where it is one of one only. */
  readonly enumerationOf: (name: string) => string | undefined;
  /** The number that a macro is but another name of, where all that define it agree. */
  readonly number: (name: string) => number | undefined;
  /** Whether the name is one of a number, by an enumerator or a macro, or of a function, and never of anything else. */
  readonly fixed: (name: string) => 'constant' | 'function' | undefined;
  /** What a function of the scenario or the tree returns, or a primitive, where that does not depend on what it is given. */
  readonly returns: (name: string) => TypeName | undefined;
  /** The width of a member that is a bit-field, where it is written as a number. */
  readonly bits: (struct: string, member: string) => number | undefined;
  /** The unions that a member of a struct is in, each with which of its members that is. */
  readonly unionsAround: (struct: string, member: string) => readonly InUnion[];
  /** Whether a struct surely has more than 8 bytes. */
  readonly isWide: (struct: string) => boolean;
  /** How many arguments the primitive of that name takes, where nothing else of the scenario or the tree has the name. */
  readonly takenByPrimitive: (name: string) => number | undefined;
  /** How many the primitive of that name takes, where no file of the tree has the name: what stands in for it takes as many. */
  readonly ofKernel: (name: string) => number | undefined;
  /** How many arguments the macro of that name takes that the scenario or the tree defines, or the barrier; undefined where
   *  it is anything else, or takes as many as one likes. */
  readonly argumentsOf: (name: string) => number | undefined;
  /** The functions of that name in the files of the tree; none where a macro has the name, too. */
  readonly ofTree: (
    name: string,
  ) => readonly { readonly each: FunctionDefinition; readonly source: SourceText }[];
  /** Whether the definition of a struct has the word somewhere, as in a macro that makes members. */
  readonly isInStruct: (struct: string, word: string) => boolean;
  /** The files that define the name each for itself, where that leaves open what it means here. */
  readonly differing: (name: string) => readonly string[];
  /** The nearest of the names of these kinds, of members those of `struct`, and of the others that are given. */
  readonly near: (
    name: string,
    kinds: readonly NameKind[],
    among?: { readonly struct?: string; readonly others?: Iterable<string> },
  ) => string | undefined;
}

/** The names around a request; `own` is what the scenario says outside of its state and stubs. */
export function knownNames(request: LoweringRequest, own: readonly string[]): KnownNames {
  const { state, stubs, sources } = request;
  const texts = [state, ...stubs, ...sources, ...libraryTexts(request)];
  const indexes = texts.map(({ parsed }) => fileIndex(parsed));
  const types = typesIn(indexes);
  const told = [state, ...stubs];
  const isInTree = (word: string) => sources.some((source) => (wordsOf(source).get(word) ?? 0) > 0);
  let called: ReadonlySet<string> | undefined;
  let symbols: Symbols | undefined;
  // An object whose definition is only seen once its macro is replaced (`HLIST_HEAD(h)`).
  const isMadeByMacro = (name: string): boolean => {
    symbols ??= symbolsOf(request, libraryTexts(request));
    return symbols.object(name, '') !== undefined;
  };
  const isKnown = Object.fromEntries(
    LOOKED_UP.map((kind) => [
      kind,
      remembered(
        (name: string) =>
          IS_KNOWN[kind](name, indexes, texts) || (kind === 'object' && isMadeByMacro(name)),
      ),
    ]),
  ) as Readonly<Record<LookedUp, (name: string) => boolean>>;
  const isOther = (name: string) => isKnown.macro(name) || isKnown.defined(name);
  const takenByPrimitive = arityUnless(isOther);
  return {
    types,
    has: (kind, name) => isKnown[kind](name),
    ...replacedIn([...told, ...sources], sources),
    nearly: (name) =>
      nearestName(
        name,
        ALL_KINDS.flatMap((kind) => [...namesOf(kind, texts, undefined)]),
        1,
      ),
    isInTree,
    isUsed: (word, times) =>
      isInTree(word) ||
      sum(told.map((text) => wordsOf(text).get(word) ?? 0)) +
        sum(own.map((text) => countWord(word, text))) >
        times,
    called: () => {
      called ??= new Set(
        [...sources.map(calledOf), ...own.map(calledIn)].flatMap((each) => [...each.keys()]),
      );
      return called;
    },
    nearMember: (member) => {
      const members = [...[...sources, ...told].map(membersOf), ...own.map(membersIn)];
      if (sum(members.map((each) => each.get(member) ?? 0)) > 1) return undefined;
      return nearestName(
        member,
        members.flatMap((each) => [...each.keys()]),
        2,
      );
    },
    parametersOf: (name) => {
      if (isKnown.macro(name) || takenByPrimitive(name) !== undefined) return undefined;
      return parametersIn(texts, name);
    },
    ...usesOf(indexes, types, isKnown),
    takenByPrimitive,
    argumentsOf: (name) => {
      const of = primitive(name);
      if (takenByPrimitive(name) === 0 && of !== undefined && BARE.has(of.category)) return 0;
      const found = isKnown.defined(name)
        ? []
        : indexes.flatMap(({ macros }) => macros.get(name) ?? []);
      const counts = found.map(({ parameters }) =>
        parameters?.some((each) => each.includes('...')) === false ? parameters.length : undefined,
      );
      return counts.every((count) => count === counts[0]) ? counts[0] : undefined;
    },
    isInStruct: (struct, word) =>
      definitionsOf(struct, texts).some((text) => countWord(word, text) > 0),
    differing: remembered((name) => filesThatDiffer(request, name)),
    near: (name, kinds, { struct, others = [] } = {}) =>
      nearestName(name, [...others, ...kinds.flatMap((kind) => [...namesOf(kind, texts, struct)])]),
  };
}

/** What has names that the kernel has, too. */
function replacedIn(
  own: readonly SourceText[],
  sources: readonly SourceText[],
): Pick<KnownNames, 'isOwn' | 'ofTree' | 'ofKernel'> {
  const isIn = (texts: readonly SourceText[], name: string) =>
    texts.some(({ parsed }) => {
      const { functions, macros } = fileIndex(parsed);
      return functions.has(name) || macros.has(name);
    });
  return {
    isOwn: remembered((name) => isIn(own, name)),
    ofKernel: (name) => {
      const row = isIn(sources, name) ? undefined : primitive(name);
      return row && arity(row);
    },
    ofTree: (name) =>
      sources.some(({ parsed }) => fileIndex(parsed).macros.has(name))
        ? []
        : sources.flatMap((source) =>
            (fileIndex(source.parsed).functions.get(name) ?? []).map((each) => ({ each, source })),
          ),
  };
}

/** What the functions of that name take, where all take as many. */
function parametersIn(
  texts: readonly SourceText[],
  name: string,
): readonly Parameter[] | undefined {
  const found = texts.flatMap(({ parsed, text }) =>
    (fileIndex(parsed).functions.get(name) ?? []).map((each) => ({ each, text })),
  );
  const [first] = found;
  const isSure = found.every(
    ({ each, text }) =>
      isExact(each, text) && each.parameters.length === first?.each.parameters.length,
  );
  return isSure
    ? first?.each.parameters.map((one, at) =>
        found.every(({ each }) => isWrittenAs(one.type, each.parameters[at]!.type))
          ? one
          : { ...one, type: OPEN },
      )
    : undefined;
}

/** How many arguments a primitive, or what the lowering itself knows, takes, unless its name is something else here. */
function arityUnless(isOther: (name: string) => boolean): KnownNames['takenByPrimitive'] {
  return (name) => {
    if (isOther(name)) return undefined;
    const row = primitive(name);
    return row === undefined ? builtInArity(name) : arity(row);
  };
}

/** Barriers on a line of their own take nothing. */
const BARE: ReadonlySet<Category> = new Set([
  'full-barrier',
  'read-barrier',
  'write-barrier',
  'compiler-barrier',
]);

/** Whether a function is written with all its parameters, and takes no more. */
export function isExact({ madeBy, nameSpan: { end } }: FunctionDefinition, text: string): boolean {
  return madeBy === undefined && !text.slice(end, text.indexOf('{', end)).includes('...');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** A look-up that finds each name once. */
function remembered<Found>(find: (name: string) => Found): (name: string) => Found {
  const known = new Map<string, Found>();
  return (name) => {
    if (!known.has(name)) known.set(name, find(name));
    return known.get(name)!;
  };
}

/** What names are good for, by the definitions of files. */
function usesOf(
  indexes: readonly FileIndex[],
  types: TypeIndex,
  isKnown: Readonly<Record<'object' | 'defined' | 'macro', (name: string) => boolean>>,
): Pick<
  KnownNames,
  'isNumber' | 'enumerationOf' | 'number' | 'fixed' | 'returns' | 'bits' | 'isWide' | 'unionsAround'
> {
  const isNumber = remembered((name: string) => {
    const macros = indexes.flatMap((index) => index.macros.get(name) ?? []);
    return macros.length > 0
      ? macros.every(isNumeric)
      : indexes.some(({ enumerators }) => enumerators.has(name));
  });
  return {
    isNumber,
    enumerationOf: (name) => {
      const of = new Set(
        indexes.flatMap(({ enumerators }) => enumerators.get(name) ?? []).map((each) => each.of),
      );
      const [only] = of;
      const isTagged = only !== undefined && indexes.some((each) => each.enumerations.has(only));
      return of.size === 1 && isTagged && /^enum \w+$/.test(only) ? only : undefined;
    },
    number: (name) => {
      const values = indexes.flatMap(({ macros }) => macros.get(name) ?? []).map(numberOf);
      return values.every((value) => value === values[0]) ? values[0] : undefined;
    },
    fixed: remembered((name) => {
      if (isKnown.object(name)) return undefined;
      if (isNumber(name)) return 'constant';
      return isKnown.defined(name) && !isKnown.macro(name) ? 'function' : undefined;
    }),
    returns: (name) => {
      if (isKnown.defined(name)) {
        const all = indexes.flatMap((index) => index.functions.get(name) ?? []);
        const isSure = all.every(
          ({ returns }) => isNothing(returns) === isNothing(all[0]!.returns),
        );
        return isSure ? types.returns(name) : undefined;
      }
      const row = isKnown.macro(name) ? undefined : primitive(name);
      return row !== undefined && givesNothing(row) === true ? NOTHING : undefined;
    },
    isWide: (struct) =>
      indexes
        .flatMap((index) => structIn(index, struct)?.slice(0, 1) ?? [])
        .slice(0, 1)
        .some((each) => leastSize(each) > 8),
    bits: (struct, member) =>
      indexes
        .flatMap((index) => structIn(index, struct) ?? [])
        .map(({ members }) => widthIn(members, member))
        .find((width) => width !== undefined),
    unionsAround: (struct, member) =>
      indexes
        .flatMap((index) => structIn(index, struct)?.slice(0, 1) ?? [])
        .slice(0, 1)
        .flatMap((each) => unionsIn(each, member) ?? []),
  };
}

/** A place in a union. */
export interface InUnion {
  readonly union: Pick<StructDefinition, 'isUnion' | 'members'>;
  readonly at: number;
}

/** The unions on the way to a member, the outermost first; undefined where it is none of these, or where an `#if` decides. */
function unionsIn(union: InUnion['union'], name: string): readonly InUnion[] | undefined {
  for (const [at, member] of union.members.entries()) {
    if (member.kind === 'alternatives') continue;
    const inner =
      member.kind === 'nested' ? unionsIn(member, name) : member.name === name ? [] : undefined;
    if (inner !== undefined) return union.isUnion ? [{ union, at }, ...inner] : inner;
  }
  return undefined;
}

/** The bytes that members of a struct take at least; those of which it is not sure count for nothing. */
function leastSize({ isUnion, members }: Pick<StructDefinition, 'isUnion' | 'members'>): number {
  const sizes = members.map((member) => {
    if (member.kind === 'alternatives') return 0;
    if (member.kind === 'nested') return leastSize(member);
    const { type, bits } = member;
    if (bits !== undefined || (type.derived ?? []).some(({ kind }) => kind === 'array')) return 0;
    if (type.pointers > 0 || type.isFunction === true) return 8;
    const integer = integerOfWords(type.base.split(' ')) ?? kernelType(type.base);
    return integer?.kind === 'integer' ? integer.type.bits / 8 : 0;
  });
  return isUnion ? Math.max(0, ...sizes) : sum(sizes);
}

const NOTHING: TypeName = { base: 'void', pointers: 0, arrays: 0 };

/** The type of what is defined in several ways. */
const OPEN: TypeName = { base: '', pointers: 0, arrays: 0 };

function isWrittenAs(one: TypeName, other: TypeName): boolean {
  return one.base === other.base && one.pointers + one.arrays === other.pointers + other.arrays;
}

function isNothing({ base, pointers }: TypeName): boolean {
  return base === NOTHING.base && pointers === 0;
}

/** Whether a macro is but a number. */
function isNumeric({ parameters, body }: MacroDefinition): boolean {
  return parameters === undefined && /^[\s(]*-?\d\w*[\s)]*$/.test(body);
}

/** Of a macro that is but a decimal number. */
function numberOf({ parameters, body }: MacroDefinition): number | undefined {
  const digits = /^[\s(]*(\d{1,9})[\s)]*$/.exec(body)?.[1];
  return parameters === undefined && digits !== undefined ? Number(digits) : undefined;
}

function widthIn(members: readonly Member[], name: string): number | undefined {
  for (const member of members) {
    if (member.kind === 'field') {
      if (member.name === name && member.bits?.kind === 'number') return member.bits.value;
      continue;
    }
    const inner =
      member.kind === 'nested' ? member.members : member.branches.flatMap((each) => each.members);
    const width = widthIn(inner, name);
    if (width !== undefined) return width;
  }
  return undefined;
}

function structIn({ structs }: FileIndex, name: string): readonly StructDefinition[] | undefined {
  return structs.get(`struct ${name}`) ?? structs.get(`union ${name}`) ?? structs.get(name);
}

/** Types by the indexes that the lowering has too: a function is read only where its result is asked for. */
function typesIn(indexes: readonly FileIndex[]): TypeIndex {
  const first = <Found>(find: (index: FileIndex) => Found | undefined): Found | undefined => {
    for (const index of indexes) {
      const found = find(index);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const struct = remembered((name) => first((index) => structIn(index, withoutKeyword(name))));
  return {
    field: (name, member) =>
      first((index) =>
        structIn(index, withoutKeyword(name))
          ?.flatMap(({ fields }) => fields)
          .find((field) => field.name === member),
      )?.type,
    hasStruct: (name) => struct(name) !== undefined,
    members: (name) =>
      (struct(name) ?? []).flatMap(({ fields }) => fields).map((field) => field.name),
    typedef: remembered((name) => first(({ typedefs }) => typedefs.get(name)?.[0])),
    global: (name) => first(({ objects }) => objects.get(name)?.flatMap(typeOfObject)[0]),
    isConstant: (name) => indexes.some(({ enumerators }) => enumerators.has(name)),
    returns: (name) => first(({ functions }) => functions.get(name)?.[0])?.returns,
    addressing: (name) => {
      const definition = first(({ functions }) => functions.get(name)?.[0]);
      return definition && addressingOf(definition);
    },
  };
}

function typeOfObject(object: GlobalObject): readonly TypeName[] {
  return object.kind === 'declared' ? [object.declarator.type] : [];
}

type IsKnown = (
  name: string,
  indexes: readonly FileIndex[],
  texts: readonly SourceText[],
) => boolean;

const IS_KNOWN: Readonly<Record<LookedUp, IsKnown>> = {
  object: (name, indexes) => indexes.some(({ objects }) => objects.has(name)),
  function: (name, indexes, texts) =>
    indexes.some(({ functions, macros }) => functions.has(name) || macros.has(name)) ||
    texts.some(({ parsed }) => parsed.prototypes.some((each) => each.name === name)) ||
    primitive(name) !== undefined ||
    leftOut.has(name) ||
    isBuiltIn(name) ||
    perCpuAccesses.has(name) ||
    isOptionQuestion(name),
  defined: (name, indexes) => indexes.some(({ functions }) => functions.has(name)),
  macro: (name, indexes) => indexes.some(({ macros }) => macros.has(name)),
  constant: (name, indexes) =>
    indexes.some(({ macros, enumerators }) => macros.has(name) || enumerators.has(name)),
  type: (name, indexes) =>
    typesIn(indexes).hasStruct(name) || indexes.some(({ typedefs }) => typedefs.has(name)),
  tag: (name, indexes) => indexes.some(({ structs }) => structs.has(name)),
  enumeration: (name, indexes) => indexes.some(({ enumerations }) => enumerations.has(name)),
  member: (name, _, texts) =>
    texts.some(({ parsed }) =>
      parsed.structs.some(({ fields }) => fields.some((field) => field.name === name)),
    ),
};

function countWord(word: string, text: string): number {
  return count(new RegExp(`\\b${word}\\b`, 'g'), word, text);
}

/** Matches of `uses`, each of which holds `word`; most texts do not. */
function count(uses: RegExp, word: string, text: string): number {
  return text.includes(word) ? (text.match(uses)?.length ?? 0) : 0;
}

function definitionsOf(struct: string, texts: readonly SourceText[]): readonly string[] {
  return texts.flatMap(({ parsed, text }) =>
    parsed.structs
      .filter(({ name }) => withoutKeyword(name) === struct)
      .map(({ span }) => text.slice(span.start, span.end)),
  );
}

const ALL_KINDS: readonly NameKind[] = ['function', 'constant', 'object', 'type'];

/** Whether a macro that is used may make an object (`LIST_HEAD(row)`). */
function isObjectMade({ arguments: [name = ''] }: SourceFile['macroUses'][number]): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}

function namesOf(
  kind: NameKind,
  texts: readonly SourceText[],
  struct: string | undefined,
): Iterable<string> {
  const all = <Item>(
    pick: (parsed: SourceFile) => readonly Item[],
    nameOf: (item: Item) => string,
  ) => texts.flatMap(({ parsed }) => pick(parsed).map(nameOf));
  const nameIn = ({ name }: { readonly name: string }) => name;
  switch (kind) {
    case 'object':
      return [
        ...all(({ globals }) => globals, nameIn),
        ...all(
          ({ macroUses }) => macroUses.filter(isObjectMade),
          ({ arguments: [name] }) => name!,
        ),
      ];
    case 'function':
      return [
        ...all(({ functions }) => functions, nameIn),
        ...all(({ prototypes }) => prototypes, nameIn),
        ...all(({ macros }) => macros.filter(({ parameters }) => parameters !== undefined), nameIn),
        ...primitives.keys(),
        ...BUILT_IN,
        ...OPTION_QUESTIONS,
      ];
    case 'constant':
      return [
        ...all(({ macros }) => macros.filter(({ parameters }) => parameters === undefined), nameIn),
        ...all(({ enumerators }) => enumerators, nameIn),
      ];
    case 'struct':
      return all(({ structs }) => structs, nameIn);
    case 'enumeration':
      return texts.flatMap(({ parsed }) => [...fileIndex(parsed).enumerations.keys()]);
    case 'type':
      return [...all(({ typedefs }) => typedefs, nameIn), ...KERNEL_TYPES];
    case 'member':
      return all(
        ({ structs }) =>
          structs
            .filter(({ name }) => struct === undefined || withoutKeyword(name) === struct)
            .flatMap(({ fields }) => fields),
        nameIn,
      );
  }
}

/** Types that code uses without a file of the scenario that defines them. */
const KERNEL_TYPES: readonly string[] = [
  ...['bool', 'char', 'short', 'int', 'long', 'unsigned', 'size_t', 'ssize_t', 'gfp_t', 'pid_t'],
  ...['u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', '__u8', '__u16', '__u32', '__u64'],
  ...[
    'atomic_t',
    'atomic64_t',
    'atomic_long_t',
    'refcount_t',
    'local_t',
    'seqlock_t',
    'seqcount_t',
  ],
  ...['spinlock_t', 'raw_spinlock_t', 'rwlock_t', 'wait_queue_head_t', 'cpumask_t', 'ktime_t'],
];
