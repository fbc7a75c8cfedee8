/**
 * Markers in the text of an example: a comment line with carets under the line above says where something is expected,
 * and what. In Prisma and TypeScript it begins with two slashes, in SQL with two dashes; the carets follow at once or after blanks.
 */
import type { Span } from "../../server/src/text/span.ts";

export interface Marked {
  /** The text without its marker lines. */
  readonly text: string;
  readonly markers: readonly Marker[];
}

export interface Marker {
  readonly span: Span;
  readonly message: string;
}

export function readMarkers(marked: string): Marked {
  const lines: string[] = [];
  const markers: Marker[] = [];
  let length = 0;
  let lineStart = 0;
  for (const line of marked.split("\n")) {
    const match = /^(\s*(?:\/\/|--)\s*)(\^+)(?: (.*))?$/.exec(line);
    if (match === null) {
      lineStart = length;
      lines.push(line);
      length += line.length + 1;
      continue;
    }
    const [, before = "", carets = "", message = ""] = match;
    const start = lineStart + before.length;
    markers.push({ span: { start, end: start + carets.length }, message });
  }
  return { text: lines.join("\n"), markers };
}
