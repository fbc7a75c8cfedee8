import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import { compressed } from "../../../server/src/erd/pdf/lzw.ts";
import { pathOperators } from "../../../server/src/erd/pdf/paths.ts";
import { pdfOf } from "../../../server/src/erd/pdf/pdf.ts";
import { Styles } from "../../../server/src/erd/pdf/styles.ts";
import { readTrueType } from "../../../server/src/erd/pdf/trueType.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { sqlDiagram } from "../../support/diagrams.ts";
import { assertPdf } from "../../support/pdfs.ts";

const font = readFileSync(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));
const tables = ["CREATE TABLE a (id int PRIMARY KEY, note text);", "CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);", 'CREATE TABLE "Ärger Ж" (id int);'];

describe("A diagram as PDF", () => {
  before(loadSqlParser);

  it("has the same bytes for the same schema, in whatever order it was written", () => {
    const bytes = (statements: readonly string[]): string => Buffer.from(pdfOf(sqlDiagram(statements.join("\n")), { palette: "light", font }).bytes).toString("base64");
    const [a = "", b = "", c = ""] = tables;
    assert.equal(bytes([a, b, c]), bytes([c, a, b]));
  });

  it("says where every object of it begins", () => {
    assertPdf(pdfOf(sqlDiagram(tables.join("\n")), { palette: "dark", font }).bytes);
  });

  it("names what its font has no shape for", () => {
    const { shapeless, shapelessIn } = pdfOf(sqlDiagram('CREATE TABLE "注文 🎉 café" (id int); CREATE TABLE plain (id int); CREATE TABLE coded ("列1" int);'), { palette: "light", font });
    assert.deepEqual([shapeless, shapelessIn], [["列", "注文", "🎉"], ["coded", "注文 🎉 café"]]);
  });

  it("has a picture for a word that its font has no shapes for, where there is one, and the word's characters under it", () => {
    const place = { advance: 2, columns: 12, rows: 4, pixelsPerEm: 5, left: 1, baseline: 3 };
    const letterings = [
      { ...place, text: "注文", mask: new Uint8Array(8).fill(0xaa) },
      { ...place, text: "🎉", colours: new Uint8Array(12 * 4 * 4).fill(0x7f) },
      { ...place, text: "列", mask: new Uint8Array(3) }, // fewer pixels than it says
    ];
    const diagram = sqlDiagram('CREATE TABLE "注文 🎉" ("列" int);');
    const text = Buffer.from(pdfOf(diagram, { palette: "light", font, letterings }).bytes).toString("latin1");
    assert.deepEqual(pdfOf(diagram, { palette: "light", font, letterings }).shapeless, ["列"]);
    assert.match(text, /\/Subtype\/Image\/Width 12\/Height 4\/ImageMask true/);
    assert.match(text, /\/Subtype\/Image\/Width 12\/Height 4\/ColorSpace\/DeviceRGB\/BitsPerComponent 8\/SMask \d+ 0 R/);
    assert.match(text, /\/XObject<<\/L0 \d+ 0 R\/L1 \d+ 0 R>>/);
    assertPdf(pdfOf(diagram, { palette: "dark", font, letterings }).bytes);
  });

  it("is drawn of nothing, too", () => {
    assert.ok(pdfOf(sqlDiagram(""), { palette: "light", font }).bytes.length > 500);
  });

  it("is compressed so that the same comes out again", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => Buffer.from(expanded(compressed(bytes))).equals(bytes)));
    const repeated = Buffer.from("0 0 m 10 20 l S\n".repeat(20_000));
    const packed = compressed(repeated);
    assert.ok(packed.length < repeated.length / 20, `${packed.length} bytes`);
    assert.ok(Buffer.from(expanded(packed)).equals(repeated));
  });

  it("follows lines and curves as SVG means them", () => {
    assert.equal(pathOperators("M1 2h3v4H1Z"), "1 2 m\n4 2 l\n4 6 l\n1 6 l\nh");
    assert.equal(pathOperators("M0 0q3 0 3 3"), "0 0 m\n2 0 3 1 3 3 c");
    // A circle in two halves: each of two quarters, the last of which ends where it began.
    const circle = pathOperators("M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z").split("\n");
    assert.equal(circle.length, 6);
    assert.equal(circle[1], "-8 4.42 -4.42 8 0 8 c");
    assert.equal(circle[4], "-4.42 -8 -8 -4.42 -8 0 c");
  });

  it("looks as its stylesheet says: the weightier rule, and of equal ones the later", () => {
    const styles = new Styles(".a{fill:#000001}.b .a{fill:#000002}.b>.a.c{fill:#000003}text{fill:#000004}");
    const fill = (...way: readonly string[]): string | undefined => styles.of(way.map((one) => ({ tag: "path", classes: one.split(" ") }))).get("fill");
    assert.deepEqual([fill("a"), fill("b", "x", "a"), fill("b", "a c"), fill("b", "x", "a c")], ["#000001", "#000002", "#000003", "#000002"]);
  });

  it("takes of a font only the letters that are used, composed ones with their parts", () => {
    const whole = readTrueType(font);
    const subset = readTrueTypeOf(whole.subset([0, ...[..."aÄ"].map((letter) => whole.glyphOf(letter.codePointAt(0) ?? 0))]));
    assert.ok(subset.length < 3000, `${subset.length} bytes`);
    assert.ok(subset.glyphs >= 4, "the parts of the Ä are missing");
  });
});

function readTrueTypeOf(bytes: Uint8Array): { readonly length: number; readonly glyphs: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + 16 * i;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(entry + byte)));
    if (tag === "maxp") return { length: bytes.length, glyphs: view.getUint16(view.getUint32(entry + 8) + 4) };
  }
  throw new Error("There is no table maxp.");
}

/** As a reader of PDF expands LZW. */
function expanded(packed: Uint8Array): Uint8Array {
  const out: number[] = [];
  let [table, width, held, count]: [number[][], number, number, number] = [[], 9, 0, 0];
  let before: readonly number[] | undefined;
  const entry = (code: number): readonly number[] | undefined => (code < 256 ? [code] : table[code - 258]);
  for (const byte of packed) {
    held = (held << 8) | byte;
    count += 8;
    if (count < width) continue;
    count -= width;
    const code = held >>> count;
    held &= (1 << count) - 1;
    if (code === 257) break;
    if (code === 256) {
      [table, width, before] = [[], 9, undefined];
      continue;
    }
    const now: readonly number[] = entry(code) ?? [...(before ?? []), before?.[0] ?? 0];
    out.push(...now);
    if (before !== undefined) table.push([...before, now[0] ?? 0]);
    before = now;
    if (258 + table.length + 1 >= 1 << width && width < 12) width++;
  }
  return Uint8Array.from(out);
}
