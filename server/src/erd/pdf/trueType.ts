/**
 * As much of a TrueType font as a document needs: which glyph a character has, how wide it is, and a smaller font of
 * chosen glyphs. https://learn.microsoft.com/typography/opentype/spec/
 */

export interface TrueType {
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  /** Left, bottom, right, top of every glyph together. */
  readonly bounds: readonly [number, number, number, number];
  /** 0 where the font has no shape for the character: the glyph of a hollow box. */
  glyphOf(codePoint: number): number;
  advanceOf(glyph: number): number;
  /** A font of these glyphs, which get the numbers 0, 1, 2 … in their order; what they are composed of comes after them. */
  subset(glyphs: readonly number[]): Uint8Array;
}

interface Table {
  readonly offset: number;
  readonly length: number;
}

/** @throws when these are not the bytes of a TrueType font. */
export function readTrueType(given: Uint8Array): TrueType {
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength); // a Buffer's slices are no copies
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = tablesOf(view);
  const table = (tag: string): Table => {
    const found = tables.get(tag);
    if (found === undefined) throw new Error(`The font has no table ${tag}.`);
    return found;
  };
  const [head, hhea, hmtx, loca, glyf] = [table("head"), table("hhea"), table("hmtx"), table("loca"), table("glyf")];
  const signed = (offset: number): number => view.getInt16(offset);
  const isLong = view.getInt16(head.offset + 50) === 1;
  const metrics = view.getUint16(hhea.offset + 34);
  const characters = charactersOf(view, table("cmap").offset);
  const dataOf = (glyph: number): Uint8Array => {
    const at = (number: number): number => (isLong ? view.getUint32(loca.offset + 4 * number) : 2 * view.getUint16(loca.offset + 2 * number));
    return bytes.subarray(glyf.offset + at(glyph), glyf.offset + at(glyph + 1));
  };
  const metricOf = (glyph: number): { readonly advance: number; readonly bearing: number } => {
    const last = Math.min(glyph, metrics - 1);
    const bearing = glyph < metrics ? hmtx.offset + 4 * glyph + 2 : hmtx.offset + 4 * metrics + 2 * (glyph - metrics);
    return { advance: view.getUint16(hmtx.offset + 4 * last), bearing: signed(bearing) };
  };
  return {
    unitsPerEm: view.getUint16(head.offset + 18),
    ascent: signed(hhea.offset + 4),
    descent: signed(hhea.offset + 6),
    bounds: [signed(head.offset + 36), signed(head.offset + 38), signed(head.offset + 40), signed(head.offset + 42)],
    glyphOf: (codePoint) => characters.get(codePoint) ?? 0,
    advanceOf: (glyph) => metricOf(glyph).advance,
    subset: (glyphs) => subsetOf(glyphs, { dataOf, metricOf, tableOf: (tag) => bytes.slice(table(tag).offset, table(tag).offset + table(tag).length) }),
  };
}

function tablesOf(view: DataView): ReadonlyMap<string, Table> {
  const tables = new Map<string, Table>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + 16 * i;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(entry + byte)));
    tables.set(tag, { offset: view.getUint32(entry + 8), length: view.getUint32(entry + 12) });
  }
  return tables;
}

/** Of the subtables for Unicode, the fuller one: format 12 has all planes, format 4 the first. */
function charactersOf(view: DataView, cmap: number): ReadonlyMap<number, number> {
  const characters = new Map<number, number>();
  const offsets = Array.from({ length: view.getUint16(cmap + 2) }, (_, i) => cmap + view.getUint32(cmap + 8 + 8 * i));
  const full = offsets.find((offset) => view.getUint16(offset) === 12);
  if (full !== undefined) {
    for (let group = 0; group < view.getUint32(full + 12); group++) {
      const at = full + 16 + 12 * group;
      const [first, last, glyph] = [view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8)];
      for (let code = first; code <= last; code++) characters.set(code, glyph + code - first);
    }
    return characters;
  }
  const basic = offsets.find((offset) => view.getUint16(offset) === 4);
  if (basic === undefined) return characters;
  const segments = view.getUint16(basic + 6) / 2;
  const [ends, starts] = [basic + 14, basic + 16 + 2 * segments];
  const [deltas, ranges] = [starts + 2 * segments, starts + 4 * segments];
  for (let i = 0; i < segments; i++) {
    const range = view.getUint16(ranges + 2 * i);
    for (let code = view.getUint16(starts + 2 * i); code <= view.getUint16(ends + 2 * i) && code < 0xffff; code++) {
      const named = range === 0 ? code : view.getUint16(ranges + 2 * i + range + 2 * (code - view.getUint16(starts + 2 * i)));
      if (named !== 0) characters.set(code, (named + view.getUint16(deltas + 2 * i)) & 0xffff);
    }
  }
  return characters;
}

interface Source {
  dataOf(glyph: number): Uint8Array;
  metricOf(glyph: number): { readonly advance: number; readonly bearing: number };
  tableOf(tag: string): Uint8Array;
}

function subsetOf(glyphs: readonly number[], { dataOf, metricOf, tableOf }: Source): Uint8Array {
  const all = [...glyphs];
  const numbers = new Map(all.map((glyph, i) => [glyph, i]));
  const numberOf = (glyph: number): number => {
    const known = numbers.get(glyph);
    if (known !== undefined) return known;
    numbers.set(glyph, all.length);
    return all.push(glyph) - 1;
  };
  const shapes: Uint8Array[] = [];
  for (const glyph of all) shapes.push(withoutHints(dataOf(glyph), numberOf)); // grows while it goes
  const [loca, hmtx, glyf] = [new Uint8Array(4 * (all.length + 1)), new Uint8Array(4 * all.length), joined(shapes, 4)];
  const [places, widths] = [new DataView(loca.buffer), new DataView(hmtx.buffer)];
  let end = 0;
  all.forEach((glyph, i) => {
    const { advance, bearing } = metricOf(glyph);
    widths.setUint16(4 * i, advance);
    widths.setInt16(4 * i + 2, bearing);
    end += padded(shapes[i]?.length ?? 0, 4);
    places.setUint32(4 * (i + 1), end);
  });
  const [head, hhea, maxp] = [tableOf("head"), tableOf("hhea"), tableOf("maxp")];
  new DataView(head.buffer).setInt16(50, 1); // places are four bytes long
  new DataView(head.buffer).setUint32(8, 0);
  new DataView(hhea.buffer).setUint16(34, all.length);
  new DataView(maxp.buffer).setUint16(4, all.length);
  return fontOf(new Map([["glyf", glyf], ["head", head], ["hhea", hhea], ["hmtx", hmtx], ["loca", loca], ["maxp", maxp]]));
}

/** Parts of a composed glyph get their new numbers. Hints are programs for screens of few pixels, and call others that are left out. */
function withoutHints(data: Uint8Array, numberOf: (glyph: number) => number): Uint8Array {
  if (data.length < 10) return new Uint8Array(0);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const contours = view.getInt16(0);
  if (contours >= 0) {
    const at = 10 + 2 * contours;
    const length = view.getUint16(at);
    const outline = joined([data.subarray(0, at + 2), data.subarray(at + 2 + length)], 1);
    new DataView(outline.buffer).setUint16(at, 0);
    return outline;
  }
  const composed = data.slice();
  const written = new DataView(composed.buffer);
  for (let at = 10; ; ) {
    const flags = view.getUint16(at);
    written.setUint16(at, flags & ~0x0100); // has instructions
    written.setUint16(at + 2, numberOf(view.getUint16(at + 2)));
    at += 4 + (flags & 0x0001 ? 4 : 2) + (flags & 0x0008 ? 2 : flags & 0x0040 ? 4 : flags & 0x0080 ? 8 : 0);
    if ((flags & 0x0020) === 0) return composed.subarray(0, at);
  }
}

function fontOf(tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const power = 2 ** Math.floor(Math.log2(tables.size));
  const directory = new Uint8Array(12 + 16 * tables.size);
  const view = new DataView(directory.buffer);
  view.setUint32(0, 0x00010000);
  view.setUint16(4, tables.size);
  view.setUint16(6, 16 * power);
  view.setUint16(8, Math.log2(power));
  view.setUint16(10, 16 * (tables.size - power));
  let offset = directory.length;
  [...tables].forEach(([tag, data], i) => {
    const entry = 12 + 16 * i;
    for (let byte = 0; byte < 4; byte++) view.setUint8(entry + byte, tag.charCodeAt(byte));
    view.setUint32(entry + 4, sumOf(data));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, data.length);
    offset += padded(data.length, 4);
  });
  const font = joined([directory, ...tables.values()], 4);
  const [headAt] = [...tables.keys()].flatMap((tag, i) => (tag === "head" ? [view.getUint32(12 + 16 * i + 8)] : []));
  new DataView(font.buffer).setUint32((headAt ?? 0) + 8, (0xb1b0afba - sumOf(font)) >>> 0);
  return font;
}

function sumOf(data: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 4)
    sum = (sum + (((data[i] ?? 0) << 24) | ((data[i + 1] ?? 0) << 16) | ((data[i + 2] ?? 0) << 8) | (data[i + 3] ?? 0))) >>> 0;
  return sum;
}

function padded(length: number, to: number): number {
  return Math.ceil(length / to) * to;
}

/** One after another, each from a multiple of `to` bytes. */
function joined(parts: readonly Uint8Array[], to: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + padded(length, to), 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += padded(part.length, to);
  }
  return whole;
}
