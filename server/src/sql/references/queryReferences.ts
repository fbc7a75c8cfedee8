/**
 * The names that queries and expressions mention, each with what it is to be looked up in: FROM, common table
 * expressions, enclosing queries, as PostgreSQL's scopes have it.
 * https://www.postgresql.org/docs/current/queries-table-expressions.html
 */
import type {
  Alias,
  DeleteStmt,
  InsertStmt,
  JoinExpr,
  MergeStmt,
  Node,
  OnConflictClause,
  RangeFunction,
  RangeVar,
  ResTarget,
  ReturningClause,
  SelectStmt,
  TypeName,
  UpdateStmt,
  WithClause,
} from "@pgsql/types";
import { figuredName } from "../canonical/figuredName.ts";
import { namesOf } from "../canonical/type.ts";
import { eachNode } from "../canonical/walk.ts";
import type { ColumnSource, NamePlace, NameReference, OutputColumn, Scope } from "../reference.ts";
import type { NameFinder } from "./nameFinder.ts";

/** A scope while its FROM is being read. */
interface OpenScope extends Scope {
  readonly sources: ColumnSource[];
  readonly ctes: Map<string, readonly OutputColumn[] | undefined>;
}

export class QueryReferences {
  readonly found: NameReference[] = [];
  readonly names: NameFinder;

  constructor(names: NameFinder) {
    this.names = names;
  }

  add(
    place: NamePlace | undefined,
    kind: NameReference["kind"],
    role: NameReference["role"] = "uses",
    scope?: Scope,
    more: Partial<Pick<NameReference, "isLocal" | "renamedTo" | "movedTo">> = nothingMore,
  ): void {
    if (place === undefined) return;
    const { path, parts, span, nameSpan } = place;
    const { isLocal = false, renamedTo, movedTo } = more;
    // All of one shape, property by property: spreading costs more than all the rest.
    this.found.push({ path, parts, span, nameSpan, kind, role, scope, isLocal, renamedTo, movedTo });
  }

  /** Whether it is a statement that reads or writes rows; its output columns, undefined when they cannot be told. */
  query(node: Node, parent: Scope | undefined): { readonly columns: readonly OutputColumn[] | undefined } | undefined {
    if ("SelectStmt" in node) return { columns: this.select(node.SelectStmt, parent) };
    if ("InsertStmt" in node) return { columns: this.#insert(node.InsertStmt, parent) };
    if ("UpdateStmt" in node) return { columns: this.#update(node.UpdateStmt, parent) };
    if ("DeleteStmt" in node) return { columns: this.#delete(node.DeleteStmt, parent) };
    if ("MergeStmt" in node) return { columns: this.#merge(node.MergeStmt, parent) };
    return undefined;
  }

  select(statement: SelectStmt, parent: Scope | undefined): readonly OutputColumn[] | undefined {
    const scope = openScope(parent);
    this.#with(statement.withClause, scope);
    if (statement.larg !== undefined && statement.rarg !== undefined) {
      const columns = this.select(statement.larg, scope);
      this.select(statement.rarg, scope);
      this.#sort(statement.sortClause, columns, scope);
      this.expression([statement.limitOffset, statement.limitCount], scope);
      return columns;
    }
    for (const node of statement.fromClause ?? []) this.#from(node, scope);
    const columns = statement.valuesLists === undefined ? this.#targets(statement.targetList, scope) : this.#values(statement, scope);
    const { whereClause, havingClause, windowClause, limitOffset, limitCount } = statement;
    this.expression(whereClause, scope);
    // An output column's name counts where FROM has none like it.
    this.expression(statement.groupClause, { ...scope, parent: { ...openScope(scope.parent), sources: [derived(undefined, columns)] } });
    this.expression([havingClause, windowClause, limitOffset, limitCount], scope);
    this.#sort(statement.sortClause, columns, scope);
    this.#sort(statement.distinctClause, columns, scope);
    return columns;
  }

  /** The name of a relation, and what can be read from it. */
  relation(relation: RangeVar, scope: Scope | undefined, role: NameReference["role"] = "uses"): ColumnSource {
    const { relname = "", schemaname, alias } = relation;
    const path = schemaname === undefined ? [relname] : [schemaname, relname];
    const cte = schemaname === undefined ? commonTable(relname, scope) : undefined;
    this.add(this.names.at(relation.location, path), "relation", role, scope, { isLocal: cte !== undefined });
    const named = { name: alias?.aliasname ?? relname, isAlias: alias?.aliasname !== undefined, columnNames: namesOf(alias?.colnames) };
    return cte === undefined ? { ...named, relation: path, columns: undefined } : { ...named, relation: undefined, columns: cte.columns };
  }

  type(type: TypeName | undefined): void {
    const path = namesOf(type?.names);
    if (type === undefined || path.length === 0 || path[0] === "pg_catalog" || type.pct_type === true) return;
    this.add(this.names.at(type.location, path), "type");
  }

  /** Everything that an expression mentions, or a list of them, subqueries included. */
  expression(value: unknown, scope: Scope | undefined): void {
    eachNode(value, (node) => {
      if ("SelectStmt" in node) {
        this.select(node.SelectStmt, scope);
        return false;
      }
      if ("ColumnRef" in node) this.#columnRef(node.ColumnRef.fields ?? [], node.ColumnRef.location, scope);
      else if ("TypeCast" in node) this.#cast(node.TypeCast.arg, node.TypeCast.typeName);
      else if ("TypeName" in node) this.type(node.TypeName);
      else if ("FuncCall" in node && node.FuncCall.funcformat !== "COERCE_SQL_SYNTAX") {
        const path = namesOf(node.FuncCall.funcname);
        this.add(this.names.at(node.FuncCall.location, path), "routine");
        if (sequenceFunctions.has(path.at(-1) ?? "")) this.#relationInText(node.FuncCall.args?.[0]);
      }
      return true;
    });
  }

  /** Columns and expressions of an index, whose list opens at or behind the token `from`; the tree has no places for the columns. */
  indexElements(elements: readonly Node[] | undefined, target: ColumnSource, from: number, scope: Scope): void {
    const names = (elements ?? []).map((node) => ("IndexElem" in node ? node.IndexElem.name : undefined));
    for (const place of this.names.findList(names, from)) this.add(place, "column", "uses", scopeOf([target]));
    for (const node of elements ?? []) if ("IndexElem" in node) this.expression(node.IndexElem.expr, scope);
  }

  #columnRef(fields: readonly Node[], location: number | undefined, scope: Scope | undefined): void {
    const path = namesOf(fields);
    const kind = path.length < fields.length ? "row" : "column";
    if (path.length > 0) this.add(this.names.at(location, path), kind, "uses", scope);
  }

  #cast(value: Node | undefined, type: TypeName | undefined): void {
    this.type(type);
    if (namesOf(type?.names).at(-1) === "regclass") this.#relationInText(value);
  }

  /** A string that names a relation, as in `nextval('app.orders_id_seq')`. */
  #relationInText(node: Node | undefined): void {
    const inner = node !== undefined && "TypeCast" in node ? node.TypeCast.arg : node;
    if (inner === undefined || !("A_Const" in inner) || inner.A_Const.sval === undefined) return;
    const start = this.names.offset(inner.A_Const.location) + 1;
    const { sval = "" } = inner.A_Const.sval;
    if (!this.names.tokens.text.startsWith(`'${sval}'`, start - 1)) return;
    const parts = [...sval.matchAll(/"(?:[^"]|"")+"|[^."\s]+/g)].map((match) => ({
      name: match[0].startsWith('"') ? match[0].slice(1, -1).replaceAll('""', '"') : match[0].toLowerCase(),
      span: { start: start + match.index, end: start + match.index + match[0].length },
    }));
    const [first] = parts;
    const last = parts.at(-1);
    if (first === undefined || last === undefined || parts.length > 2) return;
    const span = { start: first.span.start, end: last.span.end };
    this.add({ path: parts.map(({ name }) => name), parts: parts.map((part) => part.span), span, nameSpan: last.span }, "relation");
  }

  #with(clause: WithClause | undefined, scope: OpenScope): void {
    for (const node of clause?.ctes ?? []) {
      if (!("CommonTableExpr" in node)) continue;
      const { ctename = "", ctequery, aliascolnames, location } = node.CommonTableExpr;
      const names = namesOf(aliascolnames);
      this.add(this.names.at(location, [ctename]), "relation", "defines", scope, { isLocal: true });
      if (clause?.recursive === true) scope.ctes.set(ctename, names.length > 0 ? named(names) : undefined);
      const columns = ctequery === undefined ? undefined : this.#recursive(ctequery, ctename, names, scope);
      scope.ctes.set(ctename, renamed(columns, names));
    }
  }

  /** A recursive query reads itself: its columns are those of its first part. */
  #recursive(query: Node, name: string, names: readonly string[], scope: OpenScope): readonly OutputColumn[] | undefined {
    const first = "SelectStmt" in query && scope.ctes.has(name) ? query.SelectStmt.larg : undefined;
    if (first !== undefined) {
      // Read twice, noted once.
      const columns = new QueryReferences(this.names).select(first, scope);
      scope.ctes.set(name, renamed(columns, names));
    }
    return this.query(query, scope)?.columns;
  }

  #from(node: Node, scope: OpenScope): readonly ColumnSource[] {
    if ("JoinExpr" in node) return this.#join(node.JoinExpr, scope);
    const source = this.#fromItem(node, scope);
    scope.sources.push(source);
    return [source];
  }

  #fromItem(node: Node, scope: OpenScope): ColumnSource {
    if ("RangeVar" in node) return this.relation(node.RangeVar, scope);
    if ("RangeSubselect" in node) {
      const { subquery, alias, lateral } = node.RangeSubselect;
      const around = lateral === true ? scope : { ...openScope(scope.parent), ctes: scope.ctes };
      return derived(alias, subquery === undefined ? undefined : this.query(subquery, around)?.columns);
    }
    if ("RangeFunction" in node) return this.#rangeFunction(node.RangeFunction, scope);
    if ("RangeTableSample" in node && node.RangeTableSample.relation !== undefined) {
      this.expression(node.RangeTableSample.args, scope);
      return this.#fromItem(node.RangeTableSample.relation, scope);
    }
    this.expression(node, scope);
    if ("RangeTableFunc" in node) return derived(node.RangeTableFunc.alias, undefined);
    return derived("JsonTable" in node ? node.JsonTable.alias : undefined, undefined);
  }

  #rangeFunction({ alias, coldeflist, functions }: RangeFunction, scope: OpenScope): ColumnSource {
    this.expression(functions, scope);
    const defined = (coldeflist ?? []).flatMap((node) => ("ColumnDef" in node ? [node.ColumnDef] : []));
    for (const column of defined) this.type(column.typeName);
    const columns = defined.length > 0 ? named(defined.map((column) => column.colname ?? "")) : undefined;
    const names = namesOf(alias?.colnames);
    const [call] = functions ?? [];
    const first = call !== undefined && "List" in call ? call.List.items?.[0] : undefined;
    const name = alias?.aliasname ?? (first === undefined ? undefined : figuredName(first));
    return {
      name,
      isAlias: true,
      relation: undefined,
      columns: columns ?? (names.length > 0 ? named(names) : undefined),
      columnNames: names,
    };
  }

  #join(join: JoinExpr, scope: OpenScope): readonly ColumnSource[] {
    const left = join.larg === undefined ? [] : this.#from(join.larg, scope);
    const right = join.rarg === undefined ? [] : this.#from(join.rarg, scope);
    const shared = namesOf(join.usingClause);
    if (shared.length > 0) this.#using(shared, left, right, join);
    this.expression(join.quals, scope);
    const sources = [...left, ...right];
    if (join.alias === undefined) return sources;
    const joined = derived(join.alias, [{ kind: "all", sources }]);
    scope.sources.push(joined);
    return [joined];
  }

  /** The tree does not say where USING stands: behind what is joined, so behind the last name that was found. */
  #using(shared: readonly string[], left: readonly ColumnSource[], right: readonly ColumnSource[], { rarg }: JoinExpr): void {
    const { tokens } = this.names;
    const location = rarg !== undefined && "RangeVar" in rarg ? rarg.RangeVar.location : undefined;
    const last = this.found.at(-1)?.span.end;
    let token = location === undefined ? (last === undefined ? 0 : tokens.at(last)) : this.names.tokenAt(location);
    while (token < tokens.count && !(tokens.is(token, "USING", "(") && isListOf(this.names, shared, token + 1))) token++;
    for (const place of this.names.findList(shared, token)) {
      for (const sources of [left, right]) this.add(place, "column", "uses", scopeOf(sources));
    }
  }

  #values(statement: SelectStmt, scope: Scope): readonly OutputColumn[] {
    this.expression(statement.valuesLists, scope);
    const [first] = statement.valuesLists ?? [];
    return named((first !== undefined && "List" in first ? (first.List.items ?? []) : []).map((_, i) => `column${i + 1}`));
  }

  #targets(targets: readonly Node[] | undefined, scope: Scope): readonly OutputColumn[] | undefined {
    this.expression(targets, scope);
    const columns: OutputColumn[] = [];
    for (const node of targets ?? []) {
      const column = "ResTarget" in node ? outputOf(node.ResTarget, scope) : undefined;
      if (column === undefined) return undefined;
      columns.push(column);
    }
    return columns;
  }

  /** A plain name in ORDER BY or DISTINCT ON is an output column first. */
  #sort(clause: readonly Node[] | undefined, columns: readonly OutputColumn[] | undefined, scope: Scope): void {
    const outputs: Scope = { sources: [derived(undefined, columns ?? [])], ctes: scope.ctes, parent: scope };
    for (const node of clause ?? []) {
      const key = "SortBy" in node ? node.SortBy.node : node;
      const isName = key !== undefined && "ColumnRef" in key && key.ColumnRef.fields?.length === 1;
      this.expression(key, isName ? outputs : scope);
    }
  }

  #insert(statement: InsertStmt, parent: Scope | undefined): readonly OutputColumn[] | undefined {
    const around = openScope(parent);
    this.#with(statement.withClause, around);
    if (statement.relation === undefined) return undefined;
    const target = this.relation(statement.relation, undefined);
    const scope = openScope(parent, [target], around.ctes);
    this.#assigned(statement.cols, target, around);
    if (statement.selectStmt !== undefined) this.query(statement.selectStmt, around);
    if (statement.onConflictClause !== undefined) this.#onConflict(statement.onConflictClause, target, scope);
    return this.#returning(statement.returningClause, target, scope);
  }

  #onConflict({ infer, targetList, whereClause }: OnConflictClause, target: ColumnSource, scope: OpenScope): void {
    const excluded: ColumnSource = { ...target, name: "excluded", isAlias: true };
    if (infer !== undefined) {
      this.indexElements(infer.indexElems, target, this.names.tokenAt(infer.location), scope);
      this.expression(infer.whereClause, scope);
      if (infer.conname !== undefined)
        this.add(this.names.find([infer.conname], this.names.tokenAt(infer.location)), "constraint", "uses", scopeOf([target]));
    }
    const both = openScope(scope.parent, [target, excluded], scope.ctes);
    this.#assigned(targetList, target, both);
    this.expression(whereClause, both);
  }

  #update(statement: UpdateStmt, parent: Scope | undefined): readonly OutputColumn[] | undefined {
    const around = openScope(parent);
    this.#with(statement.withClause, around);
    if (statement.relation === undefined) return undefined;
    const target = this.relation(statement.relation, undefined);
    const scope = openScope(parent, [target], around.ctes);
    for (const node of statement.fromClause ?? []) this.#from(node, scope);
    this.#assigned(statement.targetList, target, scope);
    this.expression(statement.whereClause, scope);
    return this.#returning(statement.returningClause, target, scope);
  }

  #delete(statement: DeleteStmt, parent: Scope | undefined): readonly OutputColumn[] | undefined {
    const around = openScope(parent);
    this.#with(statement.withClause, around);
    if (statement.relation === undefined) return undefined;
    const target = this.relation(statement.relation, undefined);
    const scope = openScope(parent, [target], around.ctes);
    for (const node of statement.usingClause ?? []) this.#from(node, scope);
    this.expression(statement.whereClause, scope);
    return this.#returning(statement.returningClause, target, scope);
  }

  #merge(statement: MergeStmt, parent: Scope | undefined): readonly OutputColumn[] | undefined {
    const around = openScope(parent);
    this.#with(statement.withClause, around);
    if (statement.relation === undefined) return undefined;
    const target = this.relation(statement.relation, undefined);
    const scope = openScope(parent, [target], around.ctes);
    if (statement.sourceRelation !== undefined) this.#from(statement.sourceRelation, scope);
    this.expression(statement.joinCondition, scope);
    for (const node of statement.mergeWhenClauses ?? []) {
      if (!("MergeWhenClause" in node)) continue;
      const { condition, targetList, values } = node.MergeWhenClause;
      this.expression(condition, scope);
      this.#assigned(targetList, target, scope);
      this.expression(values, scope);
    }
    return this.#returning(statement.returningClause, target, scope);
  }

  /** Columns that get a value: the names of INSERT's list, the left sides of SET. */
  #assigned(targets: readonly Node[] | undefined, target: ColumnSource, scope: Scope): void {
    for (const node of targets ?? []) {
      if (!("ResTarget" in node)) continue;
      const { name, location, val, indirection } = node.ResTarget;
      if (name !== undefined) this.add(this.names.at(location, [name]), "column", "uses", scopeOf([target]));
      this.expression([indirection, val], scope);
    }
  }

  #returning(clause: ReturningClause | undefined, target: ColumnSource, scope: OpenScope): readonly OutputColumn[] | undefined {
    if (clause === undefined) return [];
    const options = (clause.options ?? []).flatMap((node) => ("ReturningOption" in node ? (node.ReturningOption.value ?? []) : []));
    // https://www.postgresql.org/docs/18/dml-returning.html: old and new, unless something in FROM is called so
    const images = ["old", "new", ...options].map((name) => ({ ...target, name, isAlias: true }));
    const outer = openScope(scope.parent, images, scope.ctes);
    return this.#targets(clause.exprs, openScope(outer, scope.sources, scope.ctes));
  }
}

const nothingMore = {};
const sequenceFunctions = new Set(["nextval", "currval", "setval", "pg_get_serial_sequence"]);

function openScope(
  parent: Scope | undefined,
  sources: ColumnSource[] = [],
  ctes: Map<string, readonly OutputColumn[] | undefined> = new Map(),
): OpenScope {
  return { sources, ctes, parent };
}

/** Where a name can only mean a column of these. */
export function scopeOf(sources: readonly ColumnSource[]): Scope {
  return { sources, ctes: new Map(), parent: undefined };
}

function commonTable(name: string, scope: Scope | undefined): { readonly columns: readonly OutputColumn[] | undefined } | undefined {
  for (let current = scope; current !== undefined; current = current.parent)
    if (current.ctes.has(name)) return { columns: current.ctes.get(name) };
  return undefined;
}

function derived(alias: Alias | undefined, columns: readonly OutputColumn[] | undefined): ColumnSource {
  return { name: alias?.aliasname, isAlias: true, relation: undefined, columns, columnNames: namesOf(alias?.colnames) };
}

function named(names: readonly string[]): readonly OutputColumn[] {
  return names.map((name) => ({ kind: "column", name, of: undefined }));
}

/** With the first columns' names replaced; undefined when the text does not tell which those are. */
function renamed(columns: readonly OutputColumn[] | undefined, names: readonly string[]): readonly OutputColumn[] | undefined {
  if (names.length === 0) return columns;
  if (columns === undefined || columns.slice(0, names.length).some((column) => column.kind === "all")) return named(names);
  return columns.map((column, i) => (column.kind === "column" ? { ...column, name: names[i] ?? column.name } : column));
}

function outputOf({ name, val }: ResTarget, scope: Scope): OutputColumn | undefined {
  if (val === undefined) return undefined;
  if (!("ColumnRef" in val)) return { kind: "column", name: name ?? figuredName(val), of: undefined };
  const fields = val.ColumnRef.fields ?? [];
  const path = namesOf(fields);
  if (path.length === fields.length) return { kind: "column", name: name ?? path.at(-1) ?? "", of: { path, scope } };
  if (path.length === 0) return { kind: "all", sources: scope.sources };
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    const source = current.sources.find((one) => one.name === path.at(-1));
    if (source !== undefined) return { kind: "all", sources: [source] };
  }
  return undefined;
}

/** Whether these names and no others stand in the parentheses at a token. */
function isListOf(names: NameFinder, list: readonly string[], token: number): boolean {
  return list.every((name, i) => names.find([name], token + 1 + 2 * i, token + 2 + 2 * i) !== undefined);
}
