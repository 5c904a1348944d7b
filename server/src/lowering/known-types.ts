/** What was found out of types, for all who ask the same texts: it does not change while they are asked. */

import type { Integer } from '../program/integer.ts';
import type { LocationName } from '../program/program.ts';
import type { Enumerator, StructDefinition, TypeName } from '../syntax/ast.ts';
import { isLocal, type Lowering, type Scope, scopeOfFile, topScope } from './context.ts';
import type { CType } from './ctype.ts';
import type { Layout } from './layout.ts';
import type { StoragePlace } from './storage-place.ts';
import { homeOf, type Symbols } from './symbols.ts';

export interface KnownTypes {
  readonly types: Map<TypeName, CType>;
  readonly layouts: Map<StructDefinition, Layout>;
  readonly enumerators: Map<Enumerator, Integer | undefined>;
  readonly places: KnownPlaces;
  /** Where the names of each file are looked up. */
  readonly scopes: Map<string, Scope>;
  /** Where structs stand that are defined in a block, or in the type of what is declared. */
  readonly inner: Map<StructDefinition, Scope>;
}

/** What is known of locations. */
export interface KnownPlaces {
  readonly types: Map<LocationName, CType>;
  readonly storage: Map<LocationName, StoragePlace>;
}

const known = new WeakMap<Symbols, KnownTypes>();

/** What the texts behind `symbols` say of types. */
export function knownTypes({ symbols }: Pick<Lowering, 'symbols'>): KnownTypes {
  const before = known.get(symbols);
  if (before !== undefined) return before;
  const made: KnownTypes = {
    types: new Map(),
    layouts: new Map(),
    enumerators: new Map(),
    places: newPlaces(),
    scopes: new Map(),
    inner: new Map(),
  };
  known.set(symbols, made);
  return made;
}

export function newPlaces(): KnownPlaces {
  return { types: new Map(), storage: new Map() };
}

/** Notes where a struct stands that no name of a file leads to. */
export function noteScope(lowering: Lowering, definition: StructDefinition, scope: Scope): void {
  knownTypes(lowering).inner.set(definition, scope);
}

/** Where the types of a struct's members are looked up: in its block, in its `.c` file, or, of one from a header, in
 *  the file where it is used. */
export function scopeOfMembers(
  lowering: Lowering,
  definition: StructDefinition,
  scope: Scope,
): Scope {
  const inner = knownTypes(lowering).inner.get(definition);
  if (inner !== undefined) return inner;
  const home = homeOf(definition);
  return home === undefined ? topScope(scope) : fileScope(lowering, home);
}

/** The scope of a file, made once: nothing is declared in it. */
export function fileScope(lowering: Lowering, file: string): Scope {
  const { scopes } = knownTypes(lowering);
  const before = scopes.get(file);
  if (before !== undefined) return before;
  const scope = scopeOfFile(file);
  scopes.set(file, scope);
  return scope;
}

/** What is known of places like this one: locals, and static locals, are a thread's own in each round. */
export function knownPlaces(lowering: Lowering, location: LocationName): KnownPlaces {
  const isOwn = isLocal(location) || location.includes(':');
  return isOwn ? lowering.ownPlaces : knownTypes(lowering).places;
}
