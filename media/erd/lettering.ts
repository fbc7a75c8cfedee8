/** Words as pictures, drawn by the fonts of this machine: for documents whose own font has no shapes for them. */
import type { ErdLettering } from "../../protocol/src/erd.ts";

const pixelsPerEm = 64;
/** Ems around a word: above and below its line, and to the sides, where letters lean out. */
const [above, below, aside] = [1.05, 0.4, 0.15];
/** For nothing that is written there is a shape here, so that it looks as everything does that this machine has no font for. */
const unknown = "\u{10fffd}";
/** What is seen only together with what is before it. */
const unseen = /\u200d|[\ufe00-\ufe0f]/gu;

/** Of those that there are shapes for, on this machine. */
export function letteringsOf(words: readonly string[]): readonly ErdLettering[] {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return [];
  const box = drawn(unknown, canvas, context).data.join();
  const known = new Map<string, boolean>();
  const isKnown = (character: string): boolean => {
    const before = known.get(character) ?? drawn(character, canvas, context).data.join() !== box;
    known.set(character, before);
    return before;
  };
  return words.filter((word) => [...word.replaceAll(unseen, "")].every(isKnown)).map((word) => letteringOf(word, canvas, context));
}

function letteringOf(text: string, canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): ErdLettering {
  const { width: columns, height: rows, data } = drawn(text, canvas, context);
  const advance = context.measureText(text).width / pixelsPerEm;
  const isColoured = data.some((value, i) => i % 4 < 3 && Math.abs(value - (data[i - (i % 4)] ?? 0)) > 24 && (data[i - (i % 4) + 3] ?? 0) > 0);
  const place = { text, advance, columns, rows, pixelsPerEm, left: Math.round(aside * pixelsPerEm), baseline: Math.round(above * pixelsPerEm) };
  return isColoured ? { ...place, pixels: "colours", data: base64(data) } : { ...place, pixels: "mask", data: base64(maskOf(data, columns, rows)) };
}

function drawn(text: string, canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): ImageData {
  const font = `${pixelsPerEm}px sans-serif`;
  context.font = font;
  canvas.width = Math.min(16_000, Math.ceil(context.measureText(text).width + 2 * aside * pixelsPerEm));
  canvas.height = Math.ceil((above + below) * pixelsPerEm);
  context.font = font; // a canvas of another size has forgotten
  context.fillText(text, Math.round(aside * pixelsPerEm), Math.round(above * pixelsPerEm));
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function maskOf(data: Uint8ClampedArray, columns: number, rows: number): Uint8Array {
  const bytes = Math.ceil(columns / 8);
  const mask = new Uint8Array(bytes * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = y * bytes + (x >> 3);
      if ((data[(y * columns + x) * 4 + 3] ?? 0) >= 128) mask[at] = (mask[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return mask;
}

function base64(bytes: Uint8Array | Uint8ClampedArray): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
