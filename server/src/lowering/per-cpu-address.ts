/** The address of a per-CPU variable before it is moved to a CPU. */

import { memberPath } from '../program/address.ts';
import type { LocationName } from '../program/program.ts';
import type { CType } from './ctype.ts';
import { addressOf, type Value } from './value.ts';

/** What `&name` is, all its objects together being of type `all`: the object of the first CPU; where there is only one
 *  object, that. */
export function perCpuAddress(location: LocationName, all: CType): Value {
  return all.kind === 'array'
    ? addressOf(memberPath(location, '[0]'), all.of)
    : addressOf(location, all);
}
