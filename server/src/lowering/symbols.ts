/** Where names of C lead: to the scenario's stubs, the tree's files or the library, in that order. */

import { isPerCpuDeclaration } from '../kernel/per-cpu.ts';
import { remembering } from '../memo/once.ts';
import type { LocationName } from '../program/program.ts';
import type { Enumerator, FunctionDefinition, StructDefinition, TypeName } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';
import type { Condition } from './configuration.ts';
import { type FileIndex, fileIndex, type GlobalObject } from './file-index.ts';
import { knownTranslation } from './known-translations.ts';
import { isHeader, type Layer, type LayeredText, winsOverPrimitives } from './layered-text.ts';
import type { LoweringRequest, SourceText } from './lowering.ts';
import { objectName } from './replaced-text.ts';
import type { Translation } from './translation.ts';

/** A definition with the file it stands in. */
export interface Defined<Definition> {
  readonly definition: Definition;
  readonly source: SourceText;
  readonly layer: Layer;
  /** What addresses call it: its name, or, where from the scenario that is another one, one of its own. */
  readonly location: LocationName;
}

/** Whether a function is meant where a primitive has its name. */
export function isMeant(definition: Defined<FunctionDefinition>): boolean {
  const { layer } = definition;
  return layer === 'stub' || (definition.definition.isStatic && winsOverPrimitives(definition));
}

/** Look-up of names as seen from a file: stubs, its own definitions, what other files define for all
 *  (before the empty versions that headers have for other configurations), headers. Everything is as the
 *  compiler sees it: in one configuration, and with macros replaced. */
export interface Symbols {
  readonly function: (name: string, from: string) => Defined<FunctionDefinition> | undefined;
  readonly object: (name: string, from: string) => Defined<GlobalObject> | undefined;
  /** What a function returns that is only declared. */
  readonly prototype: (name: string) => TypeName | undefined;
  readonly struct: (name: string, from?: string) => StructDefinition | undefined;
  readonly typedef: (name: string, from?: string) => TypeName | undefined;
  readonly enumerator: (name: string, from?: string) => Enumerator | undefined;
  /** The enumerators of an `enum` with this name, which includes the keyword. */
  readonly enumeration: (name: string) => readonly Enumerator[];
  /** The function that a text is which stands in no file of the tree, macros replaced. */
  readonly piece: (text: string, file: string) => FunctionDefinition | undefined;
  /** What of the configuration the answer to one of these questions rests on. */
  readonly conditions: (kind: SymbolKind, name: string, from: string) => readonly Condition[];
}

/** The questions that are asked by name. */
export type SymbolKind = Exclude<keyof Symbols, 'conditions'>;

/** The look-up over a request's texts, the state's objects before all others: one for all requests of the same texts that follow one another. */
export function symbolsOf(request: LoweringRequest, library: readonly SourceText[]): Symbols {
  const texts: readonly LayeredText[] = [
    { source: request.state, layer: 'stub' },
    ...request.stubs.map((source) => ({ source, layer: 'stub' }) as const),
    ...request.sources.map((source) => ({ source, layer: 'source' }) as const),
    ...library.map((source) => ({ source, layer: 'library' }) as const),
  ];
  const translation = knownTranslation(request, texts);
  if (last?.translation === translation && isSame(last.texts, texts)) return last.symbols;
  const symbols = lookUp(texts, translation);
  last = { translation, texts, symbols };
  return symbols;
}

/** The last look-up: requests over the same texts come one after the other, and what it has found of a tree is large. */
let last:
  | {
      readonly translation: Translation;
      readonly texts: readonly LayeredText[];
      readonly symbols: Symbols;
    }
  | undefined;

function isSame(one: readonly LayeredText[], other: readonly LayeredText[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ source, layer }, at) =>
        layer === other[at]?.layer && source.parsed === other[at].source.parsed,
    )
  );
}

function lookUp(texts: readonly LayeredText[], translation: Translation): Symbols {
  const functions = finder(texts, translation, ({ functions }) => functions);
  let resting: readonly LayeredText[] | undefined;
  const work: Work = {
    texts,
    translation,
    functions,
    conditional: texts.filter(({ source }) => source.parsed.conditionals.length > 0),
    restingScopes: () => {
      resting ??= texts.filter(translation.isResting);
      return resting;
    },
  };
  const objects = finder(texts, translation, ({ objects }) => objects);
  const prototypes = finder(texts, translation, ({ prototypes }) => prototypes);
  const structs = finder(texts, translation, ({ structs }) => structs);
  const typedefs = finder(texts, translation, ({ typedefs }) => typedefs);
  const enumerators = finder(texts, translation, ({ enumerators }) => enumerators);
  const enumerations = finder(texts, translation, ({ enumerations }) => enumerations);
  const origins = new Map<string, Origin>();
  const from = (file: string): Origin => {
    const origin = origins.get(file) ?? originOf(work, file);
    origins.set(file, origin);
    return origin;
  };
  const noted = (
    found: { readonly text: LayeredText } | undefined,
    definition: StructDefinition | undefined,
  ) => {
    const { text: { source, layer } = {} } = found ?? {};
    if (definition !== undefined && source !== undefined && layer === 'source' && !isHeader(source))
      homes.set(definition, source.file);
    return definition;
  };
  const symbols: Symbols = {
    function: (name, file) => {
      const found = located(functions, nearestFunction, name, from(file));
      return found && { ...found, definition: translation.whole(found.text, found.definition) };
    },
    object: (name, file) => located(objects, nearestObject, objectName(name), from(file)),
    prototype: (name) => prototypes(name)[0]?.definition,
    struct: (name, file = '') => {
      const all = structs(name);
      const complete = all.filter(({ definition }) => definition.fields.length > 0);
      // One without members is meant where none has any.
      const found = nearestAtAll(complete.length > 0 ? complete : all, from(file));
      return noted(found, found?.definition);
    },
    typedef: (name, file = '') => {
      const found = nearestAtAll(typedefs(name), from(file));
      noted(found, found?.definition.definition);
      return found?.definition;
    },
    enumerator: (name, file = '') => nearestAtAll(enumerators(name), from(file))?.definition,
    enumeration: (name) => enumerations(name).map(({ definition }) => definition),
    piece: (text, file) => translation.piece(file, text),
    conditions: (kind, name, file) => conditionsOf(work, kind, name, from(file)),
  };
  return {
    ...symbols,
    function: rememberingFrom(symbols.function),
    object: rememberingFrom(symbols.object),
    struct: rememberingFrom((name, file) => symbols.struct(name, file)),
    typedef: rememberingFrom((name, file) => symbols.typedef(name, file)),
    enumerator: rememberingFrom((name, file) => symbols.enumerator(name, file)),
  };
}

/** What a name means from a file, which is looked for when that is first asked for. */
function rememberingFrom<Found>(
  find: (name: string, file: string) => Found,
): (name: string, file?: string) => Found {
  const from = remembering((file: string) => remembering((name: string) => find(name, file)));
  return (name, file = '') => from(file)(name);
}

/** Where structs stand: a definition is of one file, whoever looks it up. */
const homes = new WeakMap<StructDefinition, string>();

/** The `.c` file that a struct stands in which was found by its name; undefined for one of a header or of no file. */
export function homeOf(definition: StructDefinition): string | undefined {
  return homes.get(definition);
}

interface Work {
  readonly texts: readonly LayeredText[];
  readonly translation: Translation;
  readonly functions: (name: string) => readonly Found<FunctionDefinition>[];
  /** The texts in which there are alternatives. */
  readonly conditional: readonly LayeredText[];
  /** The texts in which macros at file scope rest on the configuration. */
  readonly restingScopes: () => readonly LayeredText[];
}

/** A definition in one of the texts. */
interface Found<Definition> {
  readonly definition: Definition;
  readonly text: LayeredText;
}

/** Separates a name from the number of its definition, where another one has the name. */
const NUMBER_MARK = '@';

/** The definition that a name, or what an address calls it, means from there. */
function located<Definition>(
  find: (name: string) => readonly Found<Definition>[],
  choose: (found: readonly Found<Definition>[], from: Origin) => Found<Definition> | undefined,
  called: string,
  from: Origin,
): (Defined<Definition> & Found<Definition>) | undefined {
  const [name = '', number] = called.split(NUMBER_MARK);
  const all = find(name);
  const found = number === undefined ? choose(all, from) : all[Number(number) - 1];
  if (found === undefined) return undefined;
  const isNamed = all.length < 2 || found.text.layer === 'stub' || choose(all, OUTSIDE) === found;
  const location = isNamed ? name : `${name}${NUMBER_MARK}${all.indexOf(found) + 1}`;
  return { ...found, source: found.text.source, layer: found.text.layer, location };
}

/** All definitions of a name, in the order of the texts. */
function finder<Definition>(
  texts: readonly LayeredText[],
  translation: Translation,
  pick: (index: FileIndex) => ReadonlyMap<string, readonly Definition[]>,
): (name: string) => readonly Found<Definition>[] {
  let indexes:
    | readonly {
        readonly text: LayeredText;
        readonly index: ReadonlyMap<string, readonly Definition[]>;
      }[]
    | undefined;
  const known = new Map<string, readonly Found<Definition>[]>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    indexes ??= texts.map((text) => ({ text, index: pick(translation.index(text)) }));
    const found: Found<Definition>[] = [];
    for (const { index, text } of indexes)
      for (const definition of index.get(name) ?? []) found.push({ definition, text });
    known.set(name, found);
    return found;
  };
}

/** From where a name is looked up: a file of the tree, or, as from the scenario, anywhere. */
interface Origin {
  readonly file: string;
  readonly text: LayeredText | undefined;
}

const OUTSIDE: Origin = { file: '', text: undefined };

function originOf({ texts }: Work, file: string): Origin {
  return {
    file,
    text: texts.find(({ source, layer }) => layer === 'source' && source.file === file),
  };
}

/** Whether what stands in a text can be seen from there when it is the file's own: always in headers, and
 *  of other `.c` files from outside the tree, from headers, and where one includes the other. */
function isInReach({ source, layer }: LayeredText, { file, text }: Origin): boolean {
  if (layer !== 'source' || isHeader(source) || source.file === file) return true;
  if (text === undefined || isHeader(text.source)) return true;
  return includes(source, text.source) || includes(text.source, source);
}

function includes({ parsed }: SourceText, { file }: SourceText): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return parsed.includes.some((path) => path === name || path.endsWith(`/${name}`));
}

function nearest<Definition>(
  found: readonly Found<Definition>[],
  from: Origin,
  isForAll: (item: Found<Definition>) => boolean = () => false,
): Found<Definition> | undefined {
  const seen = found.filter((item) => isForAll(item) || isInReach(item.text, from));
  if (seen.length < 2) return seen[0];
  return (
    seen.find(({ text }) => text.layer === 'stub') ??
    seen.find(({ text }) => text.source.file === from.file) ??
    seen.find(isForAll) ??
    seen.find(({ text }) => isHeader(text.source)) ??
    seen[0]
  );
}

/** What is in no reach has the meaning that it has elsewhere: the header that says it may not be among the files. */
function nearestAtAll<Definition>(
  found: readonly Found<Definition>[],
  from: Origin,
): Found<Definition> | undefined {
  return nearest(found, from) ?? nearest(found, OUTSIDE);
}

function nearestFunction(
  found: readonly Found<FunctionDefinition>[],
  from: Origin,
): Found<FunctionDefinition> | undefined {
  return nearest(
    found,
    from,
    ({ definition, text }) => !definition.isStatic && !isHeader(text.source),
  );
}

/** A definition with a value wins over one without, that over a declaration (C11 6.9.2). */
function nearestObject(
  found: readonly Found<GlobalObject>[],
  from: Origin,
): Found<GlobalObject> | undefined {
  const isForAll = ({ definition }: Found<GlobalObject>) => !isStatic(definition);
  const own = found.filter(({ text }) => text.layer === 'stub' || text.source.file === from.file);
  for (const candidates of [own, found])
    for (const isIt of [isInitialised, isDefinition]) {
      const best = nearest(
        candidates.filter(({ definition }) => isIt(definition)),
        from,
        isForAll,
      );
      if (best !== undefined) return best;
    }
  return nearest(found, from, isForAll);
}

function isStatic(object: GlobalObject): boolean {
  return object.kind === 'declared' && object.declarator.isStatic;
}

function isInitialised(object: GlobalObject): boolean {
  return object.kind === 'made'
    ? !isPerCpuDeclaration(object.by.macro)
    : object.declarator.initial !== undefined;
}

function isDefinition(object: GlobalObject): boolean {
  return object.kind === 'made'
    ? !isPerCpuDeclaration(object.by.macro)
    : object.declarator.isExtern !== true;
}

/** The alternatives that decide which definitions of the name are there, and what is in the one that counts. */
function conditionsOf(
  work: Work,
  kind: SymbolKind,
  name: string,
  from: Origin,
): readonly Condition[] {
  const { translation } = work;
  const key = `${kind} ${from.file}\n${name}`;
  const known = translation.conditions.get(key);
  if (known !== undefined) return known;
  const conditions: Condition[] = [];
  translation.conditions.set(key, conditions);
  for (const text of work.conditional) {
    for (const { span, isStatic } of definitionsOf(work, text, kind, name)) {
      if (isStatic && !isInReach(text, from)) continue;
      if (!translation.isCompiled(text, span.start, conditions)) continue;
      if (kind === 'struct') translation.conditionsInStruct(text, span, conditions);
      else translation.conditionsIn(text, span, conditions);
    }
  }
  conditions.push(...macroConditions(work, kind, name, from));
  return conditions;
}

/** What the macros rest on that are used in what the name means. */
function macroConditions(
  work: Work,
  kind: SymbolKind,
  name: string,
  from: Origin,
): readonly Condition[] {
  const { translation } = work;
  if (kind === 'piece') return translation.pieceConditions(from.file, name);
  if (kind === 'function') {
    const found = nearestFunction(work.functions(name), from);
    return found === undefined ? [] : translation.wholeConditions(found.text, found.definition);
  }
  const conditions: Condition[] = [];
  for (const text of work.restingScopes())
    for (const { span, isStatic } of definitionsOf(work, text, kind, name))
      if (!isStatic || isInReach(text, from)) translation.macroConditions(text, span, conditions);
  return conditions;
}

/** What a text defines under the name; functions in whatever configuration. */
function definitionsOf(
  { translation }: Work,
  text: LayeredText,
  kind: SymbolKind,
  name: string,
): readonly { readonly span: Span; readonly isStatic: boolean }[] {
  switch (kind) {
    case 'function': {
      const made = translation.index(text).functions.get(name) ?? NO_DEFINITION;
      const written = fileIndex(text.source.parsed).functions.get(name) ?? NO_DEFINITION;
      return made.length + written.length === 0 ? NO_DEFINITION : [...written, ...made];
    }
    case 'object': {
      const objects = translation.index(text).objects.get(objectName(name));
      return objects === undefined
        ? NO_DEFINITION
        : objects.map((object) => ({
            span: object.kind === 'declared' ? object.declarator.span : object.by.span,
            isStatic: isStatic(object),
          }));
    }
    case 'struct':
      return ofFile(
        translation
          .index(text)
          .structs.get(name)
          ?.map(({ span }) => span),
      );
    case 'typedef':
      return ofFile(translation.index(text).typedefSpans.get(name));
    case 'enumerator': {
      const enumerators = translation.index(text).enumerators.get(name);
      return ofFile(enumerators?.map(({ span }) => sinceBrace(text.source.text, span)));
    }
    case 'enumeration':
    case 'prototype':
    case 'piece':
      return [];
  }
}

const NO_DEFINITION: readonly never[] = [];

function ofFile(
  spans: readonly Span[] | undefined,
): readonly { readonly span: Span; readonly isStatic: boolean }[] {
  return spans === undefined ? NO_DEFINITION : spans.map((span) => ({ span, isStatic: true }));
}

/** From the first enumerator on: each counts on from those before it. */
function sinceBrace(text: string, { start, end }: Span): Span {
  return { start: text.lastIndexOf('{', start) + 1, end };
}
