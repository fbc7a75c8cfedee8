/**
 * Where every box of a diagram stands: near what it is tied to, beside its group, without overlap, in a picture about
 * as wide as high. Deterministic, and independent of the order of boxes and relations.
 */
import type { ErdDiagram, ErdPositions } from "../../../../protocol/src/erd.ts";
import { type Box, boxesOf, grid } from "../picture/boxes.ts";
import { componentsOf, type Graph, graphOf, type Points, pointsOf } from "./graph.ts";
import { improve, priceOf, tighten, totalArea } from "./improve.ts";
import { gapX, gapY, nearestFree, separate } from "./separate.ts";
import { stress } from "./stress.ts";

/** Pixels of line that one crossing is worth. */
const crossingPrice = 400;
/** Pairs of lines looked at in one descent: what keeps large diagrams within their time. */
const work = 2e7;

/** `kept` boxes stay where they are, and only the others are placed. */
export function arrange(diagram: ErdDiagram, kept: ErdPositions = {}): ErdPositions {
  const boxes = boxesOf(diagram);
  const keys = [...boxes.keys()].sort();
  const stays = keys.filter((key) => kept[key] !== undefined);
  if (stays.length > 0) return addedTo(diagram, boxes, keys, kept);
  return positionsOf(keys, boxes, arrangeAll(diagram, keys, boxes));
}

function arrangeAll(diagram: ErdDiagram, keys: readonly string[], boxes: ReadonlyMap<string, Box>): Points {
  const graph = tiesOf(diagram, keys, boxes);
  const points = pointsOf(keys.length);
  const parts = componentsOf(withGroups(diagram, keys, graph)).map((part) => part.filter((i) => i < keys.length));
  const extents = parts.map((part) => arrangePart(diagram, keys, graph, part, points));
  packParts(parts, extents, points);
  return points;
}

/** The boxes and what ties them, by their place among the keys. */
function tiesOf(diagram: ErdDiagram, keys: readonly string[], boxes: ReadonlyMap<string, Box>): Graph {
  const place = new Map(keys.map((key, i) => [key, i]));
  return graphOf(
    keys.map((key) => boxes.get(key) ?? { width: 0, height: 0 }),
    diagram.relations.flatMap(({ from, to }): [number, number][] => {
      const [a, b] = [place.get(from.table), place.get(to.table)];
      return a === undefined || b === undefined ? [] : [[a, b]];
    }),
  );
}

/** With a box without size for each group, tied to its members: what is of one group is near, though nothing refers to it. */
function withGroups(diagram: ErdDiagram, keys: readonly string[], graph: Graph): Graph {
  const groupOf = new Map([...diagram.tables, ...diagram.enums].map(({ key, group }) => [key, group]));
  const numbers = new Map([...new Set(groupOf.values())].sort().map((group, i) => [group, keys.length + i]));
  const sizes = [...keys.keys()].map((i) => ({ width: graph.widths[i] ?? 0, height: graph.heights[i] ?? 0 }));
  return graphOf(
    [...sizes, ...[...numbers.keys()].map(() => ({ width: 0, height: 0 }))],
    [
      ...graph.edges.map(({ a, b }): [number, number] => [a, b]),
      ...keys.map((key, i): [number, number] => [i, numbers.get(groupOf.get(key) ?? "") ?? i]),
    ],
  );
}

/** Places one part around the origin; the answer is how far it reaches. */
function arrangePart(diagram: ErdDiagram, keys: readonly string[], whole: Graph, part: readonly number[], points: Points): Extent {
  const place = new Map(part.map((number, i) => [number, i]));
  const sizes = part.map((i) => ({ width: whole.widths[i] ?? 0, height: whole.heights[i] ?? 0 }));
  const pairs = whole.edges.flatMap(({ a, b, weight }): [number, number, number][] => {
    const [i, j] = [place.get(a), place.get(b)];
    return i === undefined || j === undefined ? [] : [[i, j, weight]];
  });
  const graph = graphOf(sizes, pairs);
  const guided = stress(
    withGroups(
      diagram,
      part.map((i) => keys[i] ?? ""),
      graph,
    ),
  );
  let own: Points | undefined;
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attemptsFor(graph); attempt++) {
    const tried: Points = { x: guided.x.slice(0, part.length), y: guided.y.slice(0, part.length) };
    descend(graph, tried, attempt);
    const price = priceOf(graph, tried, crossingPrice);
    if (price < best) [own, best] = [tried, price];
  }
  if (own === undefined) return extentOf(whole, points, part);
  part.forEach((number, i) => {
    points.x[number] = own?.x[i] ?? 0;
    points.y[number] = own?.y[i] ?? 0;
  });
  return extentOf(whole, points, part);
}

/** A descent ends in the nearest valley: what is small, and so quick, can afford to look into several. */
function attemptsFor({ edges, edgesAt }: Graph): number {
  if (edgesAt.length <= 2) return 1;
  return Math.max(1, Math.min(8, Math.floor(80_000 / (edgesAt.length * Math.max(1, edges.length)))));
}

function descend(graph: Graph, points: Points, seed: number): void {
  stretch(points, Math.sqrt(totalArea(graph)));
  const members = [...points.x.keys()];
  if (members.length > 2) {
    improve(graph, points, { crossing: crossingPrice, overlap: 3 }, work, seed);
    separate(graph, points);
    improve(graph, points, { crossing: crossingPrice, overlap: 20 }, work / 3, seed);
  }
  separate(graph, points);
  tighten(graph, points, members, { crossing: crossingPrice, gravity: 0.3 }, members.length <= 150 ? 3 : members.length <= 400 ? 1 : 0);
}

/** To a square with sides of so many pixels: straight lines cross as before, whatever the axes are stretched by. */
function stretch({ x, y }: Points, side: number): void {
  for (const values of [x, y]) {
    const low = Math.min(...values);
    const range = Math.max(...values) - low;
    values.forEach((value, i) => {
      values[i] = range < 1e-9 ? 0 : ((value - low) / range) * side;
    });
  }
}

interface Extent {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function extentOf(graph: Graph, { x, y }: Points, members: readonly number[]): Extent {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const i of members) {
    left = Math.min(left, (x[i] ?? 0) - (graph.widths[i] ?? 0) / 2);
    right = Math.max(right, (x[i] ?? 0) + (graph.widths[i] ?? 0) / 2);
    top = Math.min(top, (y[i] ?? 0) - (graph.heights[i] ?? 0) / 2);
    bottom = Math.max(bottom, (y[i] ?? 0) + (graph.heights[i] ?? 0) / 2);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** Parts that nothing ties side by side in rows, the highest first, with rows as long as makes the whole small and about square. */
function packParts(parts: readonly (readonly number[])[], extents: readonly Extent[], points: Points): void {
  const order = parts.map((_, i) => i).sort((a, b) => (extents[b]?.height ?? 0) - (extents[a]?.height ?? 0) || a - b);
  const area = extents.reduce((sum, { width, height }) => sum + (width + 2 * gapX) * (height + 2 * gapY), 0);
  const widest = Math.max(0, ...extents.map(({ width }) => width));
  const rows = [1, 1.1, 1.25, 1.4, 1.6, 1.8, 2.1].map((factor) => rowsOf(order, extents, Math.max(widest, Math.sqrt(area) * factor)));
  const best = rows.reduce((least, each) => (costOf(each) < costOf(least) ? each : least));
  for (const [number, corner] of best.corners) {
    const { left, top } = extents[number] ?? { left: 0, top: 0 };
    for (const i of parts[number] ?? []) {
      points.x[i] = (points.x[i] ?? 0) - left + corner.x;
      points.y[i] = (points.y[i] ?? 0) - top + corner.y;
    }
  }
}

interface Rows {
  readonly corners: ReadonlyMap<number, { readonly x: number; readonly y: number }>;
  readonly width: number;
  readonly height: number;
}

function costOf({ width, height }: Rows): number {
  return (width + height) * (1 + Math.abs(Math.log(Math.max(1, width) / Math.max(1, height))));
}

/** Within a row parts stand on each other as long as they are no higher than its first. */
function rowsOf(order: readonly number[], extents: readonly Extent[], across: number): Rows {
  const corners = new Map<number, { readonly x: number; readonly y: number }>();
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  let stack = { x: 0, y: 0, width: 0 };
  for (const number of order) {
    const extent = extents[number];
    if (extent === undefined) continue;
    if (stack.y > y && stack.y + extent.height <= y + rowHeight && stack.x + extent.width <= Math.max(across, x)) {
      corners.set(number, { x: stack.x, y: stack.y });
      stack = { x: stack.x, y: stack.y + extent.height + 2 * gapY, width: Math.max(stack.width, extent.width) };
    } else {
      if (x > 0 && x + extent.width > across) [x, y, rowHeight] = [0, y + rowHeight + 2 * gapY, 0];
      corners.set(number, { x, y });
      stack = { x, y: y + extent.height + 2 * gapY, width: extent.width };
    }
    x = Math.max(x, stack.x + stack.width + 2 * gapX);
    width = Math.max(width, x - 2 * gapX);
    rowHeight = Math.max(rowHeight, stack.y - 2 * gapY - y);
  }
  return { corners, width, height: y + rowHeight };
}

/** New boxes among those that stand: each, those with most ties first, as near as there is room to what it is tied to. */
function addedTo(diagram: ErdDiagram, boxes: ReadonlyMap<string, Box>, keys: readonly string[], kept: ErdPositions): ErdPositions {
  const graph = tiesOf(diagram, keys, boxes);
  const points = pointsOf(keys.length);
  const placed: number[] = [];
  keys.forEach((key, i) => {
    const at = kept[key];
    if (at === undefined) return;
    points.x[i] = at.x + (graph.widths[i] ?? 0) / 2;
    points.y[i] = at.y + (graph.heights[i] ?? 0) / 2;
    placed.push(i);
  });
  const standing = new Set(placed);
  const waiting = new Set(keys.keys());
  for (const i of placed) waiting.delete(i);
  const tiedTo = (i: number): readonly number[] =>
    (graph.edgesAt[i] ?? []).flatMap((number) => {
      const edge = graph.edges[number];
      const other = edge === undefined ? i : edge.a === i ? edge.b : edge.a;
      return standing.has(other) ? [other] : [];
    });
  while (waiting.size > 0) {
    let next = -1;
    let most = -1;
    for (const i of waiting) {
      const ties = tiedTo(i).length;
      if (ties > most) [next, most] = [i, ties];
    }
    waiting.delete(next);
    const near = most > 0 ? tiedTo(next) : placed;
    const spot = nearestFree(graph, points, next, meanOf(points.x, near), meanOf(points.y, near), placed);
    points.x[next] = snapped(spot?.x ?? 0, graph.widths[next] ?? 0);
    points.y[next] = snapped(spot?.y ?? 0, graph.heights[next] ?? 0);
    placed.push(next);
    standing.add(next);
  }
  return Object.fromEntries(
    keys.map((key, i) => [
      key,
      kept[key] ?? {
        x: Math.round((points.x[i] ?? 0) - (graph.widths[i] ?? 0) / 2),
        y: Math.round((points.y[i] ?? 0) - (graph.heights[i] ?? 0) / 2),
      },
    ]),
  );
}

/** The centre whose box begins on the grid. */
function snapped(centre: number, size: number): number {
  return Math.round((centre - size / 2) / grid) * grid + size / 2;
}

function meanOf(values: Float64Array, places: readonly number[]): number {
  return places.length === 0 ? 0 : places.reduce((sum, i) => sum + (values[i] ?? 0), 0) / places.length;
}

/** Upper left corners on the grid, the whole of it beginning at 0, 0. */
function positionsOf(keys: readonly string[], boxes: ReadonlyMap<string, Box>, points: Points): ErdPositions {
  const corners = keys.map((key, i) => {
    const { width, height } = boxes.get(key) ?? { width: 0, height: 0 };
    return { key, x: (points.x[i] ?? 0) - width / 2, y: (points.y[i] ?? 0) - height / 2 };
  });
  const left = corners.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY);
  const top = corners.reduce((least, { y }) => Math.min(least, y), Number.POSITIVE_INFINITY);
  return Object.fromEntries(
    corners.map(({ key, x, y }) => [key, { x: Math.round((x - left) / grid) * grid, y: Math.round((y - top) / grid) * grid }]),
  );
}
