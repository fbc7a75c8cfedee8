/** ALTER TABLE … ALTER COLUMN: type, default, NOT NULL, identity, generation. */
import { defaultOf, identitySequence } from "./columns.ts";
import { primaryKeyOf } from "./constraints.ts";
import { changed, type Context, displayName } from "./context.ts";
import type { ColumnEntry, TableEntry, TypeUse } from "./entries.ts";
import { bindExpression, rebindExpression } from "./expressions.ts";
import { noSuchColumn } from "./indexes.ts";
import { columnsNamed } from "./inheritance.ts";
import type { AlterCommand } from "./read/alterSpec.ts";
import { itemsOf, optionsOf } from "./read/nodes.ts";
import { removeRelation } from "./registry.ts";
import { alterSequenceOptions, createOwnedSequence, sequencesOwnedBy } from "./sequences.ts";
import { resolveType, typeOf, withoutDomains } from "./types.ts";

/** Subcommands that are about nothing a schema holds (statistics, storage, options) are passed over. */
export function alterColumn(table: TableEntry, command: AlterCommand, isOnly: boolean, ctx: Context): void {
  const change = changes[command.command.subtype ?? ""];
  if (change === undefined) return;
  const name = command.command.name ?? "";
  const column = table.columns.get(name);
  if (column === undefined) {
    if (table.isComplete) noSuchColumn(name, table, command.place.nameSpan, ctx);
    return;
  }
  if (!change(table, column, command, isOnly, ctx)) return;
  column.origins = changed(column.origins, ctx.origin(command.place));
}

/** False when PostgreSQL would refuse, which is noted. */
type Change = (table: TableEntry, column: ColumnEntry, command: AlterCommand, isOnly: boolean, ctx: Context) => boolean;

const changes: Readonly<Record<string, Change>> = {
  AT_AlterColumnType: setType,
  AT_ColumnDefault: setDefault,
  AT_SetNotNull: (table, column, _command, isOnly) => {
    for (const each of columnsNamed(table, column.name, isOnly)) each.column.isNotNull = true;
    return true;
  },
  AT_DropNotNull: dropNotNull,
  AT_AddIdentity: addIdentity,
  AT_SetIdentity: setIdentity,
  AT_DropIdentity: dropIdentity,
  AT_SetExpression: setExpression,
  AT_DropExpression: (table, column, _command, isOnly) => {
    for (const each of columnsNamed(table, column.name, isOnly)) each.column.generated = undefined;
    return true;
  },
};

function setType(table: TableEntry, column: ColumnEntry, { type, place }: AlterCommand, isOnly: boolean, ctx: Context): boolean {
  if (type === undefined) return false;
  const user = userOfType(table, column);
  if (user !== undefined) {
    ctx.problem("sql-dependent-objects", `Cannot change the type of "${column.name}": ${user} uses it. Drop that before, and create it again behind.`, place.nameSpan);
    return false;
  }
  const use = resolveType(type.spec, ctx);
  for (const each of columnsNamed(table, column.name, isOnly)) giveType(each.table, each.column, use, type.collation);
  return true;
}

function giveType(table: TableEntry, column: ColumnEntry, use: TypeUse, collation: string | undefined): void {
  column.type = use;
  use.entry?.usedBy.add(table);
  column.collation = collation;
  for (const sequence of sequencesOwnedBy(table, column)) {
    // The sequence of an identity column follows the column's type; that of a serial column stays as it is.
    if (sequence.isIdentity) sequence.dataType = typeOf(withoutDomains(use));
  }
}

/** What keeps a column's type from being changed. https://www.postgresql.org/docs/current/sql-altertable.html */
function userOfType(table: TableEntry, column: ColumnEntry): string | undefined {
  for (const reader of table.readers) if (reader.kind === "view" && reader.reads.columns.has(column)) return `view "${reader.name}"`;
  for (const policy of table.policies.values()) {
    for (const expression of [policy.using, policy.withCheck]) {
      if (expression?.uses.some((use) => use.target === column)) return `policy "${policy.name}"`;
    }
  }
  for (const other of table.columns.values()) {
    if (other.generated?.expression.uses.some((use) => use.target === column)) return `generated column "${other.name}"`;
  }
  for (const trigger of table.triggers.values()) {
    if (trigger.updateOf.includes(column) || trigger.when?.uses.some((use) => use.target === column)) return `trigger "${trigger.name}"`;
  }
  return undefined;
}

function setDefault(table: TableEntry, column: ColumnEntry, { expression, place }: AlterCommand, isOnly: boolean, ctx: Context): boolean {
  if (column.generated !== undefined || (column.identity !== undefined && expression !== undefined)) {
    ctx.problem(
      "sql-invalid-definition",
      `Column "${column.name}" of ${displayName(table.namespace, table.name)} is generated and has no default.`,
      place.nameSpan,
    );
    return false;
  }
  const bound = expression === undefined ? undefined : defaultOf(column.type, expression, table, ctx);
  for (const each of columnsNamed(table, column.name, isOnly)) each.column.default = bound;
  return true;
}

function dropNotNull(table: TableEntry, column: ColumnEntry, { place }: AlterCommand, isOnly: boolean, ctx: Context): boolean {
  const inPrimaryKey = primaryKeyOf(table)?.index.keys.some((key) => key.column === column) ?? false;
  if (inPrimaryKey || column.identity !== undefined) {
    ctx.problem(
      "sql-invalid-definition",
      `Column "${column.name}" of ${displayName(table.namespace, table.name)} must stay NOT NULL: it is ${inPrimaryKey ? "in the primary key" : "an identity column"}.`,
      place.nameSpan,
    );
    return false;
  }
  for (const each of columnsNamed(table, column.name, isOnly)) each.column.isNotNull = false;
  return true;
}

function addIdentity(table: TableEntry, column: ColumnEntry, { command, place }: AlterCommand, _isOnly: boolean, ctx: Context): boolean {
  if (command.def === undefined || !("Constraint" in command.def)) return false;
  if (!column.isNotNull || column.identity !== undefined || column.default !== undefined) {
    ctx.problem(
      "sql-invalid-definition",
      `Column "${column.name}" of ${displayName(table.namespace, table.name)} can become an identity column only while it is NOT NULL and has no default or identity.`,
      place.nameSpan,
    );
    return false;
  }
  const { generated_when, options } = command.def.Constraint;
  createOwnedSequence(identitySequence(table, column.name, column.type, options ?? [], ctx), table, column, ctx);
  column.identity = generated_when === "a" ? "always" : "byDefault";
  return true;
}

function setIdentity(table: TableEntry, column: ColumnEntry, { command }: AlterCommand, _isOnly: boolean, ctx: Context): boolean {
  const options = itemsOf(command.def);
  const generated = optionsOf(options).get("generated")?.arg;
  // The option holds the letter as a character code.
  if (generated !== undefined && "Integer" in generated)
    column.identity = generated.Integer.ival === "a".charCodeAt(0) ? "always" : "byDefault";
  for (const sequence of sequencesOwnedBy(table, column)) if (sequence.isIdentity) alterSequenceOptions(sequence, options, ctx);
  return true;
}

function dropIdentity(table: TableEntry, column: ColumnEntry, { command, place }: AlterCommand, _isOnly: boolean, ctx: Context): boolean {
  if (column.identity === undefined) {
    if (!command.missing_ok)
      ctx.problem(
        "sql-invalid-definition",
        `Column "${column.name}" of ${displayName(table.namespace, table.name)} is no identity column.`,
        place.nameSpan,
      );
    return false;
  }
  column.identity = undefined;
  for (const sequence of sequencesOwnedBy(table, column)) if (sequence.isIdentity) removeRelation(sequence);
  return true;
}

function setExpression(table: TableEntry, column: ColumnEntry, { expression }: AlterCommand, isOnly: boolean, ctx: Context): boolean {
  if (expression === undefined) return false;
  const bound = bindExpression(expression, table, ctx);
  for (const each of columnsNamed(table, column.name, isOnly)) {
    each.column.generated = { expression: rebindExpression(bound, table, each.table), isStored: each.column.generated?.isStored ?? true };
  }
  return true;
}
