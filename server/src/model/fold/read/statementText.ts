/** The text of one statement beside its parse tree: from the tree's byte offsets to spans of names, items and clauses. */
import type { Span } from "../../../text/span.ts";
import { maxNameBytes, truncateName } from "../../names.ts";
import { type Parts, Place } from "./place.ts";
import { Tokens } from "../../../sql/statementTokens.ts";

/** Everything here counts UTF-16 code units from the statement's first character. */
export class StatementText {
  readonly text: string;
  readonly #position: (byte: number) => number;
  readonly #places = new Map<string, Place>();
  #tokens: Tokens | undefined;

  /** `position` turns a UTF-8 byte offset of the tree into a UTF-16 offset of `text`. */
  constructor(text: string, position: (byte: number) => number) {
    this.text = text;
    this.#position = position;
  }

  get tokens(): Tokens {
    this.#tokens ??= new Tokens(this.text);
    return this.#tokens;
  }

  /** The token at a location of the parse tree; the first one when the tree has none. */
  tokenAt(location: number | undefined): number {
    return location === undefined || location < 0 ? 0 : this.tokens.at(this.#position(location));
  }

  /** From the first token to the one before `end`. */
  span(start: number, end: number): Span {
    return { start: this.tokens.start(start), end: this.tokens.end(Math.max(start, end - 1)) };
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  /** The last part of the possibly qualified name at a location. */
  nameSpan(location: number | undefined): Span {
    return this.span(this.nameToken(location), 0);
  }

  nameToken(location: number | undefined): number {
    return this.tokens.nameEnd(this.tokenAt(location)) - 1;
  }

  /** What stands in front of a qualified name, as the part `schema`. */
  schemaPart(nameToken: number): Parts {
    return this.tokens.textOf(nameToken - 1) === "." ? { schema: this.span(nameToken - 2, 0) } : {};
  }

  /** The name as the part `truncated`, where it is longer than PostgreSQL keeps. */
  truncatedPart(nameToken: number): Parts {
    const text = this.tokens.textOf(nameToken) ?? "";
    return text.length * 3 > maxNameBytes && writtenName(text) !== truncateName(writtenName(text)) ? { truncated: this.span(nameToken, 0) } : {};
  }

  /** The whole statement, with the name at a location. The same object whenever it is asked for. */
  whole(nameLocation: number | undefined): Place {
    return this.#place(`at ${nameLocation}`, () => this.nameToken(nameLocation));
  }

  /** The whole statement, with the first token from `from` on that is `name`, written with or without quotes. */
  wholeNamed(name: string | undefined, from = 0): Place {
    return this.#place(`${from} ${name}`, () => this.findName(name, from) ?? 0);
  }

  /** The same, with `content` as the part `body` where it stands in the statement as it is. */
  wholeWithBody(name: string | undefined, content: string): Place {
    const start = content === "" ? -1 : this.text.indexOf(content);
    const parts = start < 0 ? {} : { body: { start, end: start + content.length } };
    return this.#place(`body ${name}`, () => this.findName(name) ?? 0, parts);
  }

  #place(key: string, nameToken: () => number, parts?: Parts): Place {
    let place = this.#places.get(key);
    if (place === undefined) {
      const token = nameToken();
      place = new Place(this.span(0, this.tokens.count), this.span(token, 0), { ...this.schemaPart(token), ...parts });
      this.#places.set(key, place);
    }
    return place;
  }

  /** The first token that names `name`, and no schema of that name. */
  findName(name: string | undefined, from = 0): number | undefined {
    if (name === undefined) return undefined;
    const quoted = `"${name.replaceAll('"', '""')}"`;
    for (let token = from; token < this.tokens.count; token++) {
      const text = this.tokens.textOf(token);
      if ((text === quoted || text.toLowerCase() === name) && this.tokens.textOf(token + 1) !== ".") return token;
    }
    return Buffer.byteLength(name) > maxNameBytes - 4 ? this.#findLonger(name, from) : undefined;
  }

  /** The first token that PostgreSQL cuts down to `name`. */
  #findLonger(name: string, from: number): number | undefined {
    for (let token = from; token < this.tokens.count; token++) {
      if (truncateName(writtenName(this.tokens.textOf(token) ?? "")) === name) return token;
    }
    return undefined;
  }
}

/** The name that a token says, before PostgreSQL cuts it. */
function writtenName(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
}
