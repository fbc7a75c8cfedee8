/** From the object that FORMAT JSON writes to the tree. Promises limits for plans that come from a hostile server. */
import type { Actual, Buffers, Condition, Cost, Hash, Plan, PlanNode, Trigger } from "./plan.ts";
import { computedElsewhere, type Elsewhere } from "./computedElsewhere.ts";
import { nodeLabel } from "./nodeLabel.ts";
import { nodeProperties } from "./nodeProperties.ts";
import { nodeRole, relationIn } from "./nodeRole.ts";
import { isObject, numberIn, objectsIn, type PlanObject, textIn, textsIn } from "./planObject.ts";

/** PostgreSQL's own stack ends before a plan is as deep. */
const deepest = 1_000;
const mostNodes = 100_000;

/** A sentence when the object is no plan. */
export function buildPlan(object: PlanObject): Plan | string {
  const top = object["Plan"];
  if (!isObject(top)) return "This is no plan: there is no \"Plan\" in it.";
  const builder = new Builder(computedElsewhere(top, childrenOf, mostNodes));
  const root = builder.node(top, undefined, 0, 1);
  if (typeof root === "string") return root;
  const { nodes } = builder;
  const timing = isObject(object["JIT"]) ? object["JIT"]["Timing"] : undefined;
  const planning = object["Planning"];
  return {
    root,
    nodes,
    isAnalyzed: root.actual !== undefined,
    isTimed: root.actual?.totalMs !== undefined,
    planningMs: numberIn(object, "Planning Time"),
    executionMs: numberIn(object, "Execution Time"),
    planningBuffers: isObject(planning) ? buffersIn(planning) : undefined,
    settings: new Map(Object.entries(isObject(object["Settings"]) ? object["Settings"] : {}).map(([name, value]) => [name, String(value)])),
    jit: isObject(object["JIT"]) ? { functions: numberIn(object["JIT"], "Functions") ?? 0, totalMs: totalOf(timing) } : undefined,
    triggers: objectsIn(object["Triggers"]).map(triggerIn),
    queryText: textIn(object, "Query Text"),
    queryId: object["Query Identifier"] === undefined ? undefined : String(object["Query Identifier"]),
    source: object,
  };
}

function totalOf(timing: unknown): number | undefined {
  return isObject(timing) ? numberIn(timing, "Total") : undefined;
}

function triggerIn(object: PlanObject): Trigger {
  return {
    // A constraint's trigger has a name that nobody has given it.
    name: textIn(object, "Constraint Name") ?? textIn(object, "Trigger Name") ?? "",
    constraint: textIn(object, "Constraint Name"),
    relation: textIn(object, "Relation"),
    ms: numberIn(object, "Time") ?? 0,
    calls: numberIn(object, "Calls") ?? 0,
  };
}

class Builder {
  readonly nodes: PlanNode[] = [];
  readonly #elsewhere: Elsewhere;

  constructor(elsewhere: Elsewhere) {
    this.#elsewhere = elsewhere;
  }

  /** `processes` is how many run the node side by side. */
  node(object: PlanObject, parent: number | undefined, depth: number, processes: number): PlanNode | string {
    if (depth > deepest) return `This plan is more than ${deepest} levels deep, which PostgreSQL does not write.`;
    if (this.nodes.length >= mostNodes) return `This plan has more than ${mostNodes} nodes, which are too many to show.`;
    const type = textIn(object, "Node Type");
    if (type === undefined) return "This is no plan: a node in it has no \"Node Type\".";
    const id = this.nodes.length;
    const workers = workersIn(object);
    const below = type === "Gather" || type === "Gather Merge" ? Math.max(1, (workers?.launched ?? 0) + 1) : processes;
    // Keeps the place of this node before those of its children.
    const place: PlanNode[] = this.nodes;
    place.push(unfinished);
    const children: PlanNode[] = [];
    const counted: PlanNode[] = [];
    for (const child of childrenOf(object)) {
      const built = this.node(child, id, depth + 1, below);
      if (typeof built === "string") return built;
      children.push(built);
      if (!this.#elsewhere.roots.has(child)) counted.push(built);
    }
    const inner = { children, counted, workers, processes };
    const node: PlanNode = { ...this.#facts(object, type, inner), id, parent, depth, type, children };
    place[id] = node;
    return node;
  }

  #facts(object: PlanObject, type: string, { children, counted, workers, processes }: Inner): Omit<PlanNode, "id" | "parent" | "depth" | "type" | "children"> {
    const buffers = buffersIn(object);
    const rows = numberIn(object, "Plan Rows");
    const exact = numberIn(object, "Exact Heap Blocks");
    const lossy = numberIn(object, "Lossy Heap Blocks");
    return {
      label: nodeLabel(object, type),
      role: nodeRole(object),
      relation: relationIn(object),
      index: textIn(object, "Index Name"),
      cte: textIn(object, "CTE Name"),
      joinType: textIn(object, "Join Type"),
      strategy: textIn(object, "Strategy"),
      operation: textIn(object, "Operation"),
      isParallel: object["Parallel Aware"] === true,
      conditions: conditionsIn(object),
      sortKey: textsIn(object, "Sort Key"),
      groupKey: textsIn(object, "Group Key"),
      output: textsIn(object, "Output"),
      cost: costIn(object, type, children),
      estimated: rows === undefined ? undefined : { rows, width: numberIn(object, "Plan Width") ?? 0 },
      actual: this.#actual(object, counted, processes),
      buffers,
      selfBuffers: buffers === undefined ? undefined : minus(buffers, [...counted.flatMap(buffersOf), ...(this.#elsewhere.owed.get(object)?.roots ?? []).flatMap((root) => buffersIn(root) ?? [])]),
      sort: sortIn(object),
      hash: hashIn(object),
      heapBlocks: exact === undefined && lossy === undefined ? undefined : { exact: exact ?? 0, lossy: lossy ?? 0 },
      heapFetches: numberIn(object, "Heap Fetches"),
      indexSearches: numberIn(object, "Index Searches"),
      workers,
      subplansRemoved: numberIn(object, "Subplans Removed") ?? 0,
      properties: nodeProperties(object),
    };
  }

  #actual(object: PlanObject, counted: readonly PlanNode[], processes: number): Actual | undefined {
    const loops = numberIn(object, "Actual Loops");
    if (loops === undefined) return undefined;
    const rowsPerLoop = numberIn(object, "Actual Rows") ?? 0;
    const perLoop = numberIn(object, "Actual Total Time");
    const totalMs = perLoop === undefined ? undefined : (perLoop * loops) / Math.max(1, Math.min(loops, processes));
    const elsewhere = this.#elsewhere.owed.get(object)?.ms ?? 0;
    const below = counted.reduce((sum, child) => sum + millisecondsOf(child), 0);
    return {
      rowsPerLoop,
      rows: rowsPerLoop * loops,
      loops,
      startupMs: numberIn(object, "Actual Startup Time"),
      perLoopMs: perLoop,
      totalMs,
      selfMs: totalMs === undefined ? undefined : Math.max(0, totalMs - below - elsewhere),
    };
  }
}

interface Inner {
  readonly children: readonly PlanNode[];
  /** Those whose time and blocks are within the node's. */
  readonly counted: readonly PlanNode[];
  readonly workers: PlanNode["workers"];
  readonly processes: number;
}

/** PostgreSQL's own, and what Citus says of the plans on other servers. */
function childrenOf(object: PlanObject): readonly PlanObject[] {
  const own = objectsIn(object["Plans"]);
  const distributed = object["Distributed Query"];
  if (!isObject(distributed)) return own;
  const job = isObject(distributed["Job"]) ? distributed["Job"] : {};
  const tasks = objectsIn(job["Tasks"]).map((task): PlanObject => ({ ...task, "Node Type": "Task", "Parent Relationship": "Member", Plans: plansWithin(task["Remote Plan"]), "Remote Plan": undefined }));
  const subplans = objectsIn(distributed["Subplans"]).map((subplan): PlanObject => ({ ...subplan, "Node Type": "Distributed Subplan", "Parent Relationship": "Member", Plans: plansWithin(subplan["PlannedStmt"]), PlannedStmt: undefined }));
  return [...own, ...subplans, ...tasks];
}

/** The roots of plans in lists of lists. */
function plansWithin(value: unknown): readonly PlanObject[] {
  const all: readonly unknown[] = Array.isArray(value) ? value.flat(3) : [value];
  return all.flatMap((each) => (isObject(each) && isObject(each["Plan"]) ? [{ ...each["Plan"], "Parent Relationship": "Outer" }] : []));
}

function workersIn(object: PlanObject): PlanNode["workers"] {
  const planned = numberIn(object, "Workers Planned");
  return planned === undefined ? undefined : { planned, launched: numberIn(object, "Workers Launched") };
}

function costIn(object: PlanObject, type: string, children: readonly PlanNode[]): Cost | undefined {
  const total = numberIn(object, "Total Cost");
  if (total === undefined) return undefined;
  const outer = children.find((child) => child.role.kind === "outer");
  let below = 0;
  for (const child of children) {
    if (child.role.kind === "cte") continue;
    // The inner side is run for each row of the outer one, of which the total tells only the sum.
    const loops = type === "Nested Loop" && child.role.kind === "inner" ? Math.max(1, outer?.estimated?.rows ?? 1) : 1;
    below += Math.min((child.cost?.total ?? 0) * loops, Math.max(0, total - below));
  }
  return { startup: numberIn(object, "Startup Cost") ?? 0, total, self: Math.max(0, total - below) };
}

const conditionKinds = ["Filter", "Index Cond", "Recheck Cond", "Order By", "Hash Cond", "Merge Cond", "Join Filter", "One-Time Filter", "TID Cond", "Cache Key", "Conflict Filter", "Run Condition"];
const removedBy: ReadonlyMap<string, string> = new Map([
  ["Filter", "Rows Removed by Filter"],
  ["Recheck Cond", "Rows Removed by Index Recheck"],
  ["Join Filter", "Rows Removed by Join Filter"],
  ["Conflict Filter", "Rows Removed by Conflict Filter"],
]);

function conditionsIn(object: PlanObject): readonly Condition[] {
  return conditionKinds.flatMap((kind) => {
    const text = textIn(object, kind);
    return text === undefined ? [] : [{ kind, text, removed: numberIn(object, removedBy.get(kind) ?? "") }];
  });
}

/** Of the process that needed most: workers tell theirs apart, and one that reads nothing has it all in memory. */
function sortIn(object: PlanObject): PlanNode["sort"] {
  const sorts = [object, ...objectsIn(object["Workers"])].flatMap((each) => {
    const method = textIn(each, "Sort Method");
    return method === undefined ? [] : [{ method, kilobytes: numberIn(each, "Sort Space Used") ?? 0, isOnDisk: each["Sort Space Type"] === "Disk" }];
  });
  return sorts.find(({ isOnDisk }) => isOnDisk) ?? sorts[0] ?? incrementalSortIn(object);
}

/** One that sorts group by group: the largest group. */
function incrementalSortIn(object: PlanObject): PlanNode["sort"] {
  const groups = ["Full-sort Groups", "Pre-sorted Groups"].flatMap((name) => [object, ...objectsIn(object["Workers"])].flatMap((each) => each[name])).filter(isObject);
  const spaces = groups.flatMap((group) =>
    (["Disk", "Memory"] as const).flatMap((where) => {
      const space = group[`Sort Space ${where}`];
      const methods = textsIn(group, "Sort Methods Used");
      return isObject(space) ? [{ method: methods.find((method) => method.startsWith("external") === (where === "Disk")) ?? methods.join(", "), kilobytes: numberIn(space, "Peak Sort Space Used") ?? 0, isOnDisk: where === "Disk" }] : [];
    }),
  );
  return spaces.find(({ isOnDisk }) => isOnDisk) ?? spaces[0];
}

function hashIn(object: PlanObject): Hash | undefined {
  const parts = [object, ...objectsIn(object["Workers"])];
  const most = (names: readonly string[]): number | undefined => {
    const values = parts.flatMap((part) => names.flatMap((name) => numberIn(part, name) ?? []));
    return values.length === 0 ? undefined : Math.max(...values);
  };
  const batches = most(["Hash Batches", "HashAgg Batches"]);
  const diskKilobytes = most(["Disk Usage"]) ?? 0;
  if (batches === undefined && diskKilobytes === 0) return undefined;
  return { batches: batches ?? 1, originalBatches: numberIn(object, "Original Hash Batches"), peakKilobytes: most(["Peak Memory Usage"]), diskKilobytes };
}

/** Blocks of tables and of temporary tables together. */
function buffersIn(object: PlanObject): Buffers | undefined {
  const blocks = (what: string): number => (numberIn(object, `Shared ${what} Blocks`) ?? 0) + (numberIn(object, `Local ${what} Blocks`) ?? 0);
  if (!("Shared Hit Blocks" in object) && !("Shared Read Blocks" in object) && !("Temp Read Blocks" in object) && !("Temp Written Blocks" in object)) return undefined;
  // Before 17 one figure stood for shared and local blocks.
  const ms = (what: string): number => ["", "Shared ", "Local "].reduce((sum, kind) => sum + (numberIn(object, `${kind}I/O ${what} Time`) ?? 0), 0);
  return {
    hit: blocks("Hit"),
    read: blocks("Read"),
    dirtied: blocks("Dirtied"),
    written: blocks("Written"),
    tempRead: numberIn(object, "Temp Read Blocks") ?? 0,
    tempWritten: numberIn(object, "Temp Written Blocks") ?? 0,
    readMs: ms("Read"),
    writeMs: ms("Write"),
  };
}

/** Steps of an extension's own, such as a task of Citus, have no figures, and their children have. */
function millisecondsOf(node: PlanNode): number {
  return node.actual === undefined && node.cost === undefined ? node.children.reduce((sum, child) => sum + millisecondsOf(child), 0) : (node.actual?.totalMs ?? 0);
}

function buffersOf({ buffers }: PlanNode): readonly Buffers[] {
  return buffers === undefined ? [] : [buffers];
}

/** A node's own part: PostgreSQL counts children in. */
function minus(buffers: Buffers, within: readonly Buffers[]): Buffers {
  const rest = (of: (each: Buffers) => number): number => Math.max(0, of(buffers) - within.reduce((sum, each) => sum + of(each), 0));
  return {
    hit: rest((each) => each.hit),
    read: rest((each) => each.read),
    dirtied: rest((each) => each.dirtied),
    written: rest((each) => each.written),
    tempRead: rest((each) => each.tempRead),
    tempWritten: rest((each) => each.tempWritten),
    readMs: rest((each) => each.readMs),
    writeMs: rest((each) => each.writeMs),
  };
}

/** Holds a place; replaced before anybody sees it. */
const unfinished: PlanNode = {
  id: -1,
  parent: undefined,
  depth: 0,
  type: "",
  label: "",
  role: { kind: "root" },
  relation: undefined,
  index: undefined,
  cte: undefined,
  joinType: undefined,
  strategy: undefined,
  operation: undefined,
  isParallel: false,
  conditions: [],
  sortKey: [],
  groupKey: [],
  output: [],
  cost: undefined,
  estimated: undefined,
  actual: undefined,
  buffers: undefined,
  selfBuffers: undefined,
  sort: undefined,
  hash: undefined,
  heapBlocks: undefined,
  heapFetches: undefined,
  indexSearches: undefined,
  workers: undefined,
  subplansRemoved: 0,
  properties: [],
  children: [],
};
