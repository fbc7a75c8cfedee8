/** Rows behind COPY … FROM stdin as an INSERT: what runs statements one by one has no standard input to give. */
import type { Node } from "@pgsql/types";
import type { SqlFile, Statement } from "./syntax.ts";

/** Whether the statement waits for rows that can be read here: those in COPY's own text format. */
export function readsPlainRows(statement: Statement): boolean {
  const copy = copyOf(statement);
  return copy !== undefined && (copy.options ?? []).length === 0;
}

/** Whether the statement waits for rows. */
export function readsRows(statement: Statement): boolean {
  return copyOf(statement) !== undefined;
}

/** The statement itself where it waits for no rows. The same object for the same statement. */
export function withRows(statement: Statement, { text }: SqlFile): Statement {
  if (!readsPlainRows(statement)) return statement;
  const known = filled.get(statement);
  if (known !== undefined) return known;
  // Read one by one: what a class computes is no property of its own, and a spread would leave it out.
  const { anchor, span, tree, kind, section, leadingComment } = statement;
  const made: Statement = { anchor, span, tree, kind, section, leadingComment, offset: (byte) => statement.offset(byte), text: insertOf(statement, rowsBehind(text, span.end)) };
  filled.set(statement, made);
  return made;
}

const filled = new WeakMap<Statement, Statement>();

type Copy = Extract<Node, { CopyStmt: unknown }>["CopyStmt"];

function copyOf({ tree }: Statement): Copy | undefined {
  if (tree === undefined || !("CopyStmt" in tree)) return undefined;
  const copy = tree.CopyStmt;
  return copy.is_from === true && copy.filename === undefined && copy.is_program !== true ? copy : undefined;
}

/** From the line after the semicolon to the line `\.`. */
function rowsBehind(text: string, end: number): readonly (readonly (string | null)[])[] {
  const rows: (readonly (string | null)[])[] = [];
  let at = text.indexOf("\n", end);
  while (at >= 0) {
    const next = text.indexOf("\n", at + 1);
    const line = text.slice(at + 1, next < 0 ? text.length : next).replace(/\r$/, "");
    if (line === "\\." || (next < 0 && line === "")) break;
    rows.push(line.split("\t").map(valueOf));
    at = next;
  }
  return rows;
}

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */
function valueOf(field: string): string | null {
  if (field === "\\N") return null;
  return field.replaceAll(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([^]))/g, (_, octal?: string, hex?: string, other?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escapes[other ?? ""] ?? other ?? "";
  });
}

function insertOf(statement: Statement, rows: readonly (readonly (string | null)[])[]): string {
  const { relation, attlist = [] } = copyOf(statement) ?? {};
  const table = [relation?.schemaname, relation?.relname].flatMap((name) => (name === undefined ? [] : [quoted(name, '"')])).join(".");
  const columns = attlist.flatMap((column) => ("String" in column ? [quoted(column.String.sval ?? "", '"')] : []));
  const list = columns.length === 0 ? "" : ` (${columns.join(", ")})`;
  // A statement is sent either way, so that the count of statements is what the file has.
  if (rows.length === 0) return `SELECT FROM ${table} WHERE false`;
  const values = rows.map((row) => `(${row.map((cell) => (cell === null ? "NULL" : quoted(cell, "'"))).join(", ")})`);
  return `INSERT INTO ${table}${list} OVERRIDING SYSTEM VALUE VALUES\n${values.join(",\n")}`;
}

function quoted(text: string, mark: string): string {
  return mark + text.replaceAll(mark, mark + mark) + mark;
}
