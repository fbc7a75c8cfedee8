/** Wheel, drag, pinch and keys on the diagram, as what they mean. */
import type { Direction } from "./navigation.ts";
import type { Point } from "./viewport.ts";

export interface GestureTarget {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
  /** The pointer went down on a box, and moves it by so much on the screen; `null` for nothing. */
  beginDrag(on: Element): Drag | null;
  click(on: Element, at: Point): void;
  open(on: Element): void;
  menu(on: Element, at: Point): void;
  walk(direction: Direction): void;
  key(name: string, event: KeyboardEvent): boolean;
}

export interface Drag {
  move(dx: number, dy: number, at: Point): void;
  end(at: Point): void;
  cancel(): void;
}

/** Pixels that a pointer may shake in a click. */
const shake = 4;

export function listen(element: HTMLElement, target: GestureTarget): void {
  const pointers = new Map<number, Point>();
  let drag: Drag | null | undefined;
  let start: { readonly at: Point; readonly on: Element } | undefined;
  let hasMoved = false;
  // Asked for with every event, it would make the browser lay out the page in the middle of each frame.
  let corner: Point | undefined;
  new ResizeObserver(() => {
    corner = undefined;
  }).observe(element);
  const at = (event: MouseEvent): Point => {
    corner ??= element.getBoundingClientRect();
    return { x: event.clientX - corner.x, y: event.clientY - corner.y };
  };

  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
      // A pinch on a touchpad arrives as a wheel with the control key.
      if (event.ctrlKey || event.metaKey) target.zoom(Math.exp(-event.deltaY * unit * 0.01), at(event));
      else if (event.shiftKey && event.deltaX === 0) target.pan(event.deltaY * unit, 0);
      else target.pan(event.deltaX * unit, event.deltaY * unit);
    },
    { passive: false },
  );
  element.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element) || event.button > 1) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    start = { at: at(event), on: event.target };
    hasMoved = false;
    if (pointers.size > 1) {
      drag?.cancel();
      drag = null;
    } else drag = event.button === 0 ? undefined : null;
  });
  element.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined || start === undefined) return;
    const now = at(event);
    if (!hasMoved && Math.hypot(now.x - start.at.x, now.y - start.at.y) < shake) return;
    if (pointers.size === 2) pinch(event.pointerId, before, now);
    else {
      if (!hasMoved && drag === undefined) drag = target.beginDrag(start.on);
      if (drag === null || drag === undefined) target.pan(before.x - now.x, before.y - now.y);
      else drag.move(now.x - start.at.x, now.y - start.at.y, now);
    }
    hasMoved = true;
    pointers.set(event.pointerId, now);
  });
  const pinch = (moving: number, before: Point, now: Point): void => {
    const [, other] = [...pointers].find(([id]) => id !== moving) ?? [];
    if (other === undefined) return;
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const spread = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    target.zoom(spread(now) / spread(before), middle);
  };
  const release = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    const isClick = !hasMoved && event.type === "pointerup" && event.button === 0;
    if (isClick && start !== undefined) target.click(start.on, at(event));
    else if (event.type === "pointerup") drag?.end(at(event));
    else drag?.cancel();
    drag = undefined;
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("dblclick", () => {
    if (start !== undefined) target.open(start.on);
  });
  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (event.target instanceof Element) target.menu(event.target, at(event));
  });
  element.addEventListener("keydown", (event) => {
    const direction = arrows[event.key];
    if (direction !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (event.shiftKey) target.pan(pans[direction].x, pans[direction].y);
      else target.walk(direction);
    } else if (target.key(event.key, event)) event.preventDefault();
  });
}

const arrows: Readonly<Record<string, Direction>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const pans: Readonly<Record<Direction, Point>> = { left: { x: -80, y: 0 }, right: { x: 80, y: 0 }, up: { x: 0, y: -80 }, down: { x: 0, y: 80 } };
