/**
 * `databaseArchitect/erd/edit`: what a person changed in a diagram, as edits of the texts. A rename goes through the
 * whole Prisma schema and keeps the database's names; what else there is becomes intents, written where rules' fixes are.
 */
import type { WorkspaceEdit } from "vscode-languageserver/node";
import type { ErdEdit, ErdEditParams } from "../../../../protocol/src/erd.ts";
import type { Intent } from "../../edits/intent.ts";
import { maxNameBytes } from "../../model/names.ts";
import { baseType, builtInTypeName } from "../../model/pgTypes.ts";
import type { Column, PgType, Schema, Table } from "../../model/schema.ts";
import type { PrismaTarget } from "../../prisma/occurrences.ts";
import { renamePrisma } from "../../prisma/rename.ts";
import type { FileEdit } from "../../text/edit.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import { editsOf } from "../../workspace/fixes.ts";
import type { Project } from "../../workspace/projects.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { Client } from "../client.ts";
import { workspaceEditOf } from "../toEdit.ts";
import { type ErdDiagrams, projectOf } from "./diagrams.ts";

export type ErdWritten =
  | { readonly ok: true; readonly label: string; readonly edit: WorkspaceEdit }
  | { readonly ok: false; readonly reason: string };

export function* writeErdEdit(
  snapshot: Snapshot,
  { source, edit }: ErdEditParams,
  { diagrams, client, now }: { readonly diagrams: ErdDiagrams; readonly client: Client; readonly now: Date },
): Steps<ErdWritten> {
  const found = yield* projectOf(snapshot, source);
  if (found === undefined) return refused("What this diagram shows cannot be changed here.");
  const { revision, status } = yield* diagrams.diagram(snapshot, source);
  if (revision !== edit.revision) return refused("The schema has changed meanwhile. Look again, and repeat what you did.");
  if (status.kind === "stale") return refused(`${status.reason} Mend it first.`);
  const checked = yield* snapshot.check(found.project);
  const isPrismaName = (edit.do === "renameTable" || edit.do === "renameColumn") && checked.schema.tables.get(edit.table)?.prismaName !== undefined;
  const written = isPrismaName ? renamed(edit, checked) : intended(edit, checked, found.project, snapshot, now);
  if ("reason" in written) return refused(written.reason);
  const workspaceEdit = workspaceEditOf(written.edits, snapshot, client);
  return workspaceEdit === undefined ? refused("There is nothing to write.") : { ok: true, label: labelOf(edit), edit: workspaceEdit };
}

type Written = { readonly edits: readonly FileEdit[] } | { readonly reason: string };

function renamed(edit: Extract<ErdEdit, { do: "renameTable" | "renameColumn" }>, { schema, prismaFiles }: CheckedProject): Written {
  const table = schema.tables.get(edit.table);
  const column = edit.do === "renameColumn" ? table?.columns.get(edit.column) : undefined;
  const block = table?.prismaName;
  if (table === undefined || block === undefined) return { reason: "This is no Prisma model." };
  const field = column?.prismaName ?? column?.name;
  const target: PrismaTarget = edit.do === "renameTable" ? { kind: "model", name: block } : { kind: "field", block, name: field ?? edit.column };
  const renaming = renamePrisma(prismaFiles, target, edit.to);
  return renaming.ok ? { edits: renaming.edits } : { reason: renaming.reason };
}

function intended(
  edit: ErdEdit,
  checked: CheckedProject,
  project: Project,
  snapshot: Snapshot,
  now: Date,
): Written {
  const intents = intentsOf(edit, checked.schema);
  if ("reason" in intents) return intents;
  const { edits, refused } = editsOf(intents, project, checked, snapshot, now, migrationNameOf(edit, checked.schema));
  const [first] = refused;
  return first === undefined ? { edits } : { reason: first.reason };
}

function intentsOf(edit: ErdEdit, schema: Schema): readonly Intent[] | { readonly reason: string } {
  switch (edit.do) {
    case "addColumn":
      return columnIntents(edit, schema);
    case "addRelation":
      return relationIntents(edit, schema);
    case "renameTable":
    case "renameColumn":
      return renameIntents(edit, schema);
  }
}

/** Of what no Prisma schema names. */
function renameIntents(edit: Extract<ErdEdit, { do: "renameTable" | "renameColumn" }>, schema: Schema): readonly Intent[] | { readonly reason: string } {
  const table = schema.tables.get(edit.table);
  const column = edit.do === "renameColumn" ? table?.columns.get(edit.column) : undefined;
  const to = edit.to.trim();
  if (table === undefined || (edit.do === "renameColumn" && column === undefined)) return { reason: "Tables and columns are renamed." };
  const reason = whyNoName(to);
  if (reason !== undefined) return { reason };
  const isTaken = column === undefined ? schema.tables.has(`${table.schema}.${to}`) : table.columns.has(to);
  return isTaken ? { reason: `There is a ${to} already.` } : [{ do: "renameInDatabase", table, column, to }];
}

function columnIntents(edit: Extract<ErdEdit, { do: "addColumn" }>, schema: Schema): readonly Intent[] | { readonly reason: string } {
  const table = schema.tables.get(edit.table);
  const column = edit.name.trim();
  const type = builtInType(edit.type);
  if (table === undefined) return { reason: "Columns are added to tables." };
  const reason = whyNoName(column);
  if (reason !== undefined) return { reason };
  if (table.columns.has(column)) return { reason: `${table.name} has a column ${column} already.` };
  if (type === undefined) return { reason: `PostgreSQL has no type ${edit.type}.` };
  return [{ do: "addNewColumn", table, column, type, nullable: edit.nullable }];
}

/** What PostgreSQL would cut, or not take at all, is no name. */
function whyNoName(name: string): string | undefined {
  if (name === "") return "It needs a name.";
  if (name.includes("\0")) return "A name has no character U+0000 in it.";
  const bytes = Buffer.byteLength(name);
  return bytes > maxNameBytes ? `${name} has ${bytes} bytes: names of PostgreSQL have ${maxNameBytes} bytes at most.` : undefined;
}

/** Of any spelling: `varchar(20)`, `timestamp(3) with time zone`, `text[]`. */
function builtInType(spelling: string): PgType | undefined {
  const [, base = "", modifiers, zone = "", list] = /^([\w ]+?) *(?:\(([\d, ]+)\))?( with(?:out)? time zone)?(\[\])?$/.exec(spelling.trim().toLowerCase()) ?? [];
  const name = builtInTypeName(base + zone);
  return name === undefined ? undefined : baseType(name, modifiers?.split(",").map(Number) ?? [], list !== undefined);
}

/** The foreign key, and the index that deletes of the parent need. */
function relationIntents(edit: Extract<ErdEdit, { do: "addRelation" }>, schema: Schema): readonly Intent[] | { readonly reason: string } {
  const table = schema.tables.get(edit.table);
  const referenced = schema.tables.get(edit.to);
  const column = table?.columns.get(edit.column ?? "");
  if (table === undefined || referenced === undefined || column === undefined) return { reason: "Relations lead from a column of a table to a table." };
  const key = referenced.primaryKey?.columns ?? [];
  const [only] = key;
  const to = referenced.columns.get(only ?? "");
  if (to === undefined || key.length !== 1) return { reason: `${referenced.name} has no primary key of one column to refer to.` };
  if (table === referenced && column === to) return { reason: `${table.name}.${column.name} cannot refer to itself.` };
  if (!isSameType(column, to)) return { reason: `${table.name}.${column.name} and ${referenced.name}.${to.name} have different types.` };
  if (table.foreignKeys.some(({ columns }) => columns.length === 1 && columns[0] === column.name)) return { reason: `${table.name}.${column.name} refers to a table already.` };
  const columns = [column.name];
  const onDelete = column.notNull ? "restrict" : "setNull";
  const foreignKey: Intent = { do: "addForeignKey", table, columns, referenced, referencedColumns: key, onDelete };
  return hasIndexOn(table, column.name) ? [foreignKey] : [foreignKey, { do: "addIndex", table, columns }];
}

function isSameType({ type: a }: Column, { type: b }: Column): boolean {
  return a.schema === b.schema && a.name === b.name && a.isArray === b.isArray;
}

function hasIndexOn({ indexes }: Table, column: string): boolean {
  return indexes.some(({ keys, predicate }) => keys[0]?.column === column && predicate === undefined);
}

function labelOf(edit: ErdEdit): string {
  switch (edit.do) {
    case "renameTable":
    case "renameColumn":
      return `Rename to ${edit.to}`;
    case "addRelation":
      return "Add a relation";
    case "addColumn":
      return "Add a column";
  }
}

/** What a new migration is called, after what it does. */
function migrationNameOf(edit: ErdEdit, { tables }: Schema): string {
  const nameOf = (key: string): string => tables.get(key)?.name ?? "";
  const plain = wordsOf(edit, nameOf).join("_").toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return plain.slice(0, longestName).replace(/_+$/, "");
}

function wordsOf(edit: ErdEdit, nameOf: (key: string) => string): readonly string[] {
  switch (edit.do) {
    case "renameTable":
      return ["rename", nameOf(edit.table)];
    case "renameColumn":
      return ["rename", nameOf(edit.table), edit.column];
    case "addRelation":
      return ["relate", nameOf(edit.table), "to", nameOf(edit.to)];
    case "addColumn":
      return ["add", edit.name, "to", nameOf(edit.table)];
  }
}

/** So that a file's name fits everywhere, with a stamp in front. */
const longestName = 60;

function refused(reason: string): ErdWritten {
  return { ok: false, reason };
}
