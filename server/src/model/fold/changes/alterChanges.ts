/** What ALTER TABLE does to a table in use, command by command in the order in which PostgreSQL carries them out. */
import type { AlterTableStmt } from "@pgsql/types";
import { withoutDomains, resolveType, typeOf } from "../types.ts";
import type { AddedConstraint, Change, ConstraintKind } from "../../changes.ts";
import type { Origins } from "../../schema.ts";
import type { Context } from "../context.ts";
import type { ColumnEntry, ConstraintEntry, TableEntry, TypeUse } from "../entries.ts";
import type { AlterCommand } from "../read/alterSpec.ts";
import type { ColumnSpec } from "../read/columnSpec.ts";
import type { ConstraintSpec } from "../read/constraintSpec.ts";
import { itemsOf, optionsOf, textOfValue } from "../read/nodes.ts";
import { notNullColumn } from "../constraints.ts";
import { changedTable, isNew, isProvenNotNull, statementAt } from "./changedTable.ts";
import { passedOverColumn } from "./passedOver.ts";
import { isNarrowing, typeEffect } from "./typeEffect.ts";
import { volatilityOf } from "./volatility.ts";

export function alterChanges(statement: AlterTableStmt, ctx: Context): readonly Change[] {
  const relation = ctx.relation(statement.relation ?? {});
  if (relation?.kind === "view" && relation.isMaterialized) {
    const at = statementAt(ctx.source.nameSpan(statement.relation?.location), ctx);
    return [{ do: "alterTable", at, table: changedTable(relation, ctx) }];
  }
  if (relation?.kind !== "table") return [];
  const table = relation;
  const changes: Change[] = [];
  for (const entry of ctx.specs.alter(statement)) {
    // Of a table that nobody uses yet, only what reaches beyond it.
    if (isNew(table, ctx)) {
      if (reachesBeyond(entry, ctx)) changes.push(...[...changesOf(table, entry, ctx)].filter((change) => "references" in change || "child" in change));
    } else changes.push(...changesOf(table, entry, ctx));
  }
  return changes;
}

function reachesBeyond({ constraint, column, command }: AlterCommand, ctx: Context): boolean {
  if (constraint?.kind === "foreign") return isUsed(constraint.target, ctx);
  if (column !== undefined) return column.constraints.some((each) => each.kind === "foreign" && isUsed(each.target, ctx));
  return beyond.has(command.subtype ?? "");
}

const beyond: ReadonlySet<string> = new Set(["AT_DropConstraint", "AT_AttachPartition", "AT_DetachPartition", "AT_ValidateConstraint"]);

function isUsed(name: NonNullable<AlterTableStmt["relation"]>, ctx: Context): boolean {
  const found = ctx.relation(name);
  return found?.kind === "table" && !isNew(found, ctx);
}

function* changesOf(entry: TableEntry, command: AlterCommand, ctx: Context): Generator<Change> {
  const at = statementAt(command.place.nameSpan, ctx, command.place.span);
  const table = changedTable(entry, ctx);
  const { subtype = "AT_AddColumn", name = "" } = command.command;
  const column = entry.columns.get(name);
  if (command.column !== undefined) {
    const there = entry.columns.get(command.column.name);
    if (there === undefined) yield* addedColumn(entry, command.column, at, ctx);
    else if (command.command.missing_ok === true) yield* passedOverColumn(table, there, command.column, at, ctx);
    return;
  }
  if (command.constraint !== undefined) {
    yield addedConstraint(entry, command.constraint, at, ctx);
    return;
  }
  switch (subtype) {
    case "AT_DropColumn":
      if (column !== undefined) yield { do: "dropColumn", at, table, column: name, isRequired: column.isNotNull, type: typeOf(column.type), removes: resting(entry, column) };
      return;
    case "AT_AlterColumnType":
      if (column !== undefined) yield* changedType(entry, column, command, at, ctx);
      return;
    case "AT_SetNotNull":
      yield {
        do: "setNotNull",
        at,
        table,
        column: name,
        isProven: column !== undefined && isProvenNotNull(entry, column),
        isAlready: column?.isNotNull ?? false,
        hasValue: column === undefined || fillsItself(column),
      };
      return;
    case "AT_DropNotNull":
      if (column?.isNotNull !== false) yield { do: "dropNotNull", at, table, column: name };
      return;
    case "AT_SetStatistics":
    case "AT_SetOptions":
    case "AT_ResetOptions":
      yield { do: "alterColumn", at, table, column: name, weight: "light", losesValue: false, givesValue: false };
      return;
    case "AT_AddIdentity":
      yield { do: "addIdentity", at, table, column: name };
      return;
    case "AT_ColumnDefault":
    case "AT_SetStorage":
    case "AT_SetCompression":
    case "AT_SetIdentity":
    case "AT_DropIdentity":
    case "AT_DropExpression":
      yield { do: "alterColumn", at, table, column: name, weight: "heavy", losesValue: losesValue(command, column), givesValue: subtype === "AT_ColumnDefault" && command.command.def !== undefined };
      return;
    case "AT_ValidateConstraint": {
      const constraint = entry.constraints.get(name);
      const isAlready = constraint?.kind === "check" || constraint?.kind === "foreign" ? constraint.isValidated : false;
      yield { do: "validateConstraint", at, table, name, kind: constraint?.kind, references: targetOf(constraint, ctx), isAlready };
      return;
    }
    case "AT_DropConstraint": {
      const constraint = entry.constraints.get(name);
      const kind: ConstraintKind | undefined = constraint?.kind ?? (notNullColumn(entry, name) === undefined ? undefined : "notNull");
      yield { do: "dropConstraint", at, table, name, kind, columns: columnsOf(constraint), references: targetOf(constraint, ctx) };
      return;
    }
    case "AT_AlterConstraint": {
      const { def } = command.command;
      const altered = def !== undefined && "ATAlterConstraint" in def ? def.ATAlterConstraint : {};
      const constraint = entry.constraints.get(altered.conname ?? "");
      const isEnforcement = altered.alterEnforceability ?? false;
      yield { do: "alterConstraint", at, table, name: altered.conname ?? "", isEnforcement, references: targetOf(constraint, ctx) };
      return;
    }
    case "AT_SetLogged":
    case "AT_SetUnLogged":
      if ((subtype === "AT_SetLogged") !== (entry.persistence === "unlogged")) return;
      yield { do: "rewriteTable", at, table, how: subtype === "AT_SetLogged" ? "SET LOGGED" : "SET UNLOGGED" };
      return;
    case "AT_SetAccessMethod":
    case "AT_SetTableSpace":
      yield { do: "rewriteTable", at, table, how: subtype === "AT_SetAccessMethod" ? "SET ACCESS METHOD" : "SET TABLESPACE" };
      return;
    case "AT_SetRelOptions":
    case "AT_ResetRelOptions": {
      const options = optionsOf(itemsOf(command.command.def));
      yield { do: "setOptions", at, table, options: new Map([...options].map(([key, { arg }]) => [key, textOfValue(arg) ?? ""])) };
      return;
    }
    case "AT_ReplicaIdentity": {
      const { def } = command.command;
      const type = def !== undefined && "ReplicaIdentityStmt" in def ? def.ReplicaIdentityStmt.identity_type : undefined;
      yield { do: "setReplicaIdentity", at, table, to: type === "f" ? "full" : type === "n" ? "nothing" : type === "i" ? "index" : "default" };
      return;
    }
    case "AT_EnableTrig":
    case "AT_EnableAlwaysTrig":
    case "AT_EnableReplicaTrig":
    case "AT_DisableTrig":
    case "AT_EnableTrigAll":
    case "AT_DisableTrigAll":
    case "AT_EnableTrigUser":
    case "AT_DisableTrigUser":
      yield { do: "switchTrigger", at, table, name, isAll: subtype === "AT_DisableTrigAll" };
      return;
    case "AT_EnableRowSecurity":
    case "AT_DisableRowSecurity":
    case "AT_ForceRowSecurity":
    case "AT_NoForceRowSecurity": {
      const how = rowSecurity[subtype];
      yield { do: "setRowSecurity", at, table, how, hasPolicies: entry.policies.size > 0 };
      return;
    }
    case "AT_AttachPartition":
    case "AT_DetachPartition":
    case "AT_DetachPartitionFinalize":
      yield* partitionChange(entry, command, at, ctx);
      return;
    case "AT_ChangeOwner":
    case "AT_AddInherit":
    case "AT_DropInherit":
    case "AT_EnableRule":
    case "AT_DisableRule":
      yield { do: "alterTable", at, table };
      return;
    case "AT_ClusterOn":
    case "AT_DropCluster":
      yield { do: "setOptions", at, table, options: new Map() };
      return;
    default:
      yield { do: "alterTable", at, table };
  }
}

const rowSecurity = {
  AT_EnableRowSecurity: "enable",
  AT_DisableRowSecurity: "disable",
  AT_ForceRowSecurity: "force",
  AT_NoForceRowSecurity: "noForce",
} as const;

function* addedColumn(entry: TableEntry, spec: ColumnSpec, at: Origins, ctx: Context): Generator<Change> {
  const use: TypeUse | undefined = spec.type === undefined ? undefined : resolveType(spec.type, ctx, false);
  if (use === undefined) return;
  const foreign = spec.constraints.find((constraint) => constraint.kind === "foreign");
  yield {
    do: "addColumn",
    at,
    table: changedTable(entry, ctx),
    column: spec.name,
    type: typeOf(use),
    isNotNull: spec.isNotNull,
    default: spec.default === undefined || isNull(spec) ? "none" : volatilityOf(spec.default, ctx),
    isSerial: spec.type?.serial !== undefined,
    isIdentity: spec.identity !== undefined,
    generated: spec.generated === undefined ? undefined : spec.generated.isStored ? "stored" : "virtual",
    constraints: spec.constraints.map(({ kind }) => kind),
    references: foreign?.kind === "foreign" ? referenced(foreign.target, ctx) : undefined,
    isChecked: isCheckedDomain(use),
  };
}

/** Inserts that do not name the column go on. */
function fillsItself({ default: value, identity, generated }: ColumnEntry): boolean {
  return value !== undefined || identity !== undefined || generated !== undefined;
}

function losesValue({ command: { subtype, def } }: AlterCommand, column: ColumnEntry | undefined): boolean {
  const isDropped = (subtype === "AT_ColumnDefault" && def === undefined) || subtype === "AT_DropIdentity" || subtype === "AT_DropExpression";
  return isDropped && column !== undefined && column.isNotNull && fillsItself(column);
}

function isNull({ default: value }: ColumnSpec): boolean {
  return value !== undefined && "A_Const" in value.node && value.node.A_Const.isnull === true;
}

function isCheckedDomain(use: TypeUse): boolean {
  const { entry } = use;
  if (entry?.form !== "domain") return false;
  return entry.isNotNull || entry.checks.length > 0 || (entry.base !== undefined && isCheckedDomain(entry.base));
}

function addedConstraint(entry: TableEntry, spec: ConstraintSpec, at: Origins, ctx: Context): AddedConstraint {
  const isKey = spec.kind === "primary" || spec.kind === "unique";
  const columns = spec.kind === "check" ? spec.expression.expression.columns : spec.kind === "exclusion" ? [] : spec.columns;
  const usingIndex = isKey ? spec.usingIndex : undefined;
  const keyed = usingIndex === undefined ? columns : indexColumns(entry, usingIndex);
  return {
    do: "addConstraint",
    at,
    table: changedTable(entry, ctx),
    kind: spec.kind,
    name: spec.name,
    columns: keyed,
    nullable: keyed.filter((name) => {
      const column = entry.columns.get(name);
      return column !== undefined && !column.isNotNull && !isProvenNotNull(entry, column);
    }),
    isValid: spec.kind === "check" || spec.kind === "foreign" ? spec.isValidated : true,
    usingIndex,
    isPlain: isKey && !spec.deferrable && !spec.nullsNotDistinct && spec.include.length === 0,
    references: spec.kind === "foreign" ? referenced(spec.target, ctx) : undefined,
  };
}

function indexColumns(entry: TableEntry, name: string): readonly string[] {
  const index = entry.namespace.relations.get(name);
  return index?.kind === "index" ? index.keys.flatMap(({ column }) => column?.name ?? []) : [];
}

function* changedType(entry: TableEntry, column: ColumnEntry, command: AlterCommand, at: Origins, ctx: Context): Generator<Change> {
  if (command.type === undefined) return;
  const use = resolveType(command.type.spec, ctx, false);
  const [from, to] = [typeOf(withoutDomains(column.type)), typeOf(withoutDomains(use))];
  const using = usingOf(command);
  const isPlain = using === undefined || isCastOf(using, column.name);
  const own = typeEffect(from, to);
  const hasNewOrder = own === "none" && command.type.collation !== column.collation;
  const effect = !isPlain || (isCheckedDomain(use) && column.type.entry !== use.entry) ? "rewrite" : hasNewOrder ? "reindex" : own;
  const indexes = [...entry.indexes].filter(({ keys, include }) => keys.some((key) => key.column === column) || include.includes(column));
  yield {
    do: "setType",
    at,
    table: changedTable(entry, ctx),
    column: column.name,
    from: typeOf(column.type),
    to: typeOf(use),
    effect,
    indexes: indexes.map(({ name }) => name),
    joined: [...joinedBy(entry, column)].filter((each) => each !== entry && !isNew(each, ctx)).map((each) => changedTable(each, ctx)),
    hasUsing: using !== undefined,
    isNarrowing: isNarrowing(from, to),
  };
}

function joinedBy(entry: TableEntry, column: ColumnEntry): ReadonlySet<TableEntry> {
  const tables = new Set<TableEntry>();
  for (const key of entry.constraints.values()) if (key.kind === "foreign" && key.columns.includes(column)) tables.add(key.target);
  for (const key of entry.referencedBy) if (key.targetColumns.includes(column)) tables.add(key.table);
  return tables;
}

type Using = NonNullable<ReturnType<typeof usingOf>>;

function usingOf({ command }: AlterCommand) {
  return command.def !== undefined && "ColumnDef" in command.def ? command.def.ColumnDef.raw_default : undefined;
}

/** `USING c` or `USING c::type`, which is what happens without USING, too. */
function isCastOf(using: Using, column: string): boolean {
  const node = "TypeCast" in using ? using.TypeCast.arg : using;
  if (node === undefined || !("ColumnRef" in node)) return false;
  const [only, ...others] = node.ColumnRef.fields ?? [];
  return others.length === 0 && only !== undefined && "String" in only && only.String.sval === column;
}

function* partitionChange(entry: TableEntry, { command }: AlterCommand, at: Origins, ctx: Context): Generator<Change> {
  if (command.def === undefined || !("PartitionCmd" in command.def)) return;
  const { name = {}, concurrent = false } = command.def.PartitionCmd;
  const found = ctx.relation(name);
  if (found?.kind !== "table") return;
  const [table, child] = [changedTable(entry, ctx), changedTable(found, ctx)];
  if (command.subtype !== "AT_AttachPartition") {
    yield { do: "detachPartition", at, table, child, isConcurrent: concurrent || command.subtype === "AT_DetachPartitionFinalize" };
    return;
  }
  const fallback = [...entry.children].find(({ partitionOf }) => partitionOf !== undefined && /^\s*default\s*$/i.test(partitionOf.bound));
  const keys = new Set(entry.partitionKey?.keys.flatMap(({ column }) => column?.name ?? []));
  const hasCheck = [...found.constraints.values()].some(
    (check) => check.kind === "check" && check.isValidated && check.expression.spec.expression.columns.some((column) => keys.has(column)),
  );
  yield { do: "attachPartition", at, table, child, hasCheck, defaultPartition: fallback === undefined ? undefined : changedTable(fallback, ctx) };
}

/** Constraints and indexes that go with a column. */
function resting(entry: TableEntry, column: ColumnEntry): readonly string[] {
  const names = new Set<string>();
  for (const { keys, include, name } of entry.indexes) if (keys.some((key) => key.column === column) || include.includes(column)) names.add(name);
  for (const constraint of entry.constraints.values()) {
    if (constraint.kind === "foreign" && constraint.columns.includes(column)) names.add(constraint.name);
    if (constraint.kind === "check" && constraint.expression.uses.some(({ target }) => target === column)) names.add(constraint.name);
  }
  for (const key of entry.referencedBy) if (key.targetColumns.includes(column)) names.add(key.name);
  return [...names];
}

function columnsOf(constraint: ConstraintEntry | undefined): readonly string[] {
  if (constraint === undefined || constraint.kind === "check" || constraint.kind === "exclusion") return [];
  const columns = constraint.kind === "foreign" ? constraint.columns : constraint.index.keys.flatMap(({ column }) => column ?? []);
  return columns.map(({ name }) => name);
}

function targetOf(constraint: ConstraintEntry | undefined, ctx: Context): AddedConstraint["references"] {
  return constraint?.kind === "foreign" ? changedTable(constraint.target, ctx) : undefined;
}

export function referenced(name: NonNullable<AlterTableStmt["relation"]>, ctx: Context): AddedConstraint["references"] {
  const found = ctx.relation(name);
  return found?.kind === "table" ? changedTable(found, ctx) : undefined;
}

