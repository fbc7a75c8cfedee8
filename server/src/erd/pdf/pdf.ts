/**
 * A diagram as a PDF: one page as large as the diagram, of lines and letters, so that it can be enlarged without end,
 * searched and copied from. The same bytes for the same diagram. Tables are its bookmarks.
 */
import type { ErdDiagram, ErdPositions } from "../../../../protocol/src/erd.ts";
import { arrange } from "../layout/arrange.ts";
import { dark, light, styleOf } from "../palette.ts";
import { areasOf } from "../picture/geometry.ts";
import { boxesOf } from "../picture/boxes.ts";
import { everything } from "../picture/options.ts";
import { render } from "../picture/render.ts";
import { contentOf, opacityName } from "./content.ts";
import { type Lettering, Letterings } from "./lettering.ts";
import { number } from "./paths.ts";
import { latin, PdfFile, pdfText, type Reference } from "./pdfFile.ts";
import { Styles } from "./styles.ts";
import { TextFont } from "./textFont.ts";
import { readTrueType } from "./trueType.ts";

export interface PdfOptions {
  readonly palette: "light" | "dark";
  /** A TrueType font, of whose letters those that are used become part of the document. */
  readonly font: Uint8Array;
  /** Boxes that stand already; the others are placed. */
  readonly positions?: ErdPositions;
  /** Pictures of words that the font has no shapes for. */
  readonly letterings?: readonly Lettering[];
}

export interface Pdf {
  readonly bytes: Uint8Array;
  /** Words, or parts of them, that neither the font nor a picture has shapes for: hollow boxes, which can still be searched for and copied. */
  readonly shapeless: readonly string[];
  /** Names of the boxes that they are in, in the order of the diagram. */
  readonly shapelessIn: readonly string[];
}

/** Points a pixel: a pixel of CSS is a 96th of an inch. */
const pointsPerPixel = 0.75;
/** Points of a page's side that every reader takes. ISO 32000-1, annex C. */
const longestSide = 14_400;

export function pdfOf(diagram: ErdDiagram, { palette, font, positions = {}, letterings = [] }: PdfOptions): Pdf {
  const places = arrange(diagram, positions);
  const picture = render(diagram, places, everything);
  const colours = palette === "dark" ? dark : light;
  const [x = 0, y = 0, width = 1, height = 1] = String(picture.attributes["viewBox"] ?? "").split(" ").map(Number);
  const scale = Math.min(pointsPerPixel, longestSide / Math.max(width, height));
  const pictures = new Letterings(letterings);
  const text = new TextFont(readTrueType(font), pictures);
  const paper = { tag: "rect", attributes: { class: "paper", x, y, width, height }, children: [] };
  const { operators, opacities } = contentOf({ ...picture, children: [paper, ...picture.children] }, new Styles(styleOf(colours)), text, pictures);
  const file = new PdfFile();
  // The picture's corner to the page's upper left one, and y runs down.
  const content = file.addStream("", latin(`${decimal(scale)} 0 0 ${decimal(-scale)} ${number(-x * scale)} ${number((y + height) * scale)} cm\n${operators}`));
  const states = opacities.map((opacity) => `/${opacityName(opacity)}<</ca ${opacity}/CA ${opacity}>>`).join("");
  const [page, pages] = [file.reserve(), file.reserve()];
  file.add(
    `<</Type/Page/Parent ${pages}/MediaBox[0 0 ${number(width * scale)} ${number(height * scale)}]/Contents ${content}/Resources<</Font<</F ${text.addTo(file)}>>/ExtGState<<${states}>>/XObject<<${pictures.addTo(file)}>>>>>>`,
    page,
  );
  file.add(`<</Type/Pages/Kids[${page}]/Count 1>>`, pages);
  const marks = [...areasOf(diagram, boxesOf(diagram), places)].map(([key, area]) => ({ title: key, left: (area.x - x - 20) * scale, top: (y + height - area.y + 20) * scale }));
  const outline = bookmarks(file, page, marks);
  const root = file.add(`<</Type/Catalog/Pages ${pages}/Lang(en)/ViewerPreferences<</DisplayDocTitle true>>${outline === undefined ? "" : `/Outlines ${outline}`}>>`);
  const info = file.add(`<</Title ${pdfText(diagram.title)}/Producer(Database Architect)>>`);
  return { bytes: file.bytes(root, info), shapeless: text.shapeless, shapelessIn: boxesWith(text.shapeless, diagram) };
}

function boxesWith(words: readonly string[], { tables, enums }: ErdDiagram): readonly string[] {
  if (words.length === 0) return [];
  const written = [
    ...tables.map(({ name, columns }) => ({ name, texts: [name, ...columns.flatMap((column) => [column.name, column.type])] })),
    ...enums.map(({ name, values }) => ({ name, texts: [name, ...values] })),
  ];
  return written.filter(({ texts }) => texts.some((text) => words.some((word) => text.includes(word)))).map(({ name }) => name);
}

/** To each table at its full size. */
function bookmarks(file: PdfFile, page: Reference, marks: readonly { readonly title: string; readonly left: number; readonly top: number }[]): Reference | undefined {
  if (marks.length === 0) return undefined;
  const outline = file.reserve();
  const items = marks.map(() => file.reserve());
  marks.forEach(({ title, left, top }, i) => {
    const [before, after] = [items[i - 1], items[i + 1]];
    const siblings = `${before === undefined ? "" : `/Prev ${before}`}${after === undefined ? "" : `/Next ${after}`}`;
    file.add(`<</Title ${pdfText(title)}/Parent ${outline}${siblings}/Dest[${page}/XYZ ${number(left)} ${number(top)} 1]>>`, items[i]);
  });
  return file.add(`<</Type/Outlines/First ${items[0] ?? ""}/Last ${items.at(-1) ?? ""}/Count ${-items.length}>>`, outline);
}

/** Of a factor, which hundredths would spoil. */
function decimal(value: number): string {
  return value.toFixed(6);
}
