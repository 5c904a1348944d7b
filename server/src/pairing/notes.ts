/** Remembers by which names a result was found, so that a change of a name tells what to find again. */

export interface Notes<Owner> {
  /** Replaces what was noted for `owner`; an empty set forgets it. */
  readonly put: (owner: Owner, names: ReadonlySet<string>) => void;
  /** Who noted one of the names. */
  readonly owners: (names: ReadonlySet<string>) => ReadonlySet<Owner>;
}

export function createNotes<Owner>(): Notes<Owner> {
  const byOwner = new Map<Owner, ReadonlySet<string>>();
  const byName = new Map<string, Set<Owner>>();
  return {
    put(owner, names) {
      for (const name of byOwner.get(owner) ?? []) byName.get(name)?.delete(owner);
      if (names.size === 0) byOwner.delete(owner);
      else byOwner.set(owner, names);
      for (const name of names) {
        const owners = byName.get(name);
        if (owners === undefined) byName.set(name, new Set([owner]));
        else owners.add(owner);
      }
    },
    owners: (names) => new Set([...names].flatMap((name) => [...(byName.get(name) ?? [])])),
  };
}
