/**
 * A column whose new type would write the whole table anew, changed while others use it: a twin of the new type beside it,
 * kept in step by a trigger, filled some pages at a time, indexed concurrently, and put in its place at last.
 */
import { isNumbered } from "../model/generatedValues.ts";
import { quoteIdentifier } from "../model/names.ts";
import type { Column, Index, Schema, Table } from "../model/schema.ts";
import { columnDefinition, createIndex, named, suffixed, typeText } from "./definitions.ts";
import { fillColumn, requireColumn } from "./onlineColumns.ts";
import type { Writing } from "./writing.ts";

/** Whether nothing but plain indexes stands on the column, so that a twin can take its place. */
export function canHaveTwin(schema: Schema, table: Table, column: Column): boolean {
  const { name } = column;
  if (column.generated !== undefined || column.identity !== undefined || isNumbered(column)) return false;
  if (table.columns.has(twinName(name))) return false;
  const keys = [table.primaryKey, ...table.uniqueConstraints, ...table.foreignKeys];
  if (keys.some((key) => key?.columns.includes(name) === true)) return false;
  if ([...schema.tables.values()].some((other) => other.foreignKeys.some(({ references }) => references.key === table.key && references.columns.includes(name)))) return false;
  if (table.exclusions.length > 0 || table.inherits.length > 0 || table.partitionOf !== undefined) return false;
  const readers = [...table.checks.map(({ expression }) => expression), ...[...table.columns.values()].flatMap((each) => each.generated?.expression ?? []), ...table.policies.flatMap(({ using, withCheck }) => [using, withCheck]), ...table.triggers.map(({ when }) => when)];
  if (readers.some((expression) => expression?.columns.includes(name) === true)) return false;
  if (table.triggers.some(({ updateOf }) => updateOf.includes(name))) return false;
  if (table.indexes.some((index) => index.predicate?.columns.includes(name) === true || index.keys.some(({ expression }) => expression?.columns.includes(name) === true))) return false;
  return ![...schema.views.values()].some(({ reads }) => reads.includes(table.key));
}

/** `cast`: of the column's name to a value of the new type. */
export function changeByTwin(writing: Writing, from: Table, before: Column, after: Column, cast: (name: string) => string): void {
  const twin = twinName(before.name);
  const [old, fresh] = [quoteIdentifier(before.name), quoteIdentifier(twin)];
  const table = named(from);
  const sync = { schema: from.schema, name: suffixed(`${from.name}_${before.name}`, "_sync") };
  // Triggers run in the order of their names: this one sees what the others made of the row.
  const trigger = quoteIdentifier(suffixed(`zz_${before.name}`, "_sync"));
  writing.write("columns", "AlterTable", `ALTER TABLE ${table} ADD COLUMN ${columnDefinition(writing.after, from, { ...after, name: twin, default: undefined, notNull: false })}`);
  writing.write("types", "CreateFunction", `CREATE FUNCTION ${named(sync)}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  NEW.${fresh} := ${cast(`NEW.${old}`)};\n  RETURN NEW;\nEND\n$$`);
  writing.write("rest", "CreateTrigger", `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${named(sync)}()`);
  fillColumn(writing, from, twin, cast(old), `${fresh} IS NULL AND ${old} IS NOT NULL`);
  const indexes = from.indexes.filter((index) => index.keys.some(({ column }) => column === before.name) || index.include.includes(before.name));
  for (const index of indexes) writing.write("constraints", "CreateIndex", createIndex(from, twinIndex(index, before.name)).replace("INDEX", "INDEX CONCURRENTLY"), { stage: "index" });
  const swap = (heading: string, sql: string, down?: readonly string[]): void => writing.write("drop columns", heading, sql, { stage: "contract", ...(down === undefined ? {} : { down }) });
  if (after.notNull) requireColumn(writing, from, twin);
  swap("DropTrigger", `DROP TRIGGER ${trigger} ON ${table}`);
  swap("DropFunction", `DROP FUNCTION ${named(sync)}()`);
  swap("AlterTable", `ALTER TABLE ${table} DROP COLUMN ${old}`, [
    ...indexes.map((index) => `ALTER INDEX ${named({ schema: from.schema, name: index.name })} RENAME TO ${quoteIdentifier(twinName(index.name))}`),
    `ALTER TABLE ${table} RENAME COLUMN ${old} TO ${fresh}`,
    `ALTER TABLE ${table} ADD COLUMN ${columnDefinition(writing.before, from, { ...before, notNull: false })}`,
    `UPDATE ${table} SET ${old} = ${fresh}::${before.type.kind === "enum" || after.type.kind === "enum" ? "text::" : ""}${typeText(before.type)}`,
  ]);
  swap("AlterTable", `ALTER TABLE ${table} RENAME COLUMN ${fresh} TO ${old}`);
  if (after.default !== undefined) swap("AlterTable", `ALTER TABLE ${table} ALTER COLUMN ${old} SET DEFAULT ${after.default.text}`);
  for (const { name } of indexes) swap("RenameIndex", `ALTER INDEX ${named({ schema: from.schema, name: twinName(name) })} RENAME TO ${quoteIdentifier(name)}`);
}

function twinName(name: string): string {
  return suffixed(name, "_new");
}

function twinIndex(index: Index, column: string): Index {
  const twin = twinName(column);
  return {
    ...index,
    name: twinName(index.name),
    keys: index.keys.map((key) => (key.column === column ? { ...key, column: twin, operatorClass: undefined } : key)),
    include: index.include.map((name) => (name === column ? twin : name)),
  };
}
