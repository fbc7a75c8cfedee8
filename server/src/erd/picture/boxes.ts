/**
 * How big a box is and where each of its rows stands, the same at every level of detail: a picture that changes its
 * level moves nothing. Sizes are whole pixels and multiples of the grid.
 */
import type { ErdColumn, ErdDiagram, ErdEnum, ErdTable } from "../../../../protocol/src/erd.ts";
import { textWidth } from "./textWidth.ts";

export const grid = 10;
export const headerHeight = 30;
export const rowHeight = 20;
export const nameSize = 13;
export const rowSize = 12;
export const stereotypeSize = 10;
/** Left and right of what stands in a row. */
export const padding = 10;
/** Below the last row. */
const foot = 10;
/** Between a column's name and its type. */
const gap = 16;
const narrowest = 140;
/** One part of a box: a longer text is cut, and told in full by its title. */
const widest = 640;
/** A box with more rows is set in several parts side by side, like a newspaper. */
const longest = 60;
/** Values of an enum that are drawn; the others are told by number. */
export const enumValuesDrawn = 24;

export interface Box {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  /** Room for the marks of keys in front of each name. */
  readonly marksWidth: number;
  readonly rows: readonly Row[];
}

/** Counted from the box's upper left corner. */
export interface Row {
  /** Name of the column, value of the enum, or how many are not drawn. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Whether the row touches that edge of the box, so that a relation can end at it. */
  readonly reachesLeft: boolean;
  readonly reachesRight: boolean;
}

/** The boxes of everything in the diagram, by key. */
export function boxesOf(diagram: Pick<ErdDiagram, "tables" | "enums">): ReadonlyMap<string, Box> {
  const boxes = new Map<string, Box>();
  for (const table of diagram.tables) boxes.set(table.key, tableBox(table));
  for (const each of diagram.enums) boxes.set(each.key, enumBox(each));
  return boxes;
}

export function tableBox(table: ErdTable): Box {
  const marksWidth = Math.max(0, ...table.columns.map((column) => marksOf(column).length)) * markWidth;
  const widths = table.columns.map(
    (column) => marksWidth + textWidth(column.name, rowSize) + (column.type === "" ? 0 : gap + textWidth(typeText(column), rowSize)),
  );
  return box(
    table.key,
    titleWidth(table),
    table.columns.map(({ name }) => name),
    widths,
    marksWidth,
  );
}

export function enumBox(each: ErdEnum): Box {
  const more = each.values.length - enumValuesDrawn;
  const names = more > 0 ? [...each.values.slice(0, enumValuesDrawn), `… ${more} more`] : each.values;
  return box(
    each.key,
    titleWidth(each),
    names,
    names.map((name) => textWidth(name, rowSize)),
    0,
  );
}

function box(key: string, title: number, names: readonly string[], widths: readonly number[], marksWidth: number): Box {
  const parts = partsOf(names.length);
  const perPart = Math.max(1, Math.ceil(names.length / parts));
  const content = Math.max(0, ...widths) + 2 * padding;
  const partWidth = Math.ceil(Math.min(widest, Math.max(content, parts === 1 ? Math.max(title, narrowest) : 0)) / grid) * grid;
  const rows = names.map((name, i): Row => {
    const part = Math.floor(i / perPart);
    return {
      name,
      x: part * partWidth,
      y: headerHeight + (i % perPart) * rowHeight,
      width: partWidth,
      reachesLeft: part === 0,
      reachesRight: part === parts - 1,
    };
  });
  return { key, width: partWidth * parts, height: headerHeight + Math.min(perPart, names.length) * rowHeight + foot, marksWidth, rows };
}

/** How many parts make the box about as wide as it is high. */
function partsOf(rows: number): number {
  return rows <= longest ? 1 : Math.ceil(Math.sqrt((rows * rowHeight) / 300));
}

/** What stands behind the name: the kind of a box that is no table, and how many partitions a table has. */
export function stereotypeOf(content: ErdTable | ErdEnum): string {
  if ("values" in content) return "enum";
  const { partitions } = content;
  return partitions === undefined ? stereotypes[content.kind] : `${partitions} ${partitions === 1 ? "partition" : "partitions"}`;
}

const stereotypes: Readonly<Record<ErdTable["kind"], string>> = { table: "", view: "view", materializedView: "materialized" };

function titleWidth(content: ErdTable | ErdEnum): number {
  const prefix = content.schema === "public" ? "" : `${content.schema}.`;
  const stereotype = stereotypeOf(content);
  // Bold is a tenth wider; the badge of findings stands behind the name too.
  return (
    textWidth(prefix, rowSize) +
    textWidth(content.name, nameSize) * 1.12 +
    2 * padding +
    (stereotype === "" ? 34 : 34 + textWidth(stereotype, stereotypeSize))
  );
}

export const markWidth = 20;

/** What stands in front of a column's name: a key, a foreign key, unique. */
export function marksOf(column: ErdColumn): readonly ("PK" | "FK" | "UQ")[] {
  const marks: ("PK" | "FK" | "UQ")[] = [];
  if (column.primaryKey) marks.push("PK");
  if (column.foreignKey) marks.push("FK");
  if (column.unique && !column.primaryKey) marks.push("UQ");
  return marks;
}

/** Whether the level "keys" shows it. */
export function isKeyColumn(column: ErdColumn): boolean {
  return column.primaryKey || column.foreignKey || column.unique;
}

/** The type in PostgreSQL's shorter words, and whether there may be none. */
export function typeText(column: Pick<ErdColumn, "type" | "nullable">): string {
  const type = column.type
    .replace(/^character varying/, "varchar")
    .replace(/^character\b/, "char")
    .replace(/^(timestamp|time)(\(\d+\))? with time zone/, "$1tz$2")
    .replace(/^(timestamp|time)(\(\d+\))? without time zone/, "$1$2");
  return type === "" ? "" : column.nullable ? `${type} null` : type;
}
