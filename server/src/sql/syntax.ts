/**
 * What the SQL room hands out: a file as statements, each with PostgreSQL's own parse tree when it has one.
 * Offsets inside a tree are UTF-8 bytes from the statement's first character; `Statement.offset` turns them into
 * UTF-16 offsets of the file.
 */
import type { Node } from "@pgsql/types";
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";

export interface SqlFile {
  readonly uri: string;
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly problems: readonly Problem[];
  /** Statements too large for the calling thread and not parsed yet: `LargeStatementParser` takes their `text`. */
  readonly pending: readonly Statement[];
}

export interface Statement {
  /** The same object in all versions of the file in which this statement has this text, wherever it stands. */
  readonly anchor: object;
  /** From the first token to the last, without the semicolon. */
  readonly span: Span;
  readonly text: string;
  /** PostgreSQL's parse tree; undefined when it does not parse, was set aside, or is a psql meta command. */
  readonly tree: Node | undefined;
  readonly kind: "sql" | "meta";
  /** The file offset (UTF-16) of a byte offset inside `tree`. */
  offset(byte: number): number;
  /** `down`: undoes what the file builds, as in the second half of a goose or dbmate migration; no part of a history. */
  readonly section: "up" | "down";
  /** Comment lines directly above, without their markers. */
  readonly leadingComment: string | undefined;
}
