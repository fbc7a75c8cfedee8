/** Views, materialized views, and tables made from queries. */
import type { CreateTableAsStmt, IntoClause, Node, RangeVar, SelectStmt, ViewStmt } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import { placeColumn } from "./columns.ts";
import { changed, type Context, displayName } from "./context.ts";
import type { ColumnEntry, NamespaceEntry, QueryReads, ViewEntry } from "./entries.ts";
import { grantDefaults } from "./grantDefaults.ts";
import { entry, newColumn, owned, unknownUse } from "./newEntries.ts";
import { type OutputColumn, shapeOfQuery } from "./queryReads.ts";
import { RareMap, RareSet } from "./rare.ts";
import { optionsOf, stringsOf, textOfValue } from "./read/nodes.ts";
import type { Place } from "./read/place.ts";
import { forgetReader, noteReader } from "./registry.ts";
import { isRelationNameTaken } from "./relationNames.ts";
import { startTable } from "./tables.ts";

export function createView(statement: ViewStmt, ctx: Context): void {
  const { view: name = {}, query } = statement;
  if (query === undefined) return;
  const place = ctx.source.whole(name.location);
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan, name.relpersistence === "t");
  const known = namespace.relations.get(name.relname ?? "");
  const isReplaced = statement.replace === true && known?.kind === "view" && !known.isMaterialized;
  if (!isReplaced && isRelationNameTaken(namespace, name, false, place.nameSpan, ctx)) return;
  const { columns, reads } = shapeOfQuery(query, ctx);
  const view = isReplaced ? known : newView(namespace, name, false, place, ctx);
  if (isReplaced) {
    forgetReader(view, view.reads);
    view.origins = changed(view.origins, ctx.origin(place));
    view.options.clear();
  }
  setOptions(view, statement.options);
  if (statement.withCheckOption === "LOCAL_CHECK_OPTION") view.options.set("check_option", "local");
  if (statement.withCheckOption === "CASCADED_CHECK_OPTION") view.options.set("check_option", "cascaded");
  setQuery(view, columns, stringsOf(statement.aliases), reads, ctx);
}

/** CREATE MATERIALIZED VIEW, CREATE TABLE AS. */
export function createFromQuery(statement: CreateTableAsStmt, ctx: Context): void {
  const { into = {}, query, if_not_exists: isExistingOk = false } = statement;
  if (statement.objtype === "OBJECT_MATVIEW") createMaterializedView(into, query, isExistingOk, ctx);
  else createTableAs(into, query, isExistingOk, ctx);
}

/** SELECT … INTO. */
export function selectInto(statement: SelectStmt, into: IntoClause, ctx: Context): void {
  const { intoClause: _, ...query } = statement;
  createTableAs(into, { SelectStmt: query }, false, ctx);
}

function createMaterializedView(into: IntoClause, query: Node | undefined, isExistingOk: boolean, ctx: Context): void {
  const { rel: name = {} } = into;
  const place = ctx.source.whole(name.location);
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan);
  if (query === undefined || isRelationNameTaken(namespace, name, isExistingOk, place.nameSpan, ctx)) return;
  const { columns, reads } = shapeOfQuery(query, ctx);
  const view = newView(namespace, name, true, place, ctx);
  setOptions(view, into.options);
  setQuery(view, columns, stringsOf(into.colNames), reads, ctx);
}

/** Columns have the types that the text tells; the others stay unknown. */
function createTableAs(into: IntoClause, query: Node | undefined, isExistingOk: boolean, ctx: Context): void {
  const { rel: name = {} } = into;
  const place = ctx.source.whole(name.location);
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan, name.relpersistence === "t");
  if (query === undefined || isRelationNameTaken(namespace, name, isExistingOk, place.nameSpan, ctx)) return;
  const { columns } = shapeOfQuery(query, ctx);
  const names = stringsOf(into.colNames);
  const table = startTable(namespace, name, ctx);
  table.origins = ctx.origins(place);
  if (columns === undefined) table.isComplete = false;
  const outputs: readonly OutputColumn[] = columns ?? names.map((output) => ({ name: output, type: undefined }));
  outputs.forEach((output, i) => {
    const column = newColumn(names[i] ?? output.name, table.origins, output.type ?? unknownUse);
    column.collation = output.collation;
    placeColumn(table, column);
  });
  grantDefaults(table.acl, "tables", namespace, ctx);
}

function newView(namespace: NamespaceEntry, name: RangeVar, isMaterialized: boolean, place: Place, ctx: Context): ViewEntry {
  const view: ViewEntry = {
    kind: "view",
    ...entry(name.relname ?? "", ctx.origins(place)),
    ...owned(),
    namespace,
    isMaterialized,
    columns: new Map(),
    query: "",
    reads: { relations: new Set(), columns: new Set(), routines: new Set(), types: new Set() },
    options: new Map(),
    indexes: new Set(),
    triggers: new RareMap(),
    readers: new RareSet(),
    rowType: undefined,
    hasColumnGrants: false,
  };
  namespace.relations.set(view.name, view);
  ctx.catalog.views.add(view);
  grantDefaults(view.acl, "tables", namespace, ctx);
  return view;
}

function setOptions(view: ViewEntry, nodes: readonly Node[] | undefined): void {
  for (const [name, option] of optionsOf(nodes)) view.options.set(name, textOfValue(option.arg) ?? "true");
}

function setQuery(
  view: ViewEntry,
  outputs: readonly OutputColumn[] | undefined,
  names: readonly string[],
  reads: QueryReads,
  ctx: Context,
): void {
  const before = view.columns;
  const columns: readonly OutputColumn[] = outputs ?? names.map((name) => ({ name, type: undefined }));
  view.columns = new Map();
  columns.forEach((output, i) => {
    const name = names[i] ?? output.name;
    const column: ColumnEntry = before.get(name) ?? newColumn(name, view.origins, unknownUse);
    column.type = output.type ?? unknownUse;
    column.collation = output.collation;
    view.columns.set(name, column);
  });
  const missing = [...before.keys()].find((name) => outputs !== undefined && !view.columns.has(name));
  if (missing !== undefined)
    ctx.problem(
      "sql-invalid-definition",
      `${displayName(view.namespace, view.name)} cannot lose its column "${missing}": drop the view first.`,
      ctx.source.span(0, 1),
    );
  view.query = ctx.source.slice(querySpan(ctx));
  view.reads = reads;
  noteReader(view, reads);
}

/** Behind the first AS outside parentheses. */
function querySpan(ctx: Context): Span {
  const { tokens } = ctx.source;
  const as = tokens.find(0, tokens.count, "AS");
  return ctx.source.span(as === undefined ? 0 : as + 1, tokens.count);
}
