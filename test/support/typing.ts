/** Edits as people make them, at random places. */

/** The text after one edit: a letter typed or deleted, a line deleted, doubled, moved or broken off. */
export function typed(text: string, random: (below: number) => number): string {
  const lines = text.split("\n");
  const at = random(lines.length);
  const line = lines[at] ?? "";
  switch (random(6)) {
    case 0: {
      const offset = random(text.length + 1);
      return `${text.slice(0, offset)}${"ax( ;'@}{"[random(9)] ?? ""}${text.slice(offset)}`;
    }
    case 1: {
      const offset = random(text.length + 1);
      return text.slice(0, offset) + text.slice(offset + 1 + random(3));
    }
    case 2:
      lines.splice(at, 1);
      break;
    case 3:
      lines.splice(at, 0, line);
      break;
    case 4:
      lines.splice(at, 1);
      lines.splice(random(lines.length + 1), 0, line);
      break;
    default:
      lines[at] = line.slice(0, random(line.length + 1));
  }
  return lines.join("\n");
}
