/** What joining two layers shares, whatever the element: merging origins, unions by name, noting differences. */
import type { Disagreement, Element, Layer, Origin, Origins } from "./schema.ts";

/** Two layers being joined, and where their differences are noted. */
export interface Joining {
  readonly leading: Layer;
  readonly following: Layer;
  /** Whether both layers were read completely: only then is absence in one of them a fact. */
  readonly isComplete: boolean;
  note(disagreement: Disagreement): void;
}

/** An element that only one of the two layers has. */
export function presence(subject: string, inLeading: boolean, joining: Joining, origins: Origins): Disagreement {
  const say = (isPresent: boolean): string => (isPresent ? "present" : "absent");
  return {
    subject,
    fact: "presence",
    layers: [
      { layer: joining.leading, value: say(inLeading) },
      { layer: joining.following, value: say(!inLeading) },
    ],
    origins,
  };
}

/** Notes that the layers state different values; `a` is the leading one's. */
export function compareFact(
  joining: Joining,
  subject: string,
  fact: string,
  a: string,
  b: string,
  origins: Origins,
): void {
  if (a === b) return;
  joining.note({
    subject,
    fact,
    layers: [
      { layer: joining.leading, value: a },
      { layer: joining.following, value: b },
    ],
    origins,
  });
}

/** The leading element with both origins, and the comment of whichever has one. */
export function mergeElement<T extends Element>(a: T, b: T): T {
  return { ...a, origins: mergeOrigins(a.origins, b.origins), comment: a.comment ?? b.comment };
}

export function mergeOrigins(a: Origins, b: Origins): Origins {
  const [first, ...rest] = a;
  const all: [Origin, ...Origin[]] = [first, ...rest, ...b];
  return all;
}

/** Union of both maps in the order of the first; what both have is merged. */
export function mergeMaps<T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  merge: (x: T, y: T) => T,
): Map<string, T> {
  const merged = new Map(a);
  for (const [key, y] of b) {
    const x = a.get(key);
    merged.set(key, x === undefined ? y : merge(x, y));
  }
  return merged;
}
