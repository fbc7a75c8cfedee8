/**
 * Draws what is in sight and little more. Moving and zooming change one transform; boxes are made when they come into
 * sight, a few milliseconds' worth a frame, and go when they are far away.
 */
import type { Detail } from "../../server/src/erd/picture/options.ts";
import type { PictureNode } from "../../server/src/erd/picture/node.ts";
import { type BoxLook, boxNode, type PlacedBox, type PlacedRelation, relationNode, type Scene } from "./drawing.ts";
import { realise } from "../shared/dom.ts";
import { type Box, contains, grown, overlap, seen, type Size, type Viewport } from "./viewport.ts";

export interface Look extends Omit<BoxLook, "detail"> {
  /** By zoom where undefined. */
  readonly detail: Detail | undefined;
  readonly hidden: ReadonlySet<string>;
  /** Classes of boxes and relations that are selected, tied to what is, or reached by a delete. */
  readonly marks: ReadonlyMap<string, string>;
  /** Everything without a mark steps back. */
  readonly isDimmed: boolean;
}

/** Milliseconds of making boxes in one frame. */
const budget = 6;

export class Canvas {
  readonly element: HTMLElement;
  readonly #svg: SVGSVGElement;
  readonly #world: SVGGElement;
  readonly #relations: SVGGElement;
  readonly #boxes: SVGGElement;
  #scene: Scene | undefined;
  #look: Look | undefined;
  #viewport: Viewport = { x: 0, y: 0, scale: 1 };
  #size: Size = { width: 0, height: 0 };
  /** What is drawn around what is seen, and at which level. */
  #drawn: { readonly region: Box; readonly detail: Detail } | undefined;
  readonly #made = new Map<string, Made>();
  #frame = 0;

  constructor() {
    this.#svg = svg("svg");
    this.#svg.setAttribute("class", "diagram");
    this.#svg.setAttribute("aria-hidden", "true");
    this.#world = svg("g");
    this.#relations = svg("g");
    this.#boxes = svg("g");
    this.#world.append(this.#relations, this.#boxes);
    this.#svg.append(this.#world);
    this.element = document.createElement("div");
    this.element.className = "canvas";
    this.element.append(this.#svg);
  }

  get size(): Size {
    return this.#size;
  }

  resize(size: Size): void {
    this.#size = size;
    this.#request();
  }

  show(scene: Scene, look: Look): void {
    this.#scene = scene;
    this.#look = look;
    this.#drawn = undefined;
    this.#request();
  }

  move(viewport: Viewport): void {
    this.#viewport = viewport;
    this.#request();
  }

  /** Now instead of in the next frame, all of it. */
  flush(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#paint(Number.POSITIVE_INFINITY);
  }

  #request(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint(performance.now() + budget);
    });
  }

  #paint(until: number): void {
    const { x, y, scale } = this.#viewport;
    this.#world.setAttribute("transform", `scale(${scale}) translate(${-x} ${-y})`);
    const [scene, look] = [this.#scene, this.#look];
    if (scene === undefined || look === undefined || this.#size.width === 0) return;
    const sight = seen(this.#viewport, this.#size);
    const detail = look.detail ?? detailAt(scale);
    if (this.#drawn === undefined || this.#drawn.detail !== detail || !contains(this.#drawn.region, sight)) {
      const region = grown(sight, Math.max(sight.width, sight.height) * 0.4);
      this.#drawn = { region, detail };
      this.#plan(scene, look, region, detail);
    }
    if (this.#make(until)) this.#request();
  }

  /** What has to go goes; what has to come waits in `#made` without an element. */
  #plan(scene: Scene, look: Look, region: Box, detail: Detail): void {
    this.#svg.setAttribute("class", `diagram ${detail}${look.isDimmed ? " dimmed" : ""}`);
    const wanted = new Map<string, Made>();
    const want = (id: string, made: Omit<Made, "element" | "old">): void => {
      const before = this.#made.get(id);
      if (before === undefined) wanted.set(id, { ...made, element: undefined, old: undefined });
      else if (before.stamp === made.stamp && before.subject === made.subject) wanted.set(id, { ...before, className: made.className, place: made.place });
      else wanted.set(id, { ...made, element: undefined, old: before.element ?? before.old });
    };
    const stamp = `${detail} ${[...look.overlays].join(" ")}`;
    for (const placed of scene.boxes.values()) {
      if (look.hidden.has(placed.key) || !overlap(placed.area, region)) continue;
      const { key, area } = placed;
      want(`box ${key}`, {
        subject: placed.content,
        stamp,
        place: `translate(${area.x} ${area.y})`,
        className: look.marks.get(key) ?? "",
        parent: this.#boxes,
        node: () => boxNode(placed, { detail, overlays: look.overlays }),
      });
    }
    for (const placed of scene.relations) {
      const { relation, area } = placed;
      if (look.hidden.has(relation.from.table) || look.hidden.has(relation.to.table) || !overlap(grown(area, 20), region)) continue;
      want(`relation ${relation.key}`, {
        subject: placed,
        stamp: "",
        place: undefined,
        className: look.marks.get(relation.key) ?? "",
        parent: this.#relations,
        node: () => relationNode(placed),
      });
    }
    for (const [id, made] of this.#made) {
      if (wanted.has(id)) continue;
      made.element?.remove();
      made.old?.remove();
    }
    this.#made.clear();
    for (const [id, made] of wanted) {
      this.#made.set(id, made);
      if (made.element !== undefined) adjust(made.element, made);
    }
  }

  /** Whether some are left for the next frame. */
  #make(until: number): boolean {
    for (const [id, made] of this.#made) {
      if (made.element !== undefined) continue;
      if (performance.now() > until) return true;
      const element = realise(made.node(), true);
      adjust(element, made);
      if (made.old === undefined) made.parent.append(element);
      else made.old.replaceWith(element);
      this.#made.set(id, { ...made, element, old: undefined });
    }
    return false;
  }
}

/** How much of a box can be read at a zoom. */
export function detailAt(scale: number): Detail {
  if (scale < 0.38) return "names";
  return scale < 0.62 ? "keys" : "columns";
}

interface Made {
  /** Another one is drawn anew. */
  readonly subject: PlacedBox["content"] | PlacedRelation;
  readonly stamp: string;
  readonly place: string | undefined;
  readonly className: string;
  readonly parent: SVGGElement;
  readonly node: () => PictureNode;
  readonly element: Element | undefined;
  /** What stands in its place until it is made. */
  readonly old: Element | undefined;
}

/** Every class that comes and goes. */
const marks = ["selected", "tied", "root", "deleted", "nulled", "defaulted", "blocked"];

function adjust(element: Element, { place, className }: Pick<Made, "place" | "className">): void {
  if (place !== undefined && element.getAttribute("transform") !== place) element.setAttribute("transform", place);
  const wanted = className.split(" ");
  for (const mark of marks) element.classList.toggle(mark, wanted.includes(mark));
}

function svg<Tag extends keyof SVGElementTagNameMap>(tag: Tag): SVGElementTagNameMap[Tag] {
  return document.createElementNS("http://www.w3.org/2000/svg", tag);
}
