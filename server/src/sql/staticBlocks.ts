/**
 * What a DO block does to the schema, as far as its text alone tells: its own DDL, with the conditions it stands under,
 * and honestly what only running it would tell. Promises never to throw.
 *
 * Assumed is a run without surprises: handlers of exceptions do not run, and their DDL is left out.
 */
import type { Node } from "@pgsql/types";
import { parsePlPgSQLSync } from "libpg-query";
import type { Span } from "../text/span.ts";
import { BlockReader } from "./blocks/blockReader.ts";
import { type BlockBody, blockBody } from "./blocks/body.ts";
import { isRecord, listOf } from "./blocks/json.ts";
import type { ExistenceTest } from "./blocks/existence.ts";

export type { ExistenceTest } from "./blocks/existence.ts";

export interface StaticStatement {
  readonly text: string;
  readonly tree: Node;
  /** UTF-8 byte offset of `text` in the statement that holds it; add it to the offsets of `tree`. */
  readonly byteOffset: number;
  /** False when the text was computed, as by `EXECUTE format(…)`: then only `byteOffset` itself is a place. */
  readonly isVerbatim: boolean;
  /**
   * - `none`: runs whenever the block runs;
   * - `ifMissing`: runs unless the object exists already, as `IF NOT EXISTS` does;
   * - `conditional`: runs under a condition; when `tests` has none, the text alone does not decide it.
   */
  readonly guard: "none" | "ifMissing" | "conditional";
  /** Questions to the catalog that all must be answered with yes for the statement to run. */
  readonly tests: readonly ExistenceTest[];
}

export interface UnreadPart {
  /** For example "EXECUTE of a computed string", "loop". */
  readonly what: string;
  readonly reason: string;
  /** UTF-16 offsets in the text of the statement. */
  readonly span: Span;
}

export interface StaticBlock {
  readonly statements: readonly StaticStatement[];
  readonly unread: readonly UnreadPart[];
}

/** A fold asks for the same blocks again and again; trees of unchanged statements are the same objects. */
const known = new WeakMap<Node, StaticBlock>();

/** The static schema changes of a DO statement; `text` is the whole statement its tree was parsed from. */
export function staticStatements(doStatement: Node, text: string): StaticBlock {
  let block = known.get(doStatement);
  if (block === undefined) {
    block = read(doStatement, text);
    known.set(doStatement, block);
  }
  return block;
}

/** Longer blocks are not read on the calling thread. */
const longest = 300_000;

function read(doStatement: Node, text: string): StaticBlock {
  const body = blockBody(doStatement, text);
  if (body === undefined) return { statements: [], unread: [] };
  if (body.language !== "plpgsql") return unreadBlock(body, `it is written in ${body.language}`);
  if (text.length > longest) return unreadBlock(body, "it is too large");
  try {
    const parsed: unknown = parsePlPgSQLSync(text);
    const reader = new BlockReader(body, text);
    for (const one of isRecord(parsed) ? listOf(parsed["plpgsql_funcs"]) : []) reader.readFunction(one);
    return reader.result();
  } catch (error) {
    return unreadBlock(body, `PostgreSQL cannot read it: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unreadBlock(body: BlockBody, reason: string): StaticBlock {
  return { statements: [], unread: [{ what: "DO block", reason, span: { start: body.start, end: body.end } }] };
}
