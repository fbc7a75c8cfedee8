/**
 * What can be read from far away, as on a map: names of groups and of the most tied tables, of one size on the screen
 * whatever the zoom, and none over another. Pure.
 */
import { largeNameOf } from "../../server/src/erd/picture/drawBox.ts";
import { grown } from "../../server/src/erd/picture/geometry.ts";
import { textWidth } from "../../server/src/erd/picture/textWidth.ts";
import type { PlacedBox, Scene } from "./scene.ts";
import { type Box, overlap, type Point } from "./viewport.ts";

export interface Label {
  readonly kind: "table" | "group";
  readonly lines: readonly string[];
  /** Of its first line: the left end of a group's name, the middle of a table's. World units, as all of it. */
  readonly at: Point;
  readonly size: number;
  readonly area: Box;
}

export interface GroupName {
  readonly name: string;
  readonly at: Point;
}

/** A name in its box that would be smaller than this cannot be read. Pixels on the screen, as those below. */
const readable = 7;
const tableSize = 10;
const groupSize = 13;
/** Of a group's name at the zoom of the picture itself. */
const groupNameSize = 15;
/** Air around a label, so that many of them stay apart. */
const air = 3;
export const lineHeight = 1.1;

/** Whether the name in the box can be read at this zoom. */
export function isReadable({ content, box }: PlacedBox, scale: number): boolean {
  return nameOf(content, box).size * scale >= readable;
}

/** Group names first, then `first`, then tables by how many relations they have, then enums. */
export function labelsOf({ boxes, diagram, area: whole }: Scene, names: readonly GroupName[], hidden: ReadonlySet<string>, scale: number, first?: string): readonly Label[] {
  const labels: Label[] = [];
  const taken = new Cells(groupSize / scale);
  const add = (given: Label): void => {
    const label = whole === undefined ? given : within(given, whole);
    if (!taken.isFree(grown(label.area, air / scale))) return;
    taken.take(label.area);
    labels.push(label);
  };
  for (const { name, at } of names) add(groupLabel(name, at, scale));
  const unread: PlacedBox[] = [];
  for (const placed of boxes.values()) {
    if (hidden.has(placed.key)) continue;
    if (isReadable(placed, scale)) taken.take(nameArea(placed, nameOf(placed.content, placed.box).size));
    else unread.push(placed);
  }
  const ties = new Map<string, number>();
  for (const { from, to } of diagram.relations) for (const { table } of [from, to]) ties.set(table, (ties.get(table) ?? 0) + 1);
  const rank = ({ key, content }: PlacedBox): number => (key === first ? Number.POSITIVE_INFINITY : "values" in content ? -1 : (ties.get(key) ?? 0));
  unread.sort((a, b) => rank(b) - rank(a) || (a.key < b.key ? -1 : 1));
  for (const placed of unread) add(tableLabel(placed, scale));
  return labels;
}

/** No farther to the left or right than the boxes are: where all of them are seen, all of it is. */
function within(label: Label, { x, width }: Box): Label {
  const { area, at } = label;
  if (area.width > width) return label;
  const by = Math.max(x - area.x, Math.min(0, x + width - area.x - area.width));
  return by === 0 ? label : { ...label, at: { ...at, x: at.x + by }, area: { ...area, x: area.x + by } };
}

/** Larger, it grows upwards, away from its boxes. */
function groupLabel(text: string, { x, y }: Point, scale: number): Label {
  const size = Math.max(groupNameSize, groupSize / scale);
  const at = { x, y: y + (groupNameSize - size) / 2 };
  return { lines: [text], kind: "group", at, size, area: { x, y: at.y - size / 2, width: textWidth(text, size) * 1.1, height: size } };
}

function tableLabel(placed: PlacedBox, scale: number): Label {
  const size = tableSize / scale;
  const area = nameArea(placed, size);
  return { lines: nameOf(placed.content, placed.box).lines, kind: "table", at: { x: area.x + area.width / 2, y: area.y + (size * lineHeight) / 2 }, size, area };
}

/** Around a name in the middle of its box. */
function nameArea({ content, box, area }: PlacedBox, size: number): Box {
  const { lines } = nameOf(content, box);
  const [width, height] = [Math.max(...lines.map((line) => textWidth(line, size) * 1.05)), lines.length * size * lineHeight];
  return { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
}

/** As it fills its box. World units. */
export function nameInBox({ content, box }: PlacedBox): { readonly lines: readonly string[]; readonly size: number } {
  return nameOf(content, box);
}

const names = new WeakMap<PlacedBox["box"], ReturnType<typeof largeNameOf>>();

function nameOf({ name }: PlacedBox["content"], box: PlacedBox["box"]): ReturnType<typeof largeNameOf> {
  const known = names.get(box) ?? largeNameOf(name, box);
  names.set(box, known);
  return known;
}

/** What is taken, by rows, so that a label is compared with few others. */
class Cells {
  readonly #height: number;
  readonly #rows = new Map<number, Box[]>();

  constructor(height: number) {
    this.#height = height;
  }

  isFree(area: Box): boolean {
    for (let row = this.#row(area.y); row <= this.#row(area.y + area.height); row++) if (this.#rows.get(row)?.some((other) => overlap(area, other)) === true) return false;
    return true;
  }

  take(area: Box): void {
    for (let row = this.#row(area.y); row <= this.#row(area.y + area.height); row++) {
      const known = this.#rows.get(row);
      if (known === undefined) this.#rows.set(row, [area]);
      else known.push(area);
    }
  }

  #row(y: number): number {
    return Math.floor(y / this.#height);
  }
}
