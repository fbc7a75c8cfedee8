/** Where an element of a block stands in its file: spans inside a block count from its beginning, origins from the file's. */
import type { Span } from "../text/span.ts";
import type { Element, Origins } from "./schema.ts";

/** Spans of an element, relative to its block. */
export interface Spot {
  readonly span: Span;
  readonly nameSpan: Span;
  readonly parts: Readonly<Record<string, Span>>;
}

export const noParts: Spot["parts"] = {};

/** An element of which everything is known but where it is stated: its origins are `nowhere`. */
export interface Unplaced<T extends Element> {
  readonly element: T;
  readonly spot: Spot;
}

/**
 * Stands in for origins that come later. Replacing a property while copying an object is thirty times faster than adding
 * one, and a schema has tens of thousands of elements to place at every keystroke.
 */
export const nowhere: Origins = [{ kind: "implied", by: "" }];

/** A block's place: which file, and how far in. */
export class Place {
  readonly uri: string;
  readonly offset: number;

  constructor(uri: string, offset: number) {
    this.uri = uri;
    this.offset = offset;
  }

  isSame(other: Place): boolean {
    return this.offset === other.offset && this.uri === other.uri;
  }

  origins(spot: Spot): Origins {
    const { uri, offset } = this;
    const span = moved(spot.span, offset);
    const nameSpan = spot.nameSpan === spot.span ? span : moved(spot.nameSpan, offset);
    return [{ kind: "prisma", uri, span, nameSpan, parts: movedParts(spot.parts, offset) }];
  }
}

function moved(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

function movedParts(parts: Spot["parts"], by: number): Spot["parts"] {
  const result: Record<string, Span> = {};
  for (const name in parts) {
    const part = parts[name];
    if (part !== undefined) result[name] = moved(part, by);
  }
  return result;
}
