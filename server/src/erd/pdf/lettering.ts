/** Words that the document's font has no shapes for, as somebody's own fonts draw them: small pictures that stand in a line of text. */
import { latin, type PdfFile, type Reference } from "./pdfFile.ts";

/** A word as pixels. */
export interface Lettering {
  readonly text: string;
  /** Room in a line; ems. */
  readonly advance: number;
  readonly columns: number;
  readonly rows: number;
  readonly pixelsPerEm: number;
  /** Columns left of where the word begins, and rows above its baseline. */
  readonly left: number;
  readonly baseline: number;
  /** A bit a pixel, rows padded to whole bytes: to be painted in the colour of the text. */
  readonly mask?: Uint8Array;
  /** Red, green, blue and opacity, a byte each: as it is. */
  readonly colours?: Uint8Array;
}

/** A piece of a text: in the document's font, or as a picture. */
export interface TextPart {
  readonly text: string;
  readonly lettering?: Lettering;
}

/** Those of a document, each of which becomes part of it when it is first used. */
export class Letterings {
  readonly #given: ReadonlyMap<string, Lettering>;
  readonly #used: Lettering[] = [];

  constructor(given: readonly Lettering[]) {
    this.#given = new Map(given.filter(isWhole).map((one) => [one.text, one]));
  }

  find(word: string): Lettering | undefined {
    return this.#given.get(word);
  }

  /** The name of its resource. */
  nameOf(lettering: Lettering): string {
    if (!this.#used.includes(lettering)) this.#used.push(lettering);
    return `L${this.#used.indexOf(lettering)}`;
  }

  /** The resources of a page: "/L0 7 0 R/L1 9 0 R". */
  addTo(file: PdfFile): string {
    return this.#used.map((lettering, i) => `/L${i} ${imageOf(lettering, file)}`).join("");
  }
}

function imageOf({ columns, rows, mask, colours }: Lettering, file: PdfFile): Reference {
  const size = `/Type/XObject/Subtype/Image/Width ${columns}/Height ${rows}`;
  if (mask !== undefined) return file.addStream(`${size}/ImageMask true/BitsPerComponent 1/Decode[1 0]`, mask);
  const all = colours ?? latin("");
  const opacity = file.addStream(`${size}/ColorSpace/DeviceGray/BitsPerComponent 8`, all.filter((_, i) => i % 4 === 3));
  return file.addStream(`${size}/ColorSpace/DeviceRGB/BitsPerComponent 8/SMask ${opacity}`, all.filter((_, i) => i % 4 !== 3));
}

/** Nothing that came from elsewhere is believed to have as many pixels as it says. */
function isWhole({ columns, rows, mask, colours }: Lettering): boolean {
  return mask === undefined ? colours?.length === columns * rows * 4 : mask.length === Math.ceil(columns / 8) * rows;
}
