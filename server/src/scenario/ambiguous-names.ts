/** Names that several `.c` files define each for itself: in a scenario, which belongs to none of them, they mean nothing. */

import { type FileIndex, fileIndex, type GlobalObject } from '../lowering/file-index.ts';
import { isHeader } from '../lowering/layered-text.ts';
import type { LoweringRequest, SourceText } from '../lowering/lowering.ts';
import type { FunctionDefinition, TypeName } from '../syntax/ast.ts';
import type { Span } from '../text/span.ts';

/** The files in which a name, or a tag behind its keyword, means different things; empty where the scenario can
 *  mean only one: what it defines itself, what a header has, or what one file has for all (C11 6.2.2). */
export function filesThatDiffer(
  { state, stubs, sources }: Pick<LoweringRequest, 'state' | 'stubs' | 'sources'>,
  name: string,
): readonly string[] {
  const having = sources.filter((source) => hasMeaning(source, name));
  if (having.length < 2 || having.some(isHeader)) return [];
  if ([state, ...stubs].some((text) => hasMeaning(text, name))) return [];
  if (having.some((source) => isForAll(source, name))) return [];
  const found = new Map<string, string>();
  for (const source of having) {
    const meaning = meaningIn(source, name);
    if (![...found.values()].includes(meaning)) found.set(source.file, meaning);
  }
  return found.size > 1 ? [...found.keys()] : [];
}

/** Whether a file has anything under the name. */
function hasMeaning({ parsed }: SourceText, name: string): boolean {
  const index = fileIndex(parsed);
  const { structs, typedefs, enumerators, macros, functions } = index;
  const maps = [structs, typedefs, enumerators, macros, functions];
  return maps.some((definitions) => definitions.get(name) !== undefined) || hasObject(index, name);
}

/** What a file has under the name, as it is written but for blank space; an object is one of its own in each. */
function meaningIn({ parsed, text, file }: SourceText, name: string): string {
  const index = fileIndex(parsed);
  const written = ({ start, end }: Span) => text.slice(start, end);
  const found = [
    ...(index.structs.get(name) ?? []).map(({ span }) => written(span)),
    ...(index.typedefs.get(name) ?? []).map(nameOfType),
    ...(index.enumerators.get(name) ?? []).map(({ value, span }) => `${value ?? written(span)}`),
    ...(index.macros.get(name) ?? []).map(({ body }) => body),
    ...functionsIn(index, name).map(({ span }) => written(span)),
    ...(hasObject(index, name) ? [file] : []),
  ];
  return found.join('\n').replace(/\s+/g, ' ');
}

function nameOfType({ base, pointers, arrays }: TypeName): string {
  return `${base} ${pointers} ${arrays}`;
}

function functionsIn({ functions }: FileIndex, name: string): readonly FunctionDefinition[] {
  return functions.get(name) ?? [];
}

/** Whether an object is defined, not only declared. */
function hasObject({ objects }: FileIndex, name: string): boolean {
  return (objects.get(name) ?? []).some((object) =>
    object.kind === 'declared'
      ? object.declarator.isExtern !== true
      : !object.by.macro.startsWith('DECLARE_'),
  );
}

function isForAll({ parsed }: SourceText, name: string): boolean {
  const { functions, objects } = fileIndex(parsed);
  const isShared = (object: GlobalObject) =>
    object.kind === 'declared' && !object.declarator.isStatic;
  return (
    (functions.get(name) ?? []).some(({ isStatic }) => !isStatic) ||
    (objects.get(name) ?? []).some(isShared)
  );
}
