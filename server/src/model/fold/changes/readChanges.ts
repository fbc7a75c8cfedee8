/**
 * What a statement is about to do to a database in use: read off its tree and the catalog before it is folded. What
 * only touches what the same file made is passed over, as far as nothing else waits for it.
 */
import type { Node, RangeVar } from "@pgsql/types";
import type { Change, ChangedTable, StatementChange } from "../../changes.ts";
import { isEqual } from "../../isEqual.ts";
import type { Span } from "../../../text/span.ts";
import type { Context } from "../context.ts";
import type { Relation, TableEntry, TypeEntry, ViewEntry } from "../entries.ts";
import { pathOf, rangeVarOf, stringsOf, textOfConstant, textOfValue } from "../read/nodes.ts";
import { partitionsOf } from "../inheritance.ts";
import { findType } from "../types.ts";
import { alterChanges, referenced } from "./alterChanges.ts";
import { changedTable, isNew, statementAt } from "./changedTable.ts";
import { passedOverIndex, passedOverTable } from "./passedOver.ts";

/** Notes what `tree`, the current statement, does; nothing where it concerns nobody. */
export function noteChanges(tree: Node, isInBlock: boolean, ctx: Context): void {
  if (ctx.changesIn !== undefined && !ctx.changesIn.has(ctx.current.where.uri)) return;
  const changes = [...changesOf(tree, ctx)];
  if (changes.length === 0) return;
  const { source, specs } = ctx;
  const change: StatementChange = { at: statementAt(source.span(0, 1), ctx), changes, isInBlock };
  // The same object while nothing has changed: what was said of it may be said again.
  const known = specs.lastChange;
  const kept = known !== undefined && isEqual(known, change) ? known : change;
  specs.lastChange = kept;
  ctx.changes.push(kept);
}

function changesOf(tree: Node, ctx: Context): Iterable<Change> {
  if ("CreateStmt" in tree) return [...passedOverTable(ctx.specs.table(tree.CreateStmt), ctx), ...createdTable(tree.CreateStmt.relation ?? {}, ctx)];
  if ("AlterTableStmt" in tree) return alterChanges(tree.AlterTableStmt, ctx);
  if ("IndexStmt" in tree) return createdIndex(tree.IndexStmt, ctx);
  if ("InsertStmt" in tree) {
    const { relation, selectStmt } = tree.InsertStmt;
    const isWhole = selectStmt !== undefined && "SelectStmt" in selectStmt && selectStmt.SelectStmt.fromClause !== undefined;
    return isWhole ? written(relation, "insert", undefined, ctx) : [];
  }
  if ("DropStmt" in tree) return dropped(tree.DropStmt, ctx);
  if ("VariableSetStmt" in tree) return setting(tree.VariableSetStmt, ctx);
  if ("TransactionStmt" in tree) return transaction(tree.TransactionStmt.kind, ctx);
  if ("UpdateStmt" in tree) return written(tree.UpdateStmt.relation, "update", tree.UpdateStmt.whereClause, ctx, tree.UpdateStmt.targetList);
  if ("DeleteStmt" in tree) return written(tree.DeleteStmt.relation, "delete", tree.DeleteStmt.whereClause, ctx);
  if ("RenameStmt" in tree) return renamed(tree.RenameStmt, ctx);
  if ("AlterEnumStmt" in tree) return enumChange(tree.AlterEnumStmt, ctx);
  if ("CreateTrigStmt" in tree) {
    const { relation, trigname = "" } = tree.CreateTrigStmt;
    return ofRelation(relation, ctx.source.wholeNamed(trigname).nameSpan, ctx, (base) => ({ do: "createTrigger", ...base, name: trigname }));
  }
  if ("CreatePolicyStmt" in tree) return policy(tree.CreatePolicyStmt, "create", ctx);
  if ("AlterPolicyStmt" in tree) return policy(tree.AlterPolicyStmt, "alter", ctx);
  if ("TruncateStmt" in tree) return truncated(tree.TruncateStmt, ctx);
  if ("ReindexStmt" in tree) return reindexed(tree.ReindexStmt, ctx);
  if ("RefreshMatViewStmt" in tree) {
    const { relation, concurrent = false } = tree.RefreshMatViewStmt;
    const view = ctx.relation(relation ?? {});
    const hasUniqueIndex = view?.kind === "view" && [...view.indexes].some(({ isUnique, predicate }) => isUnique && predicate === undefined);
    return named(relation, ctx, (base) => ({ do: "refreshView", ...base, isConcurrent: concurrent, hasUniqueIndex }));
  }
  if ("ViewStmt" in tree) {
    const { schemaname = "public", relname = "", location } = tree.ViewStmt.view ?? {};
    return [{ do: "createView", at: statementAt(ctx.source.nameSpan(location), ctx), view: `${schemaname}.${relname}` }];
  }
  if ("VacuumStmt" in tree) return vacuumed(tree.VacuumStmt, ctx);
  if ("ClusterStmt" in tree) return named(tree.ClusterStmt.relation, ctx, (base) => ({ do: "rewriteTable", ...base, how: "CLUSTER" }));
  if ("AlterObjectSchemaStmt" in tree) {
    const { relation, newschema = "", objectType } = tree.AlterObjectSchemaStmt;
    return objectType === "OBJECT_TABLE" ? named(relation, ctx, (base) => ({ do: "setSchema", ...base, to: newschema })) : [];
  }
  if ("CommentStmt" in tree) return commented(tree.CommentStmt, ctx);
  if ("CreateStatsStmt" in tree) return (tree.CreateStatsStmt.relations ?? []).flatMap((node) => ("RangeVar" in node ? named(node.RangeVar, ctx, (base) => ({ do: "describe", ...base })) : []));
  if ("AlterDomainStmt" in tree) return domainChange(tree.AlterDomainStmt, ctx);
  if ("LockStmt" in tree) {
    const { relations = [], mode = 8 } = tree.LockStmt;
    return relations.flatMap((node) => ("RangeVar" in node ? named(node.RangeVar, ctx, (base) => ({ do: "lockTable", ...base, mode })) : []));
  }
  if ("DropdbStmt" in tree) {
    const { dbname: name = "" } = tree.DropdbStmt;
    return [{ do: "drop", at: statementAt(ctx.source.wholeNamed(name).nameSpan, ctx), what: "database", name, isCascade: true, holds: 0 }];
  }
  const outside = outsideTransaction[Object.keys(tree)[0] ?? ""];
  return outside === undefined ? [] : [{ do: "outsideTransaction", at: statementAt(ctx.source.span(0, 2), ctx), what: outside }];
}

/** Of a table or a column: others lock nothing that queries use. */
function commented({ objtype, object }: Tree<"CommentStmt">, ctx: Context): readonly Change[] {
  if (object === undefined || !("List" in object) || (objtype !== "OBJECT_TABLE" && objtype !== "OBJECT_COLUMN")) return [];
  const path = stringsOf(object.List.items);
  const [name, schema] = (objtype === "OBJECT_COLUMN" ? path.slice(0, -1) : path).toReversed();
  if (name === undefined) return [];
  return named(schema === undefined ? { relname: name } : { relname: name, schemaname: schema }, ctx, (base) => ({ do: "describe", ...base }));
}

const outsideTransaction: Readonly<Record<string, string>> = {
  CreatedbStmt: "CREATE DATABASE",
  AlterSystemStmt: "ALTER SYSTEM",
  CreateTableSpaceStmt: "CREATE TABLESPACE",
  DropTableSpaceStmt: "DROP TABLESPACE",
};

type Tree<K extends string> = Node extends infer N ? (N extends Record<K, infer T> ? T : never) : never;
interface OfTable {
  readonly at: Change["at"];
  readonly table: ChangedTable;
}

/** One change to a relation, if it is a table in use. */
function named(name: RangeVar | undefined, ctx: Context, change: (base: OfTable) => Change): readonly Change[] {
  return ofRelation(name, ctx.source.nameSpan(name?.location), ctx, change);
}

function ofRelation(name: RangeVar | undefined, span: Span, ctx: Context, change: (base: OfTable) => Change): readonly Change[] {
  const relation = inUse(ctx.relation(name ?? {}), ctx);
  return relation === undefined ? [] : [change({ at: statementAt(span, ctx), table: changedTable(relation, ctx) })];
}

function inUse(relation: Relation | undefined, ctx: Context): TableEntry | ViewEntry | undefined {
  const isTable = relation?.kind === "table" || (relation?.kind === "view" && relation.isMaterialized);
  return isTable && !isNew(relation, ctx) ? relation : undefined;
}

/** Keys and bounds lock the tables they point at. */
function* createdTable(name: RangeVar, ctx: Context): Generator<Change> {
  const { tree } = ctx.current;
  if (!("CreateStmt" in tree)) return;
  const spec = ctx.specs.table(tree.CreateStmt);
  if (spec.foreignKeys.length === 0 && spec.parents.length === 0) return;
  if (ctx.relation(name)?.kind === "table") return;
  const references = spec.foreignKeys.flatMap(({ target }) => usedTable(target, ctx));
  const [parent] = spec.parents;
  const partitionOf = spec.bound === undefined || parent === undefined ? undefined : usedTable(parent, ctx)[0];
  if (references.length === 0 && partitionOf === undefined) return;
  const relname = name.relname ?? "";
  const schema = name.schemaname ?? ctx.lookupPath()[0]?.name ?? "public";
  const table: ChangedTable = { key: `${schema}.${relname}`, schema, name: relname, isNew: true, form: "table" };
  yield { do: "createTable", at: statementAt(ctx.source.nameSpan(name.location), ctx), table, references: distinct(references), partitionOf };
}

function usedTable(name: RangeVar, ctx: Context): readonly ChangedTable[] {
  const table = referenced(name, ctx);
  return table === undefined || table.isNew ? [] : [table];
}

function distinct(tables: readonly ChangedTable[]): readonly ChangedTable[] {
  return [...new Map(tables.map((table) => [table.key, table])).values()];
}

function createdIndex(statement: Tree<"IndexStmt">, ctx: Context): readonly Change[] {
  const relation = inUse(ctx.relation(statement.relation ?? {}), ctx);
  if (relation === undefined) return [];
  const spec = ctx.specs.index(statement);
  const isConcurrent = statement.concurrent ?? false;
  const passedOver = [...passedOverIndex(relation, spec, ctx)];
  const partitions = relation.kind === "table" && relation.form === "partitioned" ? [...partitionsOf(relation)] : [];
  return [
    {
      do: "createIndex",
      at: statementAt(spec.place.nameSpan, ctx),
      table: changedTable(relation, ctx),
      name: spec.name,
      columns: spec.keys.map(({ column }) => column ?? "…"),
      isUnique: spec.isUnique,
      isConcurrent,
      isOnly: !(spec.table.inh ?? false),
      ifNotExists: spec.ifNotExists,
      isThere: spec.name !== undefined && relation.namespace.relations.has(spec.name),
      partitions: partitions.map((partition) => changedTable(partition, ctx)),
    },
    ...passedOver,
  ];
}

function* dropped(statement: Tree<"DropStmt">, ctx: Context): Generator<Change> {
  const { removeType, concurrent: isConcurrent = false } = statement;
  const isCascade = statement.behavior === "DROP_CASCADE";
  let from = 1;
  for (const object of statement.objects ?? []) {
    const path = pathOf(object);
    const name = path.at(-1) ?? "";
    const token = ctx.source.findName(name, from) ?? 0;
    from = token + 1;
    const at = statementAt(ctx.source.span(token, 0), ctx);
    if (removeType === "OBJECT_TRIGGER" || removeType === "OBJECT_POLICY") {
      const owner = inUse(ctx.relation(rangeVarOf(path.slice(0, -1))), ctx);
      if (owner === undefined) continue;
      const table = changedTable(owner, ctx);
      yield removeType === "OBJECT_TRIGGER" ? { do: "dropTrigger", at, table, name } : { do: "changePolicy", at, table, name, how: "drop" };
      continue;
    }
    if (removeType === "OBJECT_SCHEMA") {
      const namespace = ctx.catalog.namespaces.get(name);
      yield { do: "drop", at, what: "schema", name, isCascade, holds: namespace?.relations.size ?? 0 };
      continue;
    }
    const relation = ctx.relation(rangeVarOf(path));
    if (removeType === "OBJECT_TABLE" && relation?.kind === "table" && !isNew(relation, ctx)) {
      const references = [...relation.constraints.values()].flatMap((key) => (key.kind === "foreign" ? [changedTable(key.target, ctx)] : []));
      // Its keys go, and with CASCADE those of others that point at it.
      const pointing = isCascade ? [...relation.referencedBy].map((key) => changedTable(key.table, ctx)) : [];
      yield { do: "dropTable", at, table: changedTable(relation, ctx), references: distinct([...references, ...pointing]), isCascade };
    }
    if (removeType === "OBJECT_INDEX" && relation?.kind === "index" && !isNew(relation.table, ctx)) {
      const table = changedTable(relation.table, ctx);
      const isPartitioned = table.form === "partitioned" || relation.parent !== undefined;
      yield { do: "dropIndex", at, table, name, isConcurrent, isPartitioned, isUnasked: relation.isByHand && /^drop index "/i.test(ctx.source.text) };
    }
  }
}

function setting({ name = "", args = [], kind, is_local: isLocal = false }: Tree<"VariableSetStmt">, ctx: Context): readonly Change[] {
  if (!name.endsWith("timeout") && name.toLowerCase() !== "timezone" && name !== "application_name") return [];
  const value = kind === "VAR_SET_VALUE" ? args.map((arg) => textOfConstant(arg) ?? textOfValue(arg) ?? "").join(", ") : "default";
  return [{ do: "set", at: statementAt(ctx.source.wholeNamed(name).nameSpan, ctx), name: name.toLowerCase(), value, isLocal }];
}

function transaction(kind: Tree<"TransactionStmt">["kind"], ctx: Context): readonly Change[] {
  const what =
    kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START"
      ? "begin"
      : kind === "TRANS_STMT_COMMIT"
        ? "commit"
        : kind === "TRANS_STMT_ROLLBACK"
          ? "rollback"
          : undefined;
  return what === undefined ? [] : [{ do: "transaction", at: statementAt(ctx.source.span(0, 1), ctx), what }];
}

function written(name: RangeVar | undefined, how: "insert" | "update" | "delete", where: Node | undefined, ctx: Context, targets: readonly Node[] = []): readonly Change[] {
  const isWhole = where === undefined;
  const columns = targets.flatMap((target) => ("ResTarget" in target ? (target.ResTarget.name ?? []) : []));
  return named(name, ctx, (base) => ({ do: "write", ...base, how, isWhole, isWide: isWhole || comparesColumnsOnly(where), columns }));
}

/** A condition that joins and says nothing more. */
function comparesColumnsOnly(condition: Node): boolean {
  if ("BoolExpr" in condition) return condition.BoolExpr.boolop === "AND_EXPR" && (condition.BoolExpr.args ?? []).every(comparesColumnsOnly);
  if (!("A_Expr" in condition)) return false;
  const { lexpr, rexpr } = condition.A_Expr;
  return lexpr !== undefined && rexpr !== undefined && "ColumnRef" in lexpr && "ColumnRef" in rexpr;
}

function renamed(statement: Tree<"RenameStmt">, ctx: Context): readonly Change[] {
  const { renameType, relation, subname = "", newname = "" } = statement;
  const span = ctx.source.wholeNamed(renameType === "OBJECT_TABLE" ? relation?.relname : subname, 2).nameSpan;
  if (renameType === "OBJECT_TABLE") return ofRelation(relation, span, ctx, (base) => ({ do: "renameTable", ...base, to: newname }));
  if (renameType === "OBJECT_COLUMN" && statement.relationType === "OBJECT_TABLE")
    return ofRelation(relation, span, ctx, (base) => ({ do: "renameColumn", ...base, column: subname, to: newname }));
  return renameType === "OBJECT_TABCONSTRAINT" ? ofRelation(relation, span, ctx, (base) => ({ do: "alterTable", ...base })) : [];
}

function enumChange(statement: Tree<"AlterEnumStmt">, ctx: Context): readonly Change[] {
  const path = stringsOf(statement.typeName);
  const type = path.at(-1) ?? "";
  const entry = findType(path, ctx);
  const [first] = entry?.origins ?? [];
  if (first?.kind === "sql" && first.uri === ctx.current.where.uri) return [];
  const { oldVal: value, newVal = "", newValNeighbor } = statement;
  const at = statementAt(ctx.source.wholeNamed(type).nameSpan, ctx);
  if (value !== undefined) return [{ do: "renameEnumValue", at, type, value, to: newVal }];
  if (entry?.values.some(({ name }) => name === newVal)) return [];
  return [{ do: "addEnumValue", at, type, value: newVal, isPlaced: newValNeighbor !== undefined, isUsed: (entry?.usedBy.size ?? 0) > 0 }];
}

function policy(statement: { readonly policy_name?: string; readonly table?: RangeVar }, how: "create" | "alter", ctx: Context): readonly Change[] {
  const { policy_name: name = "", table } = statement;
  return ofRelation(table, ctx.source.wholeNamed(name).nameSpan, ctx, (base) => ({ do: "changePolicy", ...base, name, how }));
}

function truncated({ relations = [], behavior }: Tree<"TruncateStmt">, ctx: Context): readonly Change[] {
  const isCascade = behavior === "DROP_CASCADE";
  return relations.flatMap((node) => {
    const relation = "RangeVar" in node ? ctx.relation(node.RangeVar) : undefined;
    if (!("RangeVar" in node) || relation?.kind !== "table") return [];
    const reaches = isCascade ? referencing(relation).map((table) => changedTable(table, ctx)) : [];
    return named(node.RangeVar, ctx, (base) => ({ do: "truncate", ...base, isCascade, reaches }));
  });
}

/** The tables that point here, and those that point at them. */
function referencing(table: TableEntry): readonly TableEntry[] {
  const found = new Set<TableEntry>([table]);
  for (const each of found) for (const key of each.referencedBy) found.add(key.table);
  found.delete(table);
  return [...found];
}

function reindexed({ kind, relation, name = "", params = [] }: Tree<"ReindexStmt">, ctx: Context): readonly Change[] {
  const isConcurrent = params.some((node) => "DefElem" in node && node.DefElem.defname === "concurrently" && isOn(textOfValue(node.DefElem.arg)));
  const found = relation === undefined ? undefined : ctx.relation(relation);
  const owner = found?.kind === "index" ? found.table : found;
  const of = kind === "REINDEX_OBJECT_INDEX" ? "index" : kind === "REINDEX_OBJECT_TABLE" ? "table" : kind === "REINDEX_OBJECT_SCHEMA" ? "schema" : "database";
  const isTable = owner?.kind === "table" || owner?.kind === "view";
  if (isTable && isNew(owner, ctx)) return [];
  const table = isTable ? changedTable(owner, ctx) : undefined;
  const span = relation === undefined ? ctx.source.span(0, 2) : ctx.source.nameSpan(relation.location);
  return [{ do: "reindex", at: statementAt(span, ctx), table, name: relation?.relname ?? name, of, isConcurrent }];
}

function isOn(value: string | undefined): boolean {
  return value === undefined || !["false", "off", "0"].includes(value);
}

function vacuumed({ options = [], rels = [], is_vacuumcmd: isVacuum = false }: Tree<"VacuumStmt">, ctx: Context): readonly Change[] {
  if (!isVacuum) return rels.flatMap((node) => ("VacuumRelation" in node ? named(node.VacuumRelation.relation, ctx, (base) => ({ do: "describe", ...base })) : []));
  const isFull = options.some((node) => "DefElem" in node && node.DefElem.defname === "full" && isOn(textOfValue(node.DefElem.arg)));
  const full = rels.flatMap((node) =>
    isFull && "VacuumRelation" in node
      ? named(node.VacuumRelation.relation, ctx, (base) => ({ do: "rewriteTable", ...base, how: "VACUUM FULL" }))
      : [],
  );
  return [{ do: "outsideTransaction", at: statementAt(ctx.source.span(0, 1), ctx), what: "VACUUM" }, ...full];
}

function domainChange(statement: Tree<"AlterDomainStmt">, ctx: Context): readonly Change[] {
  const path = stringsOf(statement.typeName);
  const { subtype, def } = statement;
  if (subtype !== "C" && subtype !== "O") return [];
  const isValid = def === undefined || !("Constraint" in def) || !(def.Constraint.skip_validation ?? false);
  const tables = tablesUsing(findType(path, ctx)).filter((table) => !isNew(table, ctx));
  if (tables.length === 0) return [];
  const domain = path.at(-1) ?? "";
  const at = statementAt(ctx.source.wholeNamed(domain).nameSpan, ctx);
  return [{ do: "addDomainCheck", at, domain, isValid, tables: tables.map((table) => changedTable(table, ctx)) }];
}

function tablesUsing(type: TypeEntry | undefined): readonly TableEntry[] {
  return [...(type?.usedBy ?? [])].flatMap((user) =>
    user.kind === "table" && !user.isDropped && [...user.columns.values()].some((column) => column.type.entry === type) ? [user] : [],
  );
}
