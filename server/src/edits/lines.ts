/** Lines around a place in a text, for edits that add or remove whole ones. Offsets are UTF-16; a line break is `\n` or `\r\n`. */
import type { Edit } from "../text/edit.ts";
import type { Span } from "../text/span.ts";

export function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Before the line break, or the end of the text. */
export function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  if (newline < 0) return text.length;
  return newline > offset && text[newline - 1] === "\r" ? newline - 1 : newline;
}

/** Behind the line break, or the end of the text. */
export function startOfNextLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline < 0 ? text.length : newline + 1;
}

export function indentAt(text: string, offset: number): string {
  return /[ \t]*/y.exec(text.slice(startOfLine(text, offset)))?.[0] ?? "";
}

export function isBlank(text: string, span: Span): boolean {
  return text.slice(span.start, span.end).trim() === "";
}

/** Whether the line that begins at `start` is there and empty. */
export function isBlankLine(text: string, start: number): boolean {
  return start < text.length && isBlank(text, { start, end: endOfLine(text, start) });
}

export function insertAt(offset: number, text: string): Edit {
  return { span: { start: offset, end: offset }, text };
}

/**
 * Removes what stands at `span` with the lines it fills; where it fills its lines only partly, with the blanks before it.
 * Two empty lines that would meet become one, and none stays before a closing brace or at the end of the text.
 */
export function removeWithLines(text: string, span: Span): Edit {
  const start = startOfLine(text, span.start);
  if (!isBlank(text, { start, end: span.start }) || !isBlank(text, { start: span.end, end: endOfLine(text, span.end) })) {
    const before = text.slice(start, span.start).trimEnd().length;
    return { span: { start: before === 0 ? span.start : start + before, end: span.end }, text: "" };
  }
  const next = startOfNextLine(text, span.end);
  const previous = startOfLine(text, Math.max(0, start - 1));
  const isBlankBefore = start > 0 && isBlankLine(text, previous);
  const isEndBehind = next >= text.length || isBlankLine(text, next) || /^[ \t]*\}/.test(text.slice(next, endOfLine(text, next)));
  return { span: { start: isBlankBefore && isEndBehind ? previous : start, end: next }, text: "" };
}
