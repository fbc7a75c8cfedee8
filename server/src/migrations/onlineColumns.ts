/**
 * Columns of a table that others use, added and made required without their waiting: optional first, then filled some pages
 * at a time, then proven by a check that is validated beside everybody, and required at last, which then reads no row.
 */
import { isNumbered, sequenceOf } from "../model/generatedValues.ts";
import { quoteIdentifier } from "../model/names.ts";
import type { Column, Schema, Table } from "../model/schema.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { columnDefinition, createSequence, dollarQuoted, named, serialOf, suffixed } from "./definitions.ts";
import type { Stage, Writing } from "./writing.ts";

/** `text`: the column as somebody else has written it. */
export function addColumn(writing: Writing, table: Table, column: Column, text: string | undefined): void {
  const subject = `${table.key}.${column.name}`;
  const add = (definition: string): void => writing.write("columns", "AlterTable", `ALTER TABLE ${named(table)} ADD COLUMN ${definition}`);
  const isGiven = column.default !== undefined || column.generated !== undefined || column.identity !== undefined;
  const fill = writing.options.fills.get(subject);
  if (!writing.isInUse(table)) {
    const plain = column.notNull && !isGiven && writing.options.isBack === true ? plainValue(table, column) : undefined;
    if (plain !== undefined) {
      writing.risk("loses data", subject, `Rows that are there get ${plain} in ${subject}: their own values are gone.`);
      add(`${columnDefinition(writing.after, table, { ...column, notNull: false })} NOT NULL DEFAULT ${plain}`);
      return writing.write("alter columns", "AlterTable", `ALTER TABLE ${named(table)} ALTER COLUMN ${quoteIdentifier(column.name)} DROP DEFAULT`);
    }
    if (column.notNull && !isGiven) failsOnRows(writing, table, subject);
    return add(text ?? columnDefinition(writing.after, table, column));
  }
  const serial = serialOf(writing.after, table, column);
  if (serial !== undefined) return addSerial(writing, table, column);
  if (column.default !== undefined && isVolatile(column.default.text, writing.after)) {
    add(columnDefinition(writing.after, table, { ...column, default: undefined, notNull: false }));
    writing.write("alter columns", "AlterTable", `ALTER TABLE ${named(table)} ALTER COLUMN ${quoteIdentifier(column.name)} SET DEFAULT ${column.default.text}`);
    if (column.notNull) fillAndRequire(writing, table, column, column.default.text);
    return;
  }
  if (column.notNull && !isGiven) {
    if (fill !== undefined && fill !== "") {
      add(columnDefinition(writing.after, table, { ...column, notNull: false }));
      return fillAndRequire(writing, table, column, fill);
    }
    failsOnRows(writing, table, subject);
  }
  if (column.generated?.stored === true || column.identity !== undefined) blocksRewrite(writing, table, subject);
  add(text ?? columnDefinition(writing.after, table, column));
}

/** What says nothing, where the type has such a value and no constraint has a say in it. */
function plainValue(table: Table, { name, type }: Column): string | undefined {
  const keys = [table.primaryKey, ...table.uniqueConstraints, ...table.foreignKeys, ...table.indexes.filter(({ unique }) => unique).map(({ keys: parts }) => ({ columns: parts.flatMap(({ column }) => column ?? []) }))];
  if (keys.some((key) => key?.columns.includes(name) === true) || table.exclusions.length > 0 || table.checks.some(({ expression }) => expression.columns.length === 0 || expression.columns.includes(name))) return undefined;
  if (type.isArray) return "'{}'";
  if (type.name === "bool") return "false";
  if (/^(?:int[248]|numeric|float[48])$/.test(type.name)) return "0";
  if (/^(?:text|varchar|bpchar|citext)$/.test(type.name)) return "''";
  return /^jsonb?$/.test(type.name) ? "'{}'" : undefined;
}

/** A column that becomes required, where others use the table. */
export function requireColumn(writing: Writing, table: Table, name: string, stage: Stage = "contract"): void {
  const constraint = quoteIdentifier(suffixed(`${table.name}_${name}`, "_required"));
  const column = quoteIdentifier(name);
  writing.write("constraints", "AddCheck", `ALTER TABLE ${named(table)} ADD CONSTRAINT ${constraint} CHECK (${column} IS NOT NULL) NOT VALID`, { stage: "constrain" });
  writing.write("validate", "ValidateCheck", `ALTER TABLE ${named(table)} VALIDATE CONSTRAINT ${constraint}`, { stage: "validate" });
  writing.write("alter columns", "AlterTable", `ALTER TABLE ${named(table)} ALTER COLUMN ${column} SET NOT NULL`, { stage });
  writing.write("drop columns", "DropCheck", `ALTER TABLE ${named(table)} DROP CONSTRAINT ${constraint}`, { stage });
}

export function fillAndRequire(writing: Writing, table: Table, { name }: Column, expression: string): void {
  fillColumn(writing, table, name, expression, `${quoteIdentifier(name)} IS NULL`);
  requireColumn(writing, table, name);
}

/** How many pages of 8 kB are written and committed at a time. */
const pagesAtOnce = 500;

/**
 * Gives rows that are there a value. A range of tuple identifiers is read by itself from PostgreSQL 14 on.
 * https://www.postgresql.org/docs/current/plpgsql-transactions.html
 */
export function fillColumn(writing: Writing, table: Table, column: string, expression: string, where: string): void {
  const update = `UPDATE ${named(table)} SET ${quoteIdentifier(column)} = ${expression}`;
  if (!writing.options.canRunApart) return writing.write("alter columns", "Backfill", `${update} WHERE ${where}`, { stage: "backfill" });
  const sql = `DO ${dollarQuoted(`DECLARE
  page bigint := 0;
BEGIN
  -- ${pagesAtOnce} pages at a time, each committed: nobody waits for long, and what is done stays done.
  WHILE page <= pg_relation_size(${quoteLiteral(named(table))}) / current_setting('block_size')::bigint LOOP
    ${update}
      WHERE ${where} AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + ${pagesAtOnce})::tid;
    COMMIT;
    page := page + ${pagesAtOnce};
  END LOOP;
END`)}`;
  writing.write("alter columns", "Backfill", sql, { stage: "backfill" });
}

/** Whether a statement is such a change in batches. */
export function isBackfill(sql: string): boolean {
  return /^DO \$\w*\$\s+DECLARE\s+page bigint := 0;[^]*\n {4}UPDATE [^]*\n {4}COMMIT;\n/.test(sql);
}

export function blocksRewrite(writing: Writing, table: Table, subject: string): void {
  writing.risk("blocks", subject, `Nobody can use ${table.key} while all its rows are written anew.`);
}

function failsOnRows(writing: Writing, table: Table, subject: string): void {
  writing.risk("fails on rows", subject, `The column ${subject} is required and has no default: adding it fails as soon as the table has a row. Give it a default, or say what rows that are there get.`, `SELECT count(*) AS count FROM ${named(table)}`);
}

function addSerial(writing: Writing, table: Table, column: Column): void {
  const sequence = sequenceOf(writing.after, table, column);
  if (sequence === undefined || column.default === undefined) return;
  const owned = `${named(table)}.${quoteIdentifier(column.name)}`;
  writing.write("types", "CreateSequence", createSequence(sequence));
  writing.write("columns", "AlterTable", `ALTER TABLE ${named(table)} ADD COLUMN ${columnDefinition(writing.after, table, { ...column, default: undefined, notNull: false })}`);
  writing.write("alter columns", "AlterTable", `ALTER TABLE ${named(table)} ALTER COLUMN ${quoteIdentifier(column.name)} SET DEFAULT ${column.default.text}`);
  writing.write("alter columns", "AlterSequence", `ALTER SEQUENCE ${named(sequence)} OWNED BY ${owned}`);
  if (column.notNull) fillAndRequire(writing, table, column, column.default.text);
}

/** Functions whose value PostgreSQL computes once for a whole statement, and stores beside the table. */
const stable = new Set(["now", "transaction_timestamp", "statement_timestamp", "current_date", "current_setting", "timezone", "to_char", "to_timestamp", "lower", "upper", "concat", "coalesce", "make_interval", "md5", "jsonb_build_object", "jsonb_build_array", "json_build_object", "array", "cast", "format", "length", "round", "floor", "abs"]);

/** Whether a default is computed anew for every row, so that adding it with its column writes the table anew. */
function isVolatile(text: string, schema: Schema): boolean {
  const bare = text.replaceAll(/'(?:[^']|'')*'/g, "''");
  return [...bare.matchAll(/(?:"?(\w+)"?\.)?"?(\w+)"?\s*\(/g)].some(([, , name = ""]) => {
    const own = [...schema.routines.values()].find((routine) => routine.name === name);
    return own === undefined ? !stable.has(name.toLowerCase()) && !/^(?:decimal|numeric|varchar|char|bit|timestamp|timestamptz|time|interval|date)$/i.test(name) : own.volatility === "volatile";
  });
}

/** What Prisma Client gives new rows, as PostgreSQL would; undefined where that is for people to say. */
export function fillOf(column: Column): string | undefined {
  if (isNumbered(column)) return undefined;
  if (column.clientDefault?.startsWith("uuid") === true) return column.type.name === "uuid" ? "gen_random_uuid()" : "gen_random_uuid()::text";
  if (column.clientDefault === "updatedAt") return "CURRENT_TIMESTAMP";
  return undefined;
}
