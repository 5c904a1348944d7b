/** Locations as the reader of the C knows them: `the_func.transition` is `klp_func.transition`. */

import type { LocationName, Statement, Thread } from '../litmus/program.ts';
import type { SourceText } from '../lowering/lowering.ts';

export interface FieldNames {
  /** `klp_func.transition` (struct and field), `klp_target_state` (a global), `TIF_PATCH_PENDING` (a
   *  thread flag); the two pointers of a list head go by the name of the head. */
  readonly nameOf: (location: LocationName) => string;
}

/** Names for the locations of a lowered scenario whose objects `texts` declare. */
export function fieldNames(
  texts: readonly SourceText[],
  threads: readonly Thread[],
): FieldNames {
  const types = new Map<string, string>();
  for (const { name, type } of texts.flatMap(({ parsed }) => parsed.globals))
    if (!types.has(name)) types.set(name, type.base);
  const flag = threadFlag(texts, threads);
  const names = new Map<LocationName, string>();
  const nameOf = (location: LocationName): string => {
    const known = names.get(location) ?? fieldName(location, types, flag);
    names.set(location, known);
    return known;
  };
  return { nameOf };
}

const FLAGS = 'thread_info.flags';

function fieldName(
  location: LocationName,
  types: ReadonlyMap<string, string>,
  flag: string | undefined,
): string {
  const [root = location, ...steps] = location.replace(/\[\d+\]/g, '').split('.');
  const type = types.get(root) ?? '';
  const last = steps.at(-1);
  const isLink = last === 'next' || last === 'prev';
  const path = (isLink ? steps.slice(0, -1) : steps).join('.');
  if (path.endsWith(FLAGS) && flag !== undefined) return flag;
  if (path === '') return root;
  return type.startsWith('struct ') ? `${type.slice('struct '.length)}.${path}` : `${root}.${path}`;
}

/** The one thread flag that the statements of the threads name; undefined where there are several. */
function threadFlag(texts: readonly SourceText[], threads: readonly Thread[]): string | undefined {
  const byFile = new Map(texts.map(({ file, text }) => [file, text]));
  const named = new Set<string>();
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      const text = statement.origin && byFile.get(statement.origin.file);
      const span = statement.origin?.span;
      if (text !== undefined && span !== undefined)
        for (const [flag] of text.slice(span.start, span.end).matchAll(/\bTIF_\w+/g))
          named.add(flag);
      if (statement.kind === 'if') visit([...statement.then, ...statement.otherwise]);
      if (statement.kind === 'while') visit(statement.body);
    }
  };
  for (const { body } of threads) visit(body);
  return named.size === 1 ? [...named][0] : undefined;
}
