/**
 * Parses one block, from its keyword to its closing brace. Line-aware: whatever is wrong on a line stays on that line, so
 * a half-typed field hides neither the next one nor the next block. Never throws; every step moves forward.
 */
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import { span } from "../text/span.ts";
import { Cursor, isBlank, isLineEnd, isNamePart } from "./characters.ts";
import { ValueParser } from "./parseValue.ts";
import type { Attribute, Block, Comment, EnumValue, Field, FieldType, Name, Property } from "./syntax.ts";

export const blockKeywords = ["model", "view", "type", "enum", "datasource", "generator"] as const;
export type BlockKind = (typeof blockKeywords)[number];

/** Parses the block that `text` begins with. What follows its end is ignored; the result's `text` tells where that is. */
export function parseBlock(text: string, kind: BlockKind): Block {
  return new BlockParser(text, kind).parse();
}

class BlockParser {
  readonly #cursor: Cursor;
  readonly #values: ValueParser;
  readonly #kind: BlockKind;
  readonly #problems: Problem[] = [];
  readonly #comments: Comment[] = [];
  readonly #fields: Field[] = [];
  readonly #enumValues: EnumValue[] = [];
  readonly #properties: Property[] = [];
  readonly #attributes: Attribute[] = [];
  #docs: string[] = [];

  constructor(text: string, kind: BlockKind) {
    this.#kind = kind;
    this.#cursor = new Cursor(text);
    this.#values = new ValueParser(this.#cursor, kind, (at, message) => this.#report(at, message));
  }

  parse(): Block {
    const cursor = this.#cursor;
    cursor.at = this.#kind.length;
    const keyword = { text: this.#kind, span: span(0, cursor.at) };
    cursor.skipBlanks();
    const nameStart = cursor.at;
    const name: Name | undefined = named(cursor.takeName(), nameStart);
    if (name === undefined) this.#report(keyword.span, `This ${this.#kind} needs a name.`);
    const headerEnd = name?.span.end ?? keyword.span.end;
    cursor.skipBlanks();
    if (!this.#skipToBrace()) {
      this.#report(name?.span ?? keyword.span, `${this.#title(name)} needs a body: add {.`);
      return this.#finish(keyword, name, false, headerEnd);
    }
    cursor.at++;
    return this.#body(keyword, name);
  }

  /** Over what does not belong between the name and the body; false, without moving, when the line has no body. */
  #skipToBrace(): boolean {
    const cursor = this.#cursor;
    const start = cursor.at;
    while (!cursor.isAtEnd && !isLineEnd(cursor.code()) && !cursor.startsWith("//")) {
      if (cursor.startsWith("{")) {
        if (cursor.at > start) this.#report(span(start, cursor.at), "This is not expected here.");
        return true;
      }
      cursor.at++;
    }
    return false;
  }

  #body(keyword: Name, name: Name | undefined): Block {
    const cursor = this.#cursor;
    let end = cursor.at;
    let commentsAtEnd = 0;
    for (;;) {
      this.#skipTrivia();
      if (cursor.isAtEnd) {
        this.#report(name?.span ?? keyword.span, `${this.#title(name)} is not closed: add }.`);
        // Comments after the last member belong to what follows.
        this.#comments.length = commentsAtEnd;
        return this.#finish(keyword, name, false, end);
      }
      if (cursor.startsWith("}")) {
        cursor.at++;
        return this.#finish(keyword, name, true, cursor.at);
      }
      this.#member();
      end = cursor.at;
      commentsAtEnd = this.#comments.length;
    }
  }

  /** With the rest of its line. */
  #member(): void {
    const above = this.#takeDoc();
    const cursor = this.#cursor;
    if (cursor.startsWith("@@") && this.#kind !== "datasource" && this.#kind !== "generator") {
      this.#attributes.push(this.#attribute("@@"));
      this.#endOfMember();
      return;
    }
    const start = cursor.at;
    const name = named(cursor.takeName(), start);
    if (name === undefined) {
      const message = cursor.startsWith("@") ? "An attribute stands on the line of its field." : `A ${memberWord(this.#kind)} was expected here.`;
      this.#skipUnexpected("line end", message);
      this.#endOfMember();
    } else if (this.#kind === "datasource" || this.#kind === "generator") {
      this.#property(name);
      this.#endOfMember();
    } else if (this.#kind === "enum") {
      const attributes = this.#fieldAttributes();
      const end = attributes.at(-1)?.span.end ?? name.span.end;
      this.#enumValues.push({ span: span(start, end), name, attributes, doc: joinDocs(above, this.#endOfMember()) });
    } else {
      const type = this.#fieldType(name);
      const attributes = this.#fieldAttributes();
      const end = attributes.at(-1)?.span.end ?? type?.span.end ?? name.span.end;
      this.#fields.push({ span: span(start, end), name, type, attributes, doc: joinDocs(above, this.#endOfMember()) });
    }
  }

  #property(name: Name): void {
    const cursor = this.#cursor;
    cursor.skipBlanks();
    if (!cursor.startsWith("=")) {
      cursor.at = name.span.end;
      this.#report(name.span, `Property "${name.text}" needs a value: add =.`);
      this.#properties.push({ span: name.span, name, value: undefined });
      return;
    }
    cursor.at++;
    const afterEquals = cursor.at;
    cursor.skipBlanks();
    const value = this.#values.value();
    if (value === undefined) {
      cursor.at = afterEquals;
      this.#report(name.span, `Property "${name.text}" needs a value.`);
    }
    this.#properties.push({ span: span(name.span.start, value?.span.end ?? afterEquals), name, value });
  }

  #fieldType(field: Name): FieldType | undefined {
    const cursor = this.#cursor;
    cursor.skipBlanks();
    if (cursor.startsWith(":")) {
      this.#report(span(cursor.at, cursor.at + 1), `Between field "${field.text}" and its type stands no colon.`);
      cursor.at++;
      cursor.skipBlanks();
    }
    const start = cursor.at;
    const name = named(cursor.takeName(true), start);
    if (name === undefined) {
      this.#report(field.span, `Field "${field.text}" needs a type.`);
      cursor.at = Math.max(field.span.end, start);
      return undefined;
    }
    let end = name.span.end;
    let unsupported: string | undefined;
    cursor.skipBlanks();
    if (cursor.startsWith("(")) {
      const argument = this.#values.arguments().items[0]?.value;
      end = cursor.at;
      if (name.text === "Unsupported" && argument?.kind === "string") unsupported = argument.value;
      else this.#report(span(start, end), `Type "${name.text}" cannot take these arguments.`);
    }
    let isList = false;
    let isOptional = false;
    for (;;) {
      cursor.skipBlanks();
      if (cursor.startsWith("[]")) {
        isList = true;
        cursor.at += 2;
      } else if (cursor.startsWith("?")) {
        isOptional = true;
        cursor.at++;
      } else break;
      end = cursor.at;
    }
    cursor.at = end;
    return { span: span(start, end), name, unsupported, isList, isOptional };
  }

  /** Attributes up to the end of the line; what else stands between them is reported. */
  #fieldAttributes(): Attribute[] {
    const cursor = this.#cursor;
    const attributes: Attribute[] = [];
    for (;;) {
      const before = cursor.at;
      cursor.skipBlanks();
      if (cursor.startsWith("@") && !cursor.startsWith("@@")) {
        attributes.push(this.#attribute("@"));
      } else if (this.#isAtEndOfMember()) {
        cursor.at = before;
        return attributes;
      } else {
        this.#skipUnexpected("or attribute");
      }
    }
  }

  #attribute(marker: "@" | "@@"): Attribute {
    const cursor = this.#cursor;
    const start = cursor.at;
    cursor.at += marker.length;
    const afterMarker = cursor.at;
    cursor.skipBlanks();
    const nameStart = isNamePart(cursor.code()) ? cursor.at : afterMarker;
    cursor.at = nameStart;
    const text = cursor.takeName(true);
    const name = { text, span: span(nameStart, cursor.at) };
    if (text === "" || text.endsWith(".")) this.#report(span(start, cursor.at), `Attribute "${marker}${text}" needs a name.`);
    const afterName = cursor.at;
    cursor.skipBlanks();
    if (!cursor.startsWith("(")) {
      cursor.at = afterName;
      return { span: span(start, afterName), name, arguments: [], argumentsSpan: undefined };
    }
    const list = this.#values.arguments();
    return { span: span(start, list.span.end), name, arguments: list.items, argumentsSpan: list.span };
  }

  /** After a member the line ends, but for a comment or the block's brace. A doc comment there is the member's. */
  #endOfMember(): string | undefined {
    const cursor = this.#cursor;
    const before = cursor.at;
    cursor.skipBlanks();
    while (cursor.startsWith("/*") && this.#comment()) cursor.skipBlanks();
    if (!this.#isAtEndOfMember()) this.#skipUnexpected("line end");
    else if (cursor.startsWith("//")) this.#comment();
    else if (!cursor.startsWith("}")) cursor.at = before;
    return this.#takeDoc();
  }

  #isAtEndOfMember(): boolean {
    const cursor = this.#cursor;
    return cursor.isAtEnd || isLineEnd(cursor.code()) || cursor.startsWith("//") || cursor.startsWith("/*") || cursor.startsWith("}");
  }

  /** Reports and skips what does not belong on this line, all of it or up to the next attribute. */
  #skipUnexpected(until: "line end" | "or attribute", message = "This is not expected here."): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    let end = start;
    while (!cursor.isAtEnd && !isLineEnd(cursor.code()) && !cursor.startsWith("//")) {
      if (cursor.at > start && (cursor.startsWith("}") || (until === "or attribute" && cursor.startsWith("@")))) break;
      if (!isBlank(cursor.code())) end = cursor.at + 1;
      cursor.at++;
    }
    this.#report(span(start, end), message);
  }

  #skipTrivia(): void {
    const cursor = this.#cursor;
    let lineEnds = 0;
    for (;;) {
      cursor.skipBlanks();
      if (isLineEnd(cursor.code())) {
        if (cursor.startsWith("\r\n")) cursor.at++;
        cursor.at++;
        // A blank line parts a doc comment from what follows.
        if (++lineEnds > 1) this.#docs = [];
      } else if (cursor.startsWith("//") || cursor.startsWith("/*")) {
        if (!this.#comment()) return;
        lineEnds = 0;
      } else return;
    }
  }

  /** Takes a comment; false, without moving, for a block comment that nothing closes. */
  #comment(): boolean {
    const taken = takeComment(this.#cursor);
    if (taken === undefined) return false;
    this.#comments.push(taken);
    if (taken.isDoc) this.#docs.push(taken.text);
    return true;
  }

  #takeDoc(): string | undefined {
    const doc = this.#docs.length > 0 ? this.#docs.join("\n") : undefined;
    this.#docs = [];
    return doc;
  }

  #finish(keyword: Name, name: Name | undefined, closed: boolean, end: number): Block {
    const base = {
      text: this.#cursor.text.slice(0, end),
      keyword,
      name,
      closed,
      comments: this.#comments,
      problems: this.#problems,
    };
    if (this.#kind === "enum") return { ...base, kind: this.#kind, values: this.#enumValues, attributes: this.#attributes };
    if (this.#kind === "datasource" || this.#kind === "generator") return { ...base, kind: this.#kind, properties: this.#properties };
    return { ...base, kind: this.#kind, fields: this.#fields, attributes: this.#attributes };
  }

  #title(name: Name | undefined): string {
    return name === undefined ? `This ${this.#kind}` : `${this.#kind.charAt(0).toUpperCase()}${this.#kind.slice(1)} "${name.text}"`;
  }

  #report(at: Span, message: string): void {
    if (this.#problems.length >= maxProblems) return;
    this.#problems.push({ span: at.end > at.start ? at : span(at.start, at.start + 1), message, severity: "error", code: "prisma-syntax" });
  }
}

/** The comment at the cursor, which moves behind it; undefined for a block comment that nothing closes. */
export function takeComment(cursor: Cursor): Comment | undefined {
  const start = cursor.at;
  if (cursor.startsWith("//")) {
    cursor.skipToLineEnd();
    const isDoc = cursor.text.startsWith("///", start);
    return { text: cursor.text.slice(start + (isDoc ? 3 : 2), cursor.at).trim(), isDoc, span: span(start, cursor.at) };
  }
  const end = cursor.commentEnd();
  if (end === undefined) return undefined;
  cursor.at = end;
  return { text: cursor.text.slice(start + 2, end - 2).trim(), isDoc: false, span: span(start, end) };
}

/** More would help nobody. */
const maxProblems = 100;

function joinDocs(above: string | undefined, behind: string | undefined): string | undefined {
  return above === undefined || behind === undefined ? (above ?? behind) : `${above}\n${behind}`;
}

function named(text: string, start: number): Name | undefined {
  return text === "" ? undefined : { text, span: span(start, start + text.length) };
}

function memberWord(kind: BlockKind): string {
  if (kind === "enum") return "value";
  return kind === "datasource" || kind === "generator" ? "property" : "field";
}
