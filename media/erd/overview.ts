/**
 * The whole diagram as one small image under what is drawn in full: what one sees at the edges while moving faster than
 * boxes can be made. Drawn when nobody moves, and then only slid and stretched.
 */
import { nameInBox } from "./labels.ts";
import type { PlacedRelation, Scene } from "./scene.ts";
import { type Box, toScreen, type Viewport } from "./viewport.ts";

/** Pixels of its longer side. */
const longest = 2400;
/** Letters that would be smaller are left out. Pixels of the image. */
const smallestName = 4;
const lineHeight = 1.15;
/** Milliseconds after a change: what is typed or dragged goes first. */
const patience = 400;

export class Overview {
  readonly element = document.createElement("canvas");
  #area: Box | undefined;
  #viewport: Viewport = { x: 0, y: 0, scale: 1 };
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #drawn: { readonly scene: Scene; readonly hidden: ReadonlySet<string> } | undefined;

  constructor() {
    this.element.className = "overview";
    this.element.hidden = true;
  }

  /** Of boxes at their places. The old image stays until there is another. */
  show(scene: Scene, hidden: ReadonlySet<string>): void {
    if (this.#drawn?.scene === scene && this.#drawn.hidden === hidden) return;
    this.#drawn = { scene, hidden };
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#draw(scene, hidden), patience);
  }

  move(viewport: Viewport): void {
    this.#viewport = viewport;
    const area = this.#area;
    if (area === undefined) return;
    const { x, y } = toScreen(viewport, area);
    const stretch = (viewport.scale * area.width) / this.element.width;
    this.element.style.transform = `translate(${x}px, ${y}px) scale(${stretch})`;
  }

  #draw({ boxes, relations, area }: Scene, hidden: ReadonlySet<string>): void {
    this.#area = area;
    this.element.hidden = area === undefined;
    if (area === undefined) return;
    const scale = Math.min(1, longest / Math.max(area.width, area.height));
    const pixels = { width: Math.max(1, Math.round(area.width * scale)), height: Math.max(1, Math.round(area.height * scale)) };
    // An image that is handed over whole stays with the compositor: a canvas that is drawn on is copied for every frame.
    const paper = new OffscreenCanvas(pixels.width, pixels.height);
    const context = paper.getContext("2d");
    if (context === null) return;
    const { fill, stroke, color, fontFamily } = getComputedStyle(this.element);
    context.scale(scale, scale);
    context.translate(-area.x, -area.y);
    context.lineWidth = 1 / scale;
    context.strokeStyle = stroke;
    context.stroke(linesOf(relations.filter(({ relation }) => !hidden.has(relation.from.table) && !hidden.has(relation.to.table))));
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const placed of boxes.values()) {
      if (hidden.has(placed.key)) continue;
      const { x, y, width, height } = placed.area;
      context.fillStyle = fill;
      context.fillRect(x, y, width, height);
      context.strokeRect(x, y, width, height);
      const { lines, size } = nameInBox(placed);
      if (size * scale < smallestName) continue;
      context.fillStyle = color;
      context.font = `600 ${size}px ${fontFamily}`;
      const top = y + height / 2 - ((lines.length - 1) * size * lineHeight) / 2;
      lines.forEach((line, i) => context.fillText(line, x + width / 2, top + i * size * lineHeight, width));
    }
    Object.assign(this.element, pixels);
    this.element.getContext("bitmaprenderer")?.transferFromImageBitmap(paper.transferToImageBitmap());
    this.move(this.#viewport);
  }
}

function linesOf(relations: readonly PlacedRelation[]): Path2D {
  const path = new Path2D();
  for (const { route } of relations) {
    route.points.forEach(({ x, y }, i) => {
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
  }
  return path;
}
