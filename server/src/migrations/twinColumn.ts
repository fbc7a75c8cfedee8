/**
 * A column whose new type would write the whole table anew, changed while others use it: a twin of the new type beside it,
 * kept in step by a trigger, filled some pages at a time, indexed concurrently, and put in its place at last.
 */
import { isNumbered, sequenceOf } from "../model/generatedValues.ts";
import { quoteIdentifier } from "../model/names.ts";
import type { Column, ForeignKey, Index, KeyConstraint, Schema, Table } from "../model/schema.ts";
import { columnDefinition, createIndex, dollarQuoted, foreignKeyConstraint, list, named, outOfStepCheck, suffixed, typeText } from "./definitions.ts";
import { fillColumn, requireColumn } from "./onlineColumns.ts";
import type { Writing } from "./writing.ts";

/** Whether a twin can take the place of the column, with the keys and plain indexes that it is in. `wanted`: the schema as it is to be. */
export function canHaveTwin(schema: Schema, table: Table, column: Column, wanted: Schema): boolean {
  const { name } = column;
  if (column.generated !== undefined || column.identity !== undefined) return false;
  if (isNumbered(column) && sequenceOf(schema, table, column) === undefined) return false;
  if (table.columns.has(twinName(name))) return false;
  const after = wanted.tables.get(table.key);
  const isKept = (key: KeyConstraint): boolean => [after?.primaryKey, ...(after?.uniqueConstraints ?? [])].some((other) => other?.name === key.name && other.columns.join() === key.columns.join());
  if (constraintsOn(table, name).some((key) => key.deferrable || key.include.length > 0 || !isKept(key))) return false;
  if (keysAround(schema, table, name).some(({ table: on, key }) => !isSameKey(key, wanted.tables.get(on.key)))) return false;
  if (table.exclusions.length > 0 || table.inherits.length > 0 || table.partitionOf !== undefined) return false;
  const readers = [...table.checks.map(({ expression }) => expression), ...[...table.columns.values()].flatMap((each) => each.generated?.expression ?? []), ...table.policies.flatMap(({ using, withCheck }) => [using, withCheck]), ...table.triggers.map(({ when }) => when)];
  if (readers.some((expression) => expression?.columns.includes(name) === true)) return false;
  if (table.triggers.some(({ updateOf }) => updateOf.includes(name))) return false;
  if (table.indexes.some((index) => index.predicate?.columns.includes(name) === true || index.keys.some(({ expression }) => expression?.columns.includes(name) === true))) return false;
  return ![...schema.views.values()].some(({ reads }) => reads.includes(table.key));
}

interface KeyAround {
  readonly table: Table;
  readonly key: ForeignKey;
}

/** Foreign keys of the column, and those of others that refer to it. */
function keysAround(schema: Schema, table: Table, name: string): readonly KeyAround[] {
  return [...schema.tables.values()].flatMap((each) =>
    each.foreignKeys.filter((key) => (each.key === table.key && key.columns.includes(name)) || (key.references.key === table.key && key.references.columns.includes(name))).map((key) => ({ table: each, key })),
  );
}

function isSameKey(key: ForeignKey, wanted: Table | undefined): boolean {
  const other = wanted?.foreignKeys.find(({ name }) => name === key.name);
  const facts = ({ columns, references, onDelete, onUpdate, match, deferrable }: ForeignKey): string => JSON.stringify([columns, references.key, references.columns, onDelete, onUpdate, match, deferrable]);
  return other !== undefined && facts(other) === facts(key);
}

function constraintsOn({ primaryKey, uniqueConstraints }: Table, name: string): readonly KeyConstraint[] {
  return [...(primaryKey === undefined ? [] : [primaryKey]), ...uniqueConstraints].filter(({ columns }) => columns.includes(name));
}

/** `cast`: of the column's name to a value of the new type. */
export function changeByTwin(writing: Writing, from: Table, before: Column, after: Column, cast: (name: string) => string): void {
  const twin = twinName(before.name);
  const [old, fresh] = [quoteIdentifier(before.name), quoteIdentifier(twin)];
  const table = named(from);
  const sync = { schema: from.schema, name: suffixed(`${from.name}_${before.name}`, "_sync") };
  // Triggers run in the order of their names: this one sees what the others made of the row.
  const trigger = quoteIdentifier(suffixed(`zz_${before.name}`, "_sync"));
  const outOfStep = (condition: string): string => outOfStepCheck(table, `${condition}${fresh} IS DISTINCT FROM ${cast(old)}`, `${table}: a row has another value in ${twin} than in ${before.name}`);
  writing.write("columns", "AlterTable", `ALTER TABLE ${table} ADD COLUMN ${columnDefinition(writing.after, from, { ...after, name: twin, default: undefined, notNull: false })}`, { down: [outOfStep(`${fresh} IS NOT NULL AND `), `ALTER TABLE ${table} DROP COLUMN ${fresh}`] });
  writing.write("types", "CreateFunction", `CREATE FUNCTION ${named(sync)}() RETURNS trigger LANGUAGE plpgsql AS ${dollarQuoted(`BEGIN\n  NEW.${fresh} := ${cast(`NEW.${old}`)};\n  RETURN NEW;\nEND`)}`, { down: [`DROP FUNCTION ${named(sync)}()`] });
  writing.write("rest", "CreateTrigger", `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${named(sync)}()`, { down: [`DROP TRIGGER ${trigger} ON ${table}`] });
  fillColumn(writing, from, twin, cast(old), `${fresh} IS NULL AND ${old} IS NOT NULL`);
  const all = from.indexes.filter((index) => index.keys.some(({ column }) => column === before.name) || index.include.includes(before.name));
  for (const index of all) writing.write("constraints", "CreateIndex", createIndex(from, twinIndex(index, before.name)).replace("INDEX", "INDEX CONCURRENTLY"), { stage: "index" });
  const indexes = all.filter(({ primary, constraint }) => !primary && constraint === undefined);
  const sequence = isNumbered(before) ? sequenceOf(writing.before, from, before) : undefined;
  const swap = (heading: string, sql: string, down?: readonly string[]): void => writing.write("drop columns", heading, sql, { stage: "contract", ...(down === undefined ? {} : { down }) });
  if (after.notNull) requireColumn(writing, from, twin);
  writing.write("schemas", "Check", outOfStep(""), { stage: "contract", down: [] });
  replaceForeignKeys(writing, keysAround(writing.before, from, before.name));
  swap("DropTrigger", `DROP TRIGGER ${trigger} ON ${table}`);
  swap("DropFunction", `DROP FUNCTION ${named(sync)}()`);
  if (sequence !== undefined) swap("AlterSequence", `ALTER SEQUENCE ${named(sequence)} OWNED BY ${table}.${fresh}`, [`ALTER SEQUENCE ${named(sequence)} OWNED BY ${table}.${old}`]);
  swap("AlterTable", `ALTER TABLE ${table} DROP COLUMN ${old}`, [
    ...indexes.map((index) => `ALTER INDEX ${named({ schema: from.schema, name: index.name })} RENAME TO ${quoteIdentifier(twinName(index.name))}`),
    `ALTER TABLE ${table} RENAME COLUMN ${old} TO ${fresh}`,
    `ALTER TABLE ${table} ADD COLUMN ${columnDefinition(writing.before, from, { ...before, notNull: false, ...(sequence === undefined ? {} : { default: undefined }) })}`,
    `UPDATE ${table} SET ${old} = ${fresh}::${before.type.kind === "enum" || after.type.kind === "enum" ? "text::" : ""}${typeText(before.type)}`,
    ...(sequence === undefined || before.default === undefined ? [] : [`ALTER TABLE ${table} ALTER COLUMN ${old} SET DEFAULT ${before.default.text}`]),
  ]);
  swap("AlterTable", `ALTER TABLE ${table} RENAME COLUMN ${fresh} TO ${old}`);
  if (after.default !== undefined) swap("AlterTable", `ALTER TABLE ${table} ALTER COLUMN ${old} SET DEFAULT ${after.default.text}`);
  for (const { name } of indexes) swap("RenameIndex", `ALTER INDEX ${named({ schema: from.schema, name: twinName(name) })} RENAME TO ${quoteIdentifier(name)}`);
  replaceConstraints(writing, from, constraintsOn(from, before.name));
}

/** What refers from one column to another has both of them anew: it is dropped before, and holds for new rows at once afterwards. */
function replaceForeignKeys(writing: Writing, keys: readonly KeyAround[]): void {
  for (const { table, key } of keys) {
    const on = named(table);
    const constraint = quoteIdentifier(key.name);
    const definition = foreignKeyConstraint({ ...key, validated: true });
    writing.write("drop foreign keys", "DropForeignKey", `ALTER TABLE ${on} DROP CONSTRAINT ${constraint}`, { stage: "contract", down: [`ALTER TABLE ${on} ADD ${definition}`] });
    writing.write("foreign keys", "AddForeignKey", `ALTER TABLE ${on} ADD ${definition} NOT VALID`, { stage: "contract", down: [`ALTER TABLE ${on} DROP CONSTRAINT ${constraint}`] });
    if (key.validated) writing.write("validate", "ValidateForeignKey", `ALTER TABLE ${on} VALIDATE CONSTRAINT ${constraint}`, { stage: "settle" });
  }
}

/** The index that was built over the twin becomes the constraint's. */
function replaceConstraints(writing: Writing, table: Table, constraints: readonly KeyConstraint[]): void {
  const on = named(table);
  for (const key of constraints) {
    const name = quoteIdentifier(key.name);
    const kind = key === table.primaryKey ? "PRIMARY KEY" : "UNIQUE";
    const index = createIndex(table, { ...indexOf(table, key), name: twinName(key.name), primary: false, constraint: undefined });
    writing.write("drop constraints", "DropConstraint", `ALTER TABLE ${on} DROP CONSTRAINT ${name}`, { stage: "contract", down: [`ALTER TABLE ${on} ADD CONSTRAINT ${name} ${kind} (${list(key.columns)})`] });
    writing.write("constraints", kind === "UNIQUE" ? "AddUnique" : "AddPrimaryKey", `ALTER TABLE ${on} ADD CONSTRAINT ${name} ${kind} USING INDEX ${quoteIdentifier(twinName(key.name))}`, { stage: "contract", down: [`ALTER TABLE ${on} DROP CONSTRAINT ${name}`, index] });
  }
}

function indexOf(table: Table, key: KeyConstraint): Index {
  const found = table.indexes.find(({ name }) => name === key.name);
  if (found !== undefined) return found;
  const keys = key.columns.map((column) => ({ column, expression: undefined, operatorClass: undefined, collation: undefined, direction: "asc", nulls: "last" }) as const);
  return { name: key.name, origins: key.origins, comment: undefined, prismaName: undefined, method: "btree", keys, include: [], unique: true, primary: false, nullsNotDistinct: key.nullsNotDistinct, predicate: undefined, constraint: undefined, valid: true };
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
