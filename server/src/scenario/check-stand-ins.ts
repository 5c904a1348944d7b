/** Whether what stands in for functions and macros, in stubs and suppositions, stands in for something. */

import { wrongArity } from '../kernel/arity.ts';
import { primitive } from '../kernel/primitives.ts';
import type { SourceText } from '../lowering/lowering.ts';
import type { FunctionDefinition, TypeName } from '../syntax/ast.ts';
import { LineIndex } from '../text/line-index.ts';
import { nearestName } from '../text/similar-name.ts';
import type { Span } from '../text/span.ts';
import { areAlike } from './alike-shapes.ts';
import { scopeAround, type WrongName, wrong } from './check-c-names.ts';
import { isExact, type KnownNames } from './known-names.ts';
import { shapeOfType, shapeText } from './type-shape.ts';

/** What a supposition defines replaces nothing, and nobody names it: neither other code, by `names`, nor the
 *  rest of the supposition. */
export function wrongReplacements(text: SourceText, names: KnownNames): readonly WrongName[] {
  const objects = text.parsed.globals
    .filter(({ name }) => !names.has('object', name))
    .map(({ name, nameSpan }) => ({ name, span: nameSpan }));
  const constants = text.parsed.macros.filter(({ parameters }) => parameters === undefined);
  return [...standInsOf(text), ...objects, ...constants]
    .filter(({ name }) => !isThere(name, names) && usesIn(text, name) < 2)
    .map(({ name, span }) =>
      wrong(
        `there is no ${name} to replace`,
        names.near(name, ['function', 'constant', 'object']),
        span,
      ),
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

/** Functions and macros that take other arguments than the function of the tree that they stand in for, or return something else. */
export function wrongParameters(
  { parsed, text }: SourceText,
  names: KnownNames,
): readonly WrongName[] {
  const functions = parsed.functions.filter((each) => isExact(each, text));
  const macros = parsed.macros.flatMap(({ name, parameters, span }) =>
    parameters === undefined || parameters.some((each) => each.includes('...'))
      ? []
      : { name, count: parameters.length, span },
  );
  const counted = functions.map(({ name, nameSpan, parameters }) => ({
    name,
    count: parameters.length,
    span: nameSpan,
  }));
  return [
    ...[...counted, ...macros].flatMap(({ name, count, span }) => {
      const ofKernel = names.ofKernel(name);
      if (ofKernel !== undefined && ofKernel !== count)
        return [{ message: wrongArity(name, ofKernel, count), span }];
      const first = firstWhere(names.ofTree(name), ({ parameters }) => parameters.length !== count);
      if (first === undefined) return [];
      const taken = wrongCount(first.each.parameters.length);
      return [{ message: `${name}() takes ${taken} in ${placeOf(first)}, not ${count}`, span }];
    }),
    ...functions.flatMap((each) => wrongTypesIn(each, names)),
  ];
}

type OfTree = ReturnType<KnownNames['ofTree']>[number];

/** The first function of that name in the tree, where all differ in the same way, and are written with all their parameters. */
function firstWhere(
  replaced: readonly OfTree[],
  differs: (each: FunctionDefinition) => boolean,
): OfTree | undefined {
  const isOther = replaced.every(({ each, source }) => isExact(each, source.text) && differs(each));
  return isOther ? replaced[0] : undefined;
}

function wrongCount(length: number): string {
  return length === 1 ? '1 argument' : `${length} arguments`;
}

function placeOf({ each, source }: OfTree): string {
  return `${source.file}:${new LineIndex(source.text).position(each.nameSpan.start).line + 1}`;
}

/** What a function returns or takes, where it is of another type than in the tree. */
function wrongTypesIn(own: FunctionDefinition, names: KnownNames): readonly WrongName[] {
  const replaced = names.ofTree(own.name);
  const scope = scopeAround(names);
  const differ = (one: TypeName | undefined, other: TypeName | undefined) => {
    const [first, second] = [shapeOfType(one, scope), shapeOfType(other, scope)];
    return first !== undefined && second !== undefined && !areAlike(first, second);
  };
  const told = (first: OfTree, type: TypeName, what: string) =>
    `${own.name}() ${what} ${shapeText(shapeOfType(type, scope)!)} in ${placeOf(first)}`;
  const returned = firstWhere(replaced, ({ returns }) => differ(returns, own.returns));
  if (returned !== undefined)
    return [{ message: told(returned, returned.each.returns, 'returns'), span: own.nameSpan }];
  return own.parameters.flatMap(({ type, span }, at) => {
    const first = firstWhere(
      replaced,
      ({ parameters }) =>
        parameters.length === own.parameters.length && differ(parameters[at]?.type, type),
    );
    const taken = first?.each.parameters[at]?.type;
    return taken === undefined
      ? []
      : [{ message: told(first!, taken, `takes as number ${at + 1}`), span }];
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
