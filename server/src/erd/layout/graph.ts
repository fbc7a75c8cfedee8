/** What a layout works on: rectangles and the lines between them, by number. */

export interface Graph {
  /** Sizes by number; every list of a graph has the same length. */
  readonly widths: Float64Array;
  readonly heights: Float64Array;
  readonly edges: readonly Edge[];
  /** The ends of `edges` once more, for loops over all of them. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Numbers of the edges at each box. */
  readonly edgesAt: readonly (readonly number[])[];
}

/** Never from a box to itself, and one for each pair. */
export interface Edge {
  readonly a: number;
  readonly b: number;
  /** How many relations it stands for. */
  readonly weight: number;
}

/** Centres of boxes, by number. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function graphOf(sizes: readonly Size[], pairs: Iterable<readonly [number, number, number?]>): Graph {
  const weights = new Map<number, number>();
  const count = sizes.length;
  for (const [a, b, weight = 1] of pairs) {
    if (a === b) continue;
    const pair = Math.min(a, b) * count + Math.max(a, b);
    weights.set(pair, (weights.get(pair) ?? 0) + weight);
  }
  // The order of the pairs must not matter.
  const edges = [...weights]
    .sort(([a], [b]) => a - b)
    .map(([pair, weight]): Edge => ({ a: Math.floor(pair / count), b: pair % count, weight }));
  const edgesAt: number[][] = sizes.map(() => []);
  edges.forEach(({ a, b }, i) => {
    edgesAt[a]?.push(i);
    edgesAt[b]?.push(i);
  });
  return {
    widths: Float64Array.from(sizes, ({ width }) => width),
    heights: Float64Array.from(sizes, ({ height }) => height),
    edges,
    from: Int32Array.from(edges, ({ a }) => a),
    to: Int32Array.from(edges, ({ b }) => b),
    edgesAt,
  };
}

export function pointsOf(count: number): Points {
  return { x: new Float64Array(count), y: new Float64Array(count) };
}

/** Numbers of the boxes of each connected part, each ascending; the part with the first box first. */
export function componentsOf({ edges, edgesAt }: Graph): readonly (readonly number[])[] {
  const seen = new Uint8Array(edgesAt.length);
  const components: number[][] = [];
  for (let start = 0; start < edgesAt.length; start++) {
    if (seen[start] === 1) continue;
    seen[start] = 1;
    const component = [start];
    for (const at of component) {
      for (const number of edgesAt[at] ?? []) {
        const edge = edges[number];
        if (edge === undefined) continue;
        const other = edge.a === at ? edge.b : edge.a;
        if (seen[other] === 1) continue;
        seen[other] = 1;
        component.push(other);
      }
    }
    components.push(component.sort((a, b) => a - b));
  }
  return components;
}

/** A small linear congruential generator: the same numbers on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
