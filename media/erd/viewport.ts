/** Which part of the diagram is seen, and how large: pure arithmetic. World units are the diagram's, screen units are pixels. */

export interface Viewport {
  /** What of the world is at the left and top of the screen. */
  readonly x: number;
  readonly y: number;
  /** Pixels a world unit. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const smallestScale = 0.02;
export const largestScale = 3;

export function toWorld(viewport: Viewport, at: Point): Point {
  return { x: viewport.x + at.x / viewport.scale, y: viewport.y + at.y / viewport.scale };
}

export function toScreen(viewport: Viewport, at: Point): Point {
  return { x: (at.x - viewport.x) * viewport.scale, y: (at.y - viewport.y) * viewport.scale };
}

export function seen(viewport: Viewport, screen: Size): Box {
  return { x: viewport.x, y: viewport.y, width: screen.width / viewport.scale, height: screen.height / viewport.scale };
}

/** By pixels: positive shows what is to the right and below. */
export function panned(viewport: Viewport, dx: number, dy: number): Viewport {
  return { ...viewport, x: viewport.x + dx / viewport.scale, y: viewport.y + dy / viewport.scale };
}

/** What is at `at` on the screen stays there. */
export function zoomed(viewport: Viewport, factor: number, at: Point): Viewport {
  const scale = Math.min(largestScale, Math.max(smallestScale, viewport.scale * factor));
  const fixed = toWorld(viewport, at);
  return { x: fixed.x - at.x / scale, y: fixed.y - at.y / scale, scale };
}

/** All of `box` in the middle of the screen, with some air around it, and never larger than life unless asked. */
export function fitted(box: Box, screen: Size, largest = 1, air = 24): Viewport {
  if (box.width <= 0 || box.height <= 0 || screen.width <= 0 || screen.height <= 0) return { x: box.x, y: box.y, scale: 1 };
  const room = { width: Math.max(1, screen.width - 2 * air), height: Math.max(1, screen.height - 2 * air) };
  const scale = Math.max(smallestScale, Math.min(largest, room.width / box.width, room.height / box.height));
  return centred({ x: box.x + box.width / 2, y: box.y + box.height / 2 }, screen, scale);
}

export function centred(at: Point, screen: Size, scale: number): Viewport {
  return { x: at.x - screen.width / scale / 2, y: at.y - screen.height / scale / 2, scale };
}

/** The least that must move so that `box` is seen whole; its top left where it is too large for that. */
export function showing(viewport: Viewport, box: Box, screen: Size, air = 24): Viewport {
  const room = seen(viewport, screen);
  const margin = air / viewport.scale;
  return { ...viewport, x: moved(viewport.x, room.width, box.x - margin, box.width + 2 * margin), y: moved(viewport.y, room.height, box.y - margin, box.height + 2 * margin) };
}

/** The nearest at which some of `box` is seen: nobody is lost beside the diagram. */
export function kept(viewport: Viewport, box: Box, screen: Size, least = 60): Viewport {
  const { width, height } = seen(viewport, screen);
  const some = Math.min(least / viewport.scale, width / 2, height / 2);
  const within = (start: number, room: number, from: number, length: number): number => Math.max(from + some - room, Math.min(from + length - some, start));
  return { ...viewport, x: within(viewport.x, width, box.x, box.width), y: within(viewport.y, height, box.y, box.height) };
}

/** Part of the way from one to the other; `at` from 0 to 1. */
export function between(from: Viewport, to: Viewport, at: number): Viewport {
  const mix = (a: number, b: number): number => a + (b - a) * at;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), scale: mix(from.scale, to.scale) };
}

export function overlap(a: Box, b: Box): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

export function contains(outer: Box, inner: Box): boolean {
  return outer.x <= inner.x && outer.y <= inner.y && outer.x + outer.width >= inner.x + inner.width && outer.y + outer.height >= inner.y + inner.height;
}

function moved(start: number, room: number, from: number, length: number): number {
  if (length > room || from < start) return from;
  return from + length > start + room ? from + length - room : start;
}
