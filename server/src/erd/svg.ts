/**
 * A picture as a document of its own: SVG text with its colours, without fonts, scripts or anything from elsewhere.
 * The same bytes for the same picture.
 */
import type { ErdDiagram, ErdPositions } from "../../../protocol/src/erd.ts";
import { arrange } from "./layout/arrange.ts";
import type { PictureNode } from "./picture/node.ts";
import { everything, type PictureOptions } from "./picture/options.ts";
import { render } from "./picture/render.ts";
import { dark, light, styleOf } from "./palette.ts";

export interface SvgOptions extends Partial<PictureOptions> {
  readonly palette: "light" | "dark";
  /** Boxes that stand already; the others are placed. */
  readonly positions?: ErdPositions;
}

export function svgOf(diagram: ErdDiagram, { palette, positions = {}, ...options }: SvgOptions): string {
  const picture = render(diagram, arrange(diagram, positions), { ...everything, ...options });
  return `${svgDocument(picture, palette)}\n`;
}

/** Any picture with the colours of a palette, and a ground of its own. */
export function svgDocument(picture: PictureNode, palette: "light" | "dark"): string {
  const colours = palette === "dark" ? dark : light;
  const [x = "0", y = "0", width = "0", height = "0"] = String(picture.attributes["viewBox"] ?? "").split(" ");
  const [title, ...others] = picture.children;
  return textOf({
    ...picture,
    attributes: { xmlns: "http://www.w3.org/2000/svg", ...picture.attributes },
    children: [
      ...(title === undefined ? [] : [title]),
      { tag: "style", attributes: {}, children: [styleOf(colours)] },
      { tag: "rect", attributes: { class: "paper", x, y, width, height }, children: [] },
      ...others,
    ],
  });
}

/** As XML: every name, attribute and text escaped; a line for each element that is not inside a text. */
export function textOf(picture: PictureNode): string {
  const lines: string[] = [];
  write(picture, lines);
  return lines.join("\n");
}

function write({ tag, attributes, children }: PictureNode, lines: string[]): void {
  const open = `<${tag}${Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join("")}`;
  if (children.length === 0) {
    lines.push(`${open}/>`);
    return;
  }
  // Space between elements of a text would be drawn.
  if (tag === "text" || children.every((child) => typeof child === "string")) {
    lines.push(`${open}>${children.map(inline).join("")}</${tag}>`);
    return;
  }
  lines.push(`${open}>`);
  for (const child of children) {
    if (typeof child === "string") lines.push(escaped(child));
    else write(child, lines);
  }
  lines.push(`</${tag}>`);
}

function inline(child: PictureNode | string): string {
  return typeof child === "string" ? escaped(child) : textOf(child);
}

/** XML has no way to write most control characters, not even as references. */
function escaped(text: string): string {
  return text
    .replaceAll(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      "\ufffd",
    )
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
