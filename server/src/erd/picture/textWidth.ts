/**
 * How wide a text is, without a font at hand: the same number everywhere. The table is that of DejaVu Sans, the widest
 * of the sans-serif fonts that systems come with, so that a text drawn in any other keeps its place.
 */

/** Hundredths of an em, of the characters 32 to 126. */
const widths = [
  32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53, 100, 68,
  69, 70, 77, 63, 57, 78, 75, 30, 30, 66, 56, 86, 75, 79, 60, 79, 70, 64, 61, 73, 68, 99, 68, 61, 68, 39, 34, 39, 84, 50, 50, 61, 64, 55,
  64, 62, 35, 64, 63, 28, 28, 58, 28, 97, 63, 61, 64, 64, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/** Pixels, for a font of `size` pixels. */
export function textWidth(text: string, size: number): number {
  let hundredths = 0;
  for (const character of text) hundredths += widthOf(character.codePointAt(0) ?? 0);
  return (hundredths * size) / 100;
}

/** The text, or as much of it as fits with an ellipsis. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const room = width - textWidth("…", size);
  let used = 0;
  let kept = "";
  for (const character of text) {
    used += textWidth(character, size);
    if (used > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

function widthOf(codePoint: number): number {
  if (codePoint < 127) return widths[codePoint - 32] ?? 0;
  // Combining marks stand on what comes before them; East Asian characters and pictographs fill a square.
  if (codePoint >= 0x300 && codePoint <= 0x36f) return 0;
  return codePoint >= 0x1100 ? 100 : codePoint === 0x2026 ? 100 : 65;
}
