/** Where an element stands in its statement, independent of where the statement stands in its file. */
import { shift, type Span } from "../../../text/span.ts";
import type { Anchor, TextOrigin } from "../../schema.ts";

export type Parts = Readonly<Record<string, Span>>;

/** What a text is part of: a file, a statement of it, and how far in the text begins: a DO block has statements inside. */
export interface Where {
  readonly uri: string;
  readonly anchor: Anchor;
  readonly within: number;
}

/** Spans relative to the statement's text. The origins are the same object for as long as the statement is the same. */
export class Place {
  readonly span: Span;
  readonly nameSpan: Span;
  readonly parts: Parts | undefined;
  #last: readonly [TextOrigin] | undefined;

  constructor(span: Span, nameSpan: Span, parts?: Parts) {
    this.span = span;
    this.nameSpan = nameSpan;
    this.parts = parts !== undefined && Object.keys(parts).length > 0 ? parts : undefined;
  }

  originIn(where: Where): TextOrigin {
    return this.originsIn(where)[0];
  }

  /** The origin as the only one of an element. */
  originsIn({ uri, anchor, within }: Where): readonly [TextOrigin] {
    const last = this.#last;
    if (last !== undefined && last[0].anchor === anchor && last[0].uri === uri) return last;
    const plain = { kind: "sql", uri, anchor, span: shift(this.span, within), nameSpan: shift(this.nameSpan, within) } as const;
    const origins = [this.parts === undefined ? plain : { ...plain, parts: shiftAll(this.parts, within) }] as const;
    this.#last = origins;
    return origins;
  }
}

function shiftAll(parts: Parts, by: number): Parts {
  if (by === 0) return parts;
  const moved: Record<string, Span> = {};
  for (const name in parts) {
    const part = parts[name];
    if (part !== undefined) moved[name] = shift(part, by);
  }
  return moved;
}
