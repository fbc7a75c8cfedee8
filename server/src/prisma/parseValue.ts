/**
 * Parses what attributes and properties hold: argument lists, strings, numbers, paths, calls, arrays and objects.
 * A list that nothing closes ends before the next line that looks like a member of the block.
 */
import type { Span } from "../text/span.ts";
import { span } from "../text/span.ts";
import type { Cursor } from "./characters.ts";
import { isDigit, isLineEnd, isNamePart, lineEnd } from "./characters.ts";
import type { Argument, StringValue, Value } from "./syntax.ts";

export interface ArgumentList {
  readonly items: readonly Argument[];
  /** With the brackets. */
  readonly span: Span;
}

/** Deeper nesting is nobody's schema; without a limit it would overflow the stack. */
const maxDepth = 40;

export class ValueParser {
  readonly #cursor: Cursor;
  readonly #blockKind: string;
  readonly #report: (at: Span, message: string) => void;
  /** The closing brackets of the lists that are open, outermost first. */
  readonly #closers: string[] = [];

  constructor(cursor: Cursor, blockKind: string, report: (at: Span, message: string) => void) {
    this.#cursor = cursor;
    this.#blockKind = blockKind;
    this.#report = report;
  }

  /** The list whose opening parenthesis is at the cursor. */
  arguments(): ArgumentList {
    return this.#list(")");
  }

  /** The value at the cursor; undefined, without moving, when none begins here. */
  value(): Value | undefined {
    const cursor = this.#cursor;
    const start = cursor.at;
    const code = cursor.code();
    if (code === 0x22) return this.#string();
    if (code === 0x5b || code === 0x7b) return this.#nested();
    if (isDigit(code) || (code === 0x2d && isDigit(cursor.code(1)))) return this.#number();
    const text = cursor.takeName(true);
    if (text === "") return undefined;
    const name = { text, span: span(start, cursor.at) };
    const afterName = cursor.at;
    cursor.skipBlanks();
    if (!cursor.startsWith("(") || this.#closers.length >= maxDepth) {
      cursor.at = afterName;
      return { kind: "path", span: name.span, text };
    }
    const list = this.arguments();
    return { kind: "call", span: span(start, list.span.end), name, arguments: list.items };
  }

  #nested(): Value | undefined {
    if (this.#closers.length >= maxDepth) return undefined;
    if (this.#cursor.startsWith("{")) {
      const list = this.#list("}");
      return { kind: "object", span: list.span, properties: list.items };
    }
    const list = this.#list("]");
    const items = list.items.flatMap((item) => (item.value === undefined ? [] : [item.value]));
    return { kind: "array", span: list.span, items };
  }

  #list(close: ")" | "]" | "}"): ArgumentList {
    const cursor = this.#cursor;
    const start = cursor.at;
    const items: Argument[] = [];
    this.#closers.push(close);
    cursor.at++;
    let needsComma = false;
    for (;;) {
      const before = cursor.at;
      if (!this.#skipToItem(close)) {
        cursor.at = before;
        this.#report(span(start, start + 1), `This ${cursor.text.charAt(start)} is not closed: add ${close}.`);
        break;
      }
      if (cursor.startsWith(close)) {
        cursor.at++;
        break;
      }
      if (cursor.startsWith(",")) {
        cursor.at++;
        needsComma = false;
        continue;
      }
      const item = this.#argument(close);
      if (item === undefined) {
        this.#skipUnexpected();
      } else {
        if (needsComma) this.#report(item.span, "A comma is missing before this.");
        items.push(item);
        needsComma = true;
      }
    }
    this.#closers.pop();
    return { items, span: span(start, cursor.at) };
  }

  #argument(close: string): Argument | undefined {
    const cursor = this.#cursor;
    const start = cursor.at;
    const text = cursor.takeName();
    if (text !== "") {
      const name = { text, span: span(start, cursor.at) };
      cursor.skipBlanks();
      if (cursor.startsWith(":")) {
        cursor.at++;
        const afterColon = cursor.at;
        const value = this.#skipToItem(close) ? this.value() : undefined;
        if (value !== undefined) return { span: span(start, value.span.end), name, value };
        cursor.at = afterColon;
        this.#report(span(start, afterColon), `Argument "${text}" needs a value.`);
        return { span: span(start, afterColon), name, value: undefined };
      }
      cursor.at = start;
    }
    const value = this.value();
    return value === undefined ? undefined : { span: value.span, name: undefined, value };
  }

  #string(): StringValue {
    const cursor = this.#cursor;
    const start = cursor.at++;
    let isEscaped = false;
    while (!cursor.isAtEnd && !isLineEnd(cursor.code()) && cursor.code() !== 0x22) {
      if (cursor.code() === 0x5c && !isLineEnd(cursor.code(1))) {
        isEscaped = true;
        cursor.at++;
      }
      cursor.at++;
    }
    const isClosed = cursor.code() === 0x22;
    const contentEnd = Math.min(cursor.at, cursor.text.length);
    const content = cursor.text.slice(start + 1, contentEnd);
    cursor.at = isClosed ? contentEnd + 1 : contentEnd;
    if (!isClosed) this.#report(span(start, contentEnd), 'This string is not closed: add ".');
    return { kind: "string", span: span(start, cursor.at), value: isEscaped ? unescape(content) : content };
  }

  #number(): Value {
    const cursor = this.#cursor;
    const start = cursor.at++;
    while (isDigit(cursor.code())) cursor.at++;
    if (cursor.startsWith(".") && isDigit(cursor.code(1))) {
      cursor.at++;
      while (isDigit(cursor.code())) cursor.at++;
    }
    return { kind: "number", span: span(start, cursor.at), text: cursor.text.slice(start, cursor.at) };
  }

  /** One character, or everything up to the line's end once nesting is too deep. */
  #skipUnexpected(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (this.#closers.length >= maxDepth) cursor.skipToLineEnd();
    else cursor.at++;
    this.#report(span(start, cursor.at), "This is not expected here.");
  }

  /** Over blanks, line ends and comments to the next item; false when the list ends without its bracket. */
  #skipToItem(close: string): boolean {
    const cursor = this.#cursor;
    for (;;) {
      cursor.skipBlanks();
      if (cursor.isAtEnd) return false;
      if (isLineEnd(cursor.code())) {
        cursor.skipBlanksAndLineEnds();
        if (cursor.isAtEnd || this.#isMemberNext()) return false;
      } else if (cursor.startsWith("//")) {
        // A doc comment is written above a member, never inside a list.
        if (cursor.startsWith("///")) return false;
        cursor.skipToLineEnd();
      } else if (cursor.startsWith("/*") && cursor.commentEnd() !== undefined) {
        cursor.at = cursor.commentEnd() ?? cursor.at;
      } else {
        const bracket = cursor.text.charAt(cursor.at);
        // Another list's closing bracket ends this one too; a brace may also be the block's.
        return bracket === close || !(bracket === "}" || this.#closers.includes(bracket));
      }
    }
  }

  /** Whether the line that begins at the cursor looks like a member of the block, or closes it. */
  #isMemberNext(): boolean {
    const cursor = this.#cursor;
    if (cursor.startsWith("@")) return true;
    // A brace in the first column is the block's, whatever else is open.
    if (cursor.startsWith("}")) return !this.#closers.includes("}") || isLineEnd(cursor.code(-1));
    if (this.#blockKind === "enum") return isNamePart(cursor.code());
    return memberLine.test(cursor.text.slice(cursor.at, Math.min(lineEnd(cursor.text, cursor.at), cursor.at + 300)));
  }
}

/** `name Type`, `name Type[]`, `name = …`; not `name: …` and not a lone name, which may be an item of a list. */
const memberLine = /^[\p{L}\p{N}_-]+[ \t]+(?:=|[\p{L}_][\p{L}\p{N}_.]*(?:\(.*\))?(?:\[\]|\?)?(?:[ \t]*$|[ \t]+[@/]|@))/u;

/** The escapes of JSON; of an unknown one only the backslash is dropped. */
function unescape(content: string): string {
  return content.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_, hex: string | undefined, char: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escapes.get(char ?? "") ?? char ?? "";
  });
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
