/**
 * Collections that most entries of a catalog never fill. They hold nothing until something is added: a Map costs more
 * than the rest of a table's entry.
 */

export class RareSet<T> {
  #set: Set<T> | undefined;

  get size(): number {
    return this.#set?.size ?? 0;
  }

  add(value: T): void {
    this.#set ??= new Set();
    this.#set.add(value);
  }

  delete(value: T): void {
    this.#set?.delete(value);
  }

  has(value: T): boolean {
    return this.#set?.has(value) ?? false;
  }

  [Symbol.iterator](): Iterator<T> {
    return (this.#set ?? none)[Symbol.iterator]();
  }
}

export class RareMap<K, V> {
  #map: Map<K, V> | undefined;

  get size(): number {
    return this.#map?.size ?? 0;
  }

  get(key: K): V | undefined {
    return this.#map?.get(key);
  }

  has(key: K): boolean {
    return this.#map?.has(key) ?? false;
  }

  set(key: K, value: V): void {
    this.#map ??= new Map();
    this.#map.set(key, value);
  }

  delete(key: K): void {
    this.#map?.delete(key);
  }

  clear(): void {
    this.#map = undefined;
  }

  values(): Iterable<V> {
    return this.#map?.values() ?? none;
  }

  [Symbol.iterator](): Iterator<[K, V]> {
    return (this.#map ?? none)[Symbol.iterator]();
  }
}

const none: readonly never[] = [];
