/** Where names of C lead: to the scenario's stubs, the tree's files or the library, in that order. */

import type {
  Enumerator,
  FunctionDefinition,
  MacroDefinition,
  Statement,
  StructDefinition,
  TypeName,
} from '../syntax/ast.ts';
import { type FileIndex, fileIndex, type GlobalObject } from './file-index.ts';
import type { LoweringRequest, SourceText } from './lowering.ts';

/** Who defines a name: stubs win over the primitive table, that over sources, these over the library. */
export type Layer = 'stub' | 'source' | 'library';

/** A definition with the file it stands in. */
export interface Defined<Definition> {
  readonly definition: Definition;
  readonly source: SourceText;
  readonly layer: Layer;
}

/** Look-up of names as seen from a file: stubs, its own definitions, what other files define for all
 *  (before the empty versions that headers have for other configurations), headers, other files. */
export interface Symbols {
  readonly macro: (name: string, from: string) => Defined<MacroDefinition> | undefined;
  readonly function: (name: string, from: string) => Defined<FunctionDefinition> | undefined;
  readonly object: (name: string, from: string) => Defined<GlobalObject> | undefined;
  readonly struct: (name: string) => StructDefinition | undefined;
  readonly typedef: (name: string) => TypeName | undefined;
  readonly enumerator: (name: string) => Enumerator | undefined;
  /** The enumerators of an `enum` with this name, which includes the keyword. */
  readonly enumeration: (name: string) => readonly Enumerator[];
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
  const texts: readonly LayeredText[] = [
    { source: request.state, layer: 'stub' },
    ...request.stubs.map((source) => ({ source, layer: 'stub' }) as const),
    ...request.sources.map((source) => ({ source, layer: 'source' }) as const),
    { source: library, layer: 'library' },
  ];
  const macros = definitionsIn(texts, ({ macros }) => macros);
  const functions = definitionsIn(texts, ({ functions }) => functions);
  const objects = definitionsIn(texts, ({ objects }) => objects);
  const structs = definitionsIn(texts, ({ structs }) => structs);
  const typedefs = definitionsIn(texts, ({ typedefs }) => typedefs);
  const enumerators = definitionsIn(texts, ({ enumerators }) => enumerators);
  const enumerations = definitionsIn(texts, ({ enumerations }) => enumerations);
  return {
    macro: (name, from) => nearest(macros(name), from),
    function: (name, from) => nearest(functions(name), from, isForAll),
    object: (name, from) => nearest(objects(name), from),
    struct: (name) =>
      structs(name).find(({ definition }) => definition.fields.length > 0)?.definition,
    typedef: (name) => typedefs(name)[0]?.definition,
    enumerator: (name) => enumerators(name)[0]?.definition,
    enumeration: (name) => enumerations(name).map(({ definition }) => definition),
    macroBody: (macro) => macroBody(request, macro),
  };
}

interface LayeredText {
  readonly source: SourceText;
  readonly layer: Layer;
}

/** All definitions of a name, in the order of the texts. */
function definitionsIn<Definition>(
  texts: readonly LayeredText[],
  pick: (index: FileIndex) => ReadonlyMap<string, readonly Definition[]>,
): (name: string) => readonly Defined<Definition>[] {
  const indexes = texts.map((text) => ({ ...text, index: pick(fileIndex(text.source)) }));
  const known = new Map<string, readonly Defined<Definition>[]>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const found: Defined<Definition>[] = [];
    for (const { index, source, layer } of indexes)
      for (const definition of index.get(name) ?? []) found.push({ definition, source, layer });
    known.set(name, found);
    return found;
  };
}

function isForAll({ definition, source }: Defined<FunctionDefinition>): boolean {
  return !definition.isStatic && !isHeader(source);
}

function nearest<Definition>(
  found: readonly Defined<Definition>[],
  from: string,
  isVisible: (item: Defined<Definition>) => boolean = () => false,
): Defined<Definition> | undefined {
  if (found.length < 2) return found[0];
  return (
    found.find(({ layer }) => layer === 'stub') ??
    found.find(({ source }) => source.file === from) ??
    found.find(isVisible) ??
    found.find(({ source }) => isHeader(source)) ??
    found[0]
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
  const body = firstThatIsC(request, attempts);
  bodies.set(macro, body);
  return body;
}

function firstThatIsC(request: LoweringRequest, attempts: readonly string[]): readonly Statement[] {
  for (const attempt of attempts) {
    const statements = statementsOf(request, attempt);
    if (statements !== undefined) return statements;
  }
  return [];
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
