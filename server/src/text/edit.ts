/** Changes to texts, as data: what a fix does to files, before anybody applies it. */
import type { Span } from "./span.ts";

/** Replaces what stands at `span` by `text`; an empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** Edits to one file that exists, or a file to be made. */
export type FileEdit =
  | { readonly kind: "change"; readonly uri: string; readonly edits: readonly Edit[] }
  /** `place`: it needs a file of its own behind the others for this address, or one behind all those. Only while edits are put together. */
  | { readonly kind: "create"; readonly uri: string; readonly text: string; readonly place?: "alone" | "after" };

/**
 * The text after all edits. They refer to the text as it was, in any order.
 *
 * @throws RangeError when two edits overlap, or one lies outside the text.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end || a.order - b.order);
  let result = "";
  let at = 0;
  for (const { edit } of ordered) {
    if (edit.span.start < at || edit.span.end > text.length || edit.span.end < edit.span.start) {
      throw new RangeError(`Edit ${edit.span.start}..${edit.span.end} overlaps another or leaves the text.`);
    }
    result += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return result + text.slice(at);
}
