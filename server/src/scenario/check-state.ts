/** Whether the initial state of a scenario declares objects, each once, and under no name that means something else. */

import type { SourceText } from '../lowering/lowering.ts';
import type { SourceFile } from '../syntax/ast.ts';
import { tokenize } from '../syntax/tokens.ts';
import { unreadable } from '../syntax/unreadable.ts';
import type { Span } from '../text/span.ts';
import { type WrongName, wrongMembers, wrongNamesInObject } from './check-c-names.ts';
import { isStatement, isType, itemsOf, spanOf } from './check-file-scope.ts';
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
    ...itemsOf(tokenize(text).tokens).flatMap((item) => {
      if (isStatement(item, names))
        return {
          message: 'this is a statement, which stands in setup { ... }',
          span: spanOf(item),
        };
      const [first, second] = item;
      return first?.kind === 'word' && second === undefined && isNoType(first.text, names)
        ? { message: `there is no type before ${first.text}`, span: first }
        : [];
    }),
  ];
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

function isNoType(word: string, names: KnownNames): boolean {
  return !isType(word, names) && !names.has('macro', word);
}
