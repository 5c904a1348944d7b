/** A scenario to begin with, for functions that are to run at the same time: it can be read and run as it stands. */

import type { SourceText } from '../lowering/lowering.ts';
import type { FunctionDefinition, Parameter, TypeName } from '../syntax/ast.ts';

/** A function that a thread is to call, and the file that it stands in. */
export interface Called {
  readonly definition: FunctionDefinition;
  readonly source: SourceText;
}

/**
 * The text of a scenario with a thread for each function. Parameters of the same struct get the same object, whose
 * members are zero; other parameters are zero. `headers` are further files that are needed, as those in which the
 * structs are defined, `gaps` what is not known of the functions as it stands.
 */
export function startScenario(
  called: readonly Called[],
  headers: readonly string[],
  gaps: readonly string[],
): string {
  const [{ definition: first }] = called as readonly [Called, ...Called[]];
  const names = called.map(({ definition }) => definition.name);
  const sources = [...new Set([...called.map(({ source }) => source.file), ...headers])];
  const objects = objectsFor(called);
  return [
    `C ${first.name}`,
    `"${listed(names.map((name) => `${name}()`))} at the same time."`,
    '',
    ...sources.map((file) => `source: ${file}`),
    '{',
    '\t// The shared objects, as they are at the start: fill in what the functions expect to find.',
    ...[...objects.values()].map(({ declaration }) => `\t${declaration}`),
    '}',
    '',
    '// What is easier made than written comes here: setup { INIT_LIST_HEAD(&the_list); }',
    '',
    '// What lies outside of the files, or is to be taken for granted, is put here, each with its reason:',
    '//     stubs { /* Nobody else has it. */ void box_lock(struct box *b) { } }',
    '',
    ...toFillIn(gaps),
    ...called.flatMap(({ definition }, index) => thread(index, definition, objects)),
    '',
    '// Say what must never come out: registers are P0:result, locations the_box.full.',
    `never to-be-said "both are done, and neither is": (${names.map((_, index) => `P${index}:done = 0`).join(' /\\ ')})`,
    '',
  ].join('\n');
}

/** What has no answer as it stands. */
function toFillIn(gaps: readonly string[]): readonly string[] {
  if (gaps.length === 0) return [];
  return [
    '// Still to be filled in, as what is not known here can leave the answer open: by a value in the state, a stub or a file in source:',
    ...gaps.map((gap) => `//     ${gap}`),
    '',
  ];
}

/** An object of the state. */
interface SharedObject {
  readonly name: string;
  readonly declaration: string;
}

/** The objects that pointers point to, by the type as it is written. */
function objectsFor(called: readonly Called[]): ReadonlyMap<string, SharedObject> {
  const objects = new Map<string, SharedObject>();
  for (const { definition } of called)
    for (const { type } of definition.parameters)
      if (isObjectPointer(type)) objects.set(type.base, objectOf(type.base));
  for (const name of called.map((_, index) => taskOf(index)))
    objects.set(name, { name, declaration: `struct task_struct ${name} = { };` });
  return objects;
}

function objectOf(base: string): SharedObject {
  const name = `the_${base.replace(/^(?:struct|union|enum)\s+/, '').replace(/\W+/g, '_')}`;
  return { name, declaration: `${base} ${name}${isStructured(base) ? ' = { }' : ''};` };
}

/** Numbers are zero without being told. */
function isStructured(base: string): boolean {
  return /^(?:struct|union)\s/.test(base);
}

/** Whether a pointer is given the address of an object: one to a struct, a number or a name of either. */
function isObjectPointer({ base, pointers, arrays, isFunction }: TypeName): boolean {
  return (
    pointers === 1 &&
    arrays === 0 &&
    isFunction === undefined &&
    /^\w[\w ]*$/.test(base) &&
    base !== 'void'
  );
}

function thread(
  index: number,
  definition: FunctionDefinition,
  objects: ReadonlyMap<string, SharedObject>,
): readonly string[] {
  const { name, parameters, returns } = definition;
  const call = `${name}(${parameters.map((parameter) => argument(parameter, objects)).join(', ')});`;
  const isVoid = returns.base === 'void' && returns.pointers === 0;
  const isNumber = returns.pointers === 0 && !isStructured(returns.base);
  const result = isVoid || !isNumber ? call : `result = ${call}`;
  return [`P${index} as ${taskOf(index)} {`, `\t${result}`, '\tdone = 1;', '}'];
}

function argument({ type }: Parameter, objects: ReadonlyMap<string, SharedObject>): string {
  const object = isObjectPointer(type) ? objects.get(type.base) : undefined;
  return object === undefined ? '0' : `&${object.name}`;
}

function taskOf(index: number): string {
  return `task_of_P${index}`;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
