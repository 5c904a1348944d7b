/** Addresses as paths (`ops.func_stack.next`, `funcs[1].transition`) and the steps between them. */

import type { LocationName } from './program.ts';

/** Marks the container of something that is not the member it is taken for (`container_of` of a list
 *  head): `head` + CONTAINER + `member`. No location has such a name; the member step undoes it. */
const CONTAINER = '~';

/** The address of member `name`, or element `[0]`, of what is at `path`. */
export function memberPath(path: LocationName, name: string): LocationName {
  const undo = CONTAINER + name;
  return path.endsWith(undo) ? path.slice(0, -undo.length) : path + suffixOf(name);
}

function suffixOf(step: string): string {
  return step.startsWith('[') ? step : `.${step}`;
}

/** The address of the struct whose member `name` is at `path`: the inverse of `memberPath`. */
export function containerPath(path: LocationName, name: string): LocationName {
  const undo = suffixOf(name);
  return path.endsWith(undo) ? path.slice(0, -undo.length) : path + CONTAINER + name;
}

/** An element of an array: the array, and the index. */
const ELEMENT = /^(.*)\[(\d+)\]$/;

/** The address `by` elements further on in the array that `path` is an element of; undefined where
 *  `path` is no element, or the step leaves the array at its front. */
export function elementPath(path: LocationName, by: number): LocationName | undefined {
  const element = ELEMENT.exec(path);
  if (element === null) return by === 0 ? path : undefined;
  const index = Number(element[2]) + by;
  return index < 0 ? undefined : `${element[1]}[${index}]`;
}

/** The array, or array of arrays, that `path` is an element of; `path` itself where it is none. */
export function arrayPath(path: LocationName): LocationName {
  let array = path;
  for (let element = ELEMENT.exec(array); element !== null; element = ELEMENT.exec(array))
    array = element[1]!;
  return array;
}

/** Whether a location can be there: false for the container of something that is no such member. */
export function isLocationPath(path: LocationName): boolean {
  return !path.includes(CONTAINER);
}

/** The address that containers were taken of, and the members they were taken for, first step first. */
export function containerSteps(path: LocationName): {
  readonly origin: LocationName;
  readonly steps: readonly string[];
} {
  const [origin, ...steps] = path.split(CONTAINER);
  return { origin: origin!, steps };
}

/** Marks an address inside of something: so many bytes behind its beginning. */
const BYTES = '+';

/** The address `bytes` behind the beginning of what is at `path`. */
export function bytesBehind(path: LocationName, bytes: number): LocationName {
  const mark = path.lastIndexOf(BYTES);
  const [base, before] = mark < 0 ? [path, 0] : [path.slice(0, mark), Number(path.slice(mark + 1))];
  return before + bytes === 0 ? base : `${base}${BYTES}${before + bytes}`;
}

/** The steps of a path from its root on: `.member`, `[index]`, and `+bytes` at the end. */
export function stepsOf(path: LocationName): readonly string[] {
  return path.slice(rootOf(path).length).match(/\.[^.[~+]+|\[\d+\]|\+-?\d+/g) ?? [];
}

const ENDS_ROOT = ['.', '[', CONTAINER, BYTES] as const;

/** The object a path starts in: `ops` of `ops.func_stack.next`. */
export function rootOf(path: LocationName): string {
  if (path.startsWith('"')) return path.slice(0, path.lastIndexOf('"') + 1); // text, which may have anything in it
  let end = path.length;
  for (const mark of ENDS_ROOT) {
    const at = path.indexOf(mark);
    if (at >= 0 && at < end) end = at;
  }
  return path.slice(0, end);
}

/** How many elements `to` is behind `from` in the array that both are elements of. */
export function elementDistance(from: LocationName, to: LocationName): number | undefined {
  if (from === to) return 0;
  const [start, end] = [ELEMENT.exec(from), ELEMENT.exec(to)];
  if (start === null || end === null || start[1] !== end[1]) return undefined;
  return Number(end[2]) - Number(start[2]);
}
