/** The text of comments, without their markers. */
import { isMigrationMarker } from "./sections.ts";

/**
 * The lines of `--` and block comments that stand together: markers, and the stars of a boxed block, taken off. Lines by
 * which a migration tool cuts the file are none of it.
 */
export function commentText(comments: string): string {
  const all = comments.split(/\r\n|\n|\r/).filter((line) => !isMigrationMarker(line.trim(), 0, line.length));
  const lines = all.map((line) => {
    const plain = line.trim();
    if (plain.startsWith("--")) return plain.replace(/^-+ ?/, "").trimEnd();
    return plain
      .replace(/^\/\*+ ?|^\*+(?!\/) ?/, "")
      .replace(/ ?\*+\/$/, "")
      .trimEnd();
  });
  while (lines[0] === "") lines.shift();
  while (lines.at(-1) === "") lines.pop();
  return lines.join("\n");
}
