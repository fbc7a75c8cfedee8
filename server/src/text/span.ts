/**
 * Positions in a text. A span is half-open and counts UTF-16 code units, as JavaScript strings and
 * the language server protocol do; lines and columns exist only in `lsp/` and the command line.
 */

/** Half-open range `[start, end)` in UTF-16 code units from the beginning of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function span(start: number, end: number): Span {
  return { start, end };
}

/** The span moved by `by` code units. */
export function shift(at: Span, by: number): Span {
  return by === 0 ? at : { start: at.start + by, end: at.end + by };
}

/** Whether `outer` holds every position of `inner`. */
export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
