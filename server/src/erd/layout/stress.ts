/**
 * Points whose distances resemble those in the graph: stochastic gradient descent on stress (Zheng, Pawar, Goodman,
 * "Graph Drawing by Stochastic Gradient Descent", 2018). Deterministic: the same graph gives the same points.
 */
import { type Graph, pointsOf, type Points, randomNumbers } from "./graph.ts";

/** Above so many boxes only some of the pairs are looked at: those near, and from each box to some pivots. */
const allPairsUpTo = 1300;
const shuffledUpTo = 400;

/** The graph must be connected. Neighbours are about one apart. */
export function stress(graph: Graph): Points {
  const rounds = graph.edgesAt.length > 500 ? 15 : 30;
  const count = graph.edgesAt.length;
  const points = pointsOf(count);
  const random = randomNumbers(count * 7919 + graph.edges.length);
  for (let i = 0; i < count; i++) {
    points.x[i] = random();
    points.y[i] = random();
  }
  const terms = termsOf(graph);
  let [nearest, farthest] = [Number.POSITIVE_INFINITY, 1];
  for (const d of terms.distance) {
    nearest = Math.min(nearest, d);
    farthest = Math.max(farthest, d);
  }
  const [first, last] = [farthest * farthest, 0.1 * nearest * nearest];
  const decay = Math.log(first / last) / Math.max(1, rounds - 1);
  // Shuffled where they lie: going through them in order is several times as fast as jumping around.
  for (let round = 0; round < rounds; round++) {
    // A new order each time is better, and for many pairs most of the work.
    if (round === 0 || count <= shuffledUpTo) shuffle(terms, random);
    const step = first * Math.exp(-decay * round);
    for (let t = 0; t < terms.distance.length; t++) move(points, terms.a[t] ?? 0, terms.b[t] ?? 0, terms.distance[t] ?? 1, step);
  }
  return points;
}

function move({ x, y }: Points, a: number, b: number, distance: number, step: number): void {
  const dx = (x[a] ?? 0) - (x[b] ?? 0);
  const dy = (y[a] ?? 0) - (y[b] ?? 0);
  // Math.hypot takes ten times as long.
  const length = Math.sqrt(dx * dx + dy * dy) || 1e-6;
  const rate = Math.min(1, step / (distance * distance));
  const shift = (rate * (length - distance)) / 2 / length;
  x[a] = (x[a] ?? 0) - shift * dx;
  y[a] = (y[a] ?? 0) - shift * dy;
  x[b] = (x[b] ?? 0) + shift * dx;
  y[b] = (y[b] ?? 0) + shift * dy;
}

interface Terms {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly distance: Float64Array;
}

function termsOf(graph: Graph): Terms {
  const count = graph.edgesAt.length;
  const isSmall = count <= allPairsUpTo;
  const sources = isSmall ? count : 60;
  const most = isSmall ? (count * (count - 1)) / 2 : sources * (count - 1) + graph.edges.length * 6;
  const terms = { a: new Uint32Array(most), b: new Uint32Array(most), distance: new Float64Array(most) };
  let next = 0;
  for (let s = 0; s < sources; s++) {
    const from = isSmall ? s : Math.floor((s * count) / sources);
    const distances = distancesFrom(graph, from);
    for (let to = isSmall ? from + 1 : 0; to < count; to++) {
      if (to === from) continue;
      terms.a[next] = from;
      terms.b[next] = to;
      terms.distance[next++] = distances[to] ?? 1;
    }
  }
  if (isSmall) return terms;
  for (const edge of graph.edges) {
    for (let i = 0; i < 6; i++) {
      terms.a[next] = edge.a;
      terms.b[next] = edge.b;
      terms.distance[next++] = 1;
    }
  }
  return terms;
}

function distancesFrom({ edges, edgesAt }: Graph, from: number): Float64Array {
  const distances = new Float64Array(edgesAt.length).fill(-1);
  distances[from] = 0;
  const queue = [from];
  for (const at of queue) {
    for (const number of edgesAt[at] ?? []) {
      const edge = edges[number];
      if (edge === undefined) continue;
      const other = edge.a === at ? edge.b : edge.a;
      if ((distances[other] ?? 0) >= 0) continue;
      distances[other] = (distances[at] ?? 0) + 1;
      queue.push(other);
    }
  }
  return distances;
}

function shuffle({ a, b, distance }: Terms, random: () => number): void {
  for (let i = distance.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    swap(a, i, j);
    swap(b, i, j);
    swap(distance, i, j);
  }
}

function swap(values: Uint32Array | Float64Array, i: number, j: number): void {
  const kept = values[i] ?? 0;
  values[i] = values[j] ?? 0;
  values[j] = kept;
}
