/** Chance that repeats: the same seed gives the same numbers, on every machine. */

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0, less than 1. (mulberry32) */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  pick<T>(items: readonly T[]): T {
    return at(items, Math.floor(this.fraction() * items.length));
  }

  /** By weights, which need not add up to anything. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(weights);
    let left = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0 && isKeyOf(weights, name)) return name;
    }
    throw new Error("There is nothing to choose from.");
  }

  /** The first items come far more often than the last: with `steepness` 3, the first hundredth takes a fifth. */
  favourite<T>(items: readonly T[], steepness = 3): T {
    return at(items, Math.floor(this.fraction() ** steepness * items.length));
  }

  /** Between two times, the later the denser. */
  recent(from: Date, until: Date, steepness = 2): Date {
    const span = until.getTime() - from.getTime();
    return new Date(Math.round(until.getTime() - span * this.fraction() ** steepness));
  }

  between(from: Date, until: Date): Date {
    return new Date(Math.round(from.getTime() + (until.getTime() - from.getTime()) * this.fraction()));
  }

  /** Around `middle`, with a long tail upwards, as amounts and durations have it. */
  longTailed(middle: number, spread = 1): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
    return middle * Math.exp(spread * normal);
  }

  /** Different ones, at most `count`. */
  some<T>(items: readonly T[], count: number): readonly T[] {
    const chosen = new Set<T>();
    for (let tries = 0; tries < count * 3 && chosen.size < Math.min(count, items.length); tries++) chosen.add(this.pick(items));
    return [...chosen];
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.integer(0, 255)));
  }

  /** UUID version 7 (RFC 9562): ordered by time. */
  uuid(time: Date): string {
    const milliseconds = time.getTime().toString(16).padStart(12, "0");
    const [first, second, third] = [this.#hex(), this.#hex(), this.#hex()];
    const variant = (8 + (Number.parseInt(second.slice(0, 1), 16) & 3)).toString(16);
    return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${first.slice(0, 3)}-${variant}${second.slice(1, 4)}-${second.slice(4)}${third}`;
  }

  /** Eight digits. */
  #hex(): string {
    return Math.floor(this.fraction() * 4_294_967_296).toString(16).padStart(8, "0");
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error("There is nothing to choose from.");
  return item;
}

function isKeyOf<T extends string>(object: Readonly<Record<T, number>>, name: string): name is T {
  return Object.hasOwn(object, name);
}
