/**
 * Which part of the query a node of its plan carries out: the table that it reads with its conditions, the ON of a join,
 * ORDER BY, GROUP BY, LIMIT. A plan does not say; names and conditions do. What is not certain is left out.
 */
import type { PlanSpan } from "../../../protocol/src/plan.ts";
import type { Plan, PlanNode } from "../plan/plan.ts";
import { type ClauseName, type QueryBlock, queryBlocks, type QueryItem, wordsIn } from "./queryBlocks.ts";

/** Characters and nodes that are gone through. */
const largest = { query: 200_000, nodes: 10_000 };

/** Nodes behind several views, each of which is compared with the others. */
const mostSeveral = 500;

/** What a view reads, other views' tables included: names of tables by the view's name. */
export type ViewTables = ReadonlyMap<string, ReadonlySet<string>>;

/** By `PlanNode.id`; in the order of the text. What is done inside of a view is the view where the query names it. */
export function spansOf(plan: Plan, query: string, views: ViewTables = new Map()): ReadonlyMap<number, readonly PlanSpan[]> {
  if (query.length > largest.query || plan.nodes.length > largest.nodes) return new Map();
  const parts = new Parts(queryBlocks(query), plan.nodes, views);
  // Children before parents.
  for (const node of plan.nodes) parts.claim(node);
  parts.claimViews();
  for (const node of plan.nodes.toReversed()) parts.place(node);
  const spans = new Map<number, readonly PlanSpan[]>();
  for (const node of plan.nodes.toReversed()) spans.set(node.id, merged(parts.spans(node, (child) => spans.get(child.id) ?? [])));
  return spans;
}

class Parts {
  readonly #blocks: readonly QueryBlock[];
  readonly #nodes: readonly PlanNode[];
  /** By alias. */
  readonly #items = new Map<string, QueryItem[]>();
  readonly #itemOf = new Map<number, QueryItem>();
  readonly #blockOf = new Map<number, QueryBlock>();
  readonly #views: ViewTables;
  readonly #taken = new Set<QueryItem>();
  /** Schemas, which a query may write before a name and a plan does not. */
  readonly #schemas: ReadonlySet<string>;

  constructor(blocks: readonly QueryBlock[], nodes: readonly PlanNode[], views: ViewTables) {
    this.#views = views;
    this.#blocks = blocks;
    this.#nodes = nodes;
    this.#schemas = new Set(nodes.flatMap(({ relation }) => relation?.schema ?? []));
    for (const item of blocks.flatMap(({ items }) => items)) this.#items.set(item.alias, [...(this.#items.get(item.alias) ?? []), item]);
  }

  /** What a node reads: the first such item that no other node has, else the last one. */
  claim(node: PlanNode): void {
    if (this.#itemOf.has(node.id)) return;
    const alias = node.relation?.alias ?? node.relation?.name ?? node.cte ?? aliasIn(node);
    if (alias === undefined) return;
    // Of names that stand in several places PostgreSQL numbers all but one.
    for (const name of [alias, alias.replace(/_\d+$/, ""), node.relation?.name ?? alias]) {
      const candidates = (this.#items.get(name) ?? []).filter((item) => node.relation === undefined || item.name === undefined || item.name === node.relation.name || item.alias === alias || name !== alias);
      const item = candidates.find((each) => !this.#taken.has(each)) ?? candidates.at(-1);
      if (item === undefined) continue;
      this.#taken.add(item);
      for (const one of node.type === "Bitmap Heap Scan" ? withBitmaps(node) : [node]) this.#itemOf.set(one.id, item);
      return;
    }
  }

  /** The view behind which each node reads its table: the only one that reads such a table, or the one that its name or its neighbours tell. */
  claimViews(): void {
    if (this.#views.size === 0) return;
    const behind = this.#blocks.flatMap(({ items }) => items.filter(({ name }) => name !== undefined && this.#views.has(name)));
    const open = this.#nodes.filter((node) => !this.#itemOf.has(node.id) && this.#viewsOf(node, behind).length > 0 && !isBitmapPart(node));
    for (const node of open) {
      const [view, ...others] = this.#viewsOf(node, behind);
      if (view !== undefined && others.length === 0) this.#claimFor(node, view);
    }
    if (open.length > mostSeveral) return;
    for (const node of open) if (!this.#itemOf.has(node.id)) this.#claimByNumber(node, behind, open);
    for (const node of open) if (!this.#itemOf.has(node.id)) this.#claimByNeighbours(node, this.#viewsOf(node, behind));
  }

  /** Those of the query that read the node's table. */
  #viewsOf({ relation }: PlanNode, behind: readonly QueryItem[]): readonly QueryItem[] {
    return relation === undefined ? [] : behind.filter(({ name = "" }) => this.#views.get(name)?.has(relation.name) === true);
  }

  #claimFor(node: PlanNode, view: QueryItem): void {
    for (const one of node.type === "Bitmap Heap Scan" ? withBitmaps(node) : [node]) this.#itemOf.set(one.id, view);
  }

  /** Views are put into the query in the order of FROM, and a name that is there already gets a number: `d`, `d_1`, `d_2`. */
  #claimByNumber(node: PlanNode, behind: readonly QueryItem[], open: readonly PlanNode[]): void {
    const views = this.#viewsOf(node, behind);
    const own = open.filter(({ relation }) => relation?.name === node.relation?.name);
    const aliases = [...new Set(own.map(({ relation }) => relation?.alias ?? relation?.name ?? ""))];
    const [base, ...bases] = new Set(aliases.map((alias) => alias.replace(/_\d+$/, "")));
    if (base === undefined || bases.length > 0 || aliases.length !== views.length || views.some(({ block }) => block !== views[0]?.block) || own.some((each) => this.#isQueryOfItsOwn(each, own))) return;
    const numbered = aliases.toSorted((a, b) => numberOf(a) - numberOf(b));
    for (const each of own) {
      const view = views[numbered.indexOf(each.relation?.alias ?? each.relation?.name ?? "")];
      if (view !== undefined) this.#claimFor(each, view);
    }
  }

  /** A view that groups or limits stays a query of its own, and its names come after all others. */
  #isQueryOfItsOwn(node: PlanNode, others: readonly PlanNode[]): boolean {
    for (let at = node.parent; at !== undefined; at = this.#nodes[at]?.parent) {
      const above = this.#nodes[at];
      const last = others.at(-1)?.id ?? node.id;
      const first = others[0]?.id ?? node.id;
      // Nodes are numbered in the order of the tree: what holds the first and the last holds all.
      if (above === undefined || (above.id < first && last <= lastWithin(above))) return false;
      if (/^(?:Aggregate|Group|WindowAgg|Unique|Limit|SetOp|Append|Merge Append|Subquery Scan)$/.test(above.type)) return true;
    }
    return false;
  }

  /** What is read of one view is mostly joined before the rest is. */
  #claimByNeighbours(node: PlanNode, views: readonly QueryItem[]): void {
    for (let at = node.parent; at !== undefined; at = this.#nodes[at]?.parent) {
      const around = this.#itemOf.get(at);
      if (around !== undefined && views.includes(around)) return this.#claimFor(node, around);
      const near = new Set<QueryItem>();
      const below = [...(this.#nodes[at]?.children ?? [])];
      for (let next = below.pop(); next !== undefined; next = below.pop()) {
        const item = this.#itemOf.get(next.id);
        if (item !== undefined) near.add(item);
        below.push(...next.children);
      }
      const [only, ...others] = views.filter((view) => near.has(view));
      if (others.length > 0) return;
      if (only !== undefined) return this.#claimFor(node, only);
    }
  }

  /** The block that a node belongs to: that of what it reads, else the one around its children's. */
  place(node: PlanNode): void {
    const own = this.#itemOf.get(node.id)?.block;
    const below = node.children.flatMap((child) => {
      const block = isApart(child) ? undefined : this.#blockOf.get(child.id);
      return block === undefined ? [] : [block];
    });
    const { role } = node;
    const cte = role.kind === "cte" ? this.#blocks.find((block) => block.cte === role.name) : undefined;
    const block = own ?? below.reduce<QueryBlock | undefined>((all, each) => (all === undefined ? each : around(all, each)), undefined) ?? cte;
    if (block !== undefined) this.#blockOf.set(node.id, block);
  }

  spans(node: PlanNode, spansOfChild: (child: PlanNode) => readonly PlanSpan[]): readonly PlanSpan[] {
    const item = this.#itemOf.get(node.id);
    const block = this.#blockOf.get(node.id);
    if (block === undefined) return [];
    if (node.type === "ModifyTable") return clauses(block.parent === undefined ? (this.#blocks[0] ?? block) : block, "head");
    if (item !== undefined) return [item.span, ...this.#conditions(node, block, item.alias)];
    switch (node.type) {
      case "Nested Loop":
      case "Hash Join":
      case "Merge Join":
        return this.#join(node, block);
      case "Sort":
      case "Incremental Sort":
        return sorted(block, isJoin(this.#nodes[node.parent ?? -1]));
      case "Aggregate":
      case "Group":
        return clauses(block, "groupBy", "having").length > 0 ? clauses(block, "groupBy", "having") : clauses(block, "targets");
      case "Unique":
        return clauses(block, "distinct").length > 0 ? clauses(block, "distinct") : clauses(block, "setOperation");
      case "WindowAgg":
        return clauses(block, "window").length > 0 ? clauses(block, "window") : clauses(block, "targets");
      case "Limit":
        return clauses(block, "limit");
      case "LockRows":
        return clauses(block, "lock");
      case "SetOp":
      case "Append":
      case "Merge Append": {
        const operation = clauses(block, "setOperation");
        // The partitions of one table, else.
        return operation.length > 0 ? operation : node.children.flatMap(spansOfChild);
      }
      default: {
        // What only passes rows on stands for what it passes on.
        const [only, ...others] = node.children.filter((child) => !isApart(child));
        return only !== undefined && others.length === 0 ? spansOfChild(only) : [];
      }
    }
  }

  #join(node: PlanNode, block: QueryBlock): readonly PlanSpan[] {
    const conditions = this.#conditions(node, block, undefined);
    if (conditions.length > 0) return conditions;
    // The inner side has the condition then: the join is the ON of what stands there.
    const inner = node.children.find(({ role }) => role.kind === "inner");
    const on = inner === undefined ? undefined : this.#firstItem(inner)?.on;
    return on === undefined ? [] : [on];
  }

  #firstItem(node: PlanNode): QueryItem | undefined {
    const open = [node];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const item = this.#itemOf.get(next.id);
      if (item !== undefined) return item;
      open.push(...next.children);
    }
    return undefined;
  }

  /** Conditions of the block of which the node's own say every name. */
  #conditions(node: PlanNode, block: QueryBlock, alias: string | undefined): readonly PlanSpan[] {
    if (node.conditions.length === 0) return [];
    const words = wordsIn(node.conditions.map(({ text }) => text).join(" "));
    if (alias !== undefined) words.add(alias);
    const isKnown = (word: string): boolean => words.has(word) || this.#schemas.has(word);
    return block.conditions.flatMap(({ span, words: own }) => (own.size > 0 && [...own].every(isKnown) ? [span] : []));
  }
}

/** The alias of a subquery, a function or values: what its label ends with. */
function aliasIn({ type, label }: PlanNode): string | undefined {
  return /^(?:Subquery|Function|Values|Table Function) Scan$/.test(type) ? / on (?:.* )?"?([^" ]+)"?$/.exec(label)?.[1] : undefined;
}

/** What finds the rows of a table stands below what reads them. */
function withBitmaps(node: PlanNode): readonly PlanNode[] {
  return [node, ...node.children.flatMap((child) => (child.type.startsWith("Bitmap") ? withBitmaps(child) : []))];
}

/** Stands with the heap scan above it. */
function isBitmapPart({ type }: PlanNode): boolean {
  return type === "Bitmap Index Scan" || type === "BitmapAnd" || type === "BitmapOr";
}

/** The highest id below a node, or its own. */
function lastWithin(node: PlanNode): number {
  let last = node;
  for (let next = node.children.at(-1); next !== undefined; next = next.children.at(-1)) last = next;
  return last.id;
}

function numberOf(alias: string): number {
  return Number(/_(\d+)$/.exec(alias)?.[1] ?? 0);
}

/** Whether a child is run by others, or for itself. */
function isApart({ role }: PlanNode): boolean {
  return role.kind === "cte" || role.kind === "initPlan" || role.kind === "subPlan";
}

/** The innermost block that both are in. */
function around(a: QueryBlock, b: QueryBlock): QueryBlock {
  let [left, right]: [QueryBlock | undefined, QueryBlock | undefined] = [a, b];
  while (left !== right && left !== undefined && right !== undefined) {
    if (left.depth >= right.depth) left = left.parent;
    else right = right.parent;
  }
  return left ?? right ?? a;
}

/** What a sort is for: what names its keys, else the last thing that puts rows in order. */
function sorted(block: QueryBlock, isBelowJoin: boolean): readonly PlanSpan[] {
  const wanted: readonly ClauseName[] = isBelowJoin ? ["groupBy"] : ["orderBy", "groupBy", "distinct", "window"];
  for (const name of wanted) if (block.clauses.has(name)) return clauses(block, name);
  return [];
}

function isJoin(node: PlanNode | undefined): boolean {
  return node !== undefined && /Join$|^Nested Loop$/.test(node.type);
}

function clauses({ clauses: known }: QueryBlock, ...names: readonly ClauseName[]): readonly PlanSpan[] {
  return names.flatMap((name) => {
    const span = known.get(name);
    return span === undefined ? [] : [span];
  });
}

/** In order, without overlaps. */
function merged(spans: readonly PlanSpan[]): readonly PlanSpan[] {
  const result: PlanSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && span.start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}
