/**
 * An enum that becomes another: values are added in place, and only where one goes or they change their order the type is
 * made anew, with everything that names one of its values.
 */
import type { EnumType, Index, Schema, Table } from "../model/schema.ts";
import { quoteIdentifier } from "../model/names.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { checkConstraint, createIndex, named } from "./definitions.ts";
import type { Writing } from "./writing.ts";

export function alterEnum(writing: Writing, before: EnumType, after: EnumType): void {
  const kept = before.values.filter((value) => after.values.includes(value));
  const inOrder = after.values.filter((value) => before.values.includes(value));
  if (kept.length === before.values.length && kept.join("\0") === inOrder.join("\0")) return addValues(writing, before, after);
  recreate(writing, before, after);
}

function addValues(writing: Writing, before: EnumType, after: EnumType): void {
  const known = [...before.values];
  for (const [at, value] of after.values.entries()) {
    if (known.includes(value)) continue;
    const previous = after.values[at - 1];
    const next = known.at(previous === undefined ? 0 : known.indexOf(previous) + 1);
    const place = previous === undefined ? (next === undefined ? "" : ` BEFORE ${quoteLiteral(next)}`) : known.at(-1) === previous ? "" : ` AFTER ${quoteLiteral(previous)}`;
    writing.write("types", "AlterEnum", `ALTER TYPE ${named(after)} ADD VALUE ${quoteLiteral(value)}${place}`);
    known.splice(previous === undefined ? 0 : known.indexOf(previous) + 1, 0, value);
  }
}

interface Use {
  readonly table: Table;
  readonly column: string;
}

function recreate(writing: Writing, before: EnumType, after: EnumType): void {
  const gone = before.values.filter((value) => !after.values.includes(value));
  const uses = usesOf(writing.before, before).filter(({ table, column }) => writing.after.tables.get(table.key)?.columns.has(column) === true);
  if (gone.length > 0) {
    const names = gone.map((value) => JSON.stringify(value)).join(", ");
    writing.risk("fails on rows", before.key, `${before.key} loses ${names}: the migration fails as long as a row has such a value. Give these rows another value first.`, countOf(uses, gone));
  } else if (uses.some(({ table }) => writing.isInUse(table))) {
    writing.risk("blocks", before.key, `The type ${before.key} is made anew: nobody can use ${[...new Set(uses.map(({ table }) => table.key))].join(", ")} while the rows are written anew.`);
  }
  const fresh = { schema: after.schema, name: `${after.name}_new` };
  const old = { schema: after.schema, name: `${after.name}_old` };
  const readers = uses.flatMap(({ table, column }) => readersOf(table, column));
  for (const { drop } of readers) writing.write("drop constraints", "AlterEnum", drop);
  const write = (sql: string): void => writing.write("alter columns", "AlterEnum", sql);
  write(`CREATE TYPE ${named(fresh)} AS ENUM (${after.values.map(quoteLiteral).join(", ")})`);
  for (const { table, column } of uses) {
    const name = quoteIdentifier(column);
    const brackets = table.columns.get(column)?.type.isArray === true ? "[]" : "";
    const was = table.columns.get(column)?.default !== undefined;
    const commands = [...(was ? [`ALTER COLUMN ${name} DROP DEFAULT`] : []), `ALTER COLUMN ${name} SET DATA TYPE ${named(fresh)}${brackets} USING (${name}::text${brackets}::${named(fresh)}${brackets})`];
    write(`ALTER TABLE ${named(table)} ${commands.join(", ")}`);
  }
  write(`ALTER TYPE ${named(after)} RENAME TO ${quoteIdentifier(old.name)}`);
  write(`ALTER TYPE ${named(fresh)} RENAME TO ${quoteIdentifier(after.name)}`);
  write(`DROP TYPE ${named(old)}`);
  for (const { table, column } of uses) {
    const value = writing.after.tables.get(table.key)?.columns.get(column)?.default;
    if (value !== undefined) write(`ALTER TABLE ${named(table)} ALTER COLUMN ${quoteIdentifier(column)} SET DEFAULT ${value.text}`);
  }
  for (const { name, table, create } of readers) {
    const now = writing.after.tables.get(table.key);
    if (now !== undefined && [...now.indexes, ...now.checks].some((each) => each.name === name)) writing.write("constraints", "AlterEnum", create);
  }
}

/** Rows that have a value which goes. */
function countOf(uses: readonly Use[], gone: readonly string[]): string | undefined {
  if (uses.length === 0) return undefined;
  const values = gone.map(quoteLiteral).join(", ");
  const counts = uses.map(({ table, column }) => {
    const name = quoteIdentifier(column);
    return `(SELECT count(*) FROM ${named(table)} WHERE ${table.columns.get(column)?.type.isArray === true ? `${name}::text[] && ARRAY[${values}]` : `${name}::text IN (${values})`})`;
  });
  return `SELECT ${counts.join(" + ")} AS count`;
}

function usesOf(schema: Schema, type: EnumType): readonly Use[] {
  return [...schema.tables.values()].flatMap((table) =>
    [...table.columns.values()].filter((column) => column.type.kind === "enum" && column.type.name === type.name && (column.type.schema ?? "public") === type.schema).map(({ name }) => ({ table, column: name })),
  );
}

interface Reader {
  readonly name: string;
  readonly table: Table;
  readonly drop: string;
  readonly create: string;
}

/** Expressions that name values of the type hold on to it. */
function readersOf(table: Table, column: string): readonly Reader[] {
  const reads = (index: Index): boolean => index.predicate?.columns.includes(column) === true || index.keys.some((key) => key.expression?.columns.includes(column) === true);
  return [
    ...table.indexes.filter(reads).map((index) => ({ name: index.name, table, drop: `DROP INDEX ${named({ schema: table.schema, name: index.name })}`, create: createIndex(table, index) })),
    ...table.checks
      .filter(({ expression }) => expression.columns.includes(column))
      .map((check) => ({ name: check.name, table, drop: `ALTER TABLE ${named(table)} DROP CONSTRAINT ${quoteIdentifier(check.name)}`, create: `ALTER TABLE ${named(table)} ADD ${checkConstraint(check)}` })),
  ];
}
