/** Where names of C lead: to the scenario's stubs, the tree's files or the library, in that order. */

import type {
  Declarator,
  FunctionDefinition,
  MacroDefinition,
  MacroUse,
  Statement,
  StructDefinition,
  TypeName,
} from '../syntax/ast.ts';
import type { LoweringRequest, SourceText } from './lowering.ts';

/** Who defines a name: stubs win over the primitive table, that over sources, these over the library. */
export type Layer = 'stub' | 'source' | 'library';

/** A definition with the file it stands in. */
export interface Defined<Definition> {
  readonly definition: Definition;
  readonly source: SourceText;
  readonly layer: Layer;
}

/** An object with static storage: declared, or made by a macro such as `DEFINE_MUTEX(lock)`. */
export type GlobalObject =
  | { readonly kind: 'declared'; readonly declarator: Declarator }
  | { readonly kind: 'made'; readonly by: MacroUse };

/** Look-up of names as seen from a file: stubs, its own definitions, what other files define for all
 *  (before the empty versions that headers have for other configurations), headers, other files. */
export interface Symbols {
  readonly macro: (name: string, from: string) => Defined<MacroDefinition> | undefined;
  readonly function: (name: string, from: string) => Defined<FunctionDefinition> | undefined;
  readonly object: (name: string, from: string) => Defined<GlobalObject> | undefined;
  readonly struct: (name: string) => StructDefinition | undefined;
  readonly typedef: (name: string) => TypeName | undefined;
  readonly enumerator: (name: string) => number | undefined;
  /** The statements of a macro's body, which may be an expression, statements or a loop's head. */
  readonly macroBody: (macro: MacroDefinition) => readonly Statement[];
}

/** Calls that the lowering itself knows (intrinsics.ts); only stubs win over them. */
export const BUILT_IN = [
  'container_of',
  'assume',
  'IS_ENABLED',
  'IS_BUILTIN',
  '__builtin_expect',
  '__builtin_constant_p',
] as const;

export type BuiltIn = (typeof BUILT_IN)[number];

export function isBuiltIn(name: string): name is BuiltIn {
  return (BUILT_IN as readonly string[]).includes(name);
}

/** What stands for the body where a macro that makes a loop is parsed. */
export const LOOP_BODY = '__loop_body__';

/** The look-up over a request's texts, the state's objects before all others. */
export function symbolsOf(request: LoweringRequest, library: SourceText): Symbols {
  const texts: readonly (readonly [SourceText, Layer])[] = [
    [request.state, 'stub'],
    ...request.stubs.map((text) => [text, 'stub'] as const),
    ...request.sources.map((text) => [text, 'source'] as const),
    [library, 'library'],
  ];
  const macros = indexed(texts, ({ macros }) => macros.map((item) => [item.name, item]));
  const functions = indexed(texts, ({ functions }) => functions.map((item) => [item.name, item]));
  const objects = indexed(texts, objectsIn);
  const structs = indexed(texts, ({ structs }) => structs.map((item) => [item.name, item]));
  const typedefs = indexed(texts, ({ typedefs }) => typedefs.map((item) => [item.name, item.type]));
  const enumerators = indexed(texts, ({ enumerators }) =>
    enumerators.map((item) => [item.name, item.value]),
  );
  return {
    macro: (name, from) => nearest(macros.get(name), from),
    function: (name, from) => {
      const found = functions.get(name);
      return nearest(
        found,
        from,
        ({ definition, source }) => !definition.isStatic && !isHeader(source),
      );
    },
    object: (name, from) => nearest(objects.get(name), from),
    struct: (name) =>
      structs.get(name)?.find(({ definition }) => definition.fields.length > 0)?.definition,
    typedef: (name) => typedefs.get(name)?.[0]?.definition,
    enumerator: (name) => enumerators.get(name)?.[0]?.definition,
    macroBody: (macro) => macroBody(request, macro),
  };
}

function objectsIn({
  globals,
  macroUses,
}: SourceText['parsed']): (readonly [string, GlobalObject])[] {
  const declared = globals.map(
    (declarator) => [declarator.name, { kind: 'declared', declarator }] as const,
  );
  const made = macroUses
    .filter(({ macro }) => /^(DEFINE_|DECLARE_|LIST_HEAD$)/.test(macro))
    .map((by) => [by.arguments[0] ?? '', { kind: 'made', by }] as const);
  return [...declared, ...made];
}

function indexed<Definition>(
  texts: readonly (readonly [SourceText, Layer])[],
  itemsOf: (parsed: SourceText['parsed']) => readonly (readonly [string, Definition])[],
): ReadonlyMap<string, readonly Defined<Definition>[]> {
  const index = new Map<string, Defined<Definition>[]>();
  for (const [source, layer] of texts)
    for (const [name, definition] of itemsOf(source.parsed)) {
      const known = index.get(name);
      if (known === undefined) index.set(name, [{ definition, source, layer }]);
      else known.push({ definition, source, layer });
    }
  return index;
}

function nearest<Definition>(
  found: readonly Defined<Definition>[] | undefined,
  from: string,
  isVisible: (item: Defined<Definition>) => boolean = () => false,
): Defined<Definition> | undefined {
  return (
    found?.find(({ layer }) => layer === 'stub') ??
    found?.find(({ source }) => source.file === from) ??
    found?.find(isVisible) ??
    found?.find(({ source }) => isHeader(source)) ??
    found?.[0]
  );
}

function isHeader({ file }: SourceText): boolean {
  return file.endsWith('.h');
}

const bodies = new WeakMap<MacroDefinition, readonly Statement[]>();

const LOOP_HEAD = /^(?:for|while|\w*for_each\w*)\s*\([\s\S]*[^};]$/;

/** Tried as the head of a loop where it looks like one, then as an expression, as statements, and as
 *  the braces of an initial value. */
function macroBody(request: LoweringRequest, macro: MacroDefinition): readonly Statement[] {
  const known = bodies.get(macro);
  if (known !== undefined) return known;
  const text = macro.body.replace(/\\\r?\n/g, ' ').trim();
  const attempts = [
    ...(text === '' ? [''] : []),
    ...(LOOP_HEAD.test(text) ? [`${text} ${LOOP_BODY};`] : []),
    `(${text});`,
    `${text};`,
    `int initial = ${text};`,
  ];
  const parsed = attempts.map((attempt) => statementsOf(request, attempt));
  const body = parsed.find((statements) => statements !== undefined) ?? [];
  bodies.set(macro, body);
  return body;
}

/** The statements of a text, or undefined where it is not C. */
function statementsOf(request: LoweringRequest, text: string): readonly Statement[] | undefined {
  const { parsed } = request.parse('macro', `void macro_body(void) { ${text}\n}`);
  const [definition] = parsed.functions;
  if (definition === undefined || definition.errors.length > 0) return undefined;
  return definition.body.some(isUnknown) ? undefined : definition.body;
}

function isUnknown(statement: Statement): boolean {
  return (
    statement.kind === 'unknown' ||
    (statement.kind === 'expression' && statement.expression.kind === 'unknown')
  );
}
