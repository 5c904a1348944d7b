/** Whether what stands between the functions of a scenario's own C is preprocessor lines and declarations. The parser reads past
 *  anything else, and so would leave out what somebody meant to count. */

import { primitive } from '../kernel/primitives.ts';
import { integerOfWords } from '../lowering/ctype.ts';
import { kernelType } from '../lowering/kernel-types.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { type Directive, type Token, tokenize, tokenizeLine } from '../syntax/tokens.ts';
import { nearestName } from '../text/similar-name.ts';
import { contains } from '../text/span.ts';
import { type WrongName, wrong } from './check-c-names.ts';
import type { KnownNames } from './known-names.ts';

/** What is wrong outside of the functions of stubs, or of what a supposition says. */
export function wrongFileScope(source: SourceText, names: KnownNames): readonly WrongName[] {
  const { tokens, directives } = tokenize(source.text);
  const outside = tokens.filter(
    (token) => !source.parsed.functions.some(({ span }) => contains(span, token)),
  );
  return [
    ...wrongDirectives(source, directives, names),
    ...withoutResult(source, tokens, names),
    ...itemsOf(outside).flatMap((item) =>
      isStatement(item, names) && isSurely(item, names)
        ? { message: statementOutside(item), span: spanOf(item) }
        : [],
    ),
  ];
}

/** Other calls may be of macros that make objects, or say something at compile time. */
function isSurely([first, second]: readonly Token[], names: KnownNames): boolean {
  const { text } = first!;
  const isDeclaration = /^_?[sS]tatic_assert$/.test(text);
  return second?.text !== '(' || (names.has('function', text) && !isDeclaration);
}

function statementOutside([first, ...rest]: readonly Token[]): string {
  const close = closing(rest);
  const isMacro = rest[0]?.text === '(' && rest[close + 1] !== undefined;
  return isMacro
    ? `${first!.text}(...) defines nothing here; "#define ${first!.text}(...)"?`
    : 'this is a statement, and stands in no function';
}

/** The index of the parenthesis that closes the first one. */
function closing(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex(({ text }) => {
    if (text === '(') depth++;
    if (text === ')') depth--;
    return depth === 0;
  });
}

export function spanOf(item: readonly Token[]): WrongName['span'] {
  return { start: item[0]!.start, end: item.at(-1)!.end };
}

/** What a name that is no type goes on with. */
const BEHIND_PLACE: ReadonlySet<string> = new Set([
  ...['=', '[', '.', '->', '++', '--', '+=', '-=', '|=', '&='],
]);

/** Whether an item begins with a name that is assigned to, gone through or called; macros that make objects have their own names. */
export function isStatement([first, second]: readonly Token[], names: KnownNames): boolean {
  if (first?.kind !== 'word' || second === undefined) return false;
  if (second.text !== '(') return BEHIND_PLACE.has(second.text);
  const { text } = first;
  return /[a-z]/.test(text) && !/^_*typeof/.test(text) && !isType(text, names);
}

export function isType(word: string, names: KnownNames): boolean {
  const isBuiltIn = integerOfWords([word]) !== undefined || word === 'void';
  return isBuiltIn || kernelType(word) !== undefined || names.has('type', word);
}

/** The tokens of each item at file scope, up to its ";". */
export function itemsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (/^[{(]$/.test(token.text)) depth++;
    if (/^[})]$/.test(token.text)) depth--;
    if (token.text === ';' && depth === 0) items.push([]);
    else items.at(-1)!.push(token);
  }
  return items;
}

/** Functions that say nothing of what they return: the parser takes their names for macros that make functions. */
function withoutResult(
  { parsed }: SourceText,
  tokens: readonly Token[],
  names: KnownNames,
): readonly WrongName[] {
  return parsed.functions.flatMap(({ madeBy, span }) => {
    if (madeBy === undefined || names.has('macro', madeBy) || !/[a-z]/.test(madeBy)) return [];
    const at = tokens.find(
      ({ text, start }) => text === madeBy && contains(span, { start, end: start }),
    );
    return at === undefined
      ? []
      : [{ message: `${madeBy}() has no type for what it returns; void ${madeBy}()?`, span: at }];
  });
}

const KEYWORDS: readonly string[] = [
  ...['define', 'undef', 'include', 'if', 'ifdef', 'ifndef', 'elif', 'elifdef', 'elifndef'],
  ...['else', 'endif', 'error', 'warning', 'line', 'pragma', ''],
];

function wrongDirectives(
  { text, parsed }: SourceText,
  directives: readonly Directive[],
  names: KnownNames,
): readonly WrongName[] {
  let open = 0;
  return directives.flatMap(({ keyword, start, end, argument }) => {
    const span = { start, end };
    if (!KEYWORDS.includes(keyword)) {
      const near = nearestName(keyword, KEYWORDS);
      return [wrong(`there is no "#${keyword}"`, near && `#${near}`, span)];
    }
    if (/^if/.test(keyword)) open++;
    if (/^el|^endif/.test(keyword) && open === 0)
      return [{ message: `no "#if" stands before this "#${keyword}"`, span }];
    if (keyword === 'endif') open--;
    if (keyword === 'include')
      return [{ message: '"#include" reads nothing here: "source:" names files', span }];
    if (keyword === 'define') return wrongDefinition(text.slice(argument, end), span);
    const undefined_ = parsed.undefinedMacros.find((each) => each.span.start === start);
    return undefined_ === undefined ? [] : wrongUndef(undefined_, parsed, names);
  });
}

/** A macro whose parameters do not end, or whose parentheses do not match: it would spoil each line that uses it. */
function wrongDefinition(written: string, span: WrongName['span']): readonly WrongName[] {
  const [, name, paren] = /^\s*([A-Za-z_$][\w$]*)(\(?)/.exec(written) ?? [];
  if (name === undefined) return [{ message: '"#define" needs a name', span }];
  const tokens = tokenizeLine(written.replace(/\\\r?\n/g, ' '));
  const from = paren === '(' ? closing(tokens.slice(1)) : 0;
  const isSimple =
    paren === '' ||
    tokens.slice(2, from + 1).every(({ text }) => /^(?:[A-Za-z_]\w*|,|\.\.\.)$/.test(text));
  if (from < 0 || !isSimple)
    return [{ message: `the parameters of ${name} have no ")" behind them`, span }];
  let depth = 0;
  for (const { text } of tokens) {
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (depth < 0) break;
  }
  const lacks = depth > 0 ? ')' : '(';
  return depth === 0 ? [] : [{ message: `the macro ${name} lacks a "${lacks}"`, span }];
}

/** An `#undef` of what is defined nowhere, but nearly; or of what the kernel model knows without a macro, so that it stays. */
function wrongUndef(
  { name, span }: SourceText['parsed']['undefinedMacros'][number],
  { macros }: SourceText['parsed'],
  names: KnownNames,
): readonly WrongName[] {
  if (names.has('macro', name) || macros.some((each) => each.name === name)) return [];
  if (primitive(name) !== undefined || names.has('function', name))
    return [{ message: `${name} is no macro, and "#undef" takes nothing away`, span }];
  const near = names.isInTree(name) ? undefined : names.near(name, ['constant', 'function']);
  return near === undefined ? [] : [wrong(`there is no macro ${name}`, near, span)];
}
