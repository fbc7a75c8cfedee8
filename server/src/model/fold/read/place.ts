/** Where an element stands in its statement, independent of where the statement stands in its file. */
import { shift, type Span } from "../../../text/span.ts";
import type { TextOrigin } from "../../schema.ts";

export type Parts = Readonly<Record<string, Span>>;

/**
 * Spans relative to the statement's text. They survive edits elsewhere in the file; `originAt` makes the
 * file-absolute origin, and hands out the same object as long as the statement stands where it stood.
 */
export class Place {
  readonly span: Span;
  readonly nameSpan: Span;
  readonly parts: Parts | undefined;
  #last: { readonly base: number; readonly origins: readonly [TextOrigin] } | undefined;

  constructor(span: Span, nameSpan: Span, parts?: Parts) {
    this.span = span;
    this.nameSpan = nameSpan;
    this.parts = parts !== undefined && Object.keys(parts).length > 0 ? parts : undefined;
  }

  originAt(uri: string, base: number): TextOrigin {
    return this.originsAt(uri, base)[0];
  }

  /** The origin as the only one of an element. */
  originsAt(uri: string, base: number): readonly [TextOrigin] {
    const last = this.#last;
    if (last !== undefined && last.base === base && last.origins[0].uri === uri) return last.origins;
    const plain = { kind: "sql", uri, span: shift(this.span, base), nameSpan: shift(this.nameSpan, base) } as const;
    const origins = [this.parts === undefined ? plain : { ...plain, parts: shiftAll(this.parts, base) }] as const;
    this.#last = { base, origins };
    return origins;
  }
}

function shiftAll(parts: Parts, base: number): Parts {
  const moved: Record<string, Span> = {};
  for (const name in parts) {
    const part = parts[name];
    if (part !== undefined) moved[name] = shift(part, base);
  }
  return moved;
}
