/** Whether the initial state of a scenario declares objects, each once, and under no name that means something else. */

import { integerOfWords } from '../lowering/ctype.ts';
import { kernelType } from '../lowering/kernel-types.ts';
import type { SourceText } from '../lowering/lowering.ts';
import type { SourceFile } from '../syntax/ast.ts';
import { type Token, tokenize } from '../syntax/tokens.ts';
import { unreadable } from '../syntax/unreadable.ts';
import type { Span } from '../text/span.ts';
import { type WrongName, wrongMembers, wrongNamesInObject } from './check-c-names.ts';
import type { KnownNames } from './known-names.ts';

/** What is wrong in it, with the stubs that stand beside it. */
export function wrongInState(
  { parsed, text }: SourceText,
  stubs: readonly SourceText[],
  names: KnownNames,
): readonly WrongName[] {
  const misplaced = noDeclarations(parsed, text, names);
  if (misplaced.length > 0) return misplaced;
  if (parsed.errors.length > 0) return noC(parsed.errors, text);
  return [
    ...parsed.globals.flatMap((declarator) => wrongNamesInObject(declarator, names)),
    ...parsed.structs.flatMap((each) => wrongMembers(each, names)),
    ...definedAgain(parsed.globals.filter(({ isExtern }) => isExtern !== true)),
    ...definedAgain(parsed.structs.filter(({ fields }) => fields.length > 0)),
    ...definedAgain(parsed.enumerators),
    ...parsed.structs.flatMap(({ name, span }) =>
      stubs.some((stub) => differsIn(stub, name, text.slice(span.start, span.end)))
        ? { message: `${name} is defined here, and otherwise in the stubs`, span }
        : [],
    ),
    ...parsed.globals.flatMap(({ name, nameSpan }) =>
      names.has('defined', name) || names.isNumber(name)
        ? {
            message: `${name} is an object here, and a ${names.isNumber(name) ? 'constant' : 'function'} elsewhere`,
            span: nameSpan,
          }
        : [],
    ),
  ];
}

/** What stands in the state and declares no object: functions and statements. */
function noDeclarations(
  { functions, prototypes }: SourceFile,
  text: string,
  names: KnownNames,
): readonly WrongName[] {
  return [
    ...[...functions, ...prototypes].map(({ name, span }) => ({
      message: `${name}() is a function, which stands in stubs { ... }`,
      span,
    })),
    ...itemsOf(text).flatMap((item) =>
      isStatement(item, names)
        ? {
            message: 'this is a statement, which stands in setup { ... }',
            span: { start: item[0]!.start, end: item.at(-1)!.end },
          }
        : [],
    ),
  ];
}

/** What a name that is no type goes on with. */
const BEHIND_PLACE: ReadonlySet<string> = new Set([
  '=',
  '[',
  '.',
  '->',
  '++',
  '--',
  '+=',
  '-=',
  '|=',
  '&=',
]);

/** Whether an item begins with a name that is assigned to, gone through or called; macros that make objects have their own names. */
function isStatement([first, second]: readonly Token[], names: KnownNames): boolean {
  if (first?.kind !== 'word' || second === undefined) return false;
  if (second.text !== '(') return BEHIND_PLACE.has(second.text);
  const { text } = first;
  return /[a-z]/.test(text) && !/^_*typeof/.test(text) && !isType(text, names);
}

function isType(word: string, names: KnownNames): boolean {
  const isBuiltIn = integerOfWords([word]) !== undefined || word === 'void';
  return isBuiltIn || kernelType(word) !== undefined || names.has('type', word);
}

/** The tokens of each item of a text at file scope, up to its ";". */
function itemsOf(text: string): readonly (readonly Token[])[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokenize(text).tokens) {
    if (/^[{(]$/.test(token.text)) depth++;
    if (/^[})]$/.test(token.text)) depth--;
    if (token.text === ';' && depth === 0) items.push([]);
    else items.at(-1)!.push(token);
  }
  return items;
}

/** Whether a text defines a struct of that name as something else. */
function differsIn({ parsed, text }: SourceText, name: string, written: string): boolean {
  const words = (of: string) => of.match(/\w+|[^\s\w]/g)?.join(' ');
  return parsed.structs.some(
    (each) =>
      each.name === name && words(text.slice(each.span.start, each.span.end)) !== words(written),
  );
}

/** What has two definitions: which one is meant? */
function definedAgain(
  items: readonly { readonly name: string; readonly nameSpan?: Span; readonly span: Span }[],
): readonly WrongName[] {
  const known = new Set<string>();
  return items.flatMap(({ name, span, nameSpan = span }) => {
    const isKnown = known.has(name);
    known.add(name);
    return isKnown ? [{ message: `${name} is defined twice`, span: nameSpan }] : [];
  });
}

/** One mistake is told of a text that the parser cannot follow: the others may follow from it. */
export function noC([first]: readonly Span[], text: string): readonly WrongName[] {
  if (first === undefined) return [];
  return [{ message: unreadable(text, first, 'this is no C that can be read'), span: first }];
}
