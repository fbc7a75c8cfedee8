/**
 * Moves single boxes where their lines get shorter and cross less, overlaps allowed at a price: a descent on what a
 * reader suffers from. Crossings are those of straight lines between centres.
 */
import type { Graph, Points } from "./graph.ts";
import { randomNumbers } from "./graph.ts";
import { nearestFree } from "./separate.ts";

export interface Prices {
  /** Pixels of line length that one crossing is worth. */
  readonly crossing: number;
  /** Per square root of the pixels that two boxes share. */
  readonly overlap: number;
}

/** `work` bounds how many pairs of lines are looked at, so that large graphs take no longer. */
export function improve(graph: Graph, points: Points, prices: Prices, work: number, seed = 0): void {
  const count = points.x.length;
  const random = randomNumbers(count + 17 + seed);
  const spread = Math.sqrt(totalArea(graph));
  let left = work;
  for (let round = 0; round < 12; round++) {
    const radius = spread * 0.35 * 0.75 ** round;
    let hasMoved = false;
    for (let i = 0; i < count; i++) {
      const at = graph.edgesAt[i] ?? [];
      if (at.length === 0) continue;
      if (left < 0) return;
      const [x, y] = [points.x[i] ?? 0, points.y[i] ?? 0];
      let [bestX, bestY] = [x, y];
      let best = cost(graph, points, prices, i, Number.POSITIVE_INFINITY);
      const middle = barycentre(graph, points, i);
      for (let attempt = 0; attempt < 6; attempt++) {
        const around = attempt % 2 === 0 ? middle : { x, y };
        const angle = random() * 2 * Math.PI;
        const distance = attempt === 0 ? 0 : random() * radius;
        points.x[i] = around.x + Math.cos(angle) * distance;
        points.y[i] = around.y + Math.sin(angle) * distance;
        const price = cost(graph, points, prices, i, best);
        left -= at.length * graph.edges.length + count;
        if (price < best) {
          best = price;
          bestX = points.x[i] ?? 0;
          bestY = points.y[i] ?? 0;
          hasMoved = true;
        }
      }
      points.x[i] = bestX;
      points.y[i] = bestY;
    }
    if (!hasMoved) return;
  }
}

/** What the whole costs, overlaps aside. */
export function priceOf(graph: Graph, points: Points, crossing: number): number {
  let price = 0;
  for (let number = 0; number < graph.edges.length; number++) {
    const [a, b] = [graph.from[number] ?? 0, graph.to[number] ?? 0];
    price += Math.hypot((points.x[a] ?? 0) - (points.x[b] ?? 0), (points.y[a] ?? 0) - (points.y[b] ?? 0));
    price += (crossingsOf(graph, points, number) / 2) * crossing;
  }
  return price;
}

/** What box `i` costs where it stands; stops counting at `enough`. */
function cost(graph: Graph, points: Points, prices: Prices, i: number, enough: number): number {
  const { x, y } = points;
  let price = 0;
  for (const number of graph.edgesAt[i] ?? []) {
    const edge = graph.edges[number];
    if (edge === undefined) continue;
    const dx = (x[edge.a] ?? 0) - (x[edge.b] ?? 0);
    const dy = (y[edge.a] ?? 0) - (y[edge.b] ?? 0);
    price += Math.sqrt(dx * dx + dy * dy);
  }
  if (price >= enough) return price;
  price += overlaps(graph, points, i) * prices.overlap;
  for (const number of graph.edgesAt[i] ?? []) {
    if (price >= enough) return price;
    price += crossingsOf(graph, points, number) * prices.crossing;
  }
  return price;
}

function overlaps({ widths, heights }: Graph, { x, y }: Points, i: number): number {
  let shared = 0;
  const [w, h, cx, cy] = [widths[i] ?? 0, heights[i] ?? 0, x[i] ?? 0, y[i] ?? 0];
  for (let j = 0; j < widths.length; j++) {
    const overX = (w + (widths[j] ?? 0)) / 2 + 50 - Math.abs((x[j] ?? 0) - cx);
    if (overX <= 0 || j === i) continue;
    const overY = (h + (heights[j] ?? 0)) / 2 + 40 - Math.abs((y[j] ?? 0) - cy);
    if (overY > 0) shared += Math.sqrt(overX * overY);
  }
  return shared;
}

/** How many other lines the line crosses; those that share an end with it do not count. Most of a layout's time is spent here. */
export function crossingsOf({ from, to }: Graph, { x, y }: Points, number: number): number {
  const a = from[number] ?? 0;
  const b = to[number] ?? 0;
  const ax = x[a] ?? 0;
  const ay = y[a] ?? 0;
  const bx = x[b] ?? 0;
  const by = y[b] ?? 0;
  const minX = ax < bx ? ax : bx;
  const maxX = ax < bx ? bx : ax;
  const minY = ay < by ? ay : by;
  const maxY = ay < by ? by : ay;
  const ux = bx - ax;
  const uy = by - ay;
  let crossings = 0;
  for (let other = 0; other < from.length; other++) {
    const c = from[other] ?? 0;
    const d = to[other] ?? 0;
    const cx = x[c] ?? 0;
    const dx = x[d] ?? 0;
    if ((cx < minX && dx < minX) || (cx > maxX && dx > maxX)) continue;
    const cy = y[c] ?? 0;
    const dy = y[d] ?? 0;
    if ((cy < minY && dy < minY) || (cy > maxY && dy > maxY)) continue;
    // Both ends on different sides of the other line; an end that is shared lies on neither.
    if (c === a || c === b || d === a || d === b) continue;
    if ((ux * (cy - ay) - uy * (cx - ax)) * (ux * (dy - ay) - uy * (dx - ax)) >= 0) continue;
    const vx = dx - cx;
    const vy = dy - cy;
    if ((vx * (ay - cy) - vy * (ax - cx)) * (vx * (by - cy) - vy * (bx - cx)) < 0) crossings++;
  }
  return crossings;
}

function barycentre({ edges, edgesAt }: Graph, { x, y }: Points, i: number): { readonly x: number; readonly y: number } {
  let [sumX, sumY, count] = [0, 0, 0];
  for (const number of edgesAt[i] ?? []) {
    const edge = edges[number];
    if (edge === undefined) continue;
    const other = edge.a === i ? edge.b : edge.a;
    sumX += x[other] ?? 0;
    sumY += y[other] ?? 0;
    count++;
  }
  return { x: sumX / Math.max(1, count), y: sumY / Math.max(1, count) };
}

export function totalArea({ widths, heights }: Pick<Graph, "widths" | "heights">): number {
  let area = 0;
  for (let i = 0; i < widths.length; i++) area += ((widths[i] ?? 0) + 70) * ((heights[i] ?? 0) + 40);
  return area;
}

/**
 * Moves boxes, none of which overlap, to free places where their lines are shorter and cross less, and towards the middle
 * where they have none. `members` are obstacles to each other; the lines counted are all lines of the graph.
 */
export function tighten(
  graph: Graph,
  points: Points,
  members: readonly number[],
  prices: { readonly crossing: number; readonly gravity: number },
  rounds: number,
): void {
  const { x, y } = points;
  for (let round = 0; round < rounds; round++) {
    let hasMoved = false;
    const middle = middleOf(points, members);
    const price = (i: number, enough: number): number => {
      const pull = Math.hypot((x[i] ?? 0) - middle.x, (y[i] ?? 0) - middle.y) * prices.gravity;
      return pull + cost(graph, points, { crossing: prices.crossing, overlap: 0 }, i, enough - pull);
    };
    const far = (i: number): number => Math.hypot((x[i] ?? 0) - middle.x, (y[i] ?? 0) - middle.y);
    for (const i of [...members].sort((a, b) => far(b) - far(a) || a - b)) {
      const [startX, startY] = [x[i] ?? 0, y[i] ?? 0];
      let [bestX, bestY, best] = [startX, startY, price(i, Number.POSITIVE_INFINITY)];
      const towards = (graph.edgesAt[i] ?? []).length === 0 ? middle : barycentre(graph, points, i);
      for (const share of [1, 0.5]) {
        const goal = { x: startX + (towards.x - startX) * share, y: startY + (towards.y - startY) * share };
        const away = Math.hypot(goal.x - startX, goal.y - startY);
        if (away < 20) continue;
        const spot = nearestFree(graph, points, i, goal.x, goal.y, members, away);
        if (spot === undefined) continue;
        x[i] = spot.x;
        y[i] = spot.y;
        const now = price(i, best);
        if (now < best - 1) [bestX, bestY, best, hasMoved] = [spot.x, spot.y, now, true];
        x[i] = startX;
        y[i] = startY;
      }
      x[i] = bestX;
      y[i] = bestY;
    }
    if (!hasMoved) return;
  }
}

function middleOf({ x, y }: Points, members: readonly number[]): { readonly x: number; readonly y: number } {
  let [sumX, sumY] = [0, 0];
  for (const i of members) {
    sumX += x[i] ?? 0;
    sumY += y[i] ?? 0;
  }
  return { x: sumX / Math.max(1, members.length), y: sumY / Math.max(1, members.length) };
}
