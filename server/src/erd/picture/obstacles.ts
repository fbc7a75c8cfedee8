/** What lines go around, found by place: asked thousands of times for one picture. */
import { type Area, meet } from "./geometry.ts";

const cell = 600;
/** More cells than a diagram is high. */
const stride = 1 << 20;

export class Obstacles {
  readonly #cells = new Map<number, Area[]>();

  constructor(areas: Iterable<Area>) {
    for (const area of areas) {
      for (let column = cellAt(area.x); column <= cellAt(area.x + area.width); column++) {
        for (let row = cellAt(area.y); row <= cellAt(area.y + area.height); row++) {
          const list = this.#cells.get(column * stride + row);
          if (list === undefined) this.#cells.set(column * stride + row, [area]);
          else list.push(area);
        }
      }
    }
  }

  /** Those that share more than an edge with the area. */
  within(area: Area): ReadonlySet<Area> {
    const found = new Set<Area>();
    for (let column = cellAt(area.x); column <= cellAt(area.x + area.width); column++) {
      for (let row = cellAt(area.y); row <= cellAt(area.y + area.height); row++) {
        for (const each of this.#cells.get(column * stride + row) ?? []) if (meet(each, area)) found.add(each);
      }
    }
    return found;
  }

  isFree(area: Area): boolean {
    for (let column = cellAt(area.x); column <= cellAt(area.x + area.width); column++) {
      for (let row = cellAt(area.y); row <= cellAt(area.y + area.height); row++) {
        const list = this.#cells.get(column * stride + row);
        if (list === undefined) continue;
        for (const each of list) if (meet(each, area)) return false;
      }
    }
    return true;
  }
}

function cellAt(value: number): number {
  return Math.floor(value / cell);
}
