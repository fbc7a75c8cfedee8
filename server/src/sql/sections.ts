/**
 * Migration files that hold both directions: which part builds, and which part undoes it. Known are the markers of
 * goose, sql-migrate, dbmate, node-pg-migrate and tern.
 */
import { isSpace, newline } from "./lexer.ts";

export type Section = "up" | "down";

/** From the dashes on. */
const marker =
  /--[ \t]*(?:\+(?:goose|migrate)[ \t]+(up|down)|migrate:(up|down)|(up|down) migration|--[ \t]*create above [/] drop (below)[ \t-]*)(?!\w)/iy;

/** Whether the statement at an offset of `text` builds or undoes. A file without markers only builds. */
export function sectionsOf(text: string): (offset: number) => Section {
  const starts: { readonly at: number; readonly section: Section }[] = [];
  for (let at = text.indexOf("--"); at >= 0; at = text.indexOf("--", at + 2)) {
    if (!mayBeMarker(text, at) || !startsLine(text, at)) continue;
    marker.lastIndex = at;
    const match = marker.exec(text);
    if (match === null) continue;
    const word = (match[1] ?? match[2] ?? match[3] ?? match[4] ?? "").toLowerCase();
    starts.push({ at, section: word === "up" ? "up" : "down" });
  }
  if (starts.length === 0) return () => "up";
  return (offset) => starts.findLast((start) => start.at <= offset)?.section ?? "up";
}

/** Most comments are none, and their first letter tells. */
function mayBeMarker(text: string, at: number): boolean {
  let index = at + 2;
  while (text.charAt(index) === " " || text.charAt(index) === "\t") index++;
  return "+-mMuUdD".includes(text.charAt(index));
}

function startsLine(text: string, at: number): boolean {
  let index = at - 1;
  while (index >= 0 && isSpace(text.charCodeAt(index)) && text.charCodeAt(index) !== newline) index--;
  return index < 0 || text.charCodeAt(index) === newline;
}

/**
 * Whether the `--` comment in `[start, end)` is a line by which goose, sql-migrate or dbmate cut a file: what stands
 * above it needs no semicolon.
 */
export function isMigrationMarker(text: string, start: number, end: number): boolean {
  return /^--[ \t]*(?:\+(?:goose|migrate)\b|migrate:(?:up|down)\b)/i.test(text.slice(start, Math.min(end, start + 24)));
}
