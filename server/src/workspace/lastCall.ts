/** A memory of one: the last result and what it was computed from. */
import type { Steps } from "./steps.ts";

/**
 * Computes again only when an input is another object (or primitive) than last time. The computation is given the last
 * result, to take over what still holds. Who asks for what is being computed at the moment waits for it.
 */
export class LastCall<V> {
  #known: { readonly inputs: readonly unknown[]; readonly result: V } | undefined;
  #underway: readonly unknown[] | undefined;

  /** The last result, whatever it was computed from. */
  get last(): V | undefined {
    return this.#known?.result;
  }

  *get(inputs: readonly unknown[], compute: (previous: V | undefined) => Steps<V>): Steps<V> {
    for (;;) {
      if (this.#known !== undefined && areSame(inputs, this.#known.inputs)) return this.#known.result;
      if (this.#underway === undefined || !areSame(inputs, this.#underway)) break;
      yield "wait";
    }
    this.#underway = inputs;
    try {
      const result = yield* compute(this.#known?.result);
      this.#known = { inputs, result };
      return result;
    } finally {
      if (this.#underway === inputs) this.#underway = undefined;
    }
  }
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, at) => Object.is(value, b[at]));
}
