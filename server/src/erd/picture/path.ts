/** The cheapest way around boxes along horizontal and vertical lines: A* over the lines beside each box. */
import type { Area, Point } from "./geometry.ts";

/** Pixels of way that one turn is worth. */
const turnPrice = 60;
/** Free pixels beside a box along which lines run. */
export const lane = 20;
/** Larger searches are given up: a line that far away is followed by its highlight, not by its course. */
const mostSteps = 8_000;

/** What all searches for one picture may cost together, in crossings of lines looked at: a bound that is the same on every machine. */
export interface Effort {
  left: number;
}

export interface Goal {
  readonly start: Point;
  readonly end: Point;
}

/** Corners from `start` to `end`, both reached horizontally; undefined when no way was found. */
export function pathAround({ start, end }: Goal, boxes: readonly Area[], effort: Effort): readonly Point[] | undefined {
  if (effort.left <= 0) return undefined;
  const xs = lines([start.x, end.x, ...boxes.flatMap(({ x, width }) => [x - lane, x + width + lane])]);
  const ys = lines([start.y, end.y, ...boxes.flatMap(({ y, height }) => [y - lane, y + height + lane])]);
  const columns = xs.length;
  const { acrossBlocked, downBlocked } = blockedBy(boxes, xs, ys);
  const search = new Search(xs, ys, end);
  effort.left -= columns * ys.length * 2;
  const last = xs.indexOf(end.x) + ys.indexOf(end.y) * columns;
  search.reach(-1, (xs.indexOf(start.x) + ys.indexOf(start.y) * columns) * 2, 0);
  for (let steps = 0; steps < mostSteps; steps++) {
    const state = search.next();
    effort.left -= 8;
    if (state === undefined) return undefined;
    const at = state >> 1;
    if (at === last && (state & 1) === 0) return search.cornersTo(state);
    const column = at % columns;
    const row = (at - column) / columns;
    if ((state & 1) === 0) {
      const x = xs[column] ?? 0;
      if (column + 1 < columns && acrossBlocked[at] === 0) search.reach(state, (at + 1) * 2, (xs[column + 1] ?? 0) - x);
      if (column > 0 && acrossBlocked[at - 1] === 0) search.reach(state, (at - 1) * 2, x - (xs[column - 1] ?? 0));
    } else {
      const y = ys[row] ?? 0;
      if (row + 1 < ys.length && downBlocked[at] === 0) search.reach(state, (at + columns) * 2 + 1, (ys[row + 1] ?? 0) - y);
      if (row > 0 && downBlocked[at - columns] === 0) search.reach(state, (at - columns) * 2 + 1, y - (ys[row - 1] ?? 0));
    }
    search.reach(state, state ^ 1, turnPrice);
  }
  return undefined;
}

/** States are the crossings of lines, each twice: going across, and going down. */
class Search {
  readonly #xs: readonly number[];
  readonly #ys: readonly number[];
  readonly #end: Point;
  readonly #price: Float64Array;
  readonly #before: Int32Array;
  readonly #heap = new Heap();

  constructor(xs: readonly number[], ys: readonly number[], end: Point) {
    this.#xs = xs;
    this.#ys = ys;
    this.#end = end;
    this.#price = new Float64Array(xs.length * ys.length * 2).fill(Number.POSITIVE_INFINITY);
    this.#before = new Int32Array(xs.length * ys.length * 2).fill(-1);
  }

  next(): number | undefined {
    return this.#heap.pop();
  }

  reach(from: number, to: number, length: number): void {
    const price = (from < 0 ? 0 : (this.#price[from] ?? 0)) + length;
    if (price >= (this.#price[to] ?? 0)) return;
    this.#price[to] = price;
    this.#before[to] = from;
    const { x, y } = this.#pointOf(to);
    this.#heap.push(to, price + Math.abs(x - this.#end.x) + Math.abs(y - this.#end.y));
  }

  cornersTo(last: number): readonly Point[] {
    const points: Point[] = [];
    for (let state = last; state >= 0; state = this.#before[state] ?? -1) points.push(this.#pointOf(state));
    return straightened(points.reverse());
  }

  #pointOf(state: number): Point {
    const at = state >> 1;
    const column = at % this.#xs.length;
    return { x: this.#xs[column] ?? 0, y: this.#ys[(at - column) / this.#xs.length] ?? 0 };
  }
}

function lines(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** For each crossing whether the way to its right, and the way down from it, leads through a box. */
function blockedBy(
  boxes: readonly Area[],
  xs: readonly number[],
  ys: readonly number[],
): { readonly acrossBlocked: Uint8Array; readonly downBlocked: Uint8Array } {
  const columns = xs.length;
  const acrossBlocked = new Uint8Array(columns * ys.length);
  const downBlocked = new Uint8Array(columns * ys.length);
  // Nearer than this a line would seem to belong to the box.
  const margin = 6;
  for (const { x, y, width, height } of boxes) {
    const [left, right, top, bottom] = [x - margin, x + width + margin, y - margin, y + height + margin];
    const [firstColumn, firstRow] = [firstAbove(xs, left), firstAbove(ys, top)];
    for (let row = Math.max(0, firstRow - 1); row < ys.length && (ys[row] ?? 0) < bottom; row++) {
      const inRows = (ys[row] ?? 0) > top;
      for (let column = Math.max(0, firstColumn - 1); column < columns && (xs[column] ?? 0) < right; column++) {
        const at = row * columns + column;
        if (inRows && (xs[column + 1] ?? Number.NEGATIVE_INFINITY) > left) acrossBlocked[at] = 1;
        if ((xs[column] ?? 0) > left && (ys[row + 1] ?? Number.NEGATIVE_INFINITY) > top) downBlocked[at] = 1;
      }
    }
  }
  return { acrossBlocked, downBlocked };
}

function firstAbove(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Without points in the middle of a straight line. */
export function straightened(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const [a, b] = [kept.at(-2), kept.at(-1)];
    if (b !== undefined && b.x === point.x && b.y === point.y) continue;
    if (a !== undefined && b !== undefined && ((a.x === b.x && b.x === point.x) || (a.y === b.y && b.y === point.y))) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** Numbers by price, the lowest first; of equal ones that with the lowest number. */
class Heap {
  readonly #items: number[] = [];
  readonly #prices: number[] = [];

  push(item: number, price: number): void {
    let at = this.#items.length;
    this.#items.push(item);
    this.#prices.push(price);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): number | undefined {
    const top = this.#items[0];
    const [item, price] = [this.#items.pop(), this.#prices.pop()];
    if (top === undefined || item === undefined || price === undefined || this.#items.length === 0) return top;
    this.#items[0] = item;
    this.#prices[0] = price;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < this.#items.length && this.#isBefore(left, least)) least = left;
      if (right < this.#items.length && this.#isBefore(right, least)) least = right;
      if (least === at) return top;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [x, y] = [this.#prices[a] ?? 0, this.#prices[b] ?? 0];
    return x < y || (x === y && (this.#items[a] ?? 0) < (this.#items[b] ?? 0));
  }

  #swap(a: number, b: number): void {
    [this.#items[a], this.#items[b]] = [this.#items[b] ?? 0, this.#items[a] ?? 0];
    [this.#prices[a], this.#prices[b]] = [this.#prices[b] ?? 0, this.#prices[a] ?? 0];
  }
}
