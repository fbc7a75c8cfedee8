/** From box to box with the arrow keys: the nearest one whose middle lies in that direction. Pure. */
import type { Box } from "./viewport.ts";

export type Direction = "left" | "right" | "up" | "down";

/** Undefined when there is none further that way. */
export function nextBox(from: string, direction: Direction, boxes: ReadonlyMap<string, Box>): string | undefined {
  const start = boxes.get(from);
  if (start === undefined) return undefined;
  const middle = middleOf(start);
  let [best, least]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const [key, box] of boxes) {
    if (key === from) continue;
    const other = middleOf(box);
    const [dx, dy] = [other.x - middle.x, other.y - middle.y];
    const ahead = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const aside = direction === "left" || direction === "right" ? Math.abs(dy) : Math.abs(dx);
    if (ahead <= 0 || aside > ahead * 2) continue;
    const distance = ahead + 2 * aside;
    if (distance < least) [best, least] = [key, distance];
  }
  return best;
}

/** Where one begins: the box nearest to a point. */
export function nearestBox(at: { readonly x: number; readonly y: number }, boxes: ReadonlyMap<string, Box>): string | undefined {
  let [best, least]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const [key, box] of boxes) {
    const { x, y } = middleOf(box);
    const distance = Math.hypot(x - at.x, y - at.y);
    if (distance < least) [best, least] = [key, distance];
  }
  return best;
}

function middleOf({ x, y, width, height }: Box): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}
