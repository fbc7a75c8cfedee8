/** Where an element of a block stands in its file: spans inside a block count from its beginning, origins from the file's. */
import type { Span } from "../text/span.ts";
import { shift } from "../text/span.ts";
import type { Element, Origins, TextOrigin } from "./schema.ts";

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
    return [new PlacedOrigin(spot, this)];
  }
}

/**
 * An origin that works its spans out when asked: a schema has tens of thousands, a keystroke at the top of a file moves
 * them all, and few are ever looked at. Nothing changes under it: block, file and offset are those of one version.
 */
class PlacedOrigin implements TextOrigin {
  readonly kind = "prisma";
  readonly #spot: Spot;
  readonly #place: Place;

  constructor(spot: Spot, place: Place) {
    this.#spot = spot;
    this.#place = place;
  }

  get uri(): string {
    return this.#place.uri;
  }

  get span(): Span {
    return shift(this.#spot.span, this.#place.offset);
  }

  get nameSpan(): Span {
    return shift(this.#spot.nameSpan, this.#place.offset);
  }

  get parts(): Readonly<Record<string, Span>> {
    const moved: Record<string, Span> = {};
    for (const [name, part] of Object.entries(this.#spot.parts)) moved[name] = shift(part, this.#place.offset);
    return moved;
  }
}
