/** The nodes of a picture as what is drawn on a page of PDF, in the picture's own pixels. */
import type { PictureNode } from "../picture/node.ts";
import type { Lettering, Letterings } from "./lettering.ts";
import { number, pathOperators } from "./paths.ts";
import type { Standing, Styles } from "./styles.ts";
import type { TextFont } from "./textFont.ts";

/** What an element has from its parents. */
interface Inherited {
  readonly way: readonly Standing[];
  readonly values: ReadonlyMap<string, string>;
}

const inheritedProperties = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "font-size", "font-weight", "font-style", "text-anchor", "text-decoration"];

export interface Drawn {
  readonly operators: string;
  /** Shares of opacity that are used; each is a graphics state by the name `opacityName` gives it. */
  readonly opacities: readonly number[];
}

export function contentOf(picture: PictureNode, styles: Styles, font: TextFont, letterings: Letterings): Drawn {
  const page = new Page(styles, font, letterings);
  page.draw(picture, { way: [], values: new Map() });
  return { operators: page.out.join("\n"), opacities: [...page.opacities].sort((a, b) => a - b) };
}

export function opacityName(opacity: number): string {
  return `O${Math.round(opacity * 100)}`;
}

class Page {
  readonly out: string[] = [];
  readonly opacities = new Set<number>();
  readonly #styles: Styles;
  readonly #font: TextFont;
  readonly #letterings: Letterings;

  constructor(styles: Styles, font: TextFont, letterings: Letterings) {
    this.#styles = styles;
    this.#font = font;
    this.#letterings = letterings;
  }

  draw(element: PictureNode, above: Inherited): void {
    if (element.tag === "title" || element.tag === "style") return;
    const here = this.#enter(element, above);
    if (here.values.get("display") === "none") return;
    const transform = matrixOf(String(element.attributes["transform"] ?? ""));
    const opacity = Number(here.values.get("opacity") ?? 1);
    const isGroup = transform !== "" || opacity < 1;
    if (isGroup) this.out.push("q");
    if (transform !== "") this.out.push(transform);
    if (opacity < 1) this.#opacity(opacity);
    this.#shape(element, here);
    if (isGroup) this.out.push("Q");
  }

  #enter({ tag, attributes }: PictureNode, { way, values }: Inherited): Inherited {
    const own = [...way, { tag, classes: String(attributes["class"] ?? "").split(" ").filter((one) => one !== "") }];
    const now = new Map([...values].filter(([property]) => inheritedProperties.includes(property)));
    for (const property of inheritedProperties) {
      const value = attributes[property];
      if (value !== undefined) now.set(property, String(value));
    }
    // As in CSS, a rule outweighs an attribute.
    for (const [property, value] of this.#styles.of(own)) now.set(property, value);
    return { way: own, values: now };
  }

  #shape(element: PictureNode, here: Inherited): void {
    const { tag, attributes, children } = element;
    const numberOf = (name: string): number => Number(attributes[name] ?? 0);
    switch (tag) {
      case "rect":
        return this.#paint(rectangle(numberOf("x"), numberOf("y"), numberOf("width"), numberOf("height"), numberOf("rx")), here);
      case "path":
        return this.#paint(pathOperators(String(attributes["d"] ?? "")), here);
      case "text":
        return this.#text(element, here);
      default:
        for (const child of children) if (typeof child !== "string") this.draw(child, here);
    }
  }

  #paint(path: string, { values }: Inherited): void {
    const fill = colourOf(values.get("fill") ?? "#000000");
    const stroke = colourOf(values.get("stroke") ?? "none");
    if (path === "" || (fill === undefined && stroke === undefined)) return;
    const opacity = fill === undefined ? 1 : Number(values.get("fill-opacity") ?? 1);
    if (opacity < 1) {
      this.out.push("q");
      this.#opacity(opacity);
    }
    if (fill !== undefined) this.out.push(`${fill} rg`);
    if (stroke !== undefined) this.#pen(stroke, values);
    this.out.push(path, fill === undefined ? "S" : stroke === undefined ? "f" : "B");
    if (opacity < 1) this.out.push("Q");
  }

  #pen(stroke: string, values: ReadonlyMap<string, string>): void {
    const dashes = (values.get("stroke-dasharray") ?? "").split(/[\s,]+/).filter((dash) => dash !== "" && dash !== "none");
    const cap = values.get("stroke-linecap") === "round" ? 1 : 0;
    const join = values.get("stroke-linejoin") === "round" ? 1 : 0;
    this.out.push(`${stroke} RG ${number(Number.parseFloat(values.get("stroke-width") ?? "1"))} w ${cap} J ${join} j [${dashes.join(" ")}] 0 d`);
  }

  #text(element: PictureNode, here: Inherited): void {
    const parts = element.children.map((child) => (typeof child === "string" ? { text: child, values: here.values } : { text: child.children.join(""), values: this.#enter(child, here).values }));
    const sizeOf = (values: ReadonlyMap<string, string>): number => Number.parseFloat(values.get("font-size") ?? "12");
    const widths = parts.map(({ text, values }) => this.#font.widthOf(text) * sizeOf(values));
    const whole = widths.reduce((sum, width) => sum + width, 0);
    const anchor = here.values.get("text-anchor");
    let x = Number(element.attributes["x"] ?? 0) - (anchor === "middle" ? whole / 2 : anchor === "end" ? whole : 0);
    const y = Number(element.attributes["y"] ?? 0);
    parts.forEach(({ text, values }, i) => {
      const size = sizeOf(values);
      let at = x;
      for (const part of this.#font.partsOf(text)) {
        const width = (part.lettering?.advance ?? this.#font.ownWidthOf(part.text)) * size;
        if (part.lettering === undefined) this.#words(part.text, { x: at, y, size, width }, values);
        else this.#lettering(part.lettering, { x: at, y, size, width }, values);
        at += width;
      }
      x += widths[i] ?? 0;
    });
  }

  /** A picture, and under it the characters unseen, so that they are found and copied like all others. */
  #lettering(lettering: Lettering, { x, y, size, width }: Place, values: ReadonlyMap<string, string>): void {
    const fill = colourOf(values.get("fill") ?? "#000000");
    if (fill === undefined) return;
    const baseline = y + this.#font.drop * size;
    const stretch = (100 * width) / (this.#font.ownWidthOf(lettering.text) * size);
    const pixel = size / lettering.pixelsPerEm;
    const [across, down] = [lettering.columns * pixel, lettering.rows * pixel];
    const [left, bottom] = [x - lettering.left * pixel, baseline + (lettering.rows - lettering.baseline) * pixel];
    const drawnAt = (offset: number): string => `q ${number(across)} 0 0 ${number(-down)} ${number(left + offset)} ${number(bottom)} cm /${this.#letterings.nameOf(lettering)} Do Q`;
    this.out.push("q", "BT", `/F ${number(size)} Tf 3 Tr ${number(stretch)} Tz`, `1 0 0 -1 ${number(x)} ${number(baseline)} Tm ${this.#font.encoded(lettering.text)} Tj`, "ET", `${fill} rg`, drawnAt(0));
    if (lettering.mask !== undefined && isBold(values)) this.out.push(drawnAt(size * 0.035));
    if (values.get("text-decoration") === "line-through") this.out.push(this.#struck(fill, { x, y, width }));
    this.out.push("Q");
  }

  #struck(fill: string, { x, y, width }: Omit<Place, "size">): string {
    return `${fill} RG 1 w [] 0 d ${number(x)} ${number(y)} m ${number(x + width)} ${number(y)} l S`;
  }

  /** Bold letters are thickened, slanted ones are slanted: one font is enough. Its letters stand upright, though y runs down. */
  #words(text: string, { x, y, size, width }: Place, values: ReadonlyMap<string, string>): void {
    const fill = colourOf(values.get("fill") ?? "#000000");
    if (fill === undefined) return;
    const slant = values.get("font-style") === "italic" ? "0.2" : "0";
    const baseline = y + this.#font.drop * size;
    const shown = `1 0 ${slant} -1 ${number(x)} ${number(baseline)} Tm ${this.#font.encoded(text)} Tj`;
    const ground = values.get("paint-order") === "stroke" ? colourOf(values.get("stroke") ?? "none") : undefined;
    this.out.push("BT", `/F ${number(size)} Tf`);
    if (ground !== undefined) {
      this.#pen(ground, values);
      this.out.push("1 Tr", shown);
    }
    if (isBold(values)) this.out.push(`${fill} RG ${number(size * 0.035)} w [] 0 d 2 Tr`);
    else this.out.push("0 Tr");
    this.out.push(`${fill} rg`, shown, "ET");
    if (values.get("text-decoration") === "line-through") this.out.push(this.#struck(fill, { x, y, width }));
  }

  #opacity(opacity: number): void {
    this.opacities.add(opacity);
    this.out.push(`/${opacityName(opacity)} gs`);
  }
}

/** Where words stand: their left end, the middle of their line. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly width: number;
}

function isBold(values: ReadonlyMap<string, string>): boolean {
  return Number(values.get("font-weight") ?? 400) >= 600;
}

/** Three shares of one; undefined for no colour. */
function colourOf(value: string): string | undefined {
  const [, red, green, blue] = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(value) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return [red, green, blue].map((part) => String(Math.round((Number.parseInt(part, 16) / 255) * 1000) / 1000)).join(" ");
}

/** Of `translate`, `scale` and `rotate`, one after another. */
function matrixOf(transform: string): string {
  return [...transform.matchAll(/(\w+)\(([^)]*)\)/g)]
    .map(([, name, values = ""]) => {
      const [a = 0, b, c = 0] = values.split(/[\s,]+/).map(Number);
      if (name === "translate") return `1 0 0 1 ${number(a)} ${number(b ?? 0)} cm`;
      if (name === "scale") return `${number(a)} 0 0 ${number(b ?? a)} 0 0 cm`;
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      const centre = b ?? 0;
      return `${number(cos)} ${number(sin)} ${number(-sin)} ${number(cos)} ${number(centre - cos * centre + sin * c)} ${number(c - sin * centre - cos * c)} cm`;
    })
    .join("\n");
}

function rectangle(x: number, y: number, width: number, height: number, radius: number): string {
  const r = Math.min(radius, width / 2, height / 2);
  if (r <= 0) return `${number(x)} ${number(y)} ${number(width)} ${number(height)} re`;
  return pathOperators(`M${x + r} ${y}H${x + width - r}a${r} ${r} 0 0 1 ${r} ${r}V${y + height - r}a${r} ${r} 0 0 1 ${-r} ${r}H${x + r}a${r} ${r} 0 0 1 ${-r} ${-r}V${y + r}a${r} ${r} 0 0 1 ${r} ${-r}Z`);
}
