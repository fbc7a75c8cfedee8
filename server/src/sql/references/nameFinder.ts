/** Where names of the parse tree stand in the statement's text: the tree tells where some begin, and of many not even that. */
import type { Span } from "../../text/span.ts";
import type { NamePlace } from "../reference.ts";
import { Tokens } from "../statementTokens.ts";

export class NameFinder {
  readonly tokens: Tokens;
  readonly #position: (byte: number) => number;

  /** `position` turns a UTF-8 byte offset of the tree into a UTF-16 offset of `text`. */
  constructor(text: string, position: (byte: number) => number) {
    this.tokens = new Tokens(text);
    this.#position = position;
  }

  /** The token at a location of the tree; the first one when the tree leaves it out, as it does with 0. */
  tokenAt(location: number | undefined): number {
    return location === undefined || location < 0 ? 0 : this.tokens.at(this.#position(location));
  }

  /** The UTF-16 offset of a location of the tree. */
  offset(location: number | undefined): number {
    return this.#position(location ?? 0);
  }

  /** The name at a location; undefined when something else is written there, as where the parser puts in a name of its own. */
  at(location: number | undefined, path: readonly string[]): NamePlace | undefined {
    return location === -1 ? undefined : this.#from(this.tokenAt(location), path);
  }

  /** The first place from the token `from` on, before the token `until`, at which just this name is written. */
  find(path: readonly string[], from: number, until = this.tokens.count): NamePlace | undefined {
    const { tokens } = this;
    for (let token = from; token < until; token++) {
      if (token > 0 && tokens.is(token - 1, ".")) continue;
      const place = this.#from(token, path);
      if (place !== undefined && !tokens.is(token + 2 * path.length - 1, ".")) return place;
    }
    return undefined;
  }

  /**
   * The names of the list in the first parentheses from the token `from` on; undefined stands for an item that is no
   * name, and an item that is written otherwise is left out.
   */
  findList(names: readonly (string | undefined)[], from: number, until = this.tokens.count): NamePlace[] {
    const { tokens } = this;
    if (names.length === 0) return [];
    const open = tokens.find(from, until, "(");
    if (open === undefined) return [];
    const places: NamePlace[] = [];
    let token = open + 1;
    for (const name of names) {
      const place = name === undefined ? undefined : this.#from(token, [name]);
      if (place !== undefined) places.push(place);
      token = tokens.itemEnd(token) + 1;
    }
    return places;
  }

  /** One after the other, from the token `from` on, wherever each is next written. */
  findEach(names: readonly string[], from: number, until = this.tokens.count): NamePlace[] {
    let token = from;
    return names.flatMap((name) => {
      const place = this.find([name], token, until);
      if (place === undefined) return [];
      token = this.tokens.at(place.nameSpan.start) + 1;
      return [place];
    });
  }

  #from(token: number, path: readonly string[]): NamePlace | undefined {
    const { tokens } = this;
    const parts: Span[] = [];
    for (const [i, name] of path.entries()) {
      const at = token + 2 * i;
      if ((i > 0 && !tokens.is(at - 1, ".")) || !isNamed(tokens.textOf(at), name)) return undefined;
      parts.push({ start: tokens.start(at), end: tokens.end(at) });
    }
    const [first] = parts;
    const last = parts.at(-1);
    if (first === undefined || last === undefined) return undefined;
    return { path, parts, span: { start: first.start, end: last.end }, nameSpan: last };
  }
}

/** Whether a token is the identifier `name`, which is folded and cut as PostgreSQL does it. */
function isNamed(token: string, name: string): boolean {
  if (token === name) return name !== "";
  const written = token.startsWith('"') ? token.slice(1, token.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : folded(token);
  return written === name || (name.length > 15 && written.startsWith(name) && Buffer.byteLength(written) > longestName);
}

const longestName = 63;

/** PostgreSQL folds ASCII letters only. */
function folded(token: string): string {
  return token.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
