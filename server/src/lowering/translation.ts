/**
 * The texts of a request as the compiler reads them: in one configuration, and with their macros replaced.
 * What stands at file scope is read at once, a function when it is asked for.
 */

import type { FunctionDefinition, SourceFile } from '../syntax/ast.ts';
import { blank, canvasOf, textOn } from '../syntax/canvas.ts';
import { contains, type Span } from '../text/span.ts';
import type { Condition } from './configuration.ts';
import { configuredText } from './configured-text.ts';
import { type FileIndex, fileIndex } from './file-index.ts';
import type { LayeredText } from './layered-text.ts';
import type { LoweringRequest, SourceText } from './lowering.ts';
import { type MacroAnswers, type Remembered, type Results, remembered } from './macro-questions.ts';
import { type MacroView, macroView } from './macro-view.ts';
import { type Conditions, type MacrosInForce, macrosInForce } from './macros-in-force.ts';
import {
  expandedPiece,
  type Piece,
  type ReplacedPiece,
  replacedPiece,
  soleFunction,
} from './replaced-text.ts';

/** The texts of a request, translated. */
export interface Translation {
  /** What a text defines, by name. */
  readonly index: (text: LayeredText) => FileIndex;
  /** A function of a text with its macros replaced. */
  readonly whole: (text: LayeredText, definition: FunctionDefinition) => FunctionDefinition;
  /** The function that a piece of C is which stands in no file of the tree. */
  readonly piece: (file: string, text: string) => FunctionDefinition | undefined;
  /** Whether something of a text is compiled, and what that rests on. */
  readonly isCompiled: (text: LayeredText, at: number, conditions: Conditions) => boolean;
  /** Whether macros at file scope of a text rest on the configuration. */
  readonly isResting: (text: LayeredText) => boolean;
  /** What the alternatives inside a definition rest on. */
  readonly conditionsIn: (text: LayeredText, span: Span, conditions: Conditions) => void;
  readonly conditionsInStruct: (text: LayeredText, span: Span, conditions: Conditions) => void;
  /** What the macros in one rest on. */
  readonly macroConditions: (text: LayeredText, span: Span, conditions: Conditions) => void;
  readonly wholeConditions: (
    text: LayeredText,
    definition: FunctionDefinition,
  ) => readonly Condition[];
  readonly pieceConditions: (file: string, text: string) => readonly Condition[];
  /** What answers were found to rest on. */
  readonly conditions: Map<string, readonly Condition[]>;
}

/** The translation of `texts`, the first of which win. */
export function translationOf(
  request: LoweringRequest,
  texts: readonly LayeredText[],
): Translation {
  const force = macrosInForce(texts, request.configuration ?? {});
  const work: Work = {
    request,
    force,
    view: macroView(texts, force, request.own),
    read: new Map(),
    pieces: new Map(),
  };
  return {
    index: (text) => readText(work, text).index,
    whole: (text, definition) => whole(work, text, definition),
    piece: (file, text) => pieceOf(work, file, text),
    isCompiled: force.isCompiled,
    conditions: new Map(),
    isResting: (text) => readText(work, text).scope.conditions.length > 0,
    conditionsIn: (text, span, conditions) => conditionsIn(work, text, span, conditions),
    conditionsInStruct: (text, span, conditions) =>
      conditionsInStruct(work, text, span, conditions),
    macroConditions: (text, span, conditions) => macroConditions(work, text, span, conditions),
    wholeConditions: (text, definition) => wholeIn(work, text, definition)?.conditions ?? [],
    pieceConditions: (file, text) => {
      const layered = pieceText(work, file, text);
      const [definition] = layered.source.parsed.functions;
      return (definition && wholeIn(work, layered, definition)?.conditions) ?? [];
    },
  };
}

interface Work {
  readonly request: LoweringRequest;
  readonly force: MacrosInForce;
  readonly view: MacroView;
  readonly read: Map<SourceFile, ReadText>;
  /** The texts that stand in no file of the tree. */
  readonly pieces: Map<string, LayeredText>;
}

/** A text as it is read in this request. */
interface ReadText {
  /** In its configuration, everything at its place. */
  readonly configured: SourceText;
  readonly index: FileIndex;
  readonly scope: Rested<Scope>;
  readonly functions: Map<FunctionDefinition, Rested<FunctionDefinition>>;
}

/** A result with what of the configuration it rests on. */
interface Rested<Result> extends Remembered<Result> {
  readonly conditions: readonly Condition[];
}

/** What stands at file scope, macros replaced, and functions that have been read with it. */
interface Scope {
  readonly parsed: SourceFile;
  readonly whole: ReadonlySet<FunctionDefinition>;
}

const scopes: Results<SourceFile, Scope> = new WeakMap();
const functions: Results<FunctionDefinition, FunctionDefinition> = new WeakMap();

function readText(work: Work, text: LayeredText): ReadText {
  const known = work.read.get(text.source.parsed);
  if (known !== undefined) return known;
  const { request, force } = work;
  const configured = configuredText(text, force, request.parse);
  const conditions: Conditions = [];
  const found = remembered(scopes, configured.parsed, work.view(text, conditions), (answers) =>
    scopeOf(work, configured, answers),
  );
  const scope = { ...found, conditions };
  const read: ReadText = {
    configured,
    index: fileIndex(scope.result.parsed),
    scope,
    functions: new Map(),
  };
  work.read.set(text.source.parsed, read);
  return read;
}

/** File scope with its macros replaced: without the functions, but with those that macros make. */
function scopeOf(work: Work, configured: SourceText, answers: MacroAnswers): Scope {
  const { file, text, parsed } = configured;
  const made = new Map<FunctionDefinition, FunctionDefinition>();
  for (const definition of parsed.functions) {
    const found = madeFunction(work, configured, definition, answers);
    if (found !== undefined) made.set(definition, found);
  }
  const outside = replaced(work, pieceAt(file, withoutFunctions(text, parsed), text, 0), answers);
  if (outside === undefined && made.size === 0) return { parsed, whole: new Set() };
  const isNew = ({ span }: FunctionDefinition) =>
    !parsed.functions.some((definition) => contains(definition.span, span));
  const added = outside?.parsed.functions.filter(isNew) ?? [];
  return {
    parsed: {
      ...(outside?.parsed ?? parsed),
      functions: [...parsed.functions.map((each) => made.get(each) ?? each), ...added],
    },
    whole: new Set([...made.values(), ...added]),
  };
}

/** A function whose name or head is a macro's. `NAME(...) {` of which the macro makes more than the head of
 *  a function is left for what it is: a function of the name that stands first in it. */
function madeFunction(
  work: Work,
  { file, text }: SourceText,
  definition: FunctionDefinition,
  answers: MacroAnswers,
): FunctionDefinition | undefined {
  const { span, madeBy, name } = definition;
  if (answers.macro(madeBy ?? name, definition.nameSpan.start) === undefined) return undefined;
  const source = text.slice(span.start, span.end);
  const found = replaced(work, pieceAt(file, source, text, span.start), answers);
  const [made, ...others] = found?.parsed.functions ?? [];
  if (found === undefined || made === undefined || others.length > 0 || made.madeBy !== undefined)
    return undefined;
  return soleFunction(found, { ...definition, name: made.name, isStatic: made.isStatic });
}

function pieceAt(file: string, text: string, around: string, offset: number): Piece {
  return { file, text, offset, around };
}

function replaced(work: Work, piece: Piece, answers: MacroAnswers): ReplacedPiece | undefined {
  return replacedPiece(piece, answers, work.request.parse);
}

/** The text with its functions blanked. */
function withoutFunctions(text: string, parsed: SourceFile): string {
  const canvas = canvasOf(text);
  for (const { span } of parsed.functions) blank(canvas, span.start, span.end);
  return textOn(canvas);
}

function whole(work: Work, text: LayeredText, definition: FunctionDefinition): FunctionDefinition {
  return wholeIn(work, text, definition)?.result ?? definition;
}

function wholeIn(
  work: Work,
  text: LayeredText,
  definition: FunctionDefinition,
): Rested<FunctionDefinition> | undefined {
  const read = readText(work, text);
  if (read.scope.result.whole.has(definition)) return undefined;
  const known = read.functions.get(definition);
  if (known !== undefined) return known;
  const conditions: Conditions = [];
  const found = remembered(functions, definition, work.view(text, conditions), (answers) =>
    replacedFunction(work, read.configured, definition, answers),
  );
  const rested = { ...found, conditions };
  read.functions.set(definition, rested);
  return rested;
}

/** The head of a function that a macro makes stays as it is. */
function replacedFunction(
  work: Work,
  { file, text }: SourceText,
  definition: FunctionDefinition,
  answers: MacroAnswers,
): FunctionDefinition {
  const { start, end } = definition.span;
  const source = text.slice(start, end);
  const own: MacroAnswers =
    definition.madeBy === undefined
      ? answers
      : {
          ...answers,
          macro: (name, at) => (name === definition.madeBy ? undefined : answers.macro(name, at)),
        };
  const found = replaced(work, pieceAt(file, source, text, start), own);
  return found === undefined ? definition : soleFunction(found, definition);
}

function pieceOf(work: Work, file: string, text: string): FunctionDefinition | undefined {
  const layered = pieceText(work, file, text);
  const [definition] = layered.source.parsed.functions;
  return definition && whole(work, layered, definition);
}

function pieceText({ request, pieces }: Work, file: string, text: string): LayeredText {
  const key = `${file}\n${text}`;
  const known = pieces.get(key) ?? { source: request.parse(file, text), layer: 'stub' };
  pieces.set(key, known);
  return known;
}

function conditionsIn(work: Work, text: LayeredText, span: Span, conditions: Conditions): void {
  const { force } = work;
  for (const group of text.source.parsed.conditionals)
    if (contains(span, group.span) && force.isCompiled(text, group.span.start, conditions))
      force.chosen(text, group, conditions);
}

/** The same of a struct. A member that may be there besides changes no other: that it is not is assumed. */
function conditionsInStruct(
  work: Work,
  text: LayeredText,
  span: Span,
  conditions: Conditions,
): void {
  const { force } = work;
  for (const group of text.source.parsed.conditionals) {
    if (!contains(span, group.span)) continue;
    const own: Conditions = [];
    if (!force.isCompiled(text, group.span.start, own)) continue;
    force.chosen(text, group, own);
    const adds = group.branches.length === 1;
    for (const each of own) conditions.push(adds ? { ...each, kind: 'assumed' } : each);
  }
}

/** What the macros in a definition at file scope rest on. */
function macroConditions(work: Work, text: LayeredText, span: Span, conditions: Conditions): void {
  const { configured, scope } = readText(work, text);
  if (scope.conditions.length === 0) return;
  const { file, text: whole } = configured;
  const source = whole.slice(span.start, span.end);
  expandedPiece(pieceAt(file, source, whole, span.start), work.view(text, conditions));
}
