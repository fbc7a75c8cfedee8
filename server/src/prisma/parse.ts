/**
 * Parses a Prisma schema file. Never fails: what is not understood becomes a problem, and the rest of the file a tree.
 * Linear in the length of the text; with the previous version at hand, blocks that did not change cost a comparison.
 */
import type { Problem } from "../text/problem.ts";
import { shift, span } from "../text/span.ts";
import { Cursor, isLineEnd, lineEnd } from "./characters.ts";
import { looksLikePrisma8, saysPrisma8 } from "./dialect.ts";
import type { BlockKind } from "./parseBlock.ts";
import { blockKeywords, parseBlock, takeComment } from "./parseBlock.ts";
import type { Block, Comment, PlacedBlock, PrismaFile } from "./syntax.ts";
import { blockSpan } from "./syntax.ts";

/**
 * The tree of `text`. With the `previous` version of the same file, blocks whose text did not change are taken over.
 */
export function parsePrisma(uri: string, text: string, previous?: PrismaFile): PrismaFile {
  if (saysPrisma8(text)) return setAside(uri, text);
  const file = new FileParser(text, previous).parse(uri);
  return looksLikePrisma8(file) ? setAside(uri, text) : file;
}

function setAside(uri: string, text: string): PrismaFile {
  const firstLine = span(0, Math.max(1, lineEnd(text, 0)));
  const message =
    "This file is written in the schema language of Prisma 8, which is read by Prisma's own tools. Database Architect reads Prisma 5 to 7 and leaves it alone.";
  return {
    uri,
    text,
    blocks: [],
    comments: [],
    problems: [{ span: firstLine, message, severity: "information", code: "prisma-8" }],
    directive: "prisma-8",
  };
}

class FileParser {
  readonly #cursor: Cursor;
  /** Each is taken once: a block stands in one place. */
  readonly #known: Map<string, Block>;
  readonly #blocks: PlacedBlock[] = [];
  readonly #comments: Comment[] = [];
  readonly #problems: Problem[] = [];
  #docs: string[] = [];

  constructor(text: string, previous: PrismaFile | undefined) {
    this.#cursor = new Cursor(text);
    this.#known = closedBlocks(previous);
  }

  parse(uri: string): PrismaFile {
    const cursor = this.#cursor;
    for (;;) {
      this.#skipTrivia();
      if (cursor.isAtEnd) break;
      const header = headerAt(cursor.text, cursor.at);
      if (header === undefined) this.#skipStray();
      else this.#block(header);
    }
    return {
      uri,
      text: cursor.text,
      blocks: this.#blocks,
      comments: this.#comments,
      problems: this.#problems,
      directive: undefined,
    };
  }

  #block(header: Header): void {
    const cursor = this.#cursor;
    const offset = cursor.at;
    const key = blockKey(header.kind, header.name);
    const known = this.#known.get(key);
    const isKnown = known !== undefined && cursor.text.slice(offset, offset + known.text.length) === known.text;
    if (isKnown) this.#known.delete(key);
    const block = isKnown
        ? known
        : parseBlock(ownCopy(cursor.text.slice(offset, chunkEnd(cursor, header))), header.kind);
    const placed = { offset, block, doc: this.#docs.length > 0 ? this.#docs.join("\n") : undefined };
    this.#docs = [];
    this.#blocks.push(placed);
    cursor.at = blockSpan(placed).end;
    for (const problem of block.problems) this.#report({ ...problem, span: shift(problem.span, offset) });
  }

  /** What is neither block nor comment: up to the next header, comment or blank line; braces keep together. */
  #skipStray(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    let end = start;
    let isInBraces = false;
    do {
      const line = cursor.at;
      cursor.skipToLineEnd();
      const text = cursor.text.slice(line, cursor.at);
      end = line + text.trimEnd().length;
      if (text.startsWith("}")) isInBraces = false;
      else if (text.trimEnd().endsWith("{")) isInBraces = true;
      this.#skipLineEnd();
      cursor.skipBlanks();
    } while (!cursor.isAtEnd && !this.#isEndOfStray(isInBraces));
    this.#docs = [];
    this.#report({
      span: span(start, Math.max(end, start + 1)),
      message: `This belongs to no block. A block begins with ${blockKeywords.slice(0, -1).join(", ")} or ${blockKeywords.at(-1)}.`,
      severity: "error",
      code: "prisma-syntax",
    });
  }

  #isEndOfStray(isInBraces: boolean): boolean {
    const cursor = this.#cursor;
    const header = headerAt(cursor.text, cursor.at);
    if (isInBraces) return header?.hasBody === true && header.name !== "";
    return header !== undefined || isLineEnd(cursor.code()) || cursor.startsWith("//") || cursor.startsWith("/*");
  }

  #skipTrivia(): void {
    const cursor = this.#cursor;
    let lineEnds = 0;
    for (;;) {
      cursor.skipBlanks();
      if (isLineEnd(cursor.code())) {
        this.#skipLineEnd();
        if (++lineEnds > 1) this.#docs = [];
      } else if (cursor.startsWith("//") || cursor.startsWith("/*")) {
        const comment = takeComment(cursor);
        if (comment === undefined) return;
        this.#comments.push(comment);
        if (comment.isDoc) this.#docs.push(comment.text);
        lineEnds = 0;
      } else return;
    }
  }

  #skipLineEnd(): void {
    if (this.#cursor.startsWith("\r\n")) this.#cursor.at++;
    if (!this.#cursor.isAtEnd) this.#cursor.at++;
  }

  #report(problem: Problem): void {
    if (this.#problems.length < maxProblems) this.#problems.push(problem);
  }
}

/** More would help nobody. */
const maxProblems = 1000;

interface Header {
  readonly kind: BlockKind;
  /** Empty while it is being typed. */
  readonly name: string;
  readonly hasBody: boolean;
  readonly end: number;
}

const headerPattern = /(model|view|type|enum|datasource|generator)(?![\w-])[^\S\r\n]*([^\s{}"'@()[\]=:,]*)[^\S\r\n]*(\{)?/y;

/** The header of a block that begins exactly at `at`. */
function headerAt(text: string, at: number): Header | undefined {
  headerPattern.lastIndex = at;
  const match = headerPattern.exec(text);
  const kind = blockKeywords.find((keyword) => keyword === match?.[1]);
  if (match === null || kind === undefined) return undefined;
  return { kind, name: match[2] ?? "", hasBody: match[3] !== undefined, end: headerPattern.lastIndex };
}

/**
 * Where the text of a block ends at the latest: at its header line when it has no body, else before the next line that
 * is a complete header, for a block that nothing closes must not swallow the ones below. Strings and comments are
 * passed over, so that a block in a comment starts nothing.
 */
function chunkEnd(cursor: Cursor, header: Header): number {
  const text = cursor.text;
  if (!header.hasBody) return lineEnd(text, header.end);
  landmark.lastIndex = header.end;
  for (let match = landmark.exec(text); match !== null; match = landmark.exec(text)) {
    const at = match.index;
    const found = match[0];
    if (found === '"') landmark.lastIndex = stringEnd(text, at);
    else if (found === "//") landmark.lastIndex = lineEnd(text, at);
    else if (found === "/*") landmark.lastIndex = cursor.commentEnd(at) ?? at + 2;
    else return at;
  }
  return text.length;
}

/** The keyword comes before the look back to the line's beginning, which would else be taken at every character. */
const landmark =
  /"|\/\/|\/\*|(?:model|view|type|enum|datasource|generator)(?<=[\r\n][^\S\r\n]*[a-z]+)[^\S\r\n]+[^\s{}"'@()[\]=:,]+[^\S\r\n]*\{/g;

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    at += code === 0x5c && !isLineEnd(text.charCodeAt(at + 1)) ? 2 : 1;
  }
  return Math.min(at, text.length);
}

/**
 * The same string with memory of its own. A slice would keep the whole text alive it was cut from, and with it, through
 * the blocks that live on, one version of the file for every block ever edited.
 */
function ownCopy(slice: string): string {
  const encoding = /[^\0-\xff]/.test(slice) ? "utf16le" : "latin1";
  return Buffer.from(slice, encoding).toString(encoding);
}

/** What another version may take over: a block's tree depends on its own text alone, once its brace closes it. */
function closedBlocks(file: PrismaFile | undefined): Map<string, Block> {
  const known = new Map<string, Block>();
  const hasBlockComments = file?.text.includes("/*") === true;
  for (const { block } of file?.blocks ?? []) {
    // An opener of a comment may find its closer below the block one day, so its text alone does not decide.
    if (block.closed && !(hasBlockComments && block.text.includes("/*"))) known.set(blockKey(block.kind, block.name?.text ?? ""), block);
  }
  return known;
}

function blockKey(kind: string, name: string): string {
  return `${kind} ${name}`;
}
