/** Points and rectangles of a picture, in its own pixels. */
import type { ErdDiagram, ErdPositions } from "../../../../protocol/src/erd.ts";
import type { Box } from "./boxes.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where each box stands that is neither hidden nor without a position. */
export function areasOf(
  diagram: Pick<ErdDiagram, "tables" | "enums">,
  boxes: ReadonlyMap<string, Box>,
  positions: ErdPositions,
  hidden: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, Area> {
  const areas = new Map<string, Area>();
  for (const { key } of [...diagram.tables, ...diagram.enums]) {
    const [box, at] = [boxes.get(key), positions[key]];
    if (box === undefined || at === undefined || hidden.has(key)) continue;
    areas.set(key, { x: at.x, y: at.y, width: box.width, height: box.height });
  }
  return areas;
}

/** The smallest area that holds all of them; undefined for none. */
export function around(areas: Iterable<Area>): Area | undefined {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x, y, width, height } of areas) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return left > right ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

export function grown({ x, y, width, height }: Area, by: number): Area {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

export function meet(a: Area, b: Area): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
