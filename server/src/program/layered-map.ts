/**
 * Maps that are extended again and again while earlier ones stay as they are: an extension shares what it does not change.
 * Layers are merged as their sizes are (a binary counter; Bentley and Saxe, "Decomposable Searching Problems", 1980), so that
 * of n entries each is copied, and each look-up asks, about log n times.
 */

/** `map` with other values for some keys. */
export function extended<K, V>(
  map: ReadonlyMap<K, V>,
  entries: Iterable<readonly [K, V]>,
): ReadonlyMap<K, V> {
  let top = new Map(entries);
  let below = map instanceof LayeredMap ? map : new LayeredMap<K, V>(map, undefined);
  for (;;) {
    const { own, base } = below as LayeredMap<K, V>;
    if (own.size > top.size) return new LayeredMap(top, below);
    const merged = new Map(own);
    for (const [key, value] of top) merged.set(key, value);
    top = merged;
    if (base === undefined) return new LayeredMap(top, undefined);
    below = base;
  }
}

class LayeredMap<K, V> implements ReadonlyMap<K, V> {
  readonly own: ReadonlyMap<K, V>;
  readonly base: LayeredMap<K, V> | undefined;

  constructor(own: ReadonlyMap<K, V>, base: LayeredMap<K, V> | undefined) {
    this.own = own;
    this.base = base;
  }

  get(key: K): V | undefined {
    for (let layer: LayeredMap<K, V> | undefined = this; layer !== undefined; layer = layer.base) {
      const value = layer.own.get(key);
      if (value !== undefined || layer.own.has(key)) return value;
    }
    return undefined;
  }

  has(key: K): boolean {
    for (let layer: LayeredMap<K, V> | undefined = this; layer !== undefined; layer = layer.base)
      if (layer.own.has(key)) return true;
    return false;
  }

  get size(): number {
    return this.whole().size;
  }

  entries(): MapIterator<[K, V]> {
    return this.whole().entries();
  }

  keys(): MapIterator<K> {
    return this.whole().keys();
  }

  values(): MapIterator<V> {
    return this.whole().values();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(each: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.whole()) each(value, key, this);
  }

  /** In one map, each key where it was first. */
  private whole(): Map<K, V> {
    const all = this.base === undefined ? new Map<K, V>() : this.base.whole();
    for (const [key, value] of this.own) all.set(key, value);
    return all;
  }
}
