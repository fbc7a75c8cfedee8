/** One relation along its course: the line, a crow's foot at each end, what happens on delete, a sign where an index is missing. */
import type { ErdEnd, ErdRelation } from "../../../../protocol/src/erd.ts";
import { type ActionPlace, actionText, labelSize, signLength } from "./actionPlaces.ts";
import { type Area, around, type Point } from "./geometry.ts";
import { classes, node, type PictureNode } from "./node.ts";
import type { Route } from "./routes.ts";
import { textWidth } from "./textWidth.ts";

const corner = 6;

/** `place` of what stands on the line; undefined where nothing does. */
export function relationNode(relation: ErdRelation, { points }: Route, place: ActionPlace | undefined): PictureNode {
  const path = pathOf(points);
  const isPlain = relation.kind === "reads" || relation.kind === "uses";
  return node(
    "g",
    { class: classes("relation", relation.kind, !relation.hasIndex && "unindexed", relation.change), "data-key": relation.key },
    [
      node("path", { class: "hit", d: path }),
      node("path", { class: "line", d: path }),
      ...(isPlain ? arrow(points) : feet(relation, points)),
      ...(place === undefined ? [] : labels(relation, place)),
      node("title", {}, [relation.accessibleName]),
    ],
  );
}

/** Its line alone: from far away its ends and actions could not be read. */
export function lineNode(relation: ErdRelation, { points }: Route): PictureNode {
  const path = pathOf(points);
  return node("g", { class: classes("relation", relation.kind, !relation.hasIndex && "unindexed", relation.change), "data-key": relation.key }, [
    node("path", { class: "hit", d: path }),
    node("path", { class: "line", d: path }),
  ]);
}

/** The smallest area that holds the course and what is drawn at its ends. */
export function areaOfRoute({ points }: Route): Area {
  const area = around(points.map(({ x, y }) => ({ x, y, width: 0, height: 0 }))) ?? { x: 0, y: 0, width: 0, height: 0 };
  return { x: area.x - 10, y: area.y - 16, width: area.width + 20, height: area.height + 32 };
}

/** SVG path data with rounded corners. */
export function pathOf(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return "";
  let path = `M${number(first.x)} ${number(first.y)}`;
  for (let i = 1; i < points.length; i++) {
    const [before, at, after] = [points[i - 1], points[i], points[i + 1]];
    if (before === undefined || at === undefined) continue;
    if (after === undefined) {
      path += `L${number(at.x)} ${number(at.y)}`;
      continue;
    }
    const radius = Math.min(corner, distance(before, at) / 2, distance(at, after) / 2);
    const [into, out] = [towards(at, before, radius), towards(at, after, radius)];
    path += `L${number(into.x)} ${number(into.y)}Q${number(at.x)} ${number(at.y)} ${number(out.x)} ${number(out.y)}`;
  }
  return path;
}

function distance(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function feet(relation: ErdRelation, points: readonly Point[]): readonly PictureNode[] {
  const [start, next, beforeEnd, end] = [points[0], points[1], points.at(-2), points.at(-1)];
  if (start === undefined || next === undefined || beforeEnd === undefined || end === undefined) return [];
  return [foot(start, next.x >= start.x ? 1 : -1, relation.from), foot(end, beforeEnd.x >= end.x ? 1 : -1, relation.to)];
}

/** Three toes for many, a bar for one; before it a circle where there may be none, a bar where there must be one. */
function foot({ x, y }: Point, side: 1 | -1, { cardinality, optional }: ErdEnd): PictureNode {
  const nearest = cardinality === "many" ? `M0-6L${11 * side} 0L0 6` : `M${7 * side}-6V6`;
  const farther = optional ? `M${16 * side - 4} 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z` : `M${(cardinality === "many" ? 15 : 12) * side}-6V6`;
  return node("g", { class: "foot", transform: `translate(${number(x)} ${number(y)})` }, [
    node("path", { d: nearest }),
    node("path", { class: optional ? "none" : undefined, d: farther }),
  ]);
}

function arrow(points: readonly Point[]): readonly PictureNode[] {
  const [end, before] = [points.at(-1), points.at(-2)];
  if (end === undefined || before === undefined) return [];
  const side = before.x >= end.x ? 1 : -1;
  return [
    node("path", { class: "arrow", transform: `translate(${number(end.x)} ${number(end.y)})`, d: `M${9 * side}-4L0 0L${9 * side} 4` }),
  ];
}

/** The action on its line, the sign before it. */
function labels(relation: ErdRelation, { x, y, isAcross, hasText, hasSign }: ActionPlace): readonly (PictureNode | undefined)[] {
  const text = actionText(relation);
  // What leads down is read from below.
  const along = (by: number): Point => (isAcross ? { x: x + by, y } : { x, y: y - by });
  const textAt = along(hasSign ? signLength / 2 : 0);
  const signAt = along(hasText ? -textWidth(text, labelSize) / 2 - 3 : 0);
  const turned = isAcross ? undefined : `rotate(-90 ${number(textAt.x)} ${number(textAt.y)})`;
  return [
    hasText ? node("text", { class: "action", x: number(textAt.x), y: number(textAt.y), transform: turned }, [text]) : undefined,
    hasSign
      ? node("g", { class: "missing", transform: `translate(${number(signAt.x)} ${number(signAt.y)})` }, [
          node("path", { d: "M0-8L8 6H-8Z" }),
          node("text", { x: 0, y: 1.5 }, ["!"]),
        ])
      : undefined,
  ];
}
