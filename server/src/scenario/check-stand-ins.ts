/** Whether what stands in for functions and macros, in stubs and suppositions, stands in for something. */

import { primitive } from '../kernel/primitives.ts';
import type { SourceText } from '../lowering/lowering.ts';
import { LineIndex } from '../text/line-index.ts';
import { nearestName } from '../text/similar-name.ts';
import type { Span } from '../text/span.ts';
import { type WrongName, wrong } from './check-c-names.ts';
import { isExact, type KnownNames } from './known-names.ts';

/** What a supposition defines replaces nothing, and nobody names it: neither other code, by `names`, nor the
 *  rest of the supposition. */
export function wrongReplacements(text: SourceText, names: KnownNames): readonly WrongName[] {
  const objects = text.parsed.globals
    .filter(({ name }) => !names.has('object', name))
    .map(({ name, nameSpan }) => ({ name, span: nameSpan }));
  return [...standInsOf(text), ...objects]
    .filter(({ name }) => !isThere(name, names) && usesIn(text, name) < 2)
    .map(({ name, span }) =>
      wrong(`there is no ${name} to replace`, names.near(name, ['function', 'constant']), span),
    );
}

function isThere(name: string, names: KnownNames): boolean {
  return names.has('function', name) || names.has('constant', name) || names.isUsed(name, 0);
}

function usesIn({ text }: SourceText, name: string): number {
  return text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
}

/** Stubs that nobody names, while somebody calls what differs in one letter. Others that nobody names are
 *  for other trees and scenarios that share the file. */
export function wrongStubs(text: SourceText, names: KnownNames): readonly WrongName[] {
  return standInsOf(text)
    .filter(({ name }) => primitive(name) === undefined && !names.isUsed(name, 1))
    .flatMap(({ name, span }) => {
      const near = nearestName(name, names.called(), 1);
      const isVersion =
        near !== undefined && [...names.called()].some((each) => bare(each) === bare(name));
      return near === undefined || isVersion
        ? []
        : [wrong(`nothing calls ${name}()`, `${near}()`, span)];
    });
}

/** Versions of one function often differ in underscores. */
function bare(name: string): string {
  return name.replaceAll('_', '');
}

/** Functions and macros that take another number of arguments than the function of the tree that they stand in for. */
export function wrongParameters(
  { parsed, text }: SourceText,
  names: KnownNames,
): readonly WrongName[] {
  const functions = parsed.functions.flatMap((each) =>
    isExact(each, text)
      ? { name: each.name, count: each.parameters.length, span: each.nameSpan }
      : [],
  );
  const macros = parsed.macros.flatMap(({ name, parameters, span }) =>
    parameters === undefined || parameters.some((each) => each.includes('...'))
      ? []
      : { name, count: parameters.length, span },
  );
  return [...functions, ...macros].flatMap(({ name, count, span }) => {
    const replaced = names.ofTree(name);
    const isOther = replaced.every(
      ({ each, source }) => isExact(each, source.text) && each.parameters.length !== count,
    );
    const [first] = replaced;
    if (first === undefined || !isOther) return [];
    const { length } = first.each.parameters;
    const line = new LineIndex(first.source.text).position(first.each.nameSpan.start).line + 1;
    const taken = length === 1 ? '1 argument' : `${length} arguments`;
    const message = `${name}() takes ${taken} in ${first.source.file}:${line}, not ${count}`;
    return [{ message, span }];
  });
}

function standInsOf({
  parsed,
}: SourceText): readonly { readonly name: string; readonly span: Span }[] {
  const functions = parsed.functions.map(({ name, nameSpan }) => ({ name, span: nameSpan }));
  const macros = parsed.macros
    .filter(({ parameters }) => parameters !== undefined)
    .map(({ name, span }) => ({ name, span }));
  return [...functions, ...macros];
}
