/** The whole diagram in a corner, with a frame around what is seen; a click goes there. */
import { grown } from "../../server/src/erd/picture/geometry.ts";
import { setAttribute } from "../shared/dom.ts";
import type { Scene } from "./scene.ts";
import type { Box, Point } from "./viewport.ts";

const size = { width: 180, height: 120 };

export class Minimap {
  readonly element: HTMLElement;
  readonly #svg: SVGSVGElement;
  readonly #boxes: SVGPathElement;
  readonly #selected: SVGPathElement;
  readonly #frame: SVGRectElement;
  #area: Box = { x: 0, y: 0, width: 1, height: 1 };

  /** `go`: to a place of the diagram. */
  constructor(go: (to: Point) => void) {
    const make = <Tag extends keyof SVGElementTagNameMap>(tag: Tag, name: string): SVGElementTagNameMap[Tag] => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      element.setAttribute("class", name);
      return element;
    };
    this.#svg = make("svg", "map");
    this.#boxes = make("path", "boxes");
    this.#selected = make("path", "chosen");
    this.#frame = make("rect", "frame");
    this.#svg.append(this.#boxes, this.#selected, this.#frame);
    this.element = document.createElement("div");
    this.element.className = "minimap";
    this.element.setAttribute("aria-hidden", "true"); // the same with the mouse alone
    this.element.append(this.#svg);
    const follow = (event: PointerEvent): void => {
      if (event.buttons === 0) return;
      const box = this.#svg.getBoundingClientRect();
      const at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
      go({ x: this.#area.x + at.x * this.#area.width, y: this.#area.y + at.y * this.#area.height });
    };
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.element.addEventListener("pointermove", follow);
  }

  show({ boxes, area }: Scene, hidden: ReadonlySet<string>, selected: ReadonlySet<string>): void {
    if (area === undefined) return;
    const scale = Math.max(area.width / size.width, area.height / size.height);
    const air = 4 * scale;
    const whole = grown(area, air);
    // Its own proportions, so that a click lands where it is seen.
    this.#area = whole;
    setAttribute(this.#svg, "viewBox", `${whole.x} ${whole.y} ${whole.width} ${whole.height}`);
    setAttribute(this.#svg, "width", Math.round(whole.width / scale));
    setAttribute(this.#svg, "height", Math.round(whole.height / scale));
    const drawn = [...boxes.values()].filter(({ key }) => !hidden.has(key));
    const path = (keep: (key: string) => boolean): string =>
      drawn.map((box) => (keep(box.key) ? `M${box.area.x} ${box.area.y}h${box.area.width}v${box.area.height}h${-box.area.width}Z` : "")).join("");
    setAttribute(this.#boxes, "d", path((key) => !selected.has(key)));
    setAttribute(this.#selected, "d", path((key) => selected.has(key)));
    setAttribute(this.#frame, "stroke-width", 2 * scale);
  }

  move(sight: Box): void {
    for (const [name, value] of Object.entries(sight)) setAttribute(this.#frame, name, Number(value));
    const isWhole = sight.width >= this.#area.width && sight.height >= this.#area.height;
    this.element.classList.toggle("idle", isWhole);
  }
}
