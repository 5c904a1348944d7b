/** Reads a piece of a file with its macros replaced. */

import type { FunctionDefinition, SourceFile } from '../syntax/ast.ts';
import { expandedText } from '../syntax/expanded-text.ts';
import { type Expansion, expandMacros, usesIn } from '../syntax/macro-expansion.ts';
import {
  type Macro,
  type MacroCall,
  type MacroToken,
  writtenTokens,
} from '../syntax/macro-token.ts';
import type { Span } from '../text/span.ts';
import { cleanupsIn } from './cleanup-attribute.ts';
import type { LoweringRequest } from './lowering.ts';
import type { MacroAnswers } from './macro-questions.ts';
import { isOptionQuestion, optionMacro } from './macros-in-force.ts';

/** A piece of a file: its text, and where that begins. */
export interface Piece {
  readonly file: string;
  readonly text: string;
  readonly offset: number;
  /** The whole text of the file, for the numbers of its lines. */
  readonly around: string;
}

/** What a piece is once its macros are replaced. */
export interface ReplacedPiece {
  readonly parsed: SourceFile;
  readonly replaced: readonly MacroCall[];
  /** Uses that C does not allow. */
  readonly faults: readonly Span[];
  /** Where variables are made that a function cleans up. */
  readonly cleanups: readonly Span[];
}

/** The piece with its macros replaced, parsed; undefined where it has none. Names that the objects of the
 *  scenario share with what the piece names itself are marked in what macros from outside bring. */
export function replacedPiece(
  piece: Piece,
  answers: MacroAnswers,
  parse: LoweringRequest['parse'],
): ReplacedPiece | undefined {
  const { file, text, offset } = piece;
  const written = writtenTokens(text, offset);
  const expansion = expandedTokens(piece, written, answers);
  if (!expansion.isChanged && expansion.problems.length === 0) return undefined;
  const tokens = withObjectsMarked(expansion.tokens, written, answers.isObject);
  const made = expandedText(tokens, text, offset);
  return {
    parsed: parse(file, made.text, made.place).parsed,
    replaced: usesIn(expansion),
    faults: expansion.problems.map(({ call }) => call.span),
    cleanups: cleanupsIn(tokens),
  };
}

/** The tokens of a piece with its macros replaced. */
export function expandedPiece(piece: Piece, answers: MacroAnswers): Expansion {
  return expandedTokens(piece, writtenTokens(piece.text, piece.offset), answers);
}

function expandedTokens(
  piece: Piece,
  written: readonly MacroToken[],
  answers: MacroAnswers,
): Expansion {
  const macro = (name: string, at: number) => macroAt(piece, answers, name, at);
  const hasMacro = written.some(
    (token) => token.kind === 'word' && macro(token.text, token.written?.start ?? 0) !== undefined,
  );
  return hasMacro
    ? expandMacros(written, macro)
    : { tokens: written, problems: [], isChanged: false };
}

function macroAt(
  { around, file }: Piece,
  answers: MacroAnswers,
  name: string,
  at: number,
): Macro | undefined {
  if (isOptionQuestion(name))
    return optionMacro(name, (option) => answers.option(name, option, at));
  const macro = answers.macro(name, at);
  if (macro !== undefined) return macro;
  switch (name) {
    case '__LINE__':
      return valueMacro(name, () => String(around.slice(0, at).split('\n').length));
    case '__FILE__':
      return valueMacro(name, () => JSON.stringify(file));
    default:
      return undefined;
  }
}

function valueMacro(name: string, made: () => string): Macro {
  return { name, isVariadic: false, body: [], made };
}

/** The end of a name that means an object of the scenario, whatever locals are called. */
const OBJECT_MARK = '$';

/** The name without such a mark. */
export function objectName(name: string): string {
  return name.endsWith(OBJECT_MARK) ? name.slice(0, -OBJECT_MARK.length) : name;
}

/** The text of a stub or of the library means the scenario's objects also where a local of that name hides
 *  them. */
function withObjectsMarked(
  tokens: readonly MacroToken[],
  written: readonly MacroToken[],
  isObject: (name: string) => boolean,
): readonly MacroToken[] {
  const own = new Set(written.map(({ text }) => text));
  return tokens.map((token, at) => {
    if (token.isOutside !== true || !own.has(token.text) || !isObject(token.text)) return token;
    const isMember = /^(?:\.|->|struct|union|enum)$/.test(tokens[at - 1]?.text ?? '');
    return isMember ? token : { ...token, text: token.text + OBJECT_MARK };
  });
}

/** The one function that a text is, under the name and at the place of `like`. */
export function soleFunction(
  { parsed, replaced, faults, cleanups }: ReplacedPiece,
  like: FunctionDefinition,
): FunctionDefinition {
  const [definition, ...others] = parsed.functions;
  const { name, nameSpan, span, isStatic } = like;
  if (definition === undefined || others.length > 0)
    return { ...like, body: [], errors: [span], replaced };
  const { returns, parameters, isInline, body, errors, omitted, madeBy } = definition;
  return {
    name,
    nameSpan,
    returns,
    parameters,
    isStatic,
    isInline,
    ...(madeBy !== undefined && { madeBy }),
    body,
    span,
    errors: [...errors, ...faults],
    omitted,
    replaced,
    cleanups,
  };
}
