/** The one font of a document, as it grows: characters get numbers in the order in which they are first written. */
import type { Letterings, TextPart } from "./lettering.ts";
import { type PdfFile, type Reference, latin } from "./pdfFile.ts";
import type { TrueType } from "./trueType.ts";

export class TextFont {
  readonly #font: TrueType;
  readonly #letterings: Letterings;
  /** Words without shapes that nobody drew. */
  readonly #shapeless = new Set<string>();
  /** By character. Number 0 is none of them. */
  readonly #numbers = new Map<string, number>();

  constructor(font: TrueType, letterings: Letterings) {
    this.#font = font;
    this.#letterings = letterings;
  }

  /** Words, of characters that were written and have no shape in the font, sorted; a hollow box stands for each character. */
  get shapeless(): readonly string[] {
    return [...this.#shapeless].sort();
  }

  /** What the font has shapes for, and the words that it has none for, with their pictures where there are any. */
  partsOf(text: string): readonly TextPart[] {
    const characters = [...text];
    if (!characters.some((character) => this.#isShapeless(character))) return [{ text }];
    const parts: { text: string; isShapeless: boolean }[] = [];
    for (const character of characters) {
      const last = parts.at(-1);
      const isShapeless = this.#isShapeless(character);
      // What joins signs to one, or chooses between their looks, belongs to the sign before it.
      if (last !== undefined && (isShapeless === last.isShapeless || (last.isShapeless && joins.test(character)))) last.text += character;
      else parts.push({ text: character, isShapeless });
    }
    return parts.map(({ text: part, isShapeless }) => {
      const lettering = isShapeless ? this.#letterings.find(part) : undefined;
      if (isShapeless && lettering === undefined) this.#shapeless.add(part);
      return lettering === undefined ? { text: part } : { text: part, lettering };
    });
  }

  /** Ems. */
  widthOf(text: string): number {
    return this.partsOf(text).reduce((sum, part) => sum + (part.lettering?.advance ?? this.ownWidthOf(part.text)), 0);
  }

  /** In the font itself, with boxes for what it has no shapes for; ems. */
  ownWidthOf(text: string): number {
    let units = 0;
    for (const character of text) units += this.#font.advanceOf(this.#glyphOf(character));
    return units / this.#font.unitsPerEm;
  }

  /** How far the baseline lies below the middle of a line; ems. */
  get drop(): number {
    return (this.#font.ascent + this.#font.descent) / 2 / this.#font.unitsPerEm;
  }

  /** As the operand of an operator that shows text. */
  encoded(text: string): string {
    let digits = "";
    for (const character of visualOrder(text)) digits += this.#numberOf(character).toString(16).padStart(4, "0");
    return `<${digits}>`;
  }

  /** Only what was written is in it. */
  addTo(file: PdfFile): Reference {
    const characters = [...this.#numbers.keys()];
    const glyphs = [0];
    const places = characters.map((character) => {
      const glyph = this.#glyphOf(character);
      if (!glyphs.includes(glyph)) glyphs.push(glyph);
      return glyphs.indexOf(glyph);
    });
    const scaled = (units: number): number => Math.round((units * 1000) / this.#font.unitsPerEm);
    const [left = 0, bottom = 0, right = 0, top = 0] = this.#font.bounds.map(scaled);
    const data = this.#font.subset(glyphs);
    const program = file.addStream(`/Length1 ${data.length}`, data);
    const name = "DIAGRM+DejaVuSans";
    const descriptor = file.add(
      `<</Type/FontDescriptor/FontName/${name}/Flags 4/FontBBox[${left} ${bottom} ${right} ${top}]/ItalicAngle 0/Ascent ${scaled(this.#font.ascent)}/Descent ${scaled(this.#font.descent)}/CapHeight 729/StemV 90/FontFile2 ${program}>>`,
    );
    const order = new Uint8Array(2 * (characters.length + 1));
    places.forEach((place, i) => new DataView(order.buffer).setUint16(2 * (i + 1), place));
    const widths = characters.map((character) => scaled(this.#font.advanceOf(this.#glyphOf(character)))).join(" ");
    const descendant = file.add(
      `<</Type/Font/Subtype/CIDFontType2/BaseFont/${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ${descriptor}/DW 600/W[1[${widths}]]/CIDToGIDMap ${file.addStream("", order)}>>`,
    );
    const unicode = file.addStream("", latin(unicodeMap(characters)));
    return file.add(`<</Type/Font/Subtype/Type0/BaseFont/${name}/Encoding/Identity-H/DescendantFonts[${descendant}]/ToUnicode ${unicode}>>`);
  }

  #numberOf(character: string): number {
    const known = this.#numbers.get(character) ?? this.#numbers.size + 1;
    this.#numbers.set(character, known);
    return known;
  }

  #isShapeless(character: string): boolean {
    return this.#glyphOf(character) === 0 && character.trim() !== "";
  }

  #glyphOf(character: string): number {
    return this.#font.glyphOf(character.codePointAt(0) ?? 0);
  }
}

/** The zero width joiner, variation selectors, and the tones of skin. */
const joins = /^(?:\u200d|[\ufe00-\ufe0f]|[\u{1f3fb}-\u{1f3ff}])$/u;

/** What tells a reader which characters stand there, to find and to copy them. */
function unicodeMap(characters: readonly string[]): string {
  const hex = (value: number): string => value.toString(16).padStart(4, "0");
  const lines = characters.map((character, i) => {
    const units = Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at))).join("");
    return `<${hex(i + 1)}> <${units}>`;
  });
  const blocks: string[] = [];
  for (let i = 0; i < lines.length; i += 100) blocks.push(`${Math.min(100, lines.length - i)} beginbfchar\n${lines.slice(i, i + 100).join("\n")}\nendbfchar`);
  return `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n${blocks.join("\n")}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend`;
}

/** Letters of scripts that run to the left stand from right to left on paper; readers turn them round again. */
function visualOrder(text: string): string {
  return text.replaceAll(/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:[\s_.-]+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*/g, (run) => [...run].toReversed().join(""));
}
