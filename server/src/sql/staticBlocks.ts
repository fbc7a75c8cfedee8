/**
 * What a DO block does to the schema, as far as its text alone tells: its own DDL, with the conditions it stands under,
 * and honestly what only running it would tell. Promises never to throw.
 *
 * Assumed is a run without surprises: handlers of exceptions do not run, and their DDL is left out.
 */
import type { Node } from "@pgsql/types";
import { parsePlPgSQLSync } from "libpg-query";
import { BlockReader } from "./blocks/blockReader.ts";
import { type BlockBody, blockBody } from "./blocks/body.ts";
import { isRecord, listOf } from "./blocks/json.ts";
import type { StaticBlock } from "./blocks/staticBlock.ts";

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
