/** The functions of a file by their names, by whom they call and what they clear or store by an atomic operation, found once for all questions about it. */

import { type FileFacts, type FunctionAccess, type FunctionFact, fieldName } from './file-facts.ts';
import { grouped } from './grouped.ts';

interface Index {
  readonly named: ReadonlyMap<string, readonly FunctionFact[]>;
  readonly calling: ReadonlyMap<string, readonly FunctionFact[]>;
  readonly clearing: ReadonlyMap<string, readonly FunctionFact[]>;
  readonly updating: ReadonlyMap<string, readonly FunctionFact[]>;
}

const known = new WeakMap<readonly FunctionFact[], Index>();
const NONE: readonly FunctionFact[] = [];

/** The definitions of that name, in text order: alternatives of `#if` may be several. */
export function functionsNamed(
  facts: FileFacts | undefined,
  name: string,
): readonly FunctionFact[] {
  return (facts && indexOf(facts).named.get(name)) ?? NONE;
}

/** The functions that call one of that name, in text order. */
export function functionsCalling(
  facts: FileFacts | undefined,
  name: string,
): readonly FunctionFact[] {
  return (facts && indexOf(facts).calling.get(name)) ?? NONE;
}

/** The functions that clear a field, by its name, in text order. */
export function functionsClearing(
  facts: FileFacts | undefined,
  field: string,
): readonly FunctionFact[] {
  return (facts && indexOf(facts).clearing.get(field)) ?? NONE;
}

/** The functions that store a field, by its name, by an atomic operation, in text order. */
export function functionsUpdating(
  facts: FileFacts | undefined,
  field: string,
): readonly FunctionFact[] {
  return (facts && indexOf(facts).updating.get(field)) ?? NONE;
}

/** Whether an access stores by an atomic operation that reads, too. */
export function isUpdate({ effect, marking }: FunctionAccess): boolean {
  return effect === 'read-write' && marking === 'atomic';
}

function indexOf({ functions }: FileFacts): Index {
  const found = known.get(functions) ?? {
    named: grouped(functions, ({ name }) => [name]),
    calling: grouped(functions, ({ calls }) => calls),
    clearing: grouped(functions, ({ accesses }) =>
      accesses.filter(({ isClear }) => isClear === true).map(({ field }) => fieldName(field)),
    ),
    updating: grouped(functions, ({ accesses }) =>
      accesses.filter(isUpdate).map(({ field }) => fieldName(field)),
    ),
  };
  known.set(functions, found);
  return found;
}
