/**
 * What PostgreSQL's parser said to the text of one statement, kept by that text and shared by all files: a statement is
 * parsed once, wherever it stands and however often its file changes. Answers that nobody asked for lately go when the
 * texts add up to more than a limit; files that still show a statement keep its answer alive through `previous`.
 */
import type { Node } from "@pgsql/types";
import { hasSqlDetails, parseSync } from "libpg-query";
import { ByteOffsets, utf16OfCharacters } from "./byteOffsets.ts";

export type Outcome =
  | { readonly kind: "tree"; readonly tree: Node }
  /** `at` and `end` are UTF-16 offsets in the text. */
  | { readonly kind: "error"; readonly code: ProblemCode; readonly message: string; readonly at: number; readonly end: number }
  /** Too much for the parser. */
  | { readonly kind: "setAside"; readonly reason: string };

type ProblemCode = "sql-syntax" | "sql-character";

/** A statement's text with the parser's answer; equal texts share it. */
export interface ParsedText {
  readonly text: string;
  /** Undefined when the parser was not asked. */
  readonly outcome: Outcome | undefined;
  readonly bytes: ByteOffsets;
}

/** Code units of a generation. */
const limit = 8_000_000;

// Two generations: what is asked for again moves to the young one, and the old one goes as a whole when that is full.
// Keeping the order of use in one map would have it reorganised over and over.
let young = new Map<string, ParsedText>();
let old = new Map<string, ParsedText>();
let youngSize = 0;

export function knownOutcome(text: string): ParsedText | undefined {
  const found = young.get(text);
  if (found !== undefined) return found;
  const older = old.get(text);
  if (older !== undefined) keep(older);
  return older;
}

/** `asked`: the text as the parser got it, of the same length, where placeholders were covered. */
export function rememberOutcome(text: string, outcome: Outcome, asked: string = text): ParsedText {
  const own = detached(text);
  const parsed = { text: own, outcome, bytes: new ByteOffsets(asked === text ? own : detached(asked)) };
  keep(parsed);
  return parsed;
}

function keep(parsed: ParsedText): void {
  if (youngSize > limit) {
    old = young;
    young = new Map();
    youngSize = 0;
  }
  if (!young.has(parsed.text)) youngSize += parsed.text.length;
  young.set(parsed.text, parsed);
}

/** The parser's answer to a text of moderate size, asked for once. */
export function parsedText(text: string): ParsedText {
  return knownOutcome(text) ?? rememberOutcome(text, askParser(text));
}

/** A copy. V8's slices keep the whole string they were cut from, here a version of a file, alive. */
export function detached(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** Asks the parser about one statement. Never throws. */
export function askParser(text: string): Outcome {
  const unreadable = unreadableCharacter(text);
  if (unreadable !== undefined) return unreadable;
  try {
    const tree = parseSync(text).stmts?.[0]?.stmt;
    return tree === undefined ? syntaxError("There is no statement here.", 0, text.length) : { kind: "tree", tree };
  } catch (error) {
    if (hasSqlDetails(error) && error.sqlDetails !== undefined)
      return refusal(text, error.sqlDetails.message, error.sqlDetails.cursorPosition);
    if (error instanceof RangeError) return tooDeep;
    return syntaxError(error instanceof Error ? error.message : String(error), 0, text.length);
  }
}

const tooDeep: Outcome = { kind: "setAside", reason: "it is nested too deeply" };

function syntaxError(message: string, at: number, end: number): Outcome {
  return { kind: "error", code: "sql-syntax", message, at, end };
}

/** The parser would silently end at NUL, and no UTF-8 exists for half of a surrogate pair. */
function unreadableCharacter(text: string): Outcome | undefined {
  const at = text.search(/\0|\p{Surrogate}/u);
  if (at < 0) return undefined;
  const what = text.charCodeAt(at) === 0 ? "a NUL character" : "half of a surrogate pair";
  const message = `This statement holds ${what}, which PostgreSQL cannot store in text: remove it.`;
  return { kind: "error", code: "sql-character", message, at, end: at + 1 };
}

/** PostgreSQL's message, at the words it complains about. `character` counts code points from 0. */
function refusal(text: string, message: string, character: number): Outcome {
  if (message.startsWith("memory exhausted")) return tooDeep;
  const at = utf16OfCharacters(text, character);
  const near = / at or near "([\s\S]*)"$/.exec(message)?.[1];
  if (near === undefined || !text.startsWith(near, at)) return syntaxError(message, at, Math.min(at + 1, text.length));
  // After an unclosed quote PostgreSQL repeats all that follows; the first line is enough.
  const shown = (near.split("\n", 1)[0] ?? near).trimEnd().slice(0, longestQuote);
  const short = shown === near ? message : `${message.slice(0, message.length - near.length - 1)}${shown}…"`;
  return syntaxError(short, at, at + Math.max(1, shown.length));
}

const longestQuote = 60;
