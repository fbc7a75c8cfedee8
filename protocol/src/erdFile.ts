/**
 * The text of `.database-architect/erd.json`, where tables stay that a person moved. Sorted, one line a table, whole
 * numbers: a review shows what was moved, and two people rarely touch the same line.
 */
import type { ErdPositions } from "./erd.ts";

/** Relative to the folder of the project. */
export const erdFilePath = ".database-architect/erd.json";

/** Undefined when there is nothing to keep. Keys are sorted by code unit, which is the same on every machine. */
export function formatErdFile(positions: ErdPositions): string | undefined {
  const lines = Object.entries(positions)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, { x, y }]) => `    ${JSON.stringify(key)}: { "x": ${whole(x)}, "y": ${whole(y)} }`);
  return lines.length === 0 ? undefined : `{\n  "version": 1,\n  "positions": {\n${lines.join(",\n")}\n  }\n}\n`;
}

/** What a file holds after boxes were moved. `boxes` are the keys of all there are: places of others go; undefined when that is not known. */
export function keptPositions(before: ErdPositions, moved: ErdPositions, boxes: ReadonlySet<string> | undefined): ErdPositions {
  const standing = Object.entries(before).filter(([key]) => boxes === undefined || boxes.has(key));
  return { ...Object.fromEntries(standing), ...moved };
}

/** Never "-0". */
function whole(value: number): string {
  return String(Math.round(value));
}
