/** The text of comments, without their markers. */

/** The lines of `--` and block comments that stand together: markers, and the stars of a boxed block, taken off. */
export function commentText(comments: string): string {
  const lines = comments.split(/\r\n|\n|\r/).map((line) => {
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
