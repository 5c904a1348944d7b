/** What a file defines, by name: worked out once for a parsed file, however many programs ask for it. */

import { isPerCpuMacro } from '../kernel/per-cpu.ts';
import type {
  Declarator,
  Enumerator,
  FunctionDefinition,
  MacroDefinition,
  MacroUse,
  SourceFile,
  StructDefinition,
  TypeName,
} from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';

/** An object with static storage: declared, or made by a macro such as `DEFINE_MUTEX(lock)`. */
export type GlobalObject =
  | { readonly kind: 'declared'; readonly declarator: Declarator }
  | { readonly kind: 'made'; readonly by: MacroUse };

/** The definitions of each name, in text order. */
type ByName<Definition> = ReadonlyMap<string, readonly Definition[]>;

export interface FileIndex {
  readonly macros: ByName<MacroDefinition>;
  readonly functions: ByName<FunctionDefinition>;
  readonly objects: ByName<GlobalObject>;
  readonly prototypes: ByName<TypeName>;
  readonly structs: ByName<StructDefinition>;
  readonly typedefs: ByName<TypeName>;
  /** Where they stand. */
  readonly typedefSpans: ByName<Span>;
  readonly enumerators: ByName<Enumerator>;
  /** The enumerators of each `enum` that has a name. */
  readonly enumerations: ByName<Enumerator>;
}

const indexes = new WeakMap<SourceFile, FileIndex>();

/** The index of a file. */
export function fileIndex(parsed: SourceFile): FileIndex {
  const known = indexes.get(parsed);
  if (known !== undefined) return known;
  const index = indexOf(parsed);
  indexes.set(parsed, index);
  return index;
}

/** Each part is made when it is first asked for: what stands at file scope is read only then. */
function indexOf(parsed: SourceFile): FileIndex {
  const known: { -readonly [part in keyof FileIndex]?: FileIndex[part] } = {};
  return {
    get macros() {
      known.macros ??= byName(parsed.macros, nameOf, itself);
      return known.macros;
    },
    get functions() {
      known.functions ??= byName(parsed.functions, nameOf, itself);
      return known.functions;
    },
    get objects() {
      known.objects ??= byName(
        objectsIn(parsed),
        ([name]) => name,
        ([, object]) => object,
      );
      return known.objects;
    },
    get prototypes() {
      known.prototypes ??= byName(parsed.prototypes, nameOf, ({ returns }) => returns);
      return known.prototypes;
    },
    get structs() {
      known.structs ??= byName(parsed.structs, nameOf, itself);
      return known.structs;
    },
    get typedefs() {
      known.typedefs ??= byName(parsed.typedefs, nameOf, ({ type }) => type);
      return known.typedefs;
    },
    get typedefSpans() {
      known.typedefSpans ??= byName(parsed.typedefs, nameOf, ({ span }) => span);
      return known.typedefSpans;
    },
    get enumerators() {
      known.enumerators ??= byName(parsed.enumerators, nameOf, itself);
      return known.enumerators;
    },
    get enumerations() {
      known.enumerations ??= byName(parsed.enumerators, ({ of }) => of ?? '', itself);
      return known.enumerations;
    },
  };
}

function objectsIn({
  globals,
  macroUses,
}: SourceFile): readonly (readonly [string, GlobalObject])[] {
  const declared = globals.map(
    (declarator) => [declarator.name, { kind: 'declared', declarator }] as const,
  );
  const made = macroUses
    .filter(({ macro }) => /^(DEFINE_|DECLARE_|LIST_HEAD$)/.test(macro))
    .map((by) => [nameOfMade(by), { kind: 'made', by }] as const);
  return [...declared, ...made];
}

function nameOfMade({ macro, arguments: given }: MacroUse): string {
  if (!isPerCpuMacro(macro)) return given[0] ?? '';
  return /^\w*/.exec(given[1] ?? '')![0];
}

/** Whether an object is one for each CPU. */
export function isPerCpu(object: GlobalObject): boolean {
  return object.kind === 'made' && isPerCpuMacro(object.by.macro);
}

function byName<Item, Definition>(
  items: readonly Item[],
  nameIn: (item: Item) => string,
  definitionIn: (item: Item) => Definition,
): ByName<Definition> {
  const index = new Map<string, Definition[]>();
  for (const item of items) {
    const known = index.get(nameIn(item));
    if (known === undefined) index.set(nameIn(item), [definitionIn(item)]);
    else known.push(definitionIn(item));
  }
  return index;
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function itself<Item>(item: Item): Item {
  return item;
}
