/** What types names have, as look-ups: from one parsed file, or from a file and the headers around it. */

import type {
  Expression,
  FunctionDefinition,
  MacroDefinition,
  SourceFile,
  TypeName,
} from '../syntax/ast.ts';

/** Look-ups by name; structs with or without their keyword. Undefined is "not known", never "none". */
export interface TypeIndex {
  readonly field: (struct: string, name: string) => TypeName | undefined;
  readonly hasStruct: (struct: string) => boolean;
  /** The names of the members of a struct, in its order; none where it is not known. */
  readonly members: (struct: string) => readonly string[];
  readonly typedef: (name: string) => TypeName | undefined;
  readonly global: (name: string) => TypeName | undefined;
  /** Whether it is an enumerator, or a macro that stands for a constant. */
  readonly isConstant: (name: string) => boolean;
  /** The type of the result of a function. */
  readonly returns: (name: string) => TypeName | undefined;
  /** The function, where it does nothing but return the address of a place. */
  readonly addressing: (name: string) => Addressing | undefined;
}

/** A function that names a place for others (`return &ring->slot[i & MASK];`). */
export interface Addressing {
  readonly place: Expression;
  readonly parameters: FunctionDefinition['parameters'];
}

/** Knows nothing. */
export const noTypes: TypeIndex = {
  field: () => undefined,
  hasStruct: () => false,
  members: () => [],
  typedef: () => undefined,
  global: () => undefined,
  isConstant: () => false,
  returns: () => undefined,
  addressing: () => undefined,
};

/** What one file declares and defines. */
export function typesOf(source: SourceFile): TypeIndex {
  return typesIn(declaredIn(source), () => source);
}

/** The same of a file of which nothing else is wanted: of what `parse` gives only the types are kept, and it is asked again
 *  for a function that is looked into. */
export function typesOfParsed(parse: () => SourceFile): TypeIndex {
  return typesIn(declaredIn(parse()), parse);
}

/** What a file declares, without its syntax trees. */
interface Declared {
  readonly structs: ReadonlyMap<string, ReadonlyMap<string, TypeName>>;
  readonly typedefs: ReadonlyMap<string, TypeName>;
  readonly globals: ReadonlyMap<string, TypeName>;
  readonly constants: ReadonlySet<string>;
  /** The results of the functions that are declared, and not defined. */
  readonly prototypes: ReadonlyMap<string, TypeName>;
  readonly defined: ReadonlySet<string>;
}

function declaredIn(source: SourceFile): Declared {
  const defined = new Set(source.functions.map(({ name }) => name));
  const structs = new Map(
    source.structs.map(({ name, fields }) => [
      withoutKeyword(name),
      new Map(fields.map((field) => [field.name, field.type])),
    ]),
  );
  return {
    structs,
    typedefs: new Map(source.typedefs.map(({ name, type }) => [name, type])),
    globals: new Map(variablesOf(source)),
    constants: new Set(
      [...source.enumerators, ...source.macros.filter(isConstant)].map(({ name }) => name),
    ),
    prototypes: new Map(source.prototypes.map(({ name, returns }) => [name, returns])),
    defined,
  };
}

/** Words of a constant expression: types that it is cast to, and other names in capitals, which are constants by custom. */
const IN_CONSTANTS =
  /^(?:[A-Z0-9_]+|\w+_t|[us](?:8|16|32|64)|unsigned|signed|long|int|short|char|sizeof)$/;

/** Whether a macro stands for a constant: `#define MaxSector (~(sector_t)0)`. */
function isConstant({ parameters, body }: MacroDefinition): boolean {
  if (parameters !== undefined || body.trim() === '') return false;
  const words = body.match(/(?<![\w.])[A-Za-z_]\w*/g) ?? [];
  return words.every((word) => IN_CONSTANTS.test(word));
}

/** The look-ups. A function is only parsed when it is asked for: a header has hundreds. */
function typesIn(declared: Declared, parse: () => SourceFile): TypeIndex {
  const { structs, typedefs, globals, constants, prototypes, defined } = declared;
  const results = new Map<string, TypeName>();
  const addressings = new Map<string, Addressing | undefined>();
  const definition = (name: string) => parse().functions.findLast((each) => each.name === name)!;
  return {
    field: (struct, name) => structs.get(withoutKeyword(struct))?.get(name),
    hasStruct: (struct) => structs.has(withoutKeyword(struct)),
    members: (struct) => [...(structs.get(withoutKeyword(struct))?.keys() ?? [])],
    typedef: (name) => typedefs.get(name),
    global: (name) => globals.get(name),
    isConstant: (name) => constants.has(name),
    returns: (name) => {
      if (!defined.has(name)) return prototypes.get(name);
      const known = results.get(name) ?? definition(name).returns;
      results.set(name, known);
      return known;
    },
    addressing: (name) => {
      if (!defined.has(name)) return undefined;
      if (!addressings.has(name)) addressings.set(name, addressingOf(definition(name)));
      return addressings.get(name);
    },
  };
}

/** What a function names, where it does nothing but return the address of a place. */
export function addressingOf({ body, parameters }: FunctionDefinition): Addressing | undefined {
  const [only, ...others] = body;
  if (others.length > 0 || only?.kind !== 'return') return undefined;
  const { value } = only;
  return value?.kind === 'unary' && value.operator === '&'
    ? { place: value.operand, parameters }
    : undefined;
}

/** The first answer of several indexes, in their order (a file before its headers). */
export function joinTypes(indexes: readonly TypeIndex[]): TypeIndex {
  const first = <Answer>(ask: (index: TypeIndex) => Answer | undefined): Answer | undefined => {
    for (const index of indexes) {
      const answer = ask(index);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  return {
    field: (struct, name) => first((index) => index.field(struct, name)),
    hasStruct: (struct) => indexes.some((index) => index.hasStruct(struct)),
    members: (struct) => indexes.find((index) => index.hasStruct(struct))?.members(struct) ?? [],
    typedef: (name) => first((index) => index.typedef(name)),
    global: (name) => first((index) => index.global(name)),
    isConstant: (name) => indexes.some((index) => index.isConstant(name)),
    returns: (name) => first((index) => index.returns(name)),
    addressing: (name) => first((index) => index.addressing(name)),
  };
}

/** `klp_func` of `struct klp_func`, `union u`. */
export function withoutKeyword(name: string): string {
  return name.replace(/^(?:struct|union|enum)\s+/, '');
}

const DEFINING: ReadonlyMap<string, string> = new Map([
  ['LIST_HEAD', 'struct list_head'],
  ['HLIST_HEAD', 'struct hlist_head'],
  ['LLIST_HEAD', 'struct llist_head'],
  ['DEFINE_SPINLOCK', 'spinlock_t'],
  ['DEFINE_RAW_SPINLOCK', 'raw_spinlock_t'],
  ['DEFINE_RWLOCK', 'rwlock_t'],
  ['DEFINE_MUTEX', 'struct mutex'],
  ['DECLARE_RWSEM', 'struct rw_semaphore'],
  ['DECLARE_WAIT_QUEUE_HEAD', 'wait_queue_head_t'],
  ['DECLARE_COMPLETION', 'struct completion'],
  ['DEFINE_SEQLOCK', 'seqlock_t'],
  ['DEFINE_SRCU', 'struct srcu_struct'],
  ['DEFINE_STATIC_SRCU', 'struct srcu_struct'],
]);

const PER_CPU = /^(?:DEFINE|DECLARE)_PER_CPU/;

/** The variables of a file with their types, those that macros define first. */
export function variablesOf({ macroUses, globals }: SourceFile): readonly Variable[] {
  return [
    ...macroUses.flatMap(({ macro, arguments: given }) => definedBy(macro, given)),
    ...globals.map(({ name, type }) => [name, type] as const),
  ];
}

type Variable = readonly [name: string, type: TypeName];

/** The variable that a macro at file scope defines: `LIST_HEAD(klp_patches)`, `DEFINE_PER_CPU(int, x)`. */
function definedBy(macro: string, given: readonly string[]): readonly Variable[] {
  const [first, second] = given;
  if (PER_CPU.test(macro) && first !== undefined && second !== undefined)
    return [[nameOf(second), typeNamed(first)]];
  const base = DEFINING.get(macro) ?? (/^(?:DEFINE|DECLARE)_/.test(macro) ? '' : undefined);
  return base === undefined || first === undefined ? [] : [[nameOf(first), typeNamed(base)]];
}

function nameOf(argument: string): string {
  return /^\w+/.exec(argument)?.[0] ?? argument;
}

function typeNamed(text: string): TypeName {
  const pointers = text.split('*').length - 1;
  return { base: text.replaceAll('*', '').trim(), pointers, arrays: 0 };
}
