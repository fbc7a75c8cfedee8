/**
 * What a query asks of the tables it reads, from its parse tree: conditions, joins, orders, groups, columns. Only hints come
 * from here, and a planner judges them; so what is not understood is left out, and never in the way.
 */
import type { JoinExpr, Node, RangeVar, SelectStmt, SortBy, WithClause } from "@pgsql/types";
import type { Schema } from "../model/schema.ts";
import { figuredName } from "../sql/canonical/figuredName.ts";
import { namesOf } from "../sql/canonical/type.ts";
import { eachNode } from "../sql/canonical/walk.ts";
import { parsedText } from "../sql/outcomes.ts";
import { allColumns, columnOf, columnsNamed, cteNamed, type Level, openLevel, type Outputs, relationNamed, type Source, type UsedColumn } from "./levels.ts";
import { addTests, keysOf } from "./readTests.ts";
import type { Key, Order, OrderKey, TableUse } from "./tableUse.ts";

/** `tree`: of one statement. In order of appearance; empty for a statement that reads no table. */
export function tableUses(tree: Node, schema: Schema): readonly TableUse[] {
  const reader = new QueryReader(schema);
  reader.statement(tree, undefined);
  return reader.uses;
}

/** Views in views. */
const deepest = 12;

class QueryReader {
  readonly uses: TableUse[] = [];
  readonly #schema: Schema;
  #depth = 0;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  statement(node: Node, parent: Level | undefined): Outputs {
    if (this.#depth > deepest) return new Map();
    this.#depth++;
    try {
      if ("SelectStmt" in node) return this.#select(node.SelectStmt, parent);
      if ("InsertStmt" in node) {
        const level = openLevel(parent);
        this.#with(node.InsertStmt.withClause, level);
        if (node.InsertStmt.selectStmt !== undefined) this.statement(node.InsertStmt.selectStmt, level);
      } else if ("UpdateStmt" in node) {
        const { withClause, relation, fromClause, whereClause, targetList } = node.UpdateStmt;
        this.#change(withClause, relation, fromClause, whereClause, targetList, parent);
      } else if ("DeleteStmt" in node) {
        const { withClause, relation, usingClause, whereClause } = node.DeleteStmt;
        this.#change(withClause, relation, usingClause, whereClause, undefined, parent);
      } else if ("MergeStmt" in node) {
        const { withClause, relation, sourceRelation, joinCondition } = node.MergeStmt;
        this.#change(withClause, relation, sourceRelation === undefined ? undefined : [sourceRelation], joinCondition, undefined, parent);
      }
      return new Map();
    } finally {
      this.#depth--;
    }
  }

  #change(clause: WithClause | undefined, relation: RangeVar | undefined, from: readonly Node[] | undefined, where: Node | undefined, others: unknown, parent: Level | undefined): void {
    const level = openLevel(parent);
    this.#with(clause, level);
    if (relation !== undefined) level.sources.push(this.#relation(relation, level));
    // The rows themselves are changed: no index has all that is needed.
    for (const use of level.uses) use.needed = undefined;
    for (const node of from ?? []) this.#from(node, level);
    addTests(where, level);
    this.#mentions([where, others], level);
  }

  #select(statement: SelectStmt, parent: Level | undefined): Outputs {
    const level = openLevel(parent);
    this.#with(statement.withClause, level);
    if (statement.larg !== undefined && statement.rarg !== undefined) return this.#union(statement.larg, statement.rarg, level);
    for (const node of statement.fromClause ?? []) this.#from(node, level);
    const { whereClause, targetList, havingClause, groupClause, sortClause, distinctClause, windowClause, limitCount, limitOffset, lockingClause } = statement;
    addTests(whereClause, level);
    const outputs = this.#outputs(targetList ?? [], level);
    this.#mentions([whereClause, targetList, havingClause, groupClause, sortClause, distinctClause, windowClause, limitCount, limitOffset, statement.valuesLists], level);
    if (lockingClause !== undefined) for (const use of level.uses) use.needed = undefined;
    const targets = (targetList ?? []).flatMap((node) => ("ResTarget" in node ? [node.ResTarget] : []));
    const meant = (node: Node): Node => {
      if ("A_Const" in node && node.A_Const.ival !== undefined) return targets[(node.A_Const.ival.ival ?? 0) - 1]?.val ?? node;
      const [name, ...others] = "ColumnRef" in node ? namesOf(node.ColumnRef.fields) : [];
      const target = name === undefined || others.length > 0 ? undefined : targets.find((one) => one.name === name);
      return target?.val ?? node;
    };
    const groups = (groupClause ?? []).map(meant);
    addGroup(groups, level);
    const isPlainDistinct = distinctClause !== undefined && distinctClause.every((node) => Object.keys(node).length === 0);
    if (isPlainDistinct) addGroup(targets.flatMap(({ val }) => (val === undefined ? [] : [val])), level);
    else addGroup((distinctClause ?? []).map(meant), level);
    addOrder((sortClause ?? []).flatMap((node) => ("SortBy" in node ? [node.SortBy] : [])), meant, limitCount !== undefined && groups.length === 0, level);
    addWindows([targetList, windowClause], level);
    if (groups.length === 0) addExtremes(targetList, level);
    return outputs;
  }

  #union(left: SelectStmt, right: SelectStmt, level: Level): Outputs {
    const [first, second] = [[...this.#select(left, level)], [...this.#select(right, level)]];
    return new Map(first.map(([name, columns], i) => [name, [...columns, ...(second[i]?.[1] ?? [])]]));
  }

  #with(clause: WithClause | undefined, level: Level): void {
    for (const node of clause?.ctes ?? []) {
      if (!("CommonTableExpr" in node)) continue;
      const { ctename = "", ctequery, aliascolnames } = node.CommonTableExpr;
      if (ctequery === undefined) continue;
      const names = namesOf(aliascolnames);
      // A recursive query reads itself: what its columns are is known from its first part.
      if (clause?.recursive === true && "SelectStmt" in ctequery && ctequery.SelectStmt.larg !== undefined) {
        level.ctes.set(ctename, renamed(new QueryReader(this.#schema).statement({ SelectStmt: ctequery.SelectStmt.larg }, level), names));
      }
      level.ctes.set(ctename, renamed(this.statement(ctequery, level), names));
    }
  }

  #from(node: Node, level: Level): readonly Source[] {
    if ("JoinExpr" in node) return this.#join(node.JoinExpr, level);
    const source = this.#source(node, level);
    if (source !== undefined) level.sources.push(source);
    return source === undefined ? [] : [source];
  }

  #source(node: Node, level: Level): Source | undefined {
    if ("RangeVar" in node) return this.#relation(node.RangeVar, level);
    if ("RangeSubselect" in node) {
      const { subquery, alias } = node.RangeSubselect;
      const columns = subquery === undefined ? new Map() : this.statement(subquery, level);
      return { kind: "derived", name: alias?.aliasname, columns: renamed(columns, namesOf(alias?.colnames)) };
    }
    if ("RangeTableSample" in node && node.RangeTableSample.relation !== undefined) return this.#source(node.RangeTableSample.relation, level);
    this.#mentions(node, level);
    return undefined;
  }

  #relation({ schemaname, relname = "", alias }: RangeVar, level: Level): Source {
    const name = alias?.aliasname ?? relname;
    const cte = schemaname === undefined ? cteNamed(relname, level) : undefined;
    if (cte !== undefined) return { kind: "derived", name, columns: renamed(cte, namesOf(alias?.colnames)) };
    const relation = relationNamed(this.#schema, schemaname, relname);
    if (relation === undefined) return { kind: "derived", name, columns: new Map() };
    if ("query" in relation) {
      const outcome = relation.materialized ? undefined : parsedText(relation.query).outcome;
      const columns: Outputs = outcome?.kind === "tree" ? this.statement(outcome.tree, undefined) : new Map();
      return { kind: "derived", name, columns: renamed(columns, relation.columns) };
    }
    const use: TableUse = { table: relation, tests: [], alternatives: [], orders: [], groups: [], needed: new Set() };
    this.uses.push(use);
    level.uses.push(use);
    return { kind: "table", name, use };
  }

  #join(join: JoinExpr, level: Level): readonly Source[] {
    const left = join.larg === undefined ? [] : this.#from(join.larg, level);
    const right = join.rarg === undefined ? [] : this.#from(join.rarg, level);
    for (const name of namesOf(join.usingClause)) {
      for (const sources of [left, right]) {
        for (const { use, column } of sources.flatMap((source) => columnOf(source, name) ?? [])) {
          use.tests.push({ kind: "equal", key: { column }, by: "join", constant: undefined });
          use.needed?.add(column);
        }
      }
    }
    addTests(join.quals, level);
    this.#mentions(join.quals, level);
    return [...left, ...right];
  }

  #outputs(targets: readonly Node[], level: Level): Outputs {
    const outputs = new Map<string, readonly UsedColumn[]>();
    for (const node of targets) {
      if (!("ResTarget" in node) || node.ResTarget.val === undefined) continue;
      const { name, val } = node.ResTarget;
      const isStar = "ColumnRef" in val && (val.ColumnRef.fields ?? []).some((field) => "A_Star" in field);
      if (!isStar) {
        outputs.set(name ?? figuredName(val), columnsNamed(val, level) ?? []);
        continue;
      }
      const [qualifier] = "ColumnRef" in val ? namesOf(val.ColumnRef.fields) : [];
      for (const [column, used] of allColumns(level.sources.filter((source) => qualifier === undefined || source.name === qualifier))) outputs.set(column, used);
    }
    return outputs;
  }

  /** Notes every column that is read, and goes into subqueries. */
  #mentions(value: unknown, level: Level): void {
    eachNode(value, (node) => {
      if ("SelectStmt" in node) {
        this.statement(node, level);
        return false;
      }
      if ("SubLink" in node && node.SubLink.subselect !== undefined) {
        const { subselect, testexpr } = node.SubLink;
        const [first] = [...this.statement(subselect, level).values()];
        // `x IN (SELECT y …)` is a join of x and y.
        if (testexpr !== undefined && node.SubLink.subLinkType === "ANY_SUBLINK") {
          for (const { use, column } of [...(columnsNamed(testexpr, level) ?? []), ...(first ?? [])]) use.tests.push({ kind: "equal", key: { column }, by: "join", constant: undefined });
        }
        this.#mentions(testexpr, level);
        return false;
      }
      if ("ColumnRef" in node) this.#mention(node, level);
      return true;
    });
  }

  #mention(node: Node, level: Level): void {
    if (!("ColumnRef" in node)) return;
    const fields = node.ColumnRef.fields ?? [];
    if (fields.some((field) => "A_Star" in field)) {
      const [qualifier] = namesOf(fields);
      for (const source of level.sources) if (source.kind === "table" && (qualifier === undefined || source.name === qualifier)) source.use.needed = undefined;
      return;
    }
    const found = columnsNamed(node, level);
    for (const { use, column } of found ?? []) use.needed?.add(column);
    if (found !== undefined) return;
    // A name that is no column may be the row.
    const [name] = namesOf(fields);
    for (const source of level.sources) if (source.kind === "table" && source.name === name) source.use.needed = undefined;
  }
}

function renamed(columns: Outputs, names: readonly string[]): Outputs {
  if (names.length === 0) return columns;
  return new Map([...columns].map(([name, used], i) => [names[i] ?? name, used]));
}

/** The keys as far as they are of one table; an order that begins with them is still worth something. */
function keysOfOneTable(nodes: readonly Node[], level: Level): { readonly use: TableUse; readonly keys: readonly { readonly key: Key; readonly node: Node }[] } | undefined {
  let use: TableUse | undefined;
  const keys: { key: Key; node: Node }[] = [];
  for (const node of nodes) {
    const [found, ...others] = keysOf(node, level);
    if (found === undefined || others.length > 0 || (use !== undefined && use !== found.use)) break;
    use = found.use;
    keys.push({ key: found.key, node });
  }
  return use === undefined ? undefined : { use, keys };
}

function addGroup(nodes: readonly Node[], level: Level): void {
  const found = keysOfOneTable(nodes, level);
  if (found !== undefined && found.keys.length === nodes.length) found.use.groups.push(found.keys.map(({ key }) => key));
}

function addOrder(items: readonly SortBy[], meant: (node: Node) => Node, isLimited: boolean, level: Level): void {
  const nodes = items.flatMap(({ node }) => (node === undefined ? [] : [meant(node)]));
  const found = keysOfOneTable(nodes, level);
  if (found === undefined) return;
  const keys = found.keys.map(({ key }, i) => orderKey(key, items[i]));
  found.use.orders.push({ keys, isLimited } satisfies Order);
}

function orderKey(key: Key, item: SortBy | undefined): OrderKey {
  const direction = item?.sortby_dir === "SORTBY_DESC" ? "desc" : "asc";
  const usual = direction === "desc" ? "first" : "last";
  const nulls = item?.sortby_nulls === "SORTBY_NULLS_FIRST" ? "first" : item?.sortby_nulls === "SORTBY_NULLS_LAST" ? "last" : usual;
  return { key, direction, nulls };
}

/** `PARTITION BY a ORDER BY b` wants rows in the order a, b. */
function addWindows(value: unknown, level: Level): void {
  eachNode(value, (node) => {
    const over = "WindowDef" in node ? node.WindowDef : "FuncCall" in node ? node.FuncCall.over : undefined;
    if (over !== undefined) {
      const orders = (over.orderClause ?? []).flatMap((one) => ("SortBy" in one ? [one.SortBy] : []));
      const items: SortBy[] = [...(over.partitionClause ?? []).map((one): SortBy => ({ node: one })), ...orders];
      addOrder(items, (one) => one, false, level);
    }
    return !("SelectStmt" in node);
  });
}

/** `min(x)` and `max(x)` of a whole table are the first of an order. */
function addExtremes(value: unknown, level: Level): void {
  eachNode(value, (node) => {
    if ("FuncCall" in node && ["min", "max"].includes(namesOf(node.FuncCall.funcname).at(-1) ?? "")) {
      const found = keysOfOneTable(node.FuncCall.args ?? [], level);
      const [first] = found?.keys ?? [];
      if (found !== undefined && first !== undefined) found.use.orders.push({ keys: [orderKey(first.key, undefined)], isLimited: true });
    }
    return !("SelectStmt" in node);
  });
}
