/** Pushes boxes apart until none overlaps, each as little as possible, and draws them together again where there is room. */
import type { Graph, Points } from "./graph.ts";

/** Free pixels between two boxes: room for lines to leave sideways, and to pass between. */
export const gapX = 70;
export const gapY = 40;

/** Ends with no two boxes nearer than the gaps. `fixed` boxes stay where they are, if they can. */
export function separate(graph: Pick<Graph, "widths" | "heights">, points: Points, fixed?: Uint8Array): void {
  const count = points.x.length;
  const order = Array.from({ length: count }, (_, i) => i);
  for (let round = 0; round < 160; round++) {
    let hasMoved = false;
    // Sweeping from left to right, only boxes whose spans overlap are compared.
    order.sort((a, b) => left(graph, points, a) - left(graph, points, b) || a - b);
    for (let i = 0; i < count; i++) {
      const a = order[i] ?? 0;
      const right = (points.x[a] ?? 0) + (graph.widths[a] ?? 0) / 2 + gapX;
      for (let j = i + 1; j < count; j++) {
        const b = order[j] ?? 0;
        if (left(graph, points, b) >= right + 60) break;
        if (push(graph, points, a, b, fixed)) hasMoved = true;
      }
    }
    if (!hasMoved) return;
  }
  settle(graph, points, fixed);
}

function left(graph: Pick<Graph, "widths">, points: Points, i: number): number {
  return (points.x[i] ?? 0) - (graph.widths[i] ?? 0) / 2;
}

function push(graph: Pick<Graph, "widths" | "heights">, { x, y }: Points, a: number, b: number, fixed: Uint8Array | undefined): boolean {
  const dx = (x[b] ?? 0) - (x[a] ?? 0);
  const dy = (y[b] ?? 0) - (y[a] ?? 0);
  const overX = ((graph.widths[a] ?? 0) + (graph.widths[b] ?? 0)) / 2 + gapX - Math.abs(dx);
  const overY = ((graph.heights[a] ?? 0) + (graph.heights[b] ?? 0)) / 2 + gapY - Math.abs(dy);
  if (overX <= 0.01 || overY <= 0.01) return false;
  const [fixedA, fixedB] = [fixed?.[a] === 1, fixed?.[b] === 1];
  if (fixedA && fixedB) return false;
  const shareA = fixedA ? 0 : fixedB ? 1 : 0.5;
  const shareB = 1 - shareA;
  if (overX < overY) {
    const by = (dx < 0 || (dx === 0 && b < a) ? -1 : 1) * (overX + 0.5);
    x[a] = (x[a] ?? 0) - by * shareA;
    x[b] = (x[b] ?? 0) + by * shareB;
  } else {
    const by = (dy < 0 || (dy === 0 && b < a) ? -1 : 1) * (overY + 0.5);
    y[a] = (y[a] ?? 0) - by * shareA;
    y[b] = (y[b] ?? 0) + by * shareB;
  }
  return true;
}

/** For the rare rest that keeps pushing each other around: from the middle outwards, each to the nearest free place. */
function settle(graph: Pick<Graph, "widths" | "heights">, points: Points, fixed: Uint8Array | undefined): void {
  const count = points.x.length;
  const [cx, cy] = [mean(points.x), mean(points.y)];
  const far = (i: number): number => ((points.x[i] ?? 0) - cx) ** 2 + ((points.y[i] ?? 0) - cy) ** 2;
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (fixed?.[b] ?? 0) - (fixed?.[a] ?? 0) || far(a) - far(b) || a - b,
  );
  const placed: number[] = [];
  for (const i of order) {
    if (fixed?.[i] !== 1) {
      const spot = nearestFree(graph, points, i, points.x[i] ?? 0, points.y[i] ?? 0, placed);
      points.x[i] = spot?.x ?? 0;
      points.y[i] = spot?.y ?? 0;
    }
    placed.push(i);
  }
}

/**
 * The free place nearest to a point for the centre of box `i` among `placed`: beside or at the corner of one of them, or
 * the point itself; undefined where there is none nearer than `within`.
 */
export function nearestFree(
  graph: Pick<Graph, "widths" | "heights">,
  points: Points,
  i: number,
  x: number,
  y: number,
  placed: readonly number[],
  within = Number.POSITIVE_INFINITY,
): { readonly x: number; readonly y: number } | undefined {
  const near = blocksNear(graph, points, i, { x, y }, placed, within);
  if (isFree(near, x, y)) return { x, y };
  let best: { readonly x: number; readonly y: number } | undefined;
  let bestDistance = within * within;
  const consider = (cx: number, cy: number): void => {
    const distance = (cx - x) ** 2 + (cy - y) ** 2;
    if (distance >= bestDistance || !isFree(near, cx, cy)) return;
    bestDistance = distance;
    best = { x: cx, y: cy };
  };
  for (let number = 0; number < near.length; number++) {
    const block = near[number];
    // Nothing at the edge of a block that is farther than what was found is nearer.
    if (block === undefined || block.distance * block.distance > bestDistance) break;
    consider(x, block.y - block.h);
    consider(x, block.y + block.h);
    for (const cx of [block.x - block.w, block.x + block.w]) {
      if ((cx - x) ** 2 >= bestDistance) continue;
      consider(cx, y);
      for (let k = Math.max(0, number - 8); k < Math.min(near.length, number + 6); k++) {
        const other = near[k];
        if (other === undefined) break;
        consider(cx, other.y - other.h);
        consider(cx, other.y + other.h);
      }
    }
  }
  return best;
}

/** Where the centre of box `i` may not be: a rectangle around another one, by its centre and half its sides. */
interface Block {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** From the point in question. */
  readonly distance: number;
}

/** Nearest first: what is in the way is found at once. */
function blocksNear(
  graph: Pick<Graph, "widths" | "heights">,
  points: Points,
  i: number,
  at: { readonly x: number; readonly y: number },
  placed: readonly number[],
  within: number,
): readonly Block[] {
  const blocks: Block[] = [];
  const [width, height] = [(graph.widths[i] ?? 0) / 2 + gapX, (graph.heights[i] ?? 0) / 2 + gapY];
  for (const other of placed) {
    if (other === i) continue;
    const [x, y] = [points.x[other] ?? 0, points.y[other] ?? 0];
    const [w, h] = [width + (graph.widths[other] ?? 0) / 2, height + (graph.heights[other] ?? 0) / 2];
    const dx = Math.max(0, Math.abs(x - at.x) - w);
    const dy = Math.max(0, Math.abs(y - at.y) - h);
    const distance = Math.sqrt(dx * dx + dy * dy);
    if (distance <= within) blocks.push({ x, y, w, h, distance });
  }
  return blocks.sort((a, b) => a.distance - b.distance);
}

function isFree(blocks: readonly Block[], x: number, y: number): boolean {
  for (const block of blocks) if (Math.abs(block.x - x) < block.w - 0.01 && Math.abs(block.y - y) < block.h - 0.01) return false;
  return true;
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
