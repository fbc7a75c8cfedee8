/** Where the elements of a schema stand in their texts at one moment: origins count from pieces that move. */
import { shift, type Span } from "../text/span.ts";
import type { Anchor, TextOrigin } from "./schema.ts";

/** As Prisma files and SQL files are, once parsed. */
export type AnchoredFile = { readonly uri: string } & (
  | { readonly blocks: readonly { readonly block: Anchor; readonly offset: number }[] }
  | { readonly statements: readonly { readonly anchor: Anchor; readonly span: Span }[] }
);

export class Places {
  readonly #files: ReadonlyMap<string, AnchoredFile>;
  readonly #starts = new Map<string, ReadonlyMap<Anchor, number>>();
  /** Under each original its copy, of the same type: property by property the same, which is beyond what types can say. */
  readonly #copies = new WeakMap();

  constructor(files: Iterable<AnchoredFile>) {
    this.#files = new Map([...files].map((file) => [file.uri, file]));
  }

  span(origin: TextOrigin): Span {
    return shift(origin.span, this.#start(origin));
  }

  nameSpan(origin: TextOrigin): Span {
    return shift(origin.nameSpan, this.#start(origin));
  }

  /** The origin, counted from the file's beginning. */
  origin(origin: TextOrigin): TextOrigin {
    if (origin.anchor === undefined) return origin;
    const start = this.#start(origin);
    const plain = { kind: origin.kind, uri: origin.uri, span: shift(origin.span, start), nameSpan: shift(origin.nameSpan, start) };
    return origin.parts === undefined ? plain : { ...plain, parts: shiftAll(origin.parts, start) };
  }

  /**
   * A copy of something that holds elements, such as a table or what a fix is about, in which every origin counts from
   * its file's beginning. What is one object in it is one object in every copy that this makes.
   */
  copy<T extends object>(value: T): T {
    if (!this.#copies.has(value)) this.#copies.set(value, this.#copyOf(value));
    return this.#copies.get(value);
  }

  #copyOf(value: object): object {
    if (Array.isArray(value)) return value.map((item: unknown) => this.#item(item));
    if (value instanceof Map) return new Map([...value].map(([key, item]: readonly [unknown, unknown]) => [key, this.#item(item)]));
    if (value instanceof Set) return value;
    if (isTextOrigin(value)) return this.origin(value);
    return Object.fromEntries(Object.entries(value).map(([name, item]: readonly [string, unknown]) => [name, this.#item(item)]));
  }

  #item(item: unknown): unknown {
    return typeof item === "object" && item !== null ? this.copy(item) : item;
  }

  #start({ uri, anchor }: TextOrigin): number {
    if (anchor === undefined) return 0;
    let starts = this.#starts.get(uri);
    if (starts === undefined) {
      starts = startsIn(this.#files.get(uri));
      this.#starts.set(uri, starts);
    }
    return starts.get(anchor) ?? 0;
  }
}

function startsIn(file: AnchoredFile | undefined): ReadonlyMap<Anchor, number> {
  const starts = new Map<Anchor, number>();
  if (file === undefined) return starts;
  if ("blocks" in file) for (const { block, offset } of file.blocks) starts.set(block, offset);
  else for (const { anchor, span } of file.statements) starts.set(anchor, span.start);
  return starts;
}

function isTextOrigin(value: object): value is TextOrigin {
  return "uri" in value && "nameSpan" in value && "kind" in value && (value.kind === "prisma" || value.kind === "sql");
}

function shiftAll(parts: NonNullable<TextOrigin["parts"]>, by: number): NonNullable<TextOrigin["parts"]> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, shift(part, by)]));
}
