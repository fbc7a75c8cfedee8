/** Boxes and relations as plain nodes, one at a time, so that only those in sight need to be made. Pure. */
import type { ErdDiagram, ErdEnd, ErdEnum, ErdPicture, ErdPositions, ErdRelation, ErdTable } from "../../protocol/src/erd.ts";
import {
  type Box,
  boxesOf,
  headerHeight,
  isKeyColumn,
  marksOf,
  markWidth,
  nameSize,
  padding,
  rowHeight,
  rowSize,
  typeText,
} from "../../server/src/erd/picture/boxes.ts";
import { classes, node, type PictureNode } from "../../server/src/erd/picture/node.ts";
import type { Detail } from "../../server/src/erd/picture/options.ts";
import { fitText, textWidth } from "../../server/src/erd/picture/textWidth.ts";
import type { OverlayName } from "./state.ts";
import { rerouted, type Route, type Routes } from "../../server/src/erd/picture/routes.ts";
import { around, type Box as Area, type Point } from "./viewport.ts";

/** A diagram with everything where it stands. */
export interface Scene {
  readonly diagram: ErdDiagram;
  readonly boxes: ReadonlyMap<string, PlacedBox>;
  readonly routes: Routes;
  readonly relations: readonly PlacedRelation[];
  /** All of it; undefined when there is nothing. */
  readonly area: Area | undefined;
}

export interface PlacedBox {
  readonly key: string;
  readonly box: Box;
  readonly content: ErdTable | ErdEnum;
  readonly area: Area;
}

export interface PlacedRelation {
  readonly relation: ErdRelation;
  readonly route: Route;
  readonly area: Area;
}

/** What says the same as in `before` is the same object, and need not be drawn again. */
export function sceneOf({ diagram, positions }: ErdPicture, before?: Scene): Scene {
  const sizes = boxesOf(diagram);
  const boxes = new Map<string, PlacedBox>();
  for (const now of [...diagram.tables, ...diagram.enums]) {
    const old = before?.boxes.get(now.key);
    const placed = placedBox(same(old?.content, now), sizes.get(now.key), positions);
    if (placed !== undefined) boxes.set(now.key, same(old, placed));
  }
  return routed(diagram, boxes, before);
}

/** The same with some boxes elsewhere. */
export function movedScene(scene: Scene, positions: ErdPositions): Scene {
  const boxes = new Map(scene.boxes);
  for (const [key, at] of Object.entries(positions)) {
    const placed = boxes.get(key);
    if (placed !== undefined) boxes.set(key, { ...placed, area: { ...placed.area, ...at } });
  }
  return routed(scene.diagram, boxes, scene);
}

/** With the courses of relations; those between boxes that are as they were stay. */
function routed(diagram: ErdDiagram, boxes: ReadonlyMap<string, PlacedBox>, before: Scene | undefined): Scene {
  const areas = new Map([...boxes].map(([key, { area }]) => [key, area]));
  const plain = new Map([...boxes].map(([key, { box }]) => [key, box]));
  const changed = new Set([...boxes].filter(([key, placed]) => before?.boxes.get(key) !== placed).map(([key]) => key));
  const known = new Map(before?.relations.map((placed) => [placed.relation.key, placed]));
  const standing = new Map([...(before?.routes ?? [])].filter(([key]) => known.has(key)));
  const routes = rerouted(standing, diagram.relations, plain, areas, changed);
  const relations = diagram.relations.flatMap((relation): readonly PlacedRelation[] => {
    const route = routes.get(relation.key);
    if (route === undefined) return [];
    const area = around(route.points.map((point) => ({ ...point, width: 0, height: 0 })));
    return area === undefined ? [] : [same(known.get(relation.key), { relation, route, area })];
  });
  return { diagram, boxes, routes, relations, area: around([...boxes.values()].map(({ area }) => area)) };
}

function same<T extends object>(before: T | undefined, now: T): T {
  return before !== undefined && textOf(before) === textOf(now) ? before : now;
}

const texts = new WeakMap<object, string>();

/** Compared with what comes next, again and again. */
function textOf(value: object): string {
  const known = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, known);
  return known;
}

function placedBox(content: ErdTable | ErdEnum, box: Box | undefined, positions: ErdPositions): PlacedBox | undefined {
  if (box === undefined) return undefined;
  const { x, y } = positions[content.key] ?? { x: 0, y: 0 };
  return { key: content.key, box, content, area: { x, y, width: box.width, height: box.height } };
}

export interface BoxLook {
  readonly detail: Detail;
  readonly overlays: ReadonlySet<OverlayName>;
}

/** A box around its own upper left corner. */
export function boxNode({ content, box }: PlacedBox, { detail, overlays }: BoxLook): PictureNode {
  const isEnum = "values" in content;
  const children: (PictureNode | undefined)[] = [node("rect", { class: "body", width: box.width, height: box.height, rx: 4 })];
  if (detail === "names") children.push(...largeName(content.name, box));
  else {
    children.push(
      node("path", { class: "head", d: `M0 ${headerHeight}V4a4 4 0 0 1 4-4H${box.width - 4}a4 4 0 0 1 4 4V${headerHeight}Z` }),
      node("text", { class: "name", x: padding, y: headerHeight / 2 + 1 }, [fitText(content.name, nameSize * 1.12, box.width - 2 * padding - 24)]),
    );
    if (isEnum) children.push(...box.rows.map((row) => node("text", { class: "value", x: row.x + padding, y: row.y + rowHeight / 2 + 1 }, [fitText(row.name, rowSize, row.width - 2 * padding)])));
    else children.push(...columnNodes(content, box, detail, overlays));
  }
  if (!isEnum) children.push(...markings(content, box, overlays));
  const kind = isEnum ? "enum" : content.kind;
  return node("g", { class: classes("box", kind, content.change), "data-key": content.key }, children);
}

/** In as many lines as make it largest: from far away only the name can be read. */
function largeName(name: string, box: Box): readonly PictureNode[] {
  const room = { width: box.width - 12, height: box.height - 12 };
  const words = name.split(/(?<=[_\s.-])|(?<=[a-z0-9])(?=[A-Z])/);
  const ways = [1, 2, 3].map((lines) => linesOf(words, lines));
  const sized = ways.map((lines) => ({ lines, size: Math.min(room.height / lines.length / 1.15, ...lines.map((line) => room.width / (textWidth(line, 100) * 1.1) * 100)) }));
  const best = sized.reduce((a, b) => (b.size > a.size * 1.05 ? b : a));
  const size = Math.floor(Math.max(12, Math.min(64, best.size))); // rounded up, the name would be cut
  const top = box.height / 2 - ((best.lines.length - 1) * size * 1.15) / 2;
  return best.lines.map((line, i) => node("text", { class: "large", x: box.width / 2, y: Math.round(top + i * size * 1.15), "font-size": size }, [fitText(line, size * 1.1, room.width)]));
}

/** Words in lines of about the same length. */
function linesOf(words: readonly string[], count: number): readonly string[] {
  const length = Math.ceil(words.join("").length / count);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || (last.length + word.length / 2 > length && lines.length < count)) lines.push(word);
    else lines[lines.length - 1] = last + word;
  }
  return lines;
}

function columnNodes(table: ErdTable, box: Box, detail: Detail, overlays: ReadonlySet<OverlayName>): readonly PictureNode[] {
  return table.columns.flatMap((column, at) => {
    const row = box.rows[at];
    if (row === undefined || (detail === "keys" && !isKeyColumn(column))) return [];
    const middle = row.y + rowHeight / 2 + 1;
    const marks = marksOf(column);
    const left = row.x + padding;
    const type = typeText(column);
    const nameWidth = row.width - 2 * padding - box.marksWidth;
    const isPersonal = overlays.has("personalData") && column.personalData !== undefined;
    return [
      node("g", { class: classes("column", isPersonal && "personal", column.change), "data-column": column.name }, [
        node("rect", { class: "row", x: row.x + 1, y: row.y, width: row.width - 2, height: rowHeight }),
        ...marks.map((mark, i) => node("text", { class: "mark", x: left + i * markWidth, y: middle }, [mark])),
        node("text", { class: classes("field", !column.nullable && "required"), x: left + box.marksWidth, y: middle }, [fitText(column.name, rowSize, nameWidth)]),
        type === "" ? undefined : node("text", { class: "type", x: row.x + row.width - padding, y: middle }, [typeWithin(column.name, type, nameWidth)]),
        isPersonal ? node("title", {}, [`${column.name} is ${column.personalData?.what ?? "personal"}`]) : undefined,
      ]),
    ];
  });
}

function typeWithin(name: string, type: string, room: number): string {
  return fitText(type, rowSize, Math.max(30, room - textWidth(name, rowSize) - 8));
}

/** What overlays say of the whole table: a badge of findings, a lock of row-level security, size. */
function markings(table: ErdTable, box: Box, overlays: ReadonlySet<OverlayName>): readonly PictureNode[] {
  const marks: PictureNode[] = [];
  const [gravest] = table.findings;
  if (overlays.has("findings") && gravest !== undefined) marks.push(badge(gravest.severity, table.findings.length, box.width));
  const notes: string[] = [];
  if (overlays.has("rowSecurity")) notes.push(securityNote(table));
  if (overlays.has("size") && table.size !== undefined) notes.push(`${rounded(table.size.rows)} rows, ${bytes(table.size.bytes)}`);
  if (notes.length > 0) marks.push(node("text", { class: "note", x: 0, y: -8 }, [notes.join(" · ")]));
  return marks;
}

function badge(severity: string, count: number, width: number): PictureNode {
  // A shape of its own for each severity: colour alone tells nobody anything.
  const shapes: Readonly<Record<string, string>> = {
    error: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z",
    warning: "M0-9L9 7H-9Z",
    information: "M-8-8H8V8H-8Z",
    hint: "M0-8L8 0L0 8L-8 0Z",
  };
  return node("g", { class: `badge ${severity}`, transform: `translate(${width - 16} ${headerHeight / 2})` }, [
    node("path", { d: shapes[severity] ?? "" }),
    node("text", { x: 0, y: severity === "warning" ? 2 : 0 }, [count > 9 ? "9+" : String(count)]),
  ]);
}

function securityNote({ rowSecurity: { enabled, forced, policies }, kind }: ErdTable): string {
  if (kind !== "table") return "";
  if (!enabled) return "no row-level security";
  return `row-level security${forced ? ", forced" : ""}: ${policies.length} ${policies.length === 1 ? "policy" : "policies"}`;
}

function rounded(count: number): string {
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} M` : count >= 1e3 ? `${(count / 1e3).toFixed(1)} k` : String(Math.round(count));
}

function bytes(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} GB` : count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e3).toFixed(0)} kB`;
}

/** Crow's foot for many, a bar for one, a circle where there may be none. */
function foot(at: { readonly x: number; readonly y: number }, side: 1 | -1, { cardinality, optional }: ErdEnd): PictureNode {
  const many = `M0-6L${10 * side} 0L0 6`;
  const one = `M${7 * side}-6V6`;
  const circle = `M${(optional ? 17 : 0) * side - 4} 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0`;
  const bar = `M${14 * side}-6V6`;
  return node("path", { class: "foot", transform: `translate(${at.x} ${at.y})`, d: `${cardinality === "many" ? many : one}${optional ? circle : bar}` });
}

export function relationNode({ relation, route: { points } }: PlacedRelation): PictureNode {
  const path = roundedPath(points);
  const [start, second] = points;
  const [beforeLast, end] = points.slice(-2);
  const middle = middleOf(points);
  const hasFeet = relation.kind === "foreignKey" || relation.kind === "manyToMany";
  const says = relation.onDelete !== undefined && relation.onDelete !== "NO ACTION";
  return node("g", { class: classes("relation", relation.kind, !relation.hasIndex && "unindexed", relation.change), "data-key": relation.key }, [
    node("path", { class: "hit", d: path }),
    node("path", { class: "line", d: path }),
    hasFeet && start !== undefined && second !== undefined ? foot(start, second.x >= start.x ? 1 : -1, relation.from) : undefined,
    hasFeet && end !== undefined && beforeLast !== undefined ? foot(end, beforeLast.x >= end.x ? 1 : -1, relation.to) : undefined,
    says ? node("text", { class: "action", x: middle.x + 5, y: middle.y }, [(relation.onDelete ?? "").toLowerCase()]) : undefined,
    relation.hasIndex ? undefined : node("g", { class: "missing", transform: `translate(${middle.x} ${middle.y + 14})` }, [node("path", { d: "M0-7L7 6H-7Z" }), node("text", { x: 0, y: 2 }, ["!"])]),
    node("title", {}, [relation.accessibleName]),
  ]);
}

/** Corners are rounded, so that one sees where a line turns and where it only crosses another. */
function roundedPath(points: readonly Point[]): string {
  return points
    .map((point, i) => {
      const [before, after] = [points[i - 1], points[i + 1]];
      if (before === undefined) return `M${point.x} ${point.y}`;
      if (after === undefined) return `L${point.x} ${point.y}`;
      const radius = Math.min(6, length(before, point) / 2, length(point, after) / 2);
      const [a, b] = [towards(point, before, radius), towards(point, after, radius)];
      return `L${a.x} ${a.y}Q${point.x} ${point.y} ${b.x} ${b.y}`;
    })
    .join("");
}

function length(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}

/** The middle of the longest piece. */
function middleOf(points: readonly Point[]): Point {
  let [best, longest]: [Point, number] = [points[0] ?? { x: 0, y: 0 }, -1];
  points.forEach((point, i) => {
    const next = points[i + 1];
    if (next === undefined || length(point, next) <= longest) return;
    [best, longest] = [{ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }, length(point, next)];
  });
  return best;
}
