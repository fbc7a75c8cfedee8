/**
 * A text as statements with PostgreSQL's own parse trees. Promises never to throw and not to take long: statements are
 * parsed once and remembered by their text, what is too large is left to `LargeStatementParser`, and in a half-typed
 * file the statements around the broken one are kept.
 */
import type { Node } from "@pgsql/types";
import { loadModule } from "libpg-query";
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import { ByteOffsets } from "./byteOffsets.ts";
import { commentText } from "./comments.ts";
import { askParser, detached, knownOutcome, type Outcome, type ParsedText, rememberOutcome } from "./outcomes.ts";
import { type Cut, recoveryCut } from "./recover.ts";
import { type Section, sectionsOf } from "./sections.ts";
import { Pieces } from "./pieces.ts";
import { withValuesCovered } from "./placeholders.ts";
import type { Piece } from "./split.ts";
import type { SqlFile, Statement } from "./syntax.ts";
import { withNamesCovered } from "./templateNames.ts";

/** Loads PostgreSQL's parser; `parseSql` and everything below needs it once. Calling it again costs nothing. */
export function loadSqlParser(): Promise<void> {
  return loadModule();
}

/** A file of more UTF-16 code units is not looked into. */
export const largestFile = 16_000_000;

/** Above this, parsing one statement can take longer than a person's pause between keystrokes: about 30 ms. */
export const largestStatement = { tokens: 5_000, length: 500_000 };

/** Code units of statements not seen before that one call parses: about a second. The rest becomes `pending`. */
export const parsedAtOnce = 1_000_000;

/** Code units that may be looked at again because a broken statement had swallowed them. */
const mostLookedAtAgain = 5_000_000;

/**
 * The statements of `text` with their trees and problems. `previous` is the same file before an edit: a statement that
 * neither changed nor moved keeps its identity, one that only moved keeps its tree.
 */
export function parseSql(uri: string, text: string, previous?: SqlFile): SqlFile {
  if (text.length > largestFile) return { uri, text, statements: [], problems: [tooLarge(text)], pending: [] };
  return new FileParser(text, previous).parse(uri);
}

function tooLarge(text: string): Problem {
  const size = Math.round(text.length / 1_000_000);
  const message = `This file has ${size} MB; files over ${largestFile / 1_000_000} MB are set aside. Exclude it in the settings if it defines no schema.`;
  return { span: { start: 0, end: Math.min(1, text.length) }, message, severity: "warning", code: "file-set-aside" };
}

const piecesOf = new WeakMap<SqlFile, Pieces>();

/** What is known of a piece: the parser's answer, or why there is none. */
type Reading = ParsedText | "pending" | "notNeeded";

class FileParser {
  readonly #text: string;
  readonly #sectionAt: (offset: number) => Section;
  readonly #previous: PreviousFile;
  readonly #pieces: Pieces;
  readonly #statements: Statement[] = [];
  readonly #problems: Problem[] = [];
  readonly #pending: Statement[] = [];
  #lookedAtAgain = 0;
  #parsed = 0;

  constructor(text: string, previous: SqlFile | undefined) {
    this.#text = text;
    this.#sectionAt = sectionsOf(text);
    this.#previous = new PreviousFile(previous, text);
    this.#pieces = new Pieces(text, previous === undefined ? undefined : piecesOf.get(previous));
  }

  parse(uri: string): SqlFile {
    for (let piece = this.#pieces.next(0); piece !== undefined; ) piece = this.#pieces.next(this.#take(piece));
    const file = { uri, text: this.#text, statements: this.#statements, problems: this.#problems, pending: this.#pending };
    piecesOf.set(file, this.#pieces);
    return file;
  }

  /** Adds the statement that `piece` begins with; the answer is where the next one is looked for. */
  #take(piece: Piece): number {
    if (piece.kind === "meta") {
      this.#add(piece, undefined);
      return piece.next;
    }
    const reading = this.#read(piece);
    const cut = this.#cutOf(piece, reading);
    if (cut === undefined) {
      this.#add(piece, reading);
      return piece.next;
    }
    this.#lookedAtAgain += piece.end - cut.next;
    const first = { ...piece, ...cut, unclosedAt: undefined };
    const firstReading = this.#read(first);
    this.#add(first, firstReading);
    if (typeof firstReading === "object" && firstReading.outcome?.kind === "tree") this.#report(missingSemicolon(cut.end));
    return cut.next;
  }

  #cutOf(piece: Piece, reading: Reading): Cut | undefined {
    if (typeof reading === "string" || reading.outcome?.kind !== "error" || this.#lookedAtAgain > mostLookedAtAgain) return undefined;
    return recoveryCut(this.#text, piece, piece.start + reading.outcome.at);
  }

  #read(piece: Piece): Reading {
    const text = this.#text.slice(piece.start, piece.end);
    if (piece.unclosedAt !== undefined && text.length > longestUnclosed) return unclosedText(text, piece.unclosedAt - piece.start);
    const known = this.#previous.answerAt(piece.start, text) ?? knownOutcome(text);
    if (known !== undefined) return known;
    const isLarge = piece.tokens > largestStatement.tokens || text.length > largestStatement.length;
    if (isLarge || this.#parsed > parsedAtOnce) return neverDefines.has(piece.firstWord) ? "notNeeded" : "pending";
    this.#parsed += text.length;
    const outcome = askParser(text);
    const withValues = mayHoldPlaceholders(piece, text, outcome) ? withValuesCovered(text) : undefined;
    const valued = withValues === undefined ? undefined : askParser(withValues);
    if (withValues !== undefined && valued?.kind === "tree") return rememberOutcome(text, valued, withValues);
    // Where names are covered, what is still wrong is the mistake.
    const withNames = outcome.kind === "error" ? withNamesCovered(text) : undefined;
    if (withNames !== undefined) return rememberOutcome(text, askParser(withNames), withNames);
    return rememberOutcome(text, outcome);
  }

  #add(piece: Piece, reading: Reading | undefined): void {
    const parsed = typeof reading === "object" ? reading : undefined;
    const comment = piece.comment === undefined ? undefined : this.#text.slice(piece.comment.start, piece.comment.end);
    const section = this.#sectionAt(piece.start);
    const text = parsed?.text ?? this.#text.slice(piece.start, piece.end);
    const before = this.#previous.statementAt(piece.start);
    const anchor = this.#previous.anchorOf(piece.start, text);
    const statement =
      before?.anchor === anchor && before.isSame(text, parsed, comment, section)
        ? before
        : new ParsedStatement(
            piece.kind,
            piece.start,
            parsed ?? unremembered(text),
            comment === undefined ? undefined : detached(comment),
            section,
            anchor,
          );
    this.#statements.push(statement);
    if (reading === "pending") this.#pending.push(statement);
    if (parsed?.outcome !== undefined) this.#report(problemOf(piece, parsed.outcome));
  }

  #report(problem: Problem | undefined): void {
    if (problem !== undefined) this.#problems.push(problem);
  }
}

/** First words of statements that are written with the placeholders of drivers and templates. */
const takesValues: ReadonlySet<string> = new Set("select insert update delete merge values with explain table call".split(" "));

/** PostgreSQL reads `@name` as an operator and a column, and the others as errors. */
function mayHoldPlaceholders({ firstWord }: Piece, text: string, outcome: Outcome): boolean {
  return takesValues.has(firstWord) && (outcome.kind === "error" || (outcome.kind === "tree" && /@\w/.test(text)));
}

/** A quote that never closes need not be parsed over a whole file to know that it is an error. */
const longestUnclosed = 20_000;

function unclosedText(text: string, at: number): ParsedText {
  const what =
    text[at] === "/" ? "comment" : text[at] === "$" ? "dollar-quoted string" : text[at] === '"' ? "quoted identifier" : "quoted string";
  const outcome: Outcome = { kind: "error", code: "sql-syntax", message: `unterminated ${what}`, at, end: at + 1 };
  return { text, outcome, bytes: new ByteOffsets(text) };
}

/** First words of statements that change no schema object: when they are too large to be parsed, nothing is missed. */
const neverDefines: ReadonlySet<string> = new Set(
  "insert update delete merge values select with table copy explain execute call truncate refresh analyze vacuum notify listen lock".split(
    " ",
  ),
);

function missingSemicolon(at: number): Problem {
  const message = "A semicolon is missing here: another statement follows.";
  return { span: { start: Math.max(0, at - 1), end: at }, message, severity: "error", code: "sql-syntax" };
}

function problemOf(piece: Piece, outcome: Outcome): Problem | undefined {
  switch (outcome.kind) {
    case "tree":
      return undefined;
    case "error": {
      const span = { start: piece.start + outcome.at, end: piece.start + outcome.end };
      return { span, message: outcome.message, severity: "error", code: outcome.code };
    }
    case "setAside": {
      const message = `This statement is set aside: ${outcome.reason}. What it defines is not known.`;
      const end = piece.start + Math.max(1, piece.firstWord.length);
      return { span: { start: piece.start, end }, message, severity: "warning", code: "file-set-aside" };
    }
  }
}

/** A statement nobody asked the parser about. */
function unremembered(text: string): ParsedText {
  const own = detached(text);
  return { text: own, outcome: undefined, bytes: new ByteOffsets(own) };
}

class ParsedStatement implements Statement {
  readonly anchor: object;
  readonly kind: "sql" | "meta";
  readonly span: Span;
  readonly section: Section;
  readonly parsed: ParsedText;
  readonly #comment: string | undefined;

  constructor(kind: "sql" | "meta", start: number, parsed: ParsedText, comment: string | undefined, section: Section, anchor: object) {
    this.anchor = anchor;
    this.kind = kind;
    this.span = { start, end: start + parsed.text.length };
    this.section = section;
    this.parsed = parsed;
    this.#comment = comment;
  }

  get text(): string {
    return this.parsed.text;
  }

  get tree(): Node | undefined {
    return this.parsed.outcome?.kind === "tree" ? this.parsed.outcome.tree : undefined;
  }

  get leadingComment(): string | undefined {
    return this.#comment === undefined ? undefined : commentText(this.#comment);
  }

  offset(byte: number): number {
    return this.span.start + this.parsed.bytes.toUtf16(byte);
  }

  /** Whether a statement of this text, comment and section would be the same; the place is known to be. */
  isSame(text: string, parsed: ParsedText | undefined, comment: string | undefined, section: Section): boolean {
    if (this.section !== section || this.#comment !== comment) return false;
    return parsed === undefined ? this.parsed.outcome === undefined && this.text === text : this.parsed === parsed;
  }
}

/** What the file before the edit still knows: its statements by where they stand. */
class PreviousFile {
  readonly #statements: readonly ParsedStatement[];
  /** How far what follows the edit has moved. */
  readonly #shift: number;
  #before = 0;
  #after = 0;
  readonly #taken = new Set<object>();

  constructor(file: SqlFile | undefined, text: string) {
    this.#statements = (file?.statements ?? []).filter((one) => one instanceof ParsedStatement);
    this.#shift = text.length - (file?.text.length ?? 0);
  }

  /** Must be asked for growing offsets, like `answerAt`. */
  statementAt(start: number): ParsedStatement | undefined {
    this.#before = this.#indexFrom(this.#before, start);
    const found = this.#statements[this.#before];
    return found?.span.start === start ? found : undefined;
  }

  /** The anchor of the statement of this text that stood at the same place from the file's beginning or from its end; one a statement. */
  anchorOf(start: number, text: string): object {
    for (const known of [this.statementAt(start), this.#movedTo(start)]) {
      if (known?.text !== text || this.#taken.has(known.anchor)) continue;
      this.#taken.add(known.anchor);
      return known.anchor;
    }
    return {};
  }

  /** The answer to a statement that stood at the same place from the file's beginning or from its end. */
  answerAt(start: number, text: string): ParsedText | undefined {
    const same = answered(this.statementAt(start), text);
    if (same !== undefined) return same;
    return answered(this.#movedTo(start), text);
  }

  #movedTo(start: number): ParsedStatement | undefined {
    this.#after = this.#indexFrom(this.#after, start - this.#shift);
    const found = this.#statements[this.#after];
    return found?.span.start === start - this.#shift ? found : undefined;
  }

  #indexFrom(index: number, start: number): number {
    let at = index;
    while ((this.#statements[at]?.span.start ?? start) < start) at++;
    return at;
  }
}

function answered(statement: ParsedStatement | undefined, text: string): ParsedText | undefined {
  return statement?.parsed.outcome !== undefined && statement.text === text ? statement.parsed : undefined;
}
