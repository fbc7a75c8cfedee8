/** What is seen of the diagram, and moving there: at once, or gliding for those who do not mind motion. */
import { between, fitted, kept, overlap, panned, type Box, type Point, seen, type Size, toScreen, toWorld, type Viewport, zoomed } from "./viewport.ts";

/** Milliseconds of a glide. */
const glide = 180;

export class Camera {
  #viewport: Viewport = { x: 0, y: 0, scale: 1 };
  #animation = 0;
  readonly #screen: () => Size;
  /** All of the diagram; undefined when there is nothing. */
  readonly #whole: () => Box | undefined;
  readonly #moved: (viewport: Viewport) => void;

  constructor(screen: () => Size, whole: () => Box | undefined, moved: (viewport: Viewport) => void) {
    this.#screen = screen;
    this.#whole = whole;
    this.#moved = moved;
  }

  get viewport(): Viewport {
    return this.#viewport;
  }

  /** Of the screen, in pixels. */
  get middle(): Point {
    const { width, height } = this.#screen();
    return { x: width / 2, y: height / 2 };
  }

  /** Some of the diagram stays in sight. */
  go(viewport: Viewport): void {
    cancelAnimationFrame(this.#animation);
    const whole = this.#whole();
    this.#viewport = whole === undefined ? viewport : kept(viewport, whole, this.#screen());
    this.#moved(this.#viewport);
  }

  /** There in a moment; at once for those who want no motion. */
  glide(to: Viewport): void {
    cancelAnimationFrame(this.#animation);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || document.body.classList.contains("vscode-reduce-motion")) return this.go(to);
    const [from, began] = [this.#viewport, performance.now()];
    const step = (): void => {
      const at = Math.min(1, (performance.now() - began) / glide);
      this.go(between(from, to, 1 - (1 - at) ** 3));
      if (at < 1) this.#animation = requestAnimationFrame(step);
    };
    step();
  }

  pan(dx: number, dy: number): void {
    this.go(panned(this.#viewport, dx, dy));
  }

  zoom(factor: number, at: Point = this.middle): void {
    this.go(zoomed(this.#viewport, factor, at));
  }

  /** All of these boxes. */
  fit(areas: readonly Box[]): void {
    const [left, top] = [Math.min(...areas.map(({ x }) => x)), Math.min(...areas.map(({ y }) => y))];
    const [right, bottom] = [Math.max(...areas.map(({ x, width }) => x + width)), Math.max(...areas.map(({ y, height }) => y + height))];
    if (areas.length > 0) this.glide(fitted({ x: left, y: top, width: right - left, height: bottom - top }, this.#screen()));
  }

  /** To where somebody looked before, if there still is something; to all of it else. */
  restore(remembered: Viewport | undefined): void {
    const [screen, whole] = [this.#screen(), this.#whole()];
    if (screen.width === 0 || whole === undefined) return;
    this.go(remembered !== undefined && overlap(seen(remembered, screen), whole) ? remembered : fitted(whole, screen));
  }

  toScreen(at: Point): Point {
    return toScreen(this.#viewport, at);
  }

  toWorld(at: Point): Point {
    return toWorld(this.#viewport, at);
  }
}
