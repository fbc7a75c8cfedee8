/** The SQL of a program's templates and strings, put together piece by piece of the source, with a way back from each offset. */
import type { Span } from "../../text/span.ts";
import { OffsetMap } from "../offsetMap.ts";

export class QueryText {
  readonly #source: string;
  readonly #map = new OffsetMap();
  readonly #parameters: Span[] = [];
  readonly #gaps: Span[] = [];
  #sql = "";

  constructor(source: string) {
    this.#source = source;
  }

  get sql(): string {
    return this.#sql;
  }

  /** For each `$n`, in order, where its expression stands. */
  get parameters(): readonly Span[] {
    return this.#parameters;
  }

  /** Expressions that stand for SQL which nobody knows before it runs; each is a `$n` here. */
  get gaps(): readonly Span[] {
    return this.#gaps;
  }

  get map(): OffsetMap {
    return this.#map;
  }

  /** Adds a stretch of a string or template, its escapes read. */
  addText(start: number, end: number): void {
    for (let at = start; at < end; ) {
      const escape = escapeAt(this.#source, at);
      if (escape === undefined) {
        const next = nextEscape(this.#source, at + 1, end);
        this.#map.add(this.#sql.length, at, next - at);
        this.#sql += this.#source.slice(at, next);
        at = next;
      } else {
        this.#map.add(this.#sql.length, at, 0);
        this.#sql += escape.text;
        at += escape.length;
      }
    }
    this.#map.add(this.#sql.length, end, 0);
  }

  /** Adds what the source does not have, as standing at `at`. */
  addOwn(text: string, at: number): void {
    this.#map.add(this.#sql.length, at, 0);
    this.#sql += text;
  }

  /** `at` is where `${` stands. */
  addParameter(at: number, expression: Span, isGap = false): void {
    this.#parameters.push(expression);
    if (isGap) this.#gaps.push(expression);
    this.addOwn(`$${this.#parameters.length}`, at);
  }
}

const simpleEscapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0", "\n": "", "\r": "" }),
);

/** The escape that starts at `at`, with what it stands for; CRLF in a template stands for a line feed. */
function escapeAt(source: string, at: number): { readonly text: string; readonly length: number } | undefined {
  const character = source.charAt(at);
  if (character === "\r") return { text: "\n", length: source.charAt(at + 1) === "\n" ? 2 : 1 };
  if (character !== "\\") return undefined;
  const [whole, hex2, hex4, code] = /^\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\})/i.exec(source.slice(at, at + 12)) ?? [];
  const point = Number.parseInt(hex2 ?? hex4 ?? code ?? "", 16);
  if (whole !== undefined && point <= 0x10ffff) return { text: String.fromCodePoint(point), length: whole.length };
  const next = source.charAt(at + 1);
  return { text: simpleEscapes.get(next) ?? next, length: next === "\r" && source.charAt(at + 2) === "\n" ? 3 : 2 };
}

function nextEscape(source: string, from: number, end: number): number {
  let at = from;
  while (at < end && source.charAt(at) !== "\\" && source.charAt(at) !== "\r") at++;
  return at;
}
