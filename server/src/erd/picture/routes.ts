/**
 * The course of every relation: from the row of its column to the row of the other, along horizontal and vertical lines,
 * around boxes where there is a way. One relation's course does not depend on another's, but for the lanes that lines
 * which would lie on each other are spread over; so what a moved box touches can be routed alone.
 */
import type { ErdEnd, ErdRelation } from "../../../../protocol/src/erd.ts";
import { type Box, headerHeight, rowHeight } from "./boxes.ts";
import { type Area, grown, around, type Point } from "./geometry.ts";
import { Obstacles } from "./obstacles.ts";
import { type Effort, lane, pathAround, straightened } from "./path.ts";

export interface Route {
  readonly key: string;
  /** From the edge of one box to the edge of the other, first and last piece horizontal; at least two points. */
  readonly points: readonly Point[];
}

/** By key of the relation; relations with an end that has no area have no route. */
export type Routes = ReadonlyMap<string, Route>;

/** How far a line leaves its box before it turns: room for its foot. */
const stub = 26;
/** Between lines that run side by side. */
const laneWidth = 7;
/** Searches among more boxes than this take too long. */
const mostBoxes = 90;
/** Enough for every relation of some three hundred tables; of larger diagrams the shorter ones go around what is in their way. */
const effortForAll = 20_000_000;

/** Every relation's course. */
export function routesOf(relations: readonly ErdRelation[], boxes: ReadonlyMap<string, Box>, areas: ReadonlyMap<string, Area>): Routes {
  return rerouted(new Map(), relations, boxes, areas, undefined);
}

/**
 * The same with some boxes elsewhere: only what ends at a box of `moved` is routed again; everything, where that is undefined.
 */
export function rerouted(
  known: Routes,
  relations: readonly ErdRelation[],
  boxes: ReadonlyMap<string, Box>,
  areas: ReadonlyMap<string, Area>,
  moved: ReadonlySet<string> | undefined,
): Routes {
  const steps = reroutedInSteps(known, relations, boxes, areas, moved);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same with a pause after each course that is searched for, so that a page can draw meanwhile. */
export function* reroutedInSteps(
  known: Routes,
  relations: readonly ErdRelation[],
  boxes: ReadonlyMap<string, Box>,
  areas: ReadonlyMap<string, Area>,
  moved: ReadonlySet<string> | undefined,
): Generator<void, Routes> {
  const obstacles = new Obstacles(areas.values());
  const routes = new Map<string, Route>();
  const fresh: string[] = [];
  const effort: Effort = { left: effortForAll };
  for (const relation of byDistance(relations, areas)) {
    const old = known.get(relation.key);
    if (old !== undefined && moved !== undefined && !moved.has(relation.from.table) && !moved.has(relation.to.table)) {
      routes.set(relation.key, old);
      continue;
    }
    const points = route(relation, boxes, areas, obstacles, effort);
    if (points === undefined) continue;
    routes.set(relation.key, { key: relation.key, points });
    fresh.push(relation.key);
    yield;
  }
  return spread(routes, fresh);
}

function byDistance(relations: readonly ErdRelation[], areas: ReadonlyMap<string, Area>): readonly ErdRelation[] {
  const distance = ({ from, to }: ErdRelation): number => {
    const [a, b] = [areas.get(from.table), areas.get(to.table)];
    return a === undefined || b === undefined ? 0 : Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
  };
  const distances = new Map(relations.map((relation) => [relation.key, distance(relation)]));
  return [...relations].sort((a, b) => (distances.get(a.key) ?? 0) - (distances.get(b.key) ?? 0) || (a.key < b.key ? -1 : 1));
}

interface Port extends Point {
  /** Where the line first may turn. */
  readonly turn: Point;
}

function route(
  relation: ErdRelation,
  boxes: ReadonlyMap<string, Box>,
  areas: ReadonlyMap<string, Area>,
  obstacles: Obstacles,
  effort: Effort,
): readonly Point[] | undefined {
  const [fromArea, toArea] = [areas.get(relation.from.table), areas.get(relation.to.table)];
  const [fromBox, toBox] = [boxes.get(relation.from.table), boxes.get(relation.to.table)];
  if (fromArea === undefined || toArea === undefined || fromBox === undefined || toBox === undefined) return undefined;
  const isSelf = relation.from.table === relation.to.table;
  const starts = portsOf(fromBox, fromArea, relation.from, 0);
  const ends = portsOf(toBox, toArea, relation.to, isSelf && relation.to.columns.length === 0 ? rowHeight : 0);
  if (isSelf) return selfRoute(starts, ends);
  const candidates = starts.flatMap((start) => ends.flatMap((end) => simpleWays(start, end)));
  candidates.sort((a, b) => priceOf(a) - priceOf(b));
  const [shortest] = candidates;
  if (shortest === undefined) return undefined;
  const limit = priceOf(shortest) * 1.15 + 80;
  const free = candidates.find((points) => priceOf(points) <= limit && isFree(points, obstacles));
  return free ?? wayAround(starts, ends, shortest, obstacles, effort) ?? candidates.find((points) => isFree(points, obstacles)) ?? shortest;
}

/**
 * A known course with its ends slid to where their rows are now, as when a column was added above them. Undefined where
 * an end is at another edge now, and where it would cross a box that was not in its way `before`: it must be searched for.
 */
export function followed({ key, points }: Route, relation: ErdRelation, standing: Standing, before: Obstacles): Route | undefined {
  const [first, second, beforeLast, last] = [points[0], points[1], points.at(-2), points.at(-1)];
  if (first === undefined || second === undefined || beforeLast === undefined || last === undefined || relation.from.table === relation.to.table) return undefined;
  const start = portNear(relation.from, first, second, standing);
  const end = portNear(relation.to, last, beforeLast, standing);
  if (start === undefined || end === undefined) return undefined;
  const hasSlid = start.y !== first.y || end.y !== last.y;
  if (hasSlid && points.length < 4) return undefined; // straight across, nothing gives way
  const slid = hasSlid ? points.map((point, i) => (i <= 1 ? { ...point, y: start.y } : i >= points.length - 2 ? { ...point, y: end.y } : point)) : points;
  return isFree(slid, standing.obstacles) || !isFree(points, before) ? { key, points: slid } : undefined;
}

/** Boxes where they are. */
export interface Standing {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly areas: ReadonlyMap<string, Area>;
  readonly obstacles: Obstacles;
}

/** The port of an end that its course has used so far, where it leaves the same edge as before. */
function portNear(end: ErdEnd, at: Point, next: Point, { boxes, areas }: Standing): Port | undefined {
  const [box, area] = [boxes.get(end.table), areas.get(end.table)];
  if (box === undefined || area === undefined) return undefined;
  return portsOf(box, area, end, 0).find(({ x, turn }) => x === at.x && turn.x > x === next.x > x);
}

/** A loop beside the box. */
function selfRoute(starts: readonly Port[], ends: readonly Port[]): readonly Point[] | undefined {
  const start = starts.at(-1);
  const end = ends.at(-1);
  if (start === undefined || end === undefined) return undefined;
  const x = Math.max(start.turn.x, end.turn.x) + 6;
  return [
    start,
    { x, y: start.y },
    { x, y: end.y === start.y ? end.y + rowHeight : end.y },
    { x: end.x, y: end.y === start.y ? end.y + rowHeight : end.y },
  ].map(({ x, y }) => ({ x, y }));
}

/** Left and right of the row that the end belongs to: of its first column, else of the head. */
function portsOf(box: Box, area: Area, { columns }: ErdEnd, lower: number): readonly Port[] {
  const row = columns.length === 0 ? undefined : box.rows.find(({ name }) => name === columns[0]);
  const y = area.y + lower + (row === undefined ? headerHeight / 2 : row.y + rowHeight / 2);
  const [left, right] = [area.x, area.x + area.width];
  // A row in the middle of a box of several parts touches neither edge: its line ends at the edge, level with it.
  const isInner = row !== undefined && !row.reachesLeft && !row.reachesRight;
  const ports: Port[] = [];
  if (row === undefined || row.reachesLeft || isInner) ports.push({ x: left, y, turn: { x: left - stub, y } });
  if (row === undefined || row.reachesRight || isInner) ports.push({ x: right, y, turn: { x: right + stub, y } });
  return ports;
}

/** Across, down, across, with the middle piece near the start, in the middle, or near the end. */
function simpleWays(start: Port, end: Port): readonly (readonly Point[])[] {
  const [a, b] = [start.turn.x, end.turn.x];
  const leavesRight = a > start.x;
  const arrivesRight = b > end.x;
  const middles: number[] = [];
  if (leavesRight && arrivesRight) middles.push(Math.max(a, b));
  else if (!leavesRight && !arrivesRight) middles.push(Math.min(a, b));
  else if (leavesRight ? a <= b : a >= b) middles.push(a, b, Math.round((a + b) / 2));
  return middles.map((x) =>
    straightened([
      { x: start.x, y: start.y },
      { x, y: start.y },
      { x, y: end.y },
      { x: end.x, y: end.y },
    ]),
  );
}

/** Length, and a price for each turn. */
function priceOf(points: readonly Point[]): number {
  let price = points.length * 60;
  for (let i = 1; i < points.length; i++)
    price += Math.abs((points[i]?.x ?? 0) - (points[i - 1]?.x ?? 0)) + Math.abs((points[i]?.y ?? 0) - (points[i - 1]?.y ?? 0));
  return price;
}

function isFree(points: readonly Point[], obstacles: Obstacles): boolean {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    if (a === undefined || b === undefined) continue;
    // The edge of the box that the line ends at does not count.
    const area = {
      x: Math.min(a.x, b.x) + 0.5,
      y: Math.min(a.y, b.y) - 4,
      width: Math.abs(a.x - b.x) - 1,
      height: Math.abs(a.y - b.y) + 8,
    };
    const vertical = { x: a.x - 4, y: area.y, width: 8, height: area.height };
    if (!obstacles.isFree(a.x === b.x ? vertical : area)) return false;
  }
  return true;
}

/** Through the boxes between and around the two, from the sides of the shortest way; from others where that is a detour. */
function wayAround(
  starts: readonly Port[],
  ends: readonly Port[],
  shortest: readonly Point[],
  obstacles: Obstacles,
  effort: Effort,
): readonly Point[] | undefined {
  const window = around([...starts, ...ends].map(({ turn }) => ({ ...turn, width: 1, height: 1 })));
  if (window === undefined) return undefined;
  const inside = [...obstacles.within(grown(window, 160))];
  if (inside.length > mostBoxes) return undefined;
  const [first, last] = [shortest[0], shortest.at(-1)];
  const isNear = ({ x }: Port, point: Point | undefined): number => (x === point?.x ? 0 : 1);
  const pairs = starts
    .flatMap((start) => ends.map((end) => ({ start, end, rank: isNear(start, first) + isNear(end, last) })))
    .sort((a, b) => a.rank - b.rank);
  let best: readonly Point[] | undefined;
  for (const { start, end } of pairs) {
    const path = pathAround({ start: start.turn, end: end.turn }, inside, effort);
    if (path === undefined) continue;
    const points = straightened([{ x: start.x, y: start.y }, ...path, { x: end.x, y: end.y }]);
    if (best === undefined || priceOf(points) < priceOf(best)) best = points;
    if (priceOf(best) < priceOf(shortest) * 1.4 + 120) return best;
  }
  return best;
}

/** Lines that would lie on each other, side by side. Only pieces between two turns move: the ends stay at their rows. */
function spread(routes: ReadonlyMap<string, Route>, fresh: readonly string[]): Routes {
  const result = new Map(routes);
  for (const vertical of [true, false]) {
    const pieces = new Map<number, Piece[]>();
    const freshKeys = new Set(fresh);
    for (const [key, { points }] of [...result].sort(([a], [b]) => (a < b ? -1 : 1))) {
      for (let i = 2; i < points.length - 1; i++) {
        const [a, b] = [points[i - 1], points[i]];
        if (a === undefined || b === undefined || (vertical ? a.x !== b.x : a.y !== b.y)) continue;
        const at = vertical ? a.x : a.y;
        const [from, to] = vertical ? [Math.min(a.y, b.y), Math.max(a.y, b.y)] : [Math.min(a.x, b.x), Math.max(a.x, b.x)];
        const slot = Math.round(at / lane);
        const piece = { key, index: i, at, from, to, canMove: freshKeys.has(key) };
        const list = pieces.get(slot);
        if (list === undefined) pieces.set(slot, [piece]);
        else list.push(piece);
      }
    }
    for (const list of pieces.values()) shift(list, vertical, result);
  }
  return result;
}

interface Piece {
  readonly key: string;
  /** Of the point it leads to. */
  readonly index: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly canMove: boolean;
}

/** Nearest to where the line was: its own place, then lanes on both sides by turns. */
const offsets = [0, 1, -1, 2, -2].map((step) => step * laneWidth);

function shift(pieces: readonly Piece[], vertical: boolean, routes: Map<string, Route>): void {
  const taken: { readonly at: number; readonly from: number; readonly to: number; readonly key: string }[] = pieces.filter(
    ({ canMove }) => !canMove,
  );
  for (const piece of [...pieces]
    .filter(({ canMove }) => canMove)
    .sort((a, b) => a.from - b.from || a.to - b.to || (a.key < b.key ? -1 : 1))) {
    const isTaken = (at: number): boolean =>
      taken.some(
        (other) => other.key !== piece.key && Math.abs(other.at - at) < laneWidth - 1 && other.from < piece.to && piece.from < other.to,
      );
    const at = piece.at + (offsets.find((offset) => !isTaken(piece.at + offset)) ?? 0);
    taken.push({ at, from: piece.from, to: piece.to, key: piece.key });
    if (at === piece.at) continue;
    const route = routes.get(piece.key);
    if (route === undefined) continue;
    const points = route.points.map((point, i) =>
      i === piece.index || i === piece.index - 1 ? (vertical ? { ...point, x: at } : { ...point, y: at }) : point,
    );
    routes.set(piece.key, { key: route.key, points });
  }
}
