/** One box around its own upper left corner, at each level of detail. Classes say what things are; colours are the stylesheet's. */
import type { ErdChange, ErdColumn, ErdEnum, ErdSeverity, ErdTable } from "../../../../protocol/src/erd.ts";
import {
  type Box,
  headerHeight,
  isKeyColumn,
  marksOf,
  markWidth,
  nameSize,
  padding,
  rowHeight,
  rowSize,
  type Row,
  stereotypeOf,
  stereotypeSize,
  typeText,
} from "./boxes.ts";
import { classes, node, type PictureNode } from "./node.ts";
import type { BoxLook, Detail, Overlay } from "./options.ts";
import { fitText, textWidth } from "./textWidth.ts";

const radius = 6;

export function boxNode(content: ErdTable | ErdEnum, box: Box, { detail, overlays }: BoxLook): PictureNode {
  const isEnum = "values" in content;
  const kind = isEnum ? "enum" : content.kind;
  return node("g", { class: classes("box", kind, content.change), "data-key": content.key }, [
    node("rect", { class: "body", width: box.width, height: box.height, rx: radius }),
    ...(detail === "names" ? largeName(content.name, box) : [...header(content, box), ...rows(content, box, detail, overlays)]),
    content.change === undefined ? undefined : changeSign(content.change, { x: -14, y: headerHeight / 2 }),
    ...(isEnum ? [] : markings(content, box, detail, overlays)),
  ]);
}

function largeName(name: string, box: Box): readonly PictureNode[] {
  const { lines, size } = largeNameOf(name, box);
  const top = box.height / 2 - ((lines.length - 1) * size * lineHeight) / 2;
  return lines.map((line, i) =>
    node("text", { class: "large", x: box.width / 2, y: Math.round(top + i * size * lineHeight), "font-size": size }, [
      fitText(line, size * bold, box.width - 2 * air),
    ]),
  );
}

/** The name as it fills its box, in as many lines as make it largest: from far away only the name can be read. */
export function largeNameOf(name: string, box: Box): { readonly lines: readonly string[]; readonly size: number } {
  const room = { width: box.width - 2 * air, height: box.height - 2 * air };
  const words = name.split(/(?<=[_\s.-])|(?<=[a-z0-9])(?=[A-Z])/);
  const ways = [1, 2, 3, 4].map((count) => {
    const lines = linesOf(words, count);
    const longest = Math.max(1, ...lines.map((line) => textWidth(line, 100) * bold));
    return { lines, size: Math.min(room.height / lines.length / lineHeight, (room.width / longest) * 100) };
  });
  // A line more must be worth it.
  const best = ways.reduce((a, b) => (b.size > a.size * 1.05 ? b : a));
  return { lines: best.lines, size: Math.floor(Math.max(smallestLarge, Math.min(largestLarge, best.size))) }; // rounded up, it would be cut
}

/** Between a name that fills its box and the box's edge. */
const air = 8;
/** How much wider bold letters are. */
const bold = 1.1;
const lineHeight = 1.15;
const smallestLarge = 14;
const largestLarge = 72;

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

function header(content: ErdTable | ErdEnum, box: Box): readonly PictureNode[] {
  const middle = headerHeight / 2;
  const prefix = content.schema === "public" ? "" : `${content.schema}.`;
  const stereotype = stereotypeOf(content);
  const room = box.width - 2 * padding - ("findings" in content && content.findings.length > 0 ? 24 : 0);
  const nameRoom = room - textWidth(prefix, rowSize);
  const shown = fitText(content.name, nameSize * 1.1, nameRoom);
  const left = room - textWidth(prefix, rowSize) - textWidth(shown, nameSize * 1.1);
  return [
    node("path", {
      class: "head",
      d: `M0 ${headerHeight}V${radius}a${radius} ${radius} 0 0 1 ${radius}-${radius}H${box.width - radius}a${radius} ${radius} 0 0 1 ${radius} ${radius}V${headerHeight}Z`,
    }),
    node("text", { class: "name", x: padding, y: middle }, [
      prefix === "" ? undefined : node("tspan", { class: "prefix" }, [prefix]),
      shown,
    ]),
    ...(stereotype === "" || left < textWidth(stereotype, stereotypeSize) + 6
      ? []
      : [node("text", { class: "stereotype", x: padding + room, y: middle }, [stereotype])]),
    ...(shown === content.name ? [] : [node("title", {}, [content.name])]),
  ];
}

function rows(content: ErdTable | ErdEnum, box: Box, detail: "keys" | "columns", overlays: ReadonlySet<Overlay>): readonly PictureNode[] {
  if ("values" in content) {
    return box.rows.map((row) =>
      node("text", { class: "value", x: row.x + padding, y: row.y + rowHeight / 2 }, [fitText(row.name, rowSize, row.width - 2 * padding)]),
    );
  }
  return content.columns.flatMap((column, at) => {
    const row = box.rows[at];
    return row === undefined || (detail === "keys" && !isKeyColumn(column)) ? [] : [columnNode(column, row, box, overlays)];
  });
}

function columnNode(column: ErdColumn, row: Row, box: Box, overlays: ReadonlySet<Overlay>): PictureNode {
  const middle = row.y + rowHeight / 2;
  const left = row.x + padding;
  const room = row.width - 2 * padding - box.marksWidth;
  const type = typeText(column);
  const name = fitText(column.name, rowSize, type === "" ? room : Math.max(room * 0.5, room - textWidth(type, rowSize) - 8));
  const shownType = fitText(type, rowSize, Math.max(30, room - textWidth(name, rowSize) - 8));
  const personal = overlays.has("personalData") ? column.personalData : undefined;
  const isCut = name !== column.name || shownType !== type;
  const told = [
    ...(isCut ? [`${column.name} ${column.type}`] : []),
    ...(personal === undefined ? [] : [`${column.name} is ${personal.what}`]),
    ...(column.changes ?? []),
  ];
  return node(
    "g",
    { class: classes("column", personal !== undefined && "personal", personal?.category, column.change), "data-column": column.name },
    [
      node("rect", { class: "row", x: row.x + 1, y: row.y, width: row.width - 2, height: rowHeight }),
      personal === undefined
        ? undefined
        : node("path", {
            class: "person",
            transform: `translate(${row.x + 5} ${middle})`,
            d: "M-2.4-2.6a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0-4.8 0M-3.6 5a3.6 3.6 0 0 1 7.2 0Z",
          }),
      column.change === undefined ? undefined : changeSign(column.change, { x: row.x - 8, y: middle }),
      ...marksOf(column).map((mark, i) =>
        node("text", { class: `mark ${mark.toLowerCase()}`, x: left + i * markWidth, y: middle }, [mark]),
      ),
      node("text", { class: classes("field", !column.nullable && "required"), x: left + box.marksWidth, y: middle }, [name]),
      type === "" ? undefined : node("text", { class: "type", x: row.x + row.width - padding, y: middle }, [shownType]),
      told.length === 0 ? undefined : node("title", {}, [told.join("\n")]),
    ],
  );
}

/** What a difference says without colour: plus, minus, tilde. */
function changeSign(change: ErdChange, at: { readonly x: number; readonly y: number }): PictureNode {
  const signs: Readonly<Record<ErdChange, string>> = { added: "M-4 0H4M0-4V4", removed: "M-4 0H4", changed: "M-4 1.5q2-4 4-1.5t4-1.5" };
  return node("path", { class: `sign ${change}`, transform: `translate(${at.x} ${at.y})`, d: signs[change] });
}

/** What overlays say of the whole table: a badge of findings, row-level security, size. */
function markings(table: ErdTable, box: Box, detail: Detail, overlays: ReadonlySet<Overlay>): readonly PictureNode[] {
  const [gravest] = table.findings;
  const notes: string[] = [];
  if (overlays.has("rowSecurity") && table.kind === "table") notes.push(securityNote(table));
  if (overlays.has("size") && table.size !== undefined) notes.push(`${shortCount(table.size.rows)} rows, ${shortBytes(table.size.bytes)}`);
  return [
    ...(overlays.has("findings") && gravest !== undefined ? [badge(gravest.severity, table.findings.length, box.width, detail)] : []),
    ...(notes.length > 0 ? [node("text", { class: "note", x: 2, y: -9 }, [notes.join(" · ")])] : []),
  ];
}

/** A shape of its own for each severity: colour alone tells nobody anything. */
const badgeShapes: Readonly<Record<ErdSeverity, string>> = {
  error: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z",
  warning: "M0-9L9.5 7.5H-9.5Z",
  information: "M-8-8H8V8H-8Z",
  hint: "M0-9L9 0L0 9L-9 0Z",
};

/** Behind the name; where only names are drawn, on the corner and large enough to be seen from far away. */
function badge(severity: ErdSeverity, count: number, width: number, detail: Detail): PictureNode {
  const place = detail === "names" ? `translate(${width - 8} 8) scale(2.6)` : `translate(${width - 16} ${headerHeight / 2})`;
  return node("g", { class: `badge ${severity}`, transform: place }, [
    node("path", { d: badgeShapes[severity] }),
    node("text", { x: 0, y: severity === "warning" ? 2 : 0 }, [count > 9 ? "9+" : String(count)]),
  ]);
}

function securityNote({ rowSecurity: { enabled, forced, policies } }: ErdTable): string {
  if (!enabled) return "no row-level security";
  return `row-level security${forced ? ", forced" : ""}: ${policies.length} ${policies.length === 1 ? "policy" : "policies"}`;
}

export function shortCount(count: number): string {
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} M` : count >= 1e3 ? `${(count / 1e3).toFixed(1)} k` : String(Math.round(count));
}

/** In PostgreSQL's kB, MB and GB, each of 1024. */
export function shortBytes(count: number): string {
  const units = count / 1024;
  return units >= 1024 ** 2 ? `${(units / 1024 ** 2).toFixed(1)} GB` : units >= 1024 ? `${(units / 1024).toFixed(1)} MB` : `${units.toFixed(0)} kB`;
}
