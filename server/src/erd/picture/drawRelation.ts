/** One relation along its course: the line, a crow's foot at each end, what happens on delete, a sign where an index is missing. */
import type { ErdEnd, ErdRelation } from "../../../../protocol/src/erd.ts";
import { type Area, around, type Point } from "./geometry.ts";
import { classes, node, type PictureNode } from "./node.ts";
import type { Route } from "./routes.ts";
import { textWidth } from "./textWidth.ts";

const corner = 6;
const labelSize = 10;
/** What a crow's foot takes of its piece. */
const footLength = 22;

export function relationNode(relation: ErdRelation, { points }: Route): PictureNode {
  const path = pathOf(points);
  const isPlain = relation.kind === "reads" || relation.kind === "uses";
  return node(
    "g",
    { class: classes("relation", relation.kind, !relation.hasIndex && "unindexed", relation.change), "data-key": relation.key },
    [
      node("path", { class: "hit", d: path }),
      node("path", { class: "line", d: path }),
      ...(isPlain ? arrow(points) : feet(relation, points)),
      ...labels(relation, points),
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

/** Along the longest piece: the action on its line, the sign before it; neither where it would hide the feet. */
function labels(relation: ErdRelation, points: readonly Point[]): readonly (PictureNode | undefined)[] {
  const text = actionText(relation);
  const width = text === "" ? 0 : textWidth(text, labelSize);
  const sign = relation.hasIndex ? 0 : 24;
  if (width + sign === 0) return [];
  const { x, y, room, isAcross } = placeFor(points, width + sign + 12);
  // Some of the line must be left to see whose action it is.
  const isText = text !== "" && room >= width + sign + 12;
  const isSign = !relation.hasIndex && room >= 14;
  // What leads down is read from below.
  const along = (by: number): Point => (isAcross ? { x: x + by, y } : { x, y: y - by });
  const textAt = along(sign / 2);
  const signAt = along(isText ? -width / 2 - 3 : 0);
  return [
    isText
      ? node(
          "text",
          {
            class: "action",
            x: number(textAt.x),
            y: number(textAt.y),
            transform: isAcross ? undefined : `rotate(-90 ${number(textAt.x)} ${number(textAt.y)})`,
          },
          [text],
        )
      : undefined,
    isSign
      ? node("g", { class: "missing", transform: `translate(${number(signAt.x)} ${number(signAt.y)})` }, [
          node("path", { d: "M0-8L8 6H-8Z" }),
          node("text", { x: 0, y: 1.5 }, ["!"]),
        ])
      : undefined,
  ];
}

/** What is neither the default nor said by everybody: `ON UPDATE CASCADE` is what tools write unasked. */
export function actionText({ onDelete, onUpdate }: ErdRelation): string {
  const parts: string[] = [];
  if (onDelete !== undefined && onDelete !== "NO ACTION") parts.push(onDelete.toLowerCase());
  if (onUpdate !== undefined && onUpdate !== "NO ACTION" && onUpdate !== "CASCADE") parts.push(`update ${onUpdate.toLowerCase()}`);
  return parts.join(", ");
}

/** The middle of what feet leave of a piece, and how much room there is along it. */
function placeFor(points: readonly Point[], wanted: number): Point & { readonly room: number; readonly isAcross: boolean } {
  let best = { x: points[0]?.x ?? 0, y: points[0]?.y ?? 0, room: 0, isAcross: true };
  let bestScore = -1;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    if (a === undefined || b === undefined) continue;
    const [atStart, atEnd] = [i === 1 ? footLength : 0, i === points.length - 1 ? footLength : 0];
    const room = distance(a, b) - atStart - atEnd;
    const isAcross = a.y === b.y;
    // A text that lies across is read more easily.
    const score = room * (isAcross && room >= wanted ? 3 : 1);
    if (score <= bestScore) continue;
    bestScore = score;
    best = { x: (a.x + b.x + Math.sign(b.x - a.x) * (atStart - atEnd)) / 2, y: (a.y + b.y) / 2, room, isAcross };
  }
  return best;
}
