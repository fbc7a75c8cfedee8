/**
 * The statements that lead from one schema to another, in an order in which PostgreSQL takes them, each with what it may
 * cost. What cannot be written is a gap, said in words: nothing is left out in silence.
 */
import { changeText, diff, type ElementChange } from "../model/diff.ts";
import type { SchemaElement } from "../model/elements.ts";
import { quoteIdentifier } from "../model/names.ts";
import type { Index, Schema, Table } from "../model/schema.ts";
import { alterColumn } from "./columnChanges.ts";
import {
  checkConstraint,
  columnDefinition,
  createIndex,
  createPolicy,
  createSequence,
  createTable,
  exclusionConstraint,
  foreignKeyConstraint,
  grantText,
  keyBody,
  named,
  serialOf,
  textLiteral,
  uniqueConstraint,
} from "./definitions.ts";
import { alterEnum } from "./enumChanges.ts";
import { type Phase, type Script, Writing } from "./writing.ts";

/** Texts for elements as somebody else has written them: the schema engine's, or the history's own. Without semicolons. */
export type TextOf = (element: SchemaElement) => string | undefined;

/** Differences that are none to people: the order of columns cannot be changed. */
export function differences(before: Schema, after: Schema): readonly ElementChange[] {
  return diff(before, after).flatMap((change): readonly ElementChange[] => {
    if (change.what !== "changed" || change.kind !== "table") return [change];
    const facets = change.facets.filter(({ facet }) => facet !== "columns");
    return facets.length === 0 ? [] : [{ ...change, facets }];
  });
}

export function scriptBetween(before: Schema, after: Schema, textOf: TextOf): Script {
  const changes = withoutRenames(differences(before, after), before, after);
  const writing = new Writing(before, after);
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
      return write("types", "CreateEnum", textOf(element) ?? `CREATE TYPE ${named(element.value)} AS ENUM (${element.value.values.map(textLiteral).join(", ")})`);
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
    case "column": {
      if (isInNewTable || table === undefined) return;
      if (element.value.notNull && element.value.default === undefined && element.value.generated === undefined && element.value.identity === undefined)
        writing.risk("fails on rows", element.subject, `The column ${element.subject} is required and has no default: adding it fails as soon as the table has a row. Give it a default, or add it as optional, fill it, and require it afterwards.`);
      return write("columns", "AlterTable", `ALTER TABLE ${named(table)} ADD COLUMN ${textOf(element) ?? columnDefinition(after, table, element.value)}`);
    }
    case "primary key":
      if (isInNewTable || table === undefined) return;
      return write("constraints", "AddPrimaryKey", `ALTER TABLE ${named(table)} ADD CONSTRAINT ${quoteIdentifier(element.value.name)} PRIMARY KEY ${keyBody(element.value)}`);
    case "unique":
      if (isInNewTable || table === undefined) return;
      writing.risk("fails on rows", element.subject, `The unique constraint ${element.subject} fails where two rows have the same values.`);
      return write("constraints", "AddUnique", `ALTER TABLE ${named(table)} ADD ${uniqueConstraint(element.value)}`);
    case "check":
      if (isInNewTable || table === undefined) return table === undefined ? writing.gap(`The check ${element.subject} of a domain must be made by hand.`) : undefined;
      return write("constraints", "AddCheck", `ALTER TABLE ${named(table)} ADD ${checkConstraint(element.value)}`);
    case "exclusion":
      if (isInNewTable || table === undefined) return;
      return write("constraints", "AddExclusion", `ALTER TABLE ${named(table)} ADD ${exclusionConstraint(element.value)}`);
    case "index":
      return addIndex(writing, element.value, element.on, textOf(element), isInNewTable);
    case "foreign key":
      if (table === undefined) return;
      return write("foreign keys", "AddForeignKey", textOf(element) ?? `ALTER TABLE ${named(table)} ADD ${foreignKeyConstraint(element.value)}`);
    case "policy":
      if (table === undefined) return;
      return write("rest", "CreatePolicy", textOf(element) ?? createPolicy(table, element.value));
    case "grant": {
      const text = grantText(after, element.value);
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
  if (index.unique && !isInNewTable) writing.risk("fails on rows", `${on}.${index.name}`, `The unique index ${index.name} fails where two rows of ${on} have the same values.`);
  writing.write("constraints", "CreateIndex", text ?? createIndex(relation, index));
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
      writing.risk("loses data", element.subject, `The table ${element.subject} goes, with all its rows.`);
      return writing.write("drop tables", "DropTable", `DROP TABLE ${named(element.value)}`);
    case "column":
      if (table === undefined) return;
      if (element.value.generated === undefined) writing.risk("loses data", element.subject, `The column ${element.subject} goes, with all its values.`);
      return writing.write("drop columns", "AlterTable", `ALTER TABLE ${named(table)} DROP COLUMN ${name}`);
    case "foreign key":
      if (table === undefined || (standsOnOwnTable(before, after, element.on) && !isReferredCyclically(before, after, table))) return;
      return writing.write("drop foreign keys", "DropForeignKey", `ALTER TABLE ${named(table)} DROP CONSTRAINT ${name}`);
    case "primary key":
    case "unique":
    case "check":
    case "exclusion":
      return dropConstraint();
    case "index":
      if (element.value.constraint !== undefined || element.value.primary) return;
      return writing.write("drop constraints", "DropIndex", `DROP INDEX ${named({ schema: (table ?? before.views.get(element.on ?? ""))?.schema ?? "public", name: element.value.name })}`);
    case "policy":
    case "trigger":
      if (table === undefined) return;
      return writing.write("drop rest", element.kind === "policy" ? "DropPolicy" : "DropTrigger", `DROP ${element.kind.toUpperCase()} ${name} ON ${named(table)}`);
    case "view":
      return writing.write("drop rest", "DropView", `DROP ${element.value.materialized ? "MATERIALIZED " : ""}VIEW ${named(element.value)}`);
    case "grant":
      // Privileges on what is gone are gone as well.
      if (before.tables.has(element.value.object) && !after.tables.has(element.value.object)) return;
      return writing.gap(`Privileges must be revoked by hand: ${element.subject}.`);
    case "routine":
    case "domain":
    case "composite type":
      return writing.gap(`The ${element.kind} ${element.subject} must be dropped by hand.`);
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
    return;
  }
  if (before.kind === "enum" && after.kind === "enum") return alterEnum(writing, before.value, after.value);
  if (before.kind === "sequence" && after.kind === "sequence") {
    const type = change.facets.find(({ facet }) => facet === "dataType");
    if (type === undefined) return writing.gap(`By hand: ${changeText(change)}.`);
    return writing.write("alter columns", "AlterSequence", `ALTER SEQUENCE ${named(after.value)} AS ${after.value.dataType.name === "int8" ? "BIGINT" : after.value.dataType.name === "int2" ? "SMALLINT" : "INTEGER"}`);
  }
  if (change.facets.every(({ facet }) => facet === "comment")) return comment(writing, change);
  if (after.kind === "table") return change.facets.some(({ facet }) => facet === "rowSecurity") ? writeRowSecurity(writing, after.value) : writing.gap(`By hand: ${changeText(change)}.`);
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
  remove(writing, before);
  add(writing, after, textOf);
}

function comment(writing: Writing, { after, on, facets }: Extract<ElementChange, { what: "changed" }>): void {
  const text = facets[0]?.after ?? "";
  const value = text === "" ? "NULL" : textLiteral(text);
  const table = writing.after.tables.get(on ?? "");
  if (after.kind === "table") writing.write("rest", "Comment", `COMMENT ON TABLE ${named(after.value)} IS ${value}`);
  else if (after.kind === "column" && table !== undefined) writing.write("rest", "Comment", `COMMENT ON COLUMN ${named(table)}.${quoteIdentifier(after.value.name)} IS ${value}`);
  else writing.gap(`The comment on the ${after.kind} ${after.subject} must be set by hand.`);
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
