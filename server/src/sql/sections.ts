/**
 * Migration files that hold both directions: which part builds, and which part undoes it. Known are the markers of
 * goose, sql-migrate, dbmate, node-pg-migrate and tern.
 */

export type Section = "up" | "down";

const marker =
  /^[ \t]*--[ \t]*(?:\+(?:goose|migrate)[ \t]+(up|down)|migrate:(up|down)|(up|down) migration|--[ \t]*create above [/] drop (below)[ \t-]*)(?![\w])/gim;

/** Whether the statement at an offset of `text` builds or undoes. A file without markers only builds. */
export function sectionsOf(text: string): (offset: number) => Section {
  if (!/--[ \t]*(?:\+goose|\+migrate|migrate:|up migration|down migration|--)/i.test(text)) return () => "up";
  const starts: { readonly at: number; readonly section: Section }[] = [];
  for (const match of text.matchAll(marker)) {
    const word = (match[1] ?? match[2] ?? match[3] ?? match[4] ?? "").toLowerCase();
    starts.push({ at: match.index, section: word === "up" ? "up" : "down" });
  }
  if (starts.length === 0) return () => "up";
  return (offset) => starts.findLast((start) => start.at <= offset)?.section ?? "up";
}

/**
 * Whether the `--` comment in `[start, end)` is a line by which goose, sql-migrate or dbmate cut a file: what stands
 * above it needs no semicolon.
 */
export function isMigrationMarker(text: string, start: number, end: number): boolean {
  return /^--[ \t]*(?:\+(?:goose|migrate)\b|migrate:(?:up|down)\b)/i.test(text.slice(start, Math.min(end, start + 24)));
}
