/**
 * Draws what is in sight and what may soon be. While it is moved or zoomed, what is drawn is slid and stretched as an
 * image, which costs nearly nothing; it is drawn anew at rest, and now and then beyond the edge of what is drawn, where
 * an overview fills in until then. Boxes are made a few milliseconds' worth a frame, and go when they are far away.
 */
import { boxNode } from "../../server/src/erd/picture/drawBox.ts";
import { grown } from "../../server/src/erd/picture/geometry.ts";
import { lineNode, relationNode } from "../../server/src/erd/picture/drawRelation.ts";
import type { PictureNode } from "../../server/src/erd/picture/node.ts";
import type { BoxLook, Detail } from "../../server/src/erd/picture/options.ts";
import { realise } from "../shared/dom.ts";
import { Grounds } from "./grounds.ts";
import { isReadable } from "./labels.ts";
import { Overview } from "./overview.ts";
import type { PlacedBox, PlacedRelation, Scene } from "./scene.ts";
import { type Box, contains, overlap, seen, type Size, toScreen, type Viewport } from "./viewport.ts";

export interface Look extends Omit<BoxLook, "detail"> {
  /** By zoom where undefined. */
  readonly detail: Detail | undefined;
  readonly hidden: ReadonlySet<string>;
  /** Classes of boxes and relations that are selected, tied to what is, or reached by a delete. */
  readonly marks: ReadonlyMap<string, string>;
  /** Everything without a mark steps back. */
  readonly isDimmed: boolean;
  /** Its name is readable before others. */
  readonly selected: string | undefined;
}

/** Milliseconds of making boxes in one frame, while somebody moves and while nobody does. */
const budget = { moving: 3, resting: 40 };
/** Around the screen, as a share of it: drawn with it, to be slid into sight. The widest that holds few enough boxes. */
const margins = [1, 0.6, 0.3];
/** So many boxes are drawn at each level without anybody waiting for them. */
const manyBoxes: Readonly<Record<Detail, number>> = { names: 500, keys: 100, columns: 50 };
/** Stretched by more than this, one sees pixels. */
const mostStretched = 1.7;
/** Milliseconds without a move after which the image is drawn anew. */
const rest = 120;
/** Milliseconds between two times that it is drawn anew while it moves: each takes the browser several frames. */
const between = 450;

export class Canvas {
  readonly element: HTMLElement;
  /** What is slid. */
  readonly #sheet: HTMLElement;
  readonly #overview = new Overview();
  /**
   * The diagram in its own units, as large as the zoom makes it. Its elements know nothing of that zoom: were it theirs,
   * the browser would lay out every text again for each.
   */
  readonly #world: HTMLElement;
  readonly #svg: SVGSVGElement;
  readonly #grounds = new Grounds();
  readonly #relations: SVGGElement;
  readonly #boxes: SVGGElement;
  #scene: Scene | undefined;
  #look: Look | undefined;
  #viewport: Viewport = { x: 0, y: 0, scale: 1 };
  /** What the sheet was drawn for; undefined when it must be drawn anew. */
  #sheetViewport: Viewport | undefined;
  /** How much more than what was seen then is drawn on the sheet, as a share of the screen. */
  #margin = margins.at(-1) ?? 0;
  #movedAt = Number.NEGATIVE_INFINITY;
  /** Since the last frame. */
  #hasMoved = false;
  /** When it was last drawn. */
  #drawnAt = Number.NEGATIVE_INFINITY;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #size: Size = { width: 0, height: 0 };
  /** What is drawn around what is seen, and at which level. */
  #drawn: { readonly region: Box; readonly detail: Detail } | undefined;
  readonly #made = new Map<string, Made>();
  /** Whether some of them are still to be made. */
  #isLeft = false;
  #frame = 0;

  constructor() {
    this.#svg = svg("svg");
    this.#svg.setAttribute("class", "diagram");
    this.#svg.setAttribute("aria-hidden", "true");
    this.#relations = svg("g");
    this.#boxes = svg("g");
    this.#svg.append(this.#grounds.element, this.#relations, this.#boxes, this.#grounds.names);
    this.#world = document.createElement("div");
    this.#world.className = "world";
    this.#world.append(this.#svg);
    this.element = document.createElement("div");
    this.element.className = "canvas";
    this.#sheet = document.createElement("div");
    this.#sheet.className = "sheet";
    this.#sheet.append(this.#world);
    this.element.append(this.#overview.element, this.#sheet);
  }

  get size(): Size {
    return this.#size;
  }

  resize(size: Size): void {
    this.#size = size;
    this.#sheetViewport = undefined;
    this.#request();
  }

  show(scene: Scene, look: Look): void {
    this.#scene = scene;
    this.#look = look;
    this.#drawn = undefined;
    this.#sheetViewport = undefined;
    // Where everything else steps back, its names do too.
    const unnamed = look.isDimmed ? new Set([...scene.boxes.keys()].filter((key) => look.hidden.has(key) || !look.marks.has(key))) : look.hidden;
    this.#overview.show(scene, look.hidden);
    this.#grounds.show(scene, { hidden: look.hidden, unnamed, selected: look.selected });
    this.#request();
  }

  move(viewport: Viewport): void {
    this.#movedAt = performance.now();
    this.#hasMoved = true;
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
      const now = performance.now();
      const isMoving = this.#hasMoved || now - this.#movedAt < rest; // where frames take long, the last move was long ago
      this.#hasMoved = false;
      this.#paint(now + (isMoving ? budget.moving : budget.resting));
    });
  }

  #paint(until: number): void {
    clearTimeout(this.#settling);
    const [scene, look] = [this.#scene, this.#look];
    if (scene === undefined || look === undefined || this.#size.width === 0) return;
    this.#overview.move(this.#viewport);
    const { scale } = this.#viewport;
    const detail = look.detail ?? detailAt(scale);
    const drawn = this.#sheetViewport;
    if (drawn !== undefined) {
      // Names are in the overview too; what has more is worth a long frame now and then.
      const isEnough = this.#slide(drawn) || detail === "names" || performance.now() - this.#drawnAt < between;
      if (this.#isLeft) this.#goOn(until);
      if (isEnough) return this.#settle(drawn);
    }
    const sheet = this.#lay(scene, look, detail);
    if (this.#drawn === undefined || this.#drawn.detail !== detail || !contains(this.#drawn.region, sheet)) {
      const region = grown(sheet, Math.max(sheet.width, sheet.height) * 0.1);
      this.#drawn = { region, detail };
      this.#plan(scene, look, region, detail);
    }
    if (this.#grounds.zoom(scale, detail === "names")) this.#tell();
    this.#sheetViewport = this.#viewport;
    this.#drawnAt = performance.now();
    this.#goOn(until);
  }

  /** Makes boxes, and asks for another frame where some are left. */
  #goOn(until: number): void {
    this.#isLeft = this.#make(until);
    if (this.#isLeft) this.#request();
  }

  /** What was slid is drawn anew once nobody moves. */
  #settle(drawn: Viewport): void {
    if (drawn.x === this.#viewport.x && drawn.y === this.#viewport.y && drawn.scale === this.#viewport.scale) return;
    this.#settling = setTimeout(() => {
      this.#sheetViewport = undefined;
      this.#request();
    }, rest);
  }

  /** Puts the sheet around the screen, as large as what is there allows; the answer is what of the world it shows. */
  #lay(scene: Scene, look: Look, detail: Detail): Box {
    const { x, y, scale } = this.#viewport;
    const { width, height } = this.#size;
    const sight = seen(this.#viewport, this.#size);
    const around = (margin: number): Box => ({ x: sight.x - margin * sight.width, y: sight.y - margin * sight.height, width: (1 + 2 * margin) * sight.width, height: (1 + 2 * margin) * sight.height });
    const isFew = (margin: number): boolean => {
      const box = around(margin);
      let left = manyBoxes[detail];
      for (const { key, area } of scene.boxes.values()) if (overlap(area, box) && !look.hidden.has(key) && --left < 0) return false;
      return true;
    };
    const margin = margins.find(isFew) ?? margins.at(-1) ?? 0;
    this.#margin = margin;
    const { style } = this.#sheet;
    style.left = `${-margin * width}px`;
    style.top = `${-margin * height}px`;
    style.width = `${(1 + 2 * margin) * width}px`;
    style.height = `${(1 + 2 * margin) * height}px`;
    style.transform = "none";
    this.#world.style.transform = `translate(${margin * width - x * scale}px, ${margin * height - y * scale}px) scale(${scale})`;
    return around(margin);
  }

  /** Slides and stretches the sheet to where it belongs now. Whether it shows all that is to be seen, sharp enough. */
  #slide(drawn: Viewport): boolean {
    const { scale } = this.#viewport;
    const stretch = scale / drawn.scale;
    // The sheet's own upper left corner, before and now.
    const [left, top] = [this.#margin * this.#size.width, this.#margin * this.#size.height];
    const corner = toScreen(this.#viewport, { x: drawn.x - left / drawn.scale, y: drawn.y - top / drawn.scale });
    const [right, bottom] = [corner.x + (this.#size.width + 2 * left) * stretch, corner.y + (this.#size.height + 2 * top) * stretch];
    this.#sheet.style.transform = `translate(${corner.x + left}px, ${corner.y + top}px) scale(${stretch})`;
    const isSharp = stretch <= mostStretched && stretch >= 1 / mostStretched;
    return isSharp && corner.x <= 0 && corner.y <= 0 && right >= this.#size.width && bottom >= this.#size.height;
  }

  /** What has to go goes; what has to come waits in `#made` without an element. */
  #plan(scene: Scene, look: Look, region: Box, detail: Detail): void {
    this.#svg.classList.toggle("dimmed", look.isDimmed);
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
        node: () => boxNode(placed.content, placed.box, { detail, overlays: look.overlays }),
        isSmall: detail === "names" ? (scale) => !isReadable(placed, scale) : undefined,
      });
    }
    for (const placed of scene.relations) {
      const { relation, area } = placed;
      if (look.hidden.has(relation.from.table) || look.hidden.has(relation.to.table) || !overlap(area, region)) continue;
      want(`relation ${relation.key}`, {
        subject: placed,
        stamp: detail === "names" ? "names" : "columns",
        place: undefined,
        className: look.marks.get(relation.key) ?? "",
        parent: this.#relations,
        node: () => (detail === "names" ? lineNode(placed.relation, placed.route) : relationNode(placed.relation, placed.route, placed.place)),
        isSmall: undefined,
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
      // Its own level, not the diagram's: what waits to be made anew is not styled anew before.
      element.classList.add(`at-${made.stamp.split(" ", 1).join("")}`);
      adjust(element, made);
      element.classList.toggle("unread", made.isSmall?.(this.#grounds.scale) === true);
      if (made.old === undefined) made.parent.append(element);
      else made.old.replaceWith(element);
      this.#made.set(id, { ...made, element, old: undefined });
    }
    return false;
  }

  /** Names that are too small to be read give way to the labels. */
  #tell(): void {
    if (this.#drawn?.detail === "names") this.#svg.style.setProperty("--hair", `${1 / this.#grounds.scale}px`);
    for (const { element, isSmall } of this.#made.values()) element?.classList.toggle("unread", isSmall?.(this.#grounds.scale) === true);
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
  /** Whether its name cannot be read at a zoom; undefined where it has none that fills it. */
  readonly isSmall: ((scale: number) => boolean) | undefined;
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
