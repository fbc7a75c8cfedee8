/**
 * What a query reads, and which columns it puts out: PostgreSQL's name resolution as far as views, policies and
 * CREATE TABLE AS need it. What it cannot resolve it leaves out.
 */
import type { Alias, CommonTableExpr, JoinExpr, Node, RangeFunction, RangeVar, ResTarget, SelectStmt } from "@pgsql/types";
import type { Context } from "./context.ts";
import type { ColumnEntry, ExpressionUse, QueryReads, RoutineEntry, TableEntry, TypeEntry, TypeUse, ViewEntry } from "./entries.ts";
import { commonType, inferCollation, inferType, type Typing } from "./inferType.ts";
import { columnOf } from "./newEntries.ts";
import { namesOfNode } from "./read/expressionSpec.ts";
import { figuredName } from "./read/figuredName.ts";
import { eachNode, itemsOf, rangeVarOf, stringsOf } from "./read/nodes.ts";
import { typeSpec } from "./read/typeSpec.ts";
import { findRoutine } from "./routineLookup.ts";
import { findType, resolveType } from "./types.ts";

export interface OutputColumn {
  readonly name: string;
  /** Undefined where the text does not tell. */
  readonly type: TypeUse | undefined;
  /** Undefined for the type's own. */
  readonly collation?: string | undefined;
}

export interface QueryShape {
  /** Undefined when a `*` reads something unknown. */
  readonly columns: readonly OutputColumn[] | undefined;
  readonly reads: QueryReads;
}

export function shapeOfQuery(query: Node, ctx: Context): QueryShape {
  const analysis = new Analysis(ctx);
  const columns = "SelectStmt" in query ? analysis.select(query.SelectStmt, undefined) : undefined;
  return { columns, reads: analysis.reads };
}

/** Type and collation of an expression over a relation, where the text tells. */
export function typeOfExpression(node: Node, over: TableEntry | ViewEntry, ctx: Context): Omit<OutputColumn, "name"> {
  const analysis = new Analysis(ctx);
  const scope: Scope = { items: [itemOfRelation(over, over.name)], star: [], ctes: new Map(), parent: undefined };
  const type = inferType(node, scope, analysis);
  return { type, collation: inferCollation(node, type, scope, analysis) };
}

/** What an expression with subqueries refers to; `over` is the relation it belongs to. */
export function readsOfExpression(node: Node, over: TableEntry | ViewEntry | undefined, ctx: Context): ExpressionUse[] {
  const analysis = new Analysis(ctx);
  const items = over === undefined ? [] : [itemOfRelation(over, over.name)];
  analysis.expression(node, { items, star: [], ctes: new Map(), parent: undefined });
  return analysis.uses;
}

interface ScopeColumn extends OutputColumn {
  /** The catalog's column, when it is one of a relation. */
  readonly entry: ColumnEntry | undefined;
}

/** One thing in FROM that columns can be qualified with. */
interface RangeItem {
  readonly name: string;
  readonly schema: string | undefined;
  readonly relation: TableEntry | ViewEntry | undefined;
  /** Undefined when unknown. */
  readonly columns: readonly ScopeColumn[] | undefined;
}

interface Scope {
  readonly items: RangeItem[];
  /** What an unqualified `*` means; undefined when unknown. */
  star: readonly ScopeColumn[] | undefined;
  readonly ctes: Map<string, readonly OutputColumn[] | undefined>;
  readonly parent: Scope | undefined;
}

interface FromPart {
  readonly items: readonly RangeItem[];
  readonly star: readonly ScopeColumn[] | undefined;
}

class Analysis implements Typing<Scope> {
  readonly uses: ExpressionUse[] = [];
  readonly reads = {
    relations: new Set<TableEntry | ViewEntry>(),
    columns: new Set<ColumnEntry>(),
    routines: new Set<RoutineEntry>(),
    types: new Set<TypeEntry>(),
  };
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  select(statement: SelectStmt, parent: Scope | undefined): readonly OutputColumn[] | undefined {
    const scope: Scope = { items: [], star: [], ctes: new Map(), parent };
    for (const node of statement.withClause?.ctes ?? []) {
      if ("CommonTableExpr" in node) this.#commonTable(node.CommonTableExpr, scope);
    }
    if (statement.larg !== undefined && statement.rarg !== undefined) {
      const left = this.select(statement.larg, scope);
      const right = this.select(statement.rarg, scope);
      return left?.map((column, i) => ({ ...column, type: commonType([column.type, right?.[i]?.type]) }));
    }
    const parts = (statement.fromClause ?? []).map((node) => this.#from(node, scope));
    scope.star = joined(parts.map((part) => part.star));
    const columns =
      statement.valuesLists === undefined ? this.#targets(statement.targetList ?? [], scope) : this.#values(statement.valuesLists, scope);
    const { whereClause, groupClause, havingClause, windowClause, sortClause, limitOffset, limitCount, distinctClause } = statement;
    this.expression([whereClause, groupClause, havingClause, windowClause, sortClause, limitOffset, limitCount, distinctClause], scope);
    return columns;
  }

  #commonTable(cte: CommonTableExpr, scope: Scope): void {
    const { ctequery: query, ctename = "" } = cte;
    if (query === undefined || !("SelectStmt" in query)) {
      scope.ctes.set(ctename, undefined);
      return;
    }
    const names = stringsOf(cte.aliascolnames);
    const first = query.SelectStmt.larg;
    if (first !== undefined) {
      // A recursive query reads itself: its columns are those of its first part.
      scope.ctes.set(ctename, undefined);
      scope.ctes.set(ctename, renamed(new Analysis(this.#ctx).select(first, scope), names));
    }
    scope.ctes.set(ctename, renamed(this.select(query.SelectStmt, scope), names));
  }

  #from(node: Node, scope: Scope): FromPart {
    if ("JoinExpr" in node) return this.#join(node.JoinExpr, scope);
    const item = this.#fromItem(node, scope);
    scope.items.push(item);
    return { items: [item], star: item.columns };
  }

  #fromItem(node: Node, scope: Scope): RangeItem {
    if ("RangeVar" in node) return this.#rangeVar(node.RangeVar, scope);
    if ("RangeSubselect" in node) {
      const { subquery, alias } = node.RangeSubselect;
      const columns = subquery !== undefined && "SelectStmt" in subquery ? this.select(subquery.SelectStmt, scope) : undefined;
      return derivedItem(alias, columns);
    }
    if ("RangeFunction" in node) return this.#rangeFunction(node.RangeFunction, scope);
    if ("RangeTableSample" in node && node.RangeTableSample.relation !== undefined)
      return this.#fromItem(node.RangeTableSample.relation, scope);
    this.expression(node, scope);
    return derivedItem(undefined, undefined);
  }

  #rangeVar(name: RangeVar, scope: Scope): RangeItem {
    const { relname = "", schemaname, alias } = name;
    if (schemaname === undefined) {
      for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
        if (current.ctes.has(relname)) return derivedItem(alias ?? { aliasname: relname }, current.ctes.get(relname));
      }
    }
    const relation = this.#ctx.relation(name);
    if (relation?.kind !== "table" && relation?.kind !== "view") return derivedItem(alias ?? { aliasname: relname }, undefined);
    this.reads.relations.add(relation);
    this.uses.push({ target: relation, location: name.location, path: schemaname === undefined ? [relname] : [schemaname, relname] });
    const item = itemOfRelation(relation, alias?.aliasname ?? relation.name);
    const names = stringsOf(alias?.colnames);
    return { ...item, columns: item.columns?.map((column, i) => ({ ...column, name: names[i] ?? column.name })) };
  }

  #rangeFunction(call: RangeFunction, scope: Scope): RangeItem {
    const defined = (call.coldeflist ?? []).flatMap((node) => ("ColumnDef" in node ? [node.ColumnDef] : []));
    const columns: OutputColumn[] = defined.map((column) => ({
      name: column.colname ?? "",
      type: column.typeName === undefined ? undefined : resolveType(typeSpec(column.typeName), this.#ctx, false),
    }));
    let name: string | undefined;
    for (const node of call.functions ?? []) {
      const [first] = itemsOf(node);
      if (first === undefined) continue;
      this.expression(first, scope);
      const figured = figuredName(first) ?? "function";
      name ??= figured;
      if (defined.length > 0) continue;
      const outputs = "FuncCall" in first ? this.#outputsOf(stringsOf(first.FuncCall.funcname)) : undefined;
      columns.push(...(outputs ?? [{ name: call.alias?.aliasname ?? figured, type: undefined }]));
    }
    if (call.ordinality) columns.push({ name: "ordinality", type: undefined });
    return derivedItem(call.alias ?? { aliasname: name ?? "" }, columns);
  }

  #outputsOf(path: readonly string[]): readonly OutputColumn[] | undefined {
    const routine = findRoutine(path, this.#ctx);
    if (routine === undefined) return builtInOutputs.get(path.at(-1) ?? "")?.map((name) => ({ name, type: undefined }));
    if (routine.outputs.length > 0) return routine.outputs;
    const relation = routine.returns?.entry?.relation;
    if (relation !== undefined) return [...relation.columns.values()];
    const attributes = routine.returns?.entry?.attributes ?? [];
    return attributes.length > 0 ? attributes : undefined;
  }

  #join(join: JoinExpr, scope: Scope): FromPart {
    const left = this.#optionalFrom(join.larg, scope);
    const right = this.#optionalFrom(join.rarg, scope);
    const shared = new Set(stringsOf(join.usingClause));
    if (join.isNatural)
      for (const column of left.star ?? []) if (right.star?.some((other) => other.name === column.name)) shared.add(column.name);
    this.expression(join.quals, scope);
    const merged = [...shared].flatMap((name) => left.star?.find((column) => column.name === name) ?? []);
    const rest = (star: FromPart["star"]): FromPart["star"] => star?.filter((column) => !shared.has(column.name));
    const star = joined([merged, rest(left.star), rest(right.star)]);
    if (join.alias === undefined) return { items: [...left.items, ...right.items], star };
    const item = { ...derivedItem(join.alias, star), columns: star };
    scope.items.push(item);
    return { items: [item], star };
  }

  #optionalFrom(node: Node | undefined, scope: Scope): FromPart {
    return node === undefined ? { items: [], star: [] } : this.#from(node, scope);
  }

  #values(lists: readonly Node[], scope: Scope): OutputColumn[] {
    this.expression(lists, scope);
    return itemsOf(lists[0]).map((_, i) => ({
      name: `column${i + 1}`,
      type: commonType(lists.map((list) => inferType(itemsOf(list)[i], scope, this))),
    }));
  }

  #targets(targets: readonly Node[], scope: Scope): OutputColumn[] | undefined {
    const columns: OutputColumn[] = [];
    let isKnown = true;
    for (const node of targets) {
      if (!("ResTarget" in node)) continue;
      const found = this.#target(node.ResTarget, scope);
      if (found === undefined) isKnown = false;
      else columns.push(...found);
    }
    return isKnown ? columns : undefined;
  }

  #target(target: ResTarget, scope: Scope): readonly OutputColumn[] | undefined {
    const { val: value } = target;
    if (value === undefined) return [];
    if ("ColumnRef" in value && value.ColumnRef.fields?.some((field) => "A_Star" in field))
      return this.#starColumns(stringsOf(value.ColumnRef.fields), scope);
    this.expression(value, scope);
    const type = inferType(value, scope, this);
    return [{ name: target.name ?? figuredName(value) ?? "?column?", type, collation: inferCollation(value, type, scope, this) }];
  }

  #starColumns(path: readonly string[], scope: Scope): readonly OutputColumn[] | undefined {
    const columns = path.length === 0 ? scope.star : itemNamed(path, scope)?.columns;
    for (const column of columns ?? []) if (column.entry !== undefined) this.reads.columns.add(column.entry);
    return columns;
  }

  /** Notes everything the expression refers to, subqueries included. */
  expression(value: unknown, scope: Scope): void {
    eachNode(value, (node) => {
      if ("SubLink" in node) {
        this.expression(node.SubLink.testexpr, scope);
        const { subselect } = node.SubLink;
        if (subselect !== undefined && "SelectStmt" in subselect) this.select(subselect.SelectStmt, scope);
        return false;
      }
      if ("SelectStmt" in node) {
        this.select(node.SelectStmt, scope);
        return false;
      }
      for (const name of namesOfNode(node)) this.#note(name, scope);
      return true;
    });
  }

  #note({ kind, path, location }: ReturnType<typeof namesOfNode>[number], scope: Scope): void {
    if (kind === "column") {
      const entry = this.#columnAt(path, scope)?.entry;
      if (entry === undefined) return;
      this.reads.columns.add(entry);
      this.uses.push({ target: entry, location, path });
    } else if (kind === "routine") {
      const routine = findRoutine(path, this.#ctx);
      if (routine === undefined) return;
      this.reads.routines.add(routine);
      this.uses.push({ target: routine, location, path });
    } else if (kind === "type") {
      const type = findType(path, this.#ctx);
      if (type === undefined) return;
      this.reads.types.add(type);
      this.uses.push({ target: type, location, path });
    } else {
      const relation = this.#ctx.relation(rangeVarOf(path));
      if (relation !== undefined) this.uses.push({ target: relation, location, path });
    }
  }

  #columnAt(path: readonly string[], scope: Scope): ScopeColumn | undefined {
    const name = path.at(-1) ?? "";
    if (path.length > 1) {
      const item = itemNamed(path.slice(0, -1), scope);
      const column = item?.columns?.find((candidate) => candidate.name === name);
      if (column !== undefined || item?.relation === undefined) return column;
      const supposed = columnOf(item.relation, name);
      return supposed === undefined ? undefined : { name, type: supposed.type, collation: supposed.collation, entry: supposed };
    }
    for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
      for (const item of current.items) {
        const column = item.columns?.find((candidate) => candidate.name === name);
        if (column !== undefined) return column;
      }
    }
    return undefined;
  }

  columnType(path: readonly string[], scope: Scope): TypeUse | undefined {
    return this.#columnAt(path, scope)?.type;
  }

  columnCollation(path: readonly string[], scope: Scope): string | undefined {
    return this.#columnAt(path, scope)?.collation;
  }

  castType(node: Node): TypeUse | undefined {
    return "TypeCast" in node && node.TypeCast.typeName !== undefined
      ? resolveType(typeSpec(node.TypeCast.typeName), this.#ctx, false)
      : undefined;
  }

  routineType(path: readonly string[]): TypeUse | undefined {
    return findRoutine(path, this.#ctx)?.returns;
  }

  subqueryType(node: Node, scope: Scope): TypeUse | undefined {
    return "SelectStmt" in node ? new Analysis(this.#ctx).select(node.SelectStmt, scope)?.[0]?.type : undefined;
  }
}

/** Set-returning functions of PostgreSQL with named output columns. */
const builtInOutputs: ReadonlyMap<string, readonly string[]> = new Map([
  ["json_array_elements", ["value"]],
  ["json_array_elements_text", ["value"]],
  ["json_each", ["key", "value"]],
  ["json_each_text", ["key", "value"]],
  ["jsonb_array_elements", ["value"]],
  ["jsonb_array_elements_text", ["value"]],
  ["jsonb_each", ["key", "value"]],
  ["jsonb_each_text", ["key", "value"]],
]);

function itemOfRelation(relation: TableEntry | ViewEntry, name: string): RangeItem {
  const isKnown = relation.kind === "view" ? relation.columns.size > 0 : relation.isComplete;
  const columns = [...relation.columns.values()].map((entry) => ({
    name: entry.name,
    type: entry.type,
    collation: entry.collation,
    entry,
  }));
  return { name, schema: relation.namespace.name, relation, columns: isKnown ? columns : undefined };
}

function derivedItem(alias: Alias | undefined, columns: readonly OutputColumn[] | undefined): RangeItem {
  const names = stringsOf(alias?.colnames);
  return {
    name: alias?.aliasname ?? "",
    schema: undefined,
    relation: undefined,
    columns: columns?.map((column, i) => ({
      name: names[i] ?? column.name,
      type: column.type,
      collation: column.collation,
      entry: undefined,
    })),
  };
}

function itemNamed(path: readonly string[], scope: Scope): RangeItem | undefined {
  const name = path.at(-1);
  const schema = path.at(-2);
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    const item = current.items.find((candidate) => candidate.name === name && (schema === undefined || candidate.schema === schema));
    if (item !== undefined) return item;
  }
  return undefined;
}

function joined(parts: readonly (readonly ScopeColumn[] | undefined)[]): readonly ScopeColumn[] | undefined {
  return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

function renamed(columns: readonly OutputColumn[] | undefined, names: readonly string[]): readonly OutputColumn[] | undefined {
  return columns?.map((column, i) => ({ name: names[i] ?? column.name, type: column.type, collation: column.collation }));
}
