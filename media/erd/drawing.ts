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
import { around, type Box as Area } from "./viewport.ts";

/** A diagram with everything where it stands. */
export interface Scene {
  readonly diagram: ErdDiagram;
  readonly boxes: ReadonlyMap<string, PlacedBox>;
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
  readonly path: string;
  readonly area: Area;
  readonly ends: readonly PictureNode[];
  readonly middle: { readonly x: number; readonly y: number };
}

/** What says the same as in `before` is the same object, and need not be drawn again. */
export function sceneOf({ diagram, positions }: ErdPicture, before?: Scene): Scene {
  const sizes = boxesOf(diagram);
  const boxes = new Map<string, PlacedBox>();
  for (const now of [...diagram.tables, ...diagram.enums]) {
    const content = same(before?.boxes.get(now.key)?.content, now);
    const placed = placedBox(content, sizes.get(now.key), positions);
    if (placed !== undefined) boxes.set(now.key, placed);
  }
  const known = new Map(before?.relations.map((placed) => [placed.relation.key, placed]));
  const relations = relationsIn(diagram, boxes).map((placed) => same(known.get(placed.relation.key), placed));
  return { diagram, boxes, relations, area: around([...boxes.values()].map(({ area }) => area)) };
}

function same<T>(before: T | undefined, now: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

/** The same with some boxes elsewhere. */
export function movedScene(scene: Scene, positions: ErdPositions): Scene {
  const boxes = new Map(scene.boxes);
  for (const [key, at] of Object.entries(positions)) {
    const placed = boxes.get(key);
    if (placed !== undefined) boxes.set(key, { ...placed, area: { ...placed.area, ...at } });
  }
  const touched = new Set(Object.keys(positions));
  const relations = scene.relations.map((one) =>
    touched.has(one.relation.from.table) || touched.has(one.relation.to.table) ? (placedRelation(one.relation, boxes) ?? one) : one,
  );
  return { ...scene, boxes, relations, area: around([...boxes.values()].map(({ area }) => area)) };
}

function relationsIn(diagram: ErdDiagram, boxes: ReadonlyMap<string, PlacedBox>): readonly PlacedRelation[] {
  return diagram.relations.flatMap((relation) => placedRelation(relation, boxes) ?? []);
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
  const size = Math.round(Math.max(12, Math.min(64, best.size)));
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

/** How far a relation leaves its box before it turns. */
const stub = 24;

function placedRelation(relation: ErdRelation, boxes: ReadonlyMap<string, PlacedBox>): PlacedRelation | undefined {
  const from = boxes.get(relation.from.table);
  const to = boxes.get(relation.to.table);
  if (from === undefined || to === undefined) return undefined;
  const [a, b] = [endHeight(from, relation.from), endHeight(to, relation.to)];
  const isSelf = from === to;
  const leavesRight = isSelf || from.area.x + from.area.width / 2 <= to.area.x + to.area.width / 2;
  const overlaps = isSelf || (from.area.x < to.area.x + to.area.width + stub && to.area.x < from.area.x + from.area.width + stub);
  const arrivesRight = overlaps ? leavesRight : !leavesRight;
  const start = { x: leavesRight ? from.area.x + from.area.width : from.area.x, y: a };
  const end = { x: arrivesRight ? to.area.x + to.area.width : to.area.x, y: b };
  const turn = overlaps
    ? leavesRight
      ? Math.max(start.x, end.x) + stub
      : Math.min(start.x, end.x) - stub
    : (start.x + end.x) / 2;
  return {
    relation,
    path: `M${start.x} ${start.y}H${turn}V${end.y}H${end.x}`,
    area: around([{ ...start, width: 0, height: 0 }, { ...end, width: 0, height: 0 }, { x: turn, y: start.y, width: 0, height: 0 }]) ?? from.area,
    ends: relation.kind === "reads" || relation.kind === "uses" ? [] : [foot(start, leavesRight ? 1 : -1, relation.from), foot(end, arrivesRight ? 1 : -1, relation.to)],
    middle: { x: turn, y: (start.y + end.y) / 2 },
  };
}

/** The row of the column it ends at, else the head of the box. */
function endHeight({ area, box }: PlacedBox, { columns }: ErdEnd): number {
  const row = columns.length === 1 ? box.rows.find(({ name }) => name === columns[0]) : undefined;
  return area.y + (row === undefined ? headerHeight / 2 : row.y + rowHeight / 2);
}

/** Crow's foot for many, a bar for one, a circle where there may be none. */
function foot(at: { readonly x: number; readonly y: number }, side: 1 | -1, { cardinality, optional }: ErdEnd): PictureNode {
  const many = `M0-6L${10 * side} 0L0 6`;
  const one = `M${7 * side}-6V6`;
  const circle = `M${(optional ? 17 : 0) * side - 4} 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0`;
  const bar = `M${14 * side}-6V6`;
  return node("path", { class: "foot", transform: `translate(${at.x} ${at.y})`, d: `${cardinality === "many" ? many : one}${optional ? circle : bar}` });
}

export function relationNode({ relation, path, ends, middle }: PlacedRelation): PictureNode {
  const isCascade = relation.onDelete !== undefined && relation.onDelete !== "NO ACTION";
  return node("g", { class: classes("relation", relation.kind, !relation.hasIndex && "unindexed", relation.change), "data-key": relation.key }, [
    node("path", { class: "hit", d: path }),
    node("path", { class: "line", d: path }),
    ...ends,
    isCascade ? node("text", { class: "action", x: middle.x + 4, y: middle.y }, [(relation.onDelete ?? "").toLowerCase()]) : undefined,
    relation.hasIndex ? undefined : node("g", { class: "missing", transform: `translate(${middle.x} ${middle.y + 14})` }, [node("path", { d: "M0-7L7 6H-7Z" }), node("text", { x: 0, y: 2 }, ["!"])]),
    node("title", {}, [relation.accessibleName]),
  ]);
}
