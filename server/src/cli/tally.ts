/** How often something is there, for findings that are alike but for their place. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, this.left(name) + count);
  }

  /** Takes one away; false when none is left. */
  take(name: string): boolean {
    const count = this.left(name);
    if (count > 0) this.#counts.set(name, count - 1);
    return count > 0;
  }

  left(name: string): number {
    return this.#counts.get(name) ?? 0;
  }
}
