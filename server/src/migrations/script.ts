/**
 * The statements that lead from one schema to another, in an order in which PostgreSQL takes them, each with what it may
 * cost. What cannot be written is a gap, said in words: nothing is left out in silence.
 */
import { changeText, differences, type ElementChange } from "../model/diff.ts";
import type { SchemaElement } from "../model/elements.ts";
import { quoteIdentifier } from "../model/names.ts";
import type { Grant, Index, KeyConstraint, Schema, Table } from "../model/schema.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { alterColumn } from "./columnChanges.ts";
import {
  checkConstraint,
  createIndex,
  createPolicy,
  createSequence,
  createTable,
  exclusionConstraint,
  foreignKeyConstraint,
  privilegesText,
  keyBody,
  list,
  named,
  serialOf,
  suffixed,
  typeText,
  uniqueConstraint,
} from "./definitions.ts";
import { alterEnum } from "./enumChanges.ts";
import { addColumn } from "./onlineColumns.ts";
import { type Phase, type Script, Writing, type WritingOptions } from "./writing.ts";

/** Texts for elements as somebody else has written them: the schema engine's, or the history's own. Without semicolons. */
export type TextOf = (element: SchemaElement) => string | undefined;

/** All at once, for nobody else to wait: the way back, and what runs where no rows are. */
export const atOnce: WritingOptions = { isOnline: false, canRunApart: false, fills: new Map() };

export const backAtOnce: WritingOptions = { ...atOnce, isBack: true };

export function scriptBetween(before: Schema, after: Schema, textOf: TextOf, options: WritingOptions = atOnce): Script {
  const changes = withoutRenames(differences(before, after), before, after);
  const writing = new Writing(before, after, options);
  for (const { from, to } of changes.renames) renameIndex(writing, from, to);
  for (const change of changes.rest) {
    if (change.what === "added") add(writing, change.after, textOf);
    else if (change.what === "removed") remove(writing, change.before);
    else alter(writing, change, textOf);
  }
  return writing.script();
}

interface Renamed {
  readonly from: SchemaElement;
  readonly to: SchemaElement;
}

/** Indexes, keys and constraints that differ in their names alone: they are renamed and not built again. */
function withoutRenames(changes: readonly ElementChange[], before: Schema, after: Schema): { readonly renames: readonly Renamed[]; readonly rest: readonly ElementChange[] } {
  const renames: Renamed[] = [];
  const paired = new Set<ElementChange>();
  const kinds: readonly string[] = ["index", "foreign key", "primary key", "unique", "check"];
  for (const change of changes) {
    if (change.what !== "removed" || !kinds.includes(change.kind) || !isOnSharedTable(change, before, after)) continue;
    const other = changes.find(
      (each) => each.what === "added" && !paired.has(each) && each.kind === change.kind && each.on === change.on && factsOf(each.after) === factsOf(change.before),
    );
    if (other?.what !== "added") continue;
    paired.add(change).add(other);
    renames.push({ from: change.before, to: other.after });
  }
  return { renames, rest: changes.filter((change) => !paired.has(change)) };
}

/** The index behind a constraint goes by the constraint's name. */
function factsOf({ facts }: SchemaElement): string {
  return JSON.stringify({ ...facts, constraint: facts["constraint"] === "" ? "" : "its own" });
}

function isOnSharedTable({ on }: { readonly on: string | undefined }, before: Schema, after: Schema): boolean {
  return on !== undefined && before.tables.has(on) && after.tables.has(on);
}

function renameIndex(writing: Writing, from: SchemaElement, to: SchemaElement): void {
  const table = writing.before.tables.get(from.on ?? "");
  if (table === undefined) return;
  if (from.kind === "grant" || to.kind === "grant") return;
  const [old, name] = [quoteIdentifier(from.value.name), quoteIdentifier(to.value.name)];
  if (from.kind === "index") {
    if (from.value.constraint === undefined) writing.write("rename", "RenameIndex", `ALTER INDEX ${named({ schema: table.schema, name: from.value.name })} RENAME TO ${name}`);
  } else writing.write("rename", "RenameConstraint", `ALTER TABLE ${named(table)} RENAME CONSTRAINT ${old} TO ${name}`);
}

/** Parts of a table that its CREATE TABLE holds, or that go with its DROP TABLE. */
function standsOnOwnTable(schema: Schema, other: Schema, on: string | undefined): boolean {
  return on !== undefined && schema.tables.has(on) && !other.tables.has(on);
}

function add(writing: Writing, element: SchemaElement, textOf: TextOf): void {
  const { before, after } = writing;
  const isInNewTable = standsOnOwnTable(after, before, element.on);
  const table = after.tables.get(element.on ?? "");
  const write = (phase: Phase, heading: string, sql: string): void => writing.write(phase, heading, sql);
  switch (element.kind) {
    case "schema":
      return write("schemas", "CreateSchema", `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(element.value.name)}`);
    case "extension":
      return write("schemas", "CreateExtension", `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(element.value.name)}`);
    case "enum":
      return write("types", "CreateEnum", textOf(element) ?? `CREATE TYPE ${named(element.value)} AS ENUM (${element.value.values.map(quoteLiteral).join(", ")})`);
    case "sequence": {
      if (isMadeBySerial(after, element.value.ownedBy)) return;
      write("types", "CreateSequence", createSequence(element.value));
      const owner = ownerOf(after, element.value.ownedBy);
      if (owner !== undefined) write("constraints", "AlterSequence", `ALTER SEQUENCE ${named(element.value)} OWNED BY ${named(owner.table)}.${quoteIdentifier(owner.column)}`);
      return;
    }
    case "table": {
      if (element.value.kind !== "table" || element.value.partitionOf !== undefined || element.value.inherits.length > 0) {
        const text = textOf(element);
        return text === undefined ? writing.gap(`The table ${element.subject} is partitioned or inherits: it must be made by hand.`) : write("tables", "CreateTable", text);
      }
      write("tables", "CreateTable", textOf(element) ?? createTable(after, element.value));
      return writeRowSecurity(writing, element.value);
    }
    case "column":
      if (isInNewTable || table === undefined) return;
      return addColumn(writing, table, element.value, textOf(element));
    case "primary key":
    case "unique": {
      if (isInNewTable || table === undefined) return;
      const isPrimary = element.kind === "primary key";
      if (!isPrimary) writing.risk("fails on rows", element.subject, `The unique constraint ${element.subject} fails where two rows have the same values.`, duplicates(table, element.value.columns));
      if (writing.isInUse(table) && writing.options.canRunApart) return addKey(writing, table, element.value, isPrimary);
      if (writing.isInUse(table)) writing.risk("blocks", element.subject, `Nobody can use ${table.key} while the index of ${element.value.name} is built.`);
      return write("constraints", isPrimary ? "AddPrimaryKey" : "AddUnique", `ALTER TABLE ${named(table)} ADD ${isPrimary ? `CONSTRAINT ${quoteIdentifier(element.value.name)} PRIMARY KEY ${keyBody(element.value)}` : uniqueConstraint(element.value)}`);
    }
    case "check":
      if (isInNewTable || table === undefined) return table === undefined ? writing.gap(`The check ${element.subject} of a domain must be made by hand.`) : undefined;
      return addConstraint(writing, table, "Check", element.value, `ALTER TABLE ${named(table)} ADD ${checkConstraint({ ...element.value, validated: true })}`);
    case "exclusion":
      if (isInNewTable || table === undefined) return;
      if (writing.isInUse(table)) writing.risk("blocks", element.subject, `Nobody can use ${table.key} while the index of ${element.value.name} is built.`);
      return write("constraints", "AddExclusion", `ALTER TABLE ${named(table)} ADD ${exclusionConstraint(element.value)}`);
    case "index":
      return addIndex(writing, element.value, element.on, textOf(element), isInNewTable);
    case "foreign key":
      if (table === undefined) return;
      return addConstraint(writing, table, "ForeignKey", element.value, textOf(element) ?? `ALTER TABLE ${named(table)} ADD ${foreignKeyConstraint({ ...element.value, validated: true })}`);
    case "policy":
      if (table === undefined) return;
      return write("rest", "CreatePolicy", textOf(element) ?? createPolicy(table, element.value));
    case "grant": {
      const text = privilegesText(after, element.value, "GRANT");
      return text === undefined ? writing.gap(`Privileges must be granted by hand: ${element.subject}.`) : write("rest", "Grant", text);
    }
    case "trigger":
    case "routine":
    case "view":
    case "domain":
    case "composite type": {
      const text = textOf(element);
      const phase: Phase = element.kind === "trigger" || element.kind === "view" ? "rest" : "types";
      return text === undefined ? writing.gap(`The ${element.kind} ${element.subject} must be made by hand.`) : write(phase, `Create${element.kind[0]?.toUpperCase() ?? ""}${element.kind.slice(1)}`, text);
    }
  }
}

function addIndex(writing: Writing, index: Index, on: string | undefined, text: string | undefined, isInNewTable: boolean): void {
  const relation = writing.after.tables.get(on ?? "") ?? writing.after.views.get(on ?? "");
  // What backs a constraint comes with it.
  if (relation === undefined || index.constraint !== undefined || index.primary) return;
  const columns = index.keys.flatMap(({ column }) => column ?? []);
  const table = writing.before.tables.get(on ?? "");
  if (index.unique && !isInNewTable) {
    const where = index.predicate === undefined ? "" : ` WHERE ${index.predicate.text}`;
    const count = columns.length < index.keys.length || table === undefined || columns.some((column) => !table.columns.has(column)) ? undefined : duplicates(relation, columns, where);
    writing.risk("fails on rows", `${on}.${index.name}`, `The unique index ${index.name} fails where two rows of ${on} have the same values.`, count);
  }
  if (!writing.isInUse(table)) return writing.write("constraints", "CreateIndex", text ?? createIndex(relation, index));
  if (!writing.options.canRunApart) {
    writing.risk("blocks", `${on}.${index.name}`, `Nobody can write to ${on} while ${index.name} is built: what runs these migrations puts each file into a transaction. Build it by hand, CONCURRENTLY, before.`);
    return writing.write("constraints", "CreateIndex", text ?? createIndex(relation, index));
  }
  const isNameTaken = [...writing.before.tables.values()].some((each) => each.schema === relation.schema && each.indexes.some(({ name }) => name === index.name));
  if (!isNameTaken) return writing.write("constraints", "CreateIndex", concurrently(text ?? createIndex(relation, index)), { stage: "index" });
  const name = suffixed(index.name, "_new");
  writing.write("constraints", "CreateIndex", concurrently(createIndex(relation, { ...index, name })), { stage: "index" });
  writing.write("rename", "RenameIndex", `ALTER INDEX ${named({ schema: relation.schema, name })} RENAME TO ${quoteIdentifier(index.name)}`, { stage: "contract" });
}

function concurrently(sql: string): string {
  return sql.replace(/^((?:CREATE|DROP)(?: UNIQUE)? INDEX)\b/i, "$1 CONCURRENTLY");
}

/** How many groups of rows have the same values. */
function duplicates(table: { readonly schema: string; readonly name: string }, columns: readonly string[], where = ""): string {
  const names = columns.map(quoteIdentifier).join(", ");
  const notNull = columns.map((column) => `${quoteIdentifier(column)} IS NOT NULL`).join(" AND ");
  return `SELECT count(*) AS count FROM (SELECT FROM ${named(table)}${where === "" ? " WHERE" : `${where} AND`} ${notNull} GROUP BY ${names} HAVING count(*) > 1) AS twice`;
}

/** Holds for new rows at once, and for old ones after they were read beside everybody. */
function addConstraint(writing: Writing, table: Table, kind: "Check" | "ForeignKey", { name, validated }: { readonly name: string; readonly validated: boolean }, sql: string): void {
  const phase: Phase = kind === "Check" ? "constraints" : "foreign keys";
  const bare = sql.replace(/\s+NOT VALID$/i, "");
  if (validated && !writing.isInUse(table)) return writing.write(phase, `Add${kind}`, bare);
  writing.write(phase, `Add${kind}`, `${bare} NOT VALID`, { stage: "constrain" });
  if (validated) writing.write("validate", `Validate${kind}`, `ALTER TABLE ${named(table)} VALIDATE CONSTRAINT ${quoteIdentifier(name)}`, { stage: "validate" });
}

/** The index is built concurrently, and becomes the constraint's. */
function addKey(writing: Writing, table: Table, key: KeyConstraint, isPrimary: boolean): void {
  const name = suffixed(key.name, "_new");
  const include = key.include.length === 0 ? "" : ` INCLUDE (${list(key.include)})`;
  writing.write("constraints", "CreateIndex", `CREATE UNIQUE INDEX CONCURRENTLY ${quoteIdentifier(name)} ON ${named(table)} (${list(key.columns)})${include}${key.nullsNotDistinct ? " NULLS NOT DISTINCT" : ""}`, { stage: "index" });
  const old = writing.before.tables.get(table.key)?.primaryKey;
  const drop = isPrimary && old !== undefined ? `DROP CONSTRAINT ${quoteIdentifier(old.name)}, ` : "";
  const deferral = key.deferrable ? ` DEFERRABLE${key.initiallyDeferred ? " INITIALLY DEFERRED" : ""}` : "";
  writing.write("constraints", isPrimary ? "AddPrimaryKey" : "AddUnique", `ALTER TABLE ${named(table)} ${drop}ADD CONSTRAINT ${quoteIdentifier(key.name)} ${isPrimary ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${quoteIdentifier(name)}${deferral}`, { stage: "contract" });
}

function remove(writing: Writing, element: SchemaElement): void {
  const { before, after } = writing;
  const table = before.tables.get(element.on ?? "");
  // What goes with its table needs no statement of its own.
  if (element.kind !== "foreign key" && standsOnOwnTable(before, after, element.on)) return;
  const name = "name" in element.value ? quoteIdentifier(element.value.name) : "";
  const dropConstraint = (): void => {
    if (table !== undefined) writing.write("drop constraints", `Drop${element.kind === "check" ? "Check" : "Constraint"}`, `ALTER TABLE ${named(table)} DROP CONSTRAINT ${name}`);
  };
  switch (element.kind) {
    case "schema":
      return writing.write("drop types", "DropSchema", `DROP SCHEMA ${name}`);
    case "extension":
      return writing.write("drop types", "DropExtension", `DROP EXTENSION ${name}`);
    case "enum":
      return writing.write("drop types", "DropEnum", `DROP TYPE ${named(element.value)}`);
    case "sequence":
      if (element.value.ownedBy !== undefined && !isColumnLeft(after, element.value.ownedBy)) return;
      return writing.write("drop types", "DropSequence", `DROP SEQUENCE ${named(element.value)}`);
    case "table":
      writing.risk("loses data", element.subject, `The table ${element.subject} goes, with all its rows.`, `SELECT count(*) AS count FROM ${named(element.value)}`);
      return writing.write("drop tables", "DropTable", `DROP TABLE ${named(element.value)}`);
    case "column":
      if (table === undefined) return;
      if (element.value.generated === undefined) writing.risk("loses data", element.subject, `The column ${element.subject} goes, with all its values.`, `SELECT count(${name}) AS count FROM ${named(table)}`);
      return writing.write("drop columns", "AlterTable", `ALTER TABLE ${named(table)} DROP COLUMN ${name}`);
    case "foreign key":
      if (table === undefined || (standsOnOwnTable(before, after, element.on) && !isReferredCyclically(before, after, table))) return;
      return writing.write("drop foreign keys", "DropForeignKey", `ALTER TABLE ${named(table)} DROP CONSTRAINT ${name}`);
    case "primary key":
      // Where the new one takes its place, one command does both.
      if (writing.isInUse(table) && writing.options.canRunApart && after.tables.get(element.on ?? "")?.primaryKey !== undefined) return;
      return dropConstraint();
    case "unique":
    case "check":
    case "exclusion":
      return dropConstraint();
    case "index": {
      if (element.value.constraint !== undefined || element.value.primary) return;
      const left = after.tables.get(element.on ?? "");
      const columns = [...element.value.keys.flatMap(({ column, expression }) => column ?? expression?.columns ?? []), ...element.value.include, ...(element.value.predicate?.columns ?? [])];
      // It goes with its column.
      if (left !== undefined && columns.some((column) => !left.columns.has(column))) return;
      const sql = `DROP INDEX ${named({ schema: (table ?? before.views.get(element.on ?? ""))?.schema ?? "public", name: element.value.name })}`;
      if (!writing.isInUse(table) || !writing.options.canRunApart) return writing.write("drop constraints", "DropIndex", sql);
      return writing.write("drop constraints", "DropIndex", concurrently(sql), { stage: "unindex" });
    }
    case "policy":
    case "trigger":
      if (table === undefined) return;
      return writing.write("drop rest", element.kind === "policy" ? "DropPolicy" : "DropTrigger", `DROP ${element.kind.toUpperCase()} ${name} ON ${named(table)}`);
    case "view":
      return writing.write("drop rest", "DropView", `DROP ${element.value.materialized ? "MATERIALIZED " : ""}VIEW ${named(element.value)}`);
    case "grant": {
      const { object } = element.value;
      // Privileges on what is gone are gone as well.
      if ([before.tables, before.views, before.sequences, before.routines].some((all) => all.has(object)) && ![after.tables, after.views, after.sequences, after.routines].some((all) => all.has(object))) return;
      const text = privilegesText(before, element.value, "REVOKE");
      return text === undefined ? writing.gap(`Privileges must be revoked by hand: ${element.subject}.`) : writing.write("drop rest", "Revoke", text);
    }
    case "routine":
      return writing.write("drop types", "DropFunction", `DROP ${element.value.kind.toUpperCase()} ${named({ schema: element.value.schema, name: element.value.name })}(${element.value.argumentTypes.map(typeText).join(", ")})`);
    case "domain":
      return writing.write("drop types", "DropDomain", `DROP DOMAIN ${named(element.value)}`);
    case "composite type":
      return writing.write("drop types", "DropType", `DROP TYPE ${named(element.value)}`);
  }
}

/** Two tables that go and refer to each other: neither can go first. */
function isReferredCyclically(before: Schema, after: Schema, table: Table): boolean {
  return [...before.tables.values()].some((other) => !after.tables.has(other.key)) && table.foreignKeys.some((key) => key.references.key !== table.key && !after.tables.has(key.references.key));
}

function alter(writing: Writing, change: Extract<ElementChange, { what: "changed" }>, textOf: TextOf): void {
  const { before, after } = change;
  if (before.kind === "column" && after.kind === "column") {
    const [from, to] = [writing.before.tables.get(change.on ?? ""), writing.after.tables.get(change.on ?? "")];
    if (from !== undefined && to !== undefined) alterColumn(writing, from, to, before.value, after.value);
    if (change.facets.some(({ facet }) => facet === "comment")) comment(writing, change);
    return;
  }
  if (before.kind === "grant" && after.kind === "grant") return alterGrant(writing, before.value, after.value);
  if (before.kind === "enum" && after.kind === "enum") return alterEnum(writing, before.value, after.value);
  if (before.kind === "sequence" && after.kind === "sequence") {
    const type = change.facets.find(({ facet }) => facet === "dataType");
    if (type === undefined) return writing.gap(`By hand: ${changeText(change)}.`);
    return writing.write("alter columns", "AlterSequence", `ALTER SEQUENCE ${named(after.value)} AS ${after.value.dataType.name === "int8" ? "BIGINT" : after.value.dataType.name === "int2" ? "SMALLINT" : "INTEGER"}`);
  }
  if (change.facets.every(({ facet }) => facet === "comment")) return comment(writing, change);
  if (after.kind === "table") {
    if (change.facets.some(({ facet }) => facet === "comment")) comment(writing, change);
    return change.facets.some(({ facet }) => facet === "rowSecurity") ? writeRowSecurity(writing, after.value) : writing.gap(`By hand: ${changeText(change)}.`);
  }
  switch (after.kind) {
    case "index":
      // The index of a constraint follows the constraint.
      if (after.value.constraint !== undefined || after.value.primary) return;
      break;
    case "foreign key":
    case "primary key":
    case "unique":
    case "check":
    case "exclusion":
    case "policy":
    case "trigger":
      break;
    default:
      return writing.gap(`By hand: ${changeText(change)}.`);
  }
  if (after.kind === "foreign key" && before.kind === "foreign key" && isOnlyValidated(change)) {
    const table = writing.after.tables.get(change.on ?? "");
    if (table !== undefined) return writing.write("validate", "ValidateForeignKey", `ALTER TABLE ${named(table)} VALIDATE CONSTRAINT ${quoteIdentifier(after.value.name)}`, { stage: "validate" });
  }
  if (after.kind === "foreign key" || after.kind === "check") {
    const table = writing.after.tables.get(change.on ?? "");
    // One command, so that no row slips in between.
    if (table !== undefined && writing.isInUse(table)) return replaceConstraint(writing, table, before, after, textOf);
  }
  remove(writing, before);
  add(writing, after, textOf);
}

function replaceConstraint(writing: Writing, table: Table, before: SchemaElement, after: SchemaElement, textOf: TextOf): void {
  if (after.kind !== "foreign key" && after.kind !== "check") return;
  const own = after.kind === "check" ? checkConstraint({ ...after.value, validated: true }) : foreignKeyConstraint({ ...after.value, validated: true });
  const definition = (textOf(after) ?? own).replace(/^.*?(?=CONSTRAINT )/is, "");
  const drop = "name" in before.value ? `DROP CONSTRAINT ${quoteIdentifier(before.value.name)}, ` : "";
  addConstraint(writing, table, after.kind === "check" ? "Check" : "ForeignKey", after.value, `ALTER TABLE ${named(table)} ${drop}ADD ${definition}`);
}

/** Nothing but that it now holds for old rows. */
function isOnlyValidated({ facets, after }: Extract<ElementChange, { what: "changed" }>): boolean {
  return facets.every(({ facet }) => facet === "validated") && "validated" in after.value && after.value.validated;
}

function comment(writing: Writing, { after, on, facets }: Extract<ElementChange, { what: "changed" }>): void {
  const text = facets.find(({ facet }) => facet === "comment")?.after ?? "";
  const object = commentedObject(after, writing.after.tables.get(on ?? "") ?? writing.after.views.get(on ?? ""));
  if (object === undefined) writing.gap(`The comment on the ${after.kind} ${after.subject} must be set by hand.`);
  else writing.write("rest", "Comment", `COMMENT ON ${object} IS ${text === "" ? "NULL" : quoteLiteral(text)}`);
}

/** As COMMENT ON names it. `holder`: the table or view that it is a part of. */
function commentedObject(element: SchemaElement, holder: { readonly schema: string; readonly name: string } | undefined): string | undefined {
  switch (element.kind) {
    case "table":
    case "sequence":
    case "domain":
      return `${element.kind.toUpperCase()} ${named(element.value)}`;
    case "enum":
    case "composite type":
      return `TYPE ${named(element.value)}`;
    case "view":
      return `${element.value.materialized ? "MATERIALIZED " : ""}VIEW ${named(element.value)}`;
    case "schema":
    case "extension":
      return `${element.kind.toUpperCase()} ${quoteIdentifier(element.value.name)}`;
    case "routine":
      return `${element.value.kind.toUpperCase()} ${named({ schema: element.value.schema, name: element.value.name })}(${element.value.argumentTypes.map(typeText).join(", ")})`;
    case "grant":
      return undefined;
    default: {
      if (holder === undefined) return undefined;
      const name = quoteIdentifier(element.value.name);
      if (element.kind === "column") return `COLUMN ${named(holder)}.${name}`;
      if (element.kind === "index") return `INDEX ${named({ schema: holder.schema, name: element.value.name })}`;
      return `${element.kind === "policy" || element.kind === "trigger" ? element.kind.toUpperCase() : "CONSTRAINT"} ${name} ON ${named(holder)}`;
    }
  }
}

/** What is new is given, what is gone is taken. */
function alterGrant(writing: Writing, before: Grant, after: Grant): void {
  const given = after.privileges.filter((privilege) => !before.privileges.includes(privilege));
  const taken = before.privileges.filter((privilege) => !after.privileges.includes(privilege));
  for (const [privileges, does] of [[taken, "REVOKE"], [given, "GRANT"]] as const) {
    if (privileges.length === 0) continue;
    const text = privilegesText(writing.after, { ...after, privileges }, does);
    if (text === undefined) writing.gap(`By hand: ${does} ${privileges.join(", ")} on ${after.objectKind} ${after.object}, ${after.grantee}.`);
    else writing.write("rest", does === "GRANT" ? "Grant" : "Revoke", text);
  }
}

function writeRowSecurity(writing: Writing, table: Table): void {
  const old = writing.before.tables.get(table.key)?.rowSecurity ?? { enabled: false, forced: false };
  const { enabled, forced } = table.rowSecurity;
  if (old.enabled !== enabled) writing.write("rest", "RowSecurity", `ALTER TABLE ${named(table)} ${enabled ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`);
  if (old.forced !== forced) writing.write("rest", "RowSecurity", `ALTER TABLE ${named(table)} ${forced ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`);
}

/** Whether SERIAL in a new column, or an identity, makes the sequence. */
function isMadeBySerial(after: Schema, ownedBy: string | undefined): boolean {
  const owner = ownerOf(after, ownedBy);
  const column = owner?.table.columns.get(owner.column);
  if (owner === undefined || column === undefined) return false;
  return column.identity !== undefined || serialOf(after, owner.table, column) !== undefined;
}

function ownerOf(schema: Schema, ownedBy: string | undefined): { readonly table: Table; readonly column: string } | undefined {
  const at = ownedBy?.lastIndexOf(".") ?? -1;
  const table = schema.tables.get(ownedBy?.slice(0, at) ?? "");
  return table === undefined || ownedBy === undefined ? undefined : { table, column: ownedBy.slice(at + 1) };
}

function isColumnLeft(after: Schema, ownedBy: string): boolean {
  const owner = ownerOf(after, ownedBy);
  return owner?.table.columns.has(owner.column) === true;
}
