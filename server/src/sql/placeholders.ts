/**
 * Placeholders of drivers, libraries and templates as PostgreSQL's own `$1`, `$2`, …, with a way from each offset to the
 * other text and back. Goes by PostgreSQL's lexical rules, so what only looks like a placeholder is left: strings, comments,
 * dollar quotes, casts, operators on JSON, slices of arrays. One pass; never throws.
 */
import type { Span } from "../text/span.ts";
import { dollar, endOfBlockComment, endOfLineComment, endOfLiteral, endOfWord, isDigit, isSpace, opensBlockComment, opensLineComment, singleQuote, startsWord, unclosed } from "./lexer.ts";
import { OffsetMap } from "./offsetMap.ts";

export type PlaceholderStyle = "$1" | ":name" | "@name" | "?" | "%s" | "{{x}}" | "${x}";

export interface Placeholder {
  /** n of its $n. */
  readonly number: number;
  /** What the query calls it; undefined for `?`, `%s` and `$1`. */
  readonly name: string | undefined;
  readonly style: PlaceholderStyle;
  /** Where it stands in the source, in order. */
  readonly spans: readonly Span[];
}

export interface NumberedQuery {
  readonly text: string;
  /** By their numbers; a number that the source leaves out of its own $n is left out. */
  readonly parameters: readonly Placeholder[];
  /** Templates that stand for a table's name: no value can, so they became a name of the same text. */
  readonly names: readonly { readonly name: string; readonly span: Span }[];
  /** From an offset in `text` to one in the source; in a placeholder, to its beginning. */
  sourceOffset(offset: number): number;
  /** The other way. */
  textOffset(offset: number): number;
}

export interface NumberingOptions {
  /** In the strings of programs, a literal with a `${…}` in it is a value as a whole. */
  readonly fillsLiterals?: boolean;
}

export function numberedParameters(source: string, options: NumberingOptions = {}): NumberedQuery {
  return new Numbering(source, options).query();
}

/**
 * The source with a value of PostgreSQL's own in the place of each foreign placeholder, and everything else where it was:
 * for reading a text that stays as it is. Undefined when there is none, or one that stands for a table's name.
 */
export function withValuesCovered(source: string): string | undefined {
  const { parameters, names } = numberedParameters(source);
  const spans = parameters.flatMap(({ style, spans: places }) => (style === "$1" ? [] : places)).sort((a, b) => a.start - b.start);
  if (spans.length === 0 || names.length > 0) return undefined;
  const parts: string[] = [];
  let taken = 0;
  for (const { start, end } of spans) {
    // A question mark has room for a digit only.
    parts.push(source.slice(taken, start), (end - start === 1 ? "0" : "$1").padEnd(end - start));
    taken = end;
  }
  return parts.join("") + source.slice(taken);
}

/** What came before, as far as it decides what a sign means. */
type Before = "operand" | "other" | "nameExpected";

/** Words after which an expression begins; after any other word an operator is expected. */
const beforeOperand: ReadonlySet<string> = new Set(
  "all and any array as between by case cross distinct do else escape except exists fetch filter first for having ilike in intersect interval is isnull lateral like limit next not offset on or order over returning select set similar some symmetric then to union using values when where with".split(
    " ",
  ),
);

/** Words after which a table is named. */
const beforeName: ReadonlySet<string> = new Set(["from", "join", "into", "update", "table"]);

const operatorCharacters = "+-*/<>=~!@#%^&|`?";

class Numbering {
  readonly #source: string;
  readonly #fillsLiterals: boolean;
  readonly #toSource = new OffsetMap();
  readonly #toText = new OffsetMap();
  readonly #parts: string[] = [];
  readonly #parameters = new Map<number, { name: string | undefined; style: PlaceholderStyle; spans: Span[] }>();
  readonly #byName = new Map<string, number>();
  readonly #names: { readonly name: string; readonly span: Span }[] = [];
  #length = 0;
  /** How far the source has been taken over. */
  #copied = 0;
  #next = 1;
  #before: Before = "other";
  #brackets = 0;

  constructor(source: string, { fillsLiterals = false }: NumberingOptions) {
    this.#source = source;
    this.#fillsLiterals = fillsLiterals;
  }

  query(): NumberedQuery {
    this.#next = this.#highestOwn() + 1;
    for (let at = 0; at < this.#source.length; ) at = this.#token(at);
    this.#copy(this.#source.length);
    const [toSource, toText] = [this.#toSource, this.#toText];
    return {
      text: this.#parts.join(""),
      parameters: [...this.#parameters].sort(([a], [b]) => a - b).map(([number, known]) => ({ number, ...known })),
      names: this.#names,
      sourceOffset: (offset) => toSource.sourceOffset(offset),
      textOffset: (offset) => toText.sourceOffset(offset),
    };
  }

  /** Further ones are numbered behind those the source has. */
  #highestOwn(): number {
    let highest = 0;
    const source = this.#source;
    for (let at = 0; at < source.length; ) {
      const end = this.#endOfQuiet(at);
      if (end !== undefined) {
        at = end;
        continue;
      }
      const own = ownParameter(source, at);
      if (own !== undefined) highest = Math.max(highest, own.number);
      at = own?.end ?? (startsWord(source.charCodeAt(at)) ? endOfWord(source, at) : at + 1);
    }
    return highest;
  }

  /** Takes the token at `at`; the answer is where the next one begins. */
  #token(at: number): number {
    const source = this.#source;
    const code = source.charCodeAt(at);
    if (isSpace(code)) return at + 1;
    if (opensLineComment(source, at)) return endOfLineComment(source, at);
    const quiet = this.#endOfQuiet(at);
    const filled = this.#fillsLiterals && quiet !== undefined && code === singleQuote ? /\$\{([^}]*)\}/.exec(source.slice(at, quiet)) : null;
    if (quiet !== undefined && filled !== null) return this.#replace(at, quiet - at, filled[1]?.trim(), "${x}");
    if (quiet !== undefined) {
      if (!opensBlockComment(source, at)) this.#before = "operand";
      return quiet;
    }
    const own = ownParameter(source, at);
    if (own !== undefined) {
      this.#note(own.number, undefined, "$1", { start: at, end: own.end });
      this.#before = "operand";
      return own.end;
    }
    if (startsWord(code)) return this.#word(at, endOfWord(source, at));
    if (isDigit(code)) {
      this.#before = "operand";
      return endOfWord(source, at);
    }
    return this.#placeholder(at) ?? this.#sign(at);
  }

  /** The end of what holds no placeholder: a string, a quoted name, a comment. */
  #endOfQuiet(at: number): number | undefined {
    const source = this.#source;
    if (opensLineComment(source, at)) return endOfLineComment(source, at);
    const end = opensBlockComment(source, at) ? endOfBlockComment(source, at) : endOfLiteral(source, at);
    return end === undefined ? undefined : this.#closed(end);
  }

  #closed(end: number): number {
    return end === unclosed ? this.#source.length : end;
  }

  #word(at: number, end: number): number {
    const word = this.#source.slice(at, end).toLowerCase();
    this.#before = beforeName.has(word) ? "nameExpected" : beforeOperand.has(word) ? "other" : "operand";
    return end;
  }

  #sign(at: number): number {
    const character = this.#source.charAt(at);
    if (character === "[") this.#brackets++;
    else if (character === "]") this.#brackets = Math.max(0, this.#brackets - 1);
    // A cast, and an operator of several characters, is one sign.
    let end = at + 1;
    if (this.#source.startsWith("::", at)) end = at + 2;
    else if (operatorCharacters.includes(character)) end = this.#endOfOperator(at);
    this.#before = character === ")" || character === "]" ? "operand" : "other";
    return end;
  }

  /** Ends before what may be a placeholder or a comment. */
  #endOfOperator(at: number): number {
    const source = this.#source;
    let end = at + 1;
    while (operatorCharacters.includes(source.charAt(end)) && source.charAt(end) !== "") {
      if (opensLineComment(source, end) || opensBlockComment(source, end)) break;
      const operator = source.slice(at, end);
      if (source.charAt(end) === "@" && startsWord(source.charCodeAt(end + 1)) && beforeAt.has(operator)) break;
      if (source.charAt(end) === "?" && beforeAt.has(operator)) break;
      if (source.startsWith("%s", end) && beforeAt.has(operator)) break;
      end++;
    }
    return end;
  }

  #placeholder(at: number): number | undefined {
    const source = this.#source;
    const rest = source.slice(at, at + longest);
    switch (source.charAt(at)) {
      case ":":
        return this.#colon(at, rest);
      case "@": {
        const [found, name] = /^@([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)/.exec(rest) ?? [];
        return found === undefined || name === undefined ? undefined : this.#replace(at, found.length, name, "@name");
      }
      case "?":
        return this.#questionMark(at);
      case "%": {
        if (this.#before === "operand") return undefined;
        const [found, name] = /^%(?:\((\w+)\))?s(?![\w$])/.exec(rest) ?? [];
        return found === undefined ? undefined : this.#replace(at, found.length, name, "%s");
      }
      case "{": {
        const [found, name = ""] = /^\{\{\s*([^{}\n]+?)\s*\}\}/.exec(rest) ?? [];
        return found === undefined ? undefined : this.#replace(at, found.length, name, "{{x}}");
      }
      case "$": {
        const end = source.charAt(at + 1) === "{" ? this.#endOfBraces(at + 1) : undefined;
        return end === undefined ? undefined : this.#replace(at, end - at, source.slice(at + 2, end - 1).trim(), "${x}");
      }
      default:
        return undefined;
    }
  }

  #colon(at: number, rest: string): number | undefined {
    const [found, bare, quoted] = /^:(?:([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|'(\w+)')/.exec(rest) ?? [];
    // In brackets, what follows a lower bound is the upper one.
    if (found === undefined || (this.#brackets > 0 && this.#before === "operand")) return undefined;
    return this.#replace(at, found.length, bare ?? quoted ?? "", ":name");
  }

  /** `?|` and `?&` are operators, and so is `?` where one is expected; JDBC writes operators as `??`. */
  #questionMark(at: number): number | undefined {
    const source = this.#source;
    if (source.charAt(at + 1) === "?") {
      this.#copy(at);
      this.#put("?", at, 2);
      this.#before = "other";
      return at + 2;
    }
    if (this.#before === "operand") return undefined;
    return this.#replace(at, 1, undefined, "?");
  }

  /** After the brace that closes the one at `at`; templates hold code, in which braces pair up. */
  #endOfBraces(at: number): number | undefined {
    let depth = 0;
    for (let i = at; i < Math.min(this.#source.length, at + longest); i++) {
      const character = this.#source.charAt(i);
      if (character === "{") depth++;
      else if (character === "}" && --depth === 0) return i + 1;
    }
    return undefined;
  }

  #replace(at: number, length: number, name: string | undefined, style: PlaceholderStyle): number {
    const span = { start: at, end: at + length };
    this.#copy(at);
    const isName = this.#before === "nameExpected" && name !== undefined && (style === "{{x}}" || style === "${x}");
    if (isName) {
      this.#names.push({ name, span });
      this.#put(`"${name.replaceAll('"', '""')}"`, at, length);
    } else {
      const key = name === undefined ? undefined : `${style} ${name}`;
      const known = key === undefined ? undefined : this.#byName.get(key);
      const number = known ?? this.#next++;
      if (key !== undefined) this.#byName.set(key, number);
      this.#note(number, name, style, span);
      this.#put(`$${number}${isDigit(this.#source.charCodeAt(at + length)) ? " " : ""}`, at, length);
    }
    this.#before = "operand";
    return at + length;
  }

  #note(number: number, name: string | undefined, style: PlaceholderStyle, span: Span): void {
    const known = this.#parameters.get(number);
    if (known === undefined) this.#parameters.set(number, { name, style, spans: [span] });
    else known.spans.push(span);
  }

  /** Takes over the source up to `until`. */
  #copy(until: number): void {
    if (until <= this.#copied && until < this.#source.length) return;
    const part = this.#source.slice(this.#copied, until);
    this.#toSource.add(this.#length, this.#copied, part.length);
    this.#toText.add(this.#copied, this.#length, part.length);
    this.#parts.push(part);
    this.#length += part.length;
    this.#copied = until;
  }

  #put(text: string, at: number, length: number): void {
    this.#toSource.add(this.#length, at, 0);
    this.#toText.add(at, this.#length, 0);
    this.#parts.push(text);
    this.#length += text.length;
    this.#copied = at + length;
  }
}

/** How far a template may reach: a brace that never closes must not make the text read again and again. */
const longest = 200;

/** Operators that people write without a space before a placeholder; `<@` is an operator of its own. */
const beforeAt: ReadonlySet<string> = new Set(["=", "<>", "!=", "<=", ">=", ">", "+", "-", "*", "/", "||"]);

function ownParameter(source: string, at: number): { readonly number: number; readonly end: number } | undefined {
  if (source.charCodeAt(at) !== dollar || !isDigit(source.charCodeAt(at + 1))) return undefined;
  let end = at + 1;
  while (isDigit(source.charCodeAt(end))) end++;
  const number = Number(source.slice(at + 1, end));
  // PostgreSQL allows 65,535.
  return number > 65_535 ? undefined : { number, end };
}
