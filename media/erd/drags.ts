/** What a drag does: a box goes elsewhere, or a column is tied to another table. */
import type { ErdPositions } from "../../protocol/src/erd.ts";
import { setAttribute } from "../shared/dom.ts";
import type { PlacedBox } from "./scene.ts";
import type { Drag } from "./gestures.ts";
import { type Point, toScreen, type Viewport } from "./viewport.ts";

/** Boxes stand on a grid, so that rows of them can be lined up by hand. Pixels. */
export const grid = 10;

export function dragBox(
  { key, area }: PlacedBox,
  actions: { scale(): number; move(positions: ErdPositions): void; drop(positions: ErdPositions): void },
): Drag {
  let place = { x: area.x, y: area.y };
  const snap = (value: number): number => Math.round(value / grid) * grid;
  return {
    move(dx, dy) {
      place = { x: snap(area.x + dx / actions.scale()), y: snap(area.y + dy / actions.scale()) };
      actions.move({ [key]: place });
    },
    end: () => actions.drop({ [key]: place }),
    cancel: () => actions.move({ [key]: { x: area.x, y: area.y } }),
  };
}

/** A line follows the pointer until it is dropped on a box. */
export function dragRelation(
  canvas: HTMLElement,
  { area, box }: PlacedBox,
  column: string,
  actions: { viewport(): Viewport; boxAt(at: Point): PlacedBox | undefined; drop(to: string): void },
): Drag {
  const row = box.rows.find(({ name }) => name === column);
  const start = { x: area.x + box.width, y: area.y + (row?.y ?? 0) + 10 };
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const frame = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  svg.setAttribute("class", "ghost");
  svg.append(frame, line);
  canvas.append(svg);
  return {
    move(_dx, _dy, at) {
      const from = toScreen(actions.viewport(), start);
      setAttribute(line, "d", `M${from.x} ${from.y}L${at.x} ${at.y}`);
      const over = actions.boxAt(at);
      const corner = over === undefined ? { x: -10, y: -10 } : toScreen(actions.viewport(), over.area);
      const { scale } = actions.viewport();
      for (const [name, value] of Object.entries({ ...corner, width: (over?.area.width ?? 0) * scale, height: (over?.area.height ?? 0) * scale })) setAttribute(frame, name, value);
    },
    end(at) {
      svg.remove();
      const over = actions.boxAt(at);
      if (over !== undefined && !("values" in over.content)) actions.drop(over.key);
    },
    cancel: () => svg.remove(),
  };
}
