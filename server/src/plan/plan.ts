/**
 * What PostgreSQL answers to EXPLAIN, as one immutable tree with the figures people reason with: time and cost of a node
 * alone, rows in all loops, buffers of a node alone. Nothing here is guessed: what a plan does not say is undefined.
 * https://www.postgresql.org/docs/current/using-explain.html
 */
import type { PlanObject } from "./planObject.ts";

export interface Plan {
  readonly root: PlanNode;
  /** All nodes, parents before children; `nodes[i].id` is `i`. */
  readonly nodes: readonly PlanNode[];
  /** Whether the statement was run. */
  readonly isAnalyzed: boolean;
  /** Whether times were measured: ANALYZE without TIMING OFF. */
  readonly isTimed: boolean;
  readonly planningMs: number | undefined;
  readonly executionMs: number | undefined;
  readonly planningBuffers: Buffers | undefined;
  /** Settings that differ from the default, as SETTINGS shows them. */
  readonly settings: ReadonlyMap<string, string>;
  readonly jit: Jit | undefined;
  readonly triggers: readonly Trigger[];
  /** Only auto_explain tells. */
  readonly queryText: string | undefined;
  readonly queryId: string | undefined;
  /** The plan in the form of FORMAT JSON, for saving. */
  readonly source: PlanObject;
}

export interface PlanNode {
  /** Its place in `Plan.nodes`. */
  readonly id: number;
  readonly parent: number | undefined;
  /** 0 for the root. */
  readonly depth: number;
  /** PostgreSQL's node type, for example `Hash Join`. */
  readonly type: string;
  /** What it is, as psql writes it: `Index Scan using a_idx on accounts a`. */
  readonly label: string;
  readonly role: NodeRole;
  readonly relation: RelationName | undefined;
  readonly index: string | undefined;
  /** Of a CTE Scan. */
  readonly cte: string | undefined;
  /** `Inner`, `Left`, `Anti`, … */
  readonly joinType: string | undefined;
  /** Of an aggregate: `Plain`, `Sorted`, `Hashed`, `Mixed`. */
  readonly strategy: string | undefined;
  /** Of Modify Table: `Insert`, `Update`, `Delete`, `Merge`. */
  readonly operation: string | undefined;
  readonly isParallel: boolean;
  readonly conditions: readonly Condition[];
  readonly sortKey: readonly string[];
  readonly groupKey: readonly string[];
  readonly output: readonly string[];
  readonly cost: Cost | undefined;
  readonly estimated: { readonly rows: number; readonly width: number } | undefined;
  /** Undefined without ANALYZE. */
  readonly actual: Actual | undefined;
  /** With its children, in all loops. */
  readonly buffers: Buffers | undefined;
  /** Without its children. */
  readonly selfBuffers: Buffers | undefined;
  readonly sort: { readonly method: string; readonly kilobytes: number; readonly isOnDisk: boolean } | undefined;
  readonly hash: Hash | undefined;
  readonly heapBlocks: { readonly exact: number; readonly lossy: number } | undefined;
  readonly heapFetches: number | undefined;
  readonly indexSearches: number | undefined;
  readonly workers: { readonly planned: number; readonly launched: number | undefined } | undefined;
  /** Partitions or subplans that were ruled out before or while running. */
  readonly subplansRemoved: number;
  /** Everything PostgreSQL says of the node, in its own words; for display. */
  readonly properties: readonly Property[];
  readonly children: readonly PlanNode[];
}

/** How a node hangs on its parent. A CTE is run by those who scan it, an InitPlan once, a SubPlan for each row. */
export type NodeRole =
  | { readonly kind: "root" | "input" | "outer" | "inner" | "member" | "subquery" }
  | { readonly kind: "initPlan" | "subPlan" | "cte"; readonly name: string };

export interface RelationName {
  /** Only VERBOSE tells. */
  readonly schema: string | undefined;
  readonly name: string;
  readonly alias: string | undefined;
}

export interface Condition {
  /** PostgreSQL's word: `Filter`, `Index Cond`, `Recheck Cond`, `Hash Cond`, `Join Filter`, … */
  readonly kind: string;
  readonly text: string;
  /** Rows it threw away, per loop. */
  readonly removed: number | undefined;
}

export interface Cost {
  readonly startup: number;
  /** Of one loop, with children. */
  readonly total: number;
  /** The part that children do not account for; an estimate where a child runs in loops. */
  readonly self: number;
}

export interface Actual {
  /** Average of one loop. */
  readonly rowsPerLoop: number;
  /** In all loops. */
  readonly rows: number;
  /** 0 when it was never executed. */
  readonly loops: number;
  /** Milliseconds until the first row, of one loop; undefined without timing. */
  readonly startupMs: number | undefined;
  /** Milliseconds until the last row, of one loop. */
  readonly perLoopMs: number | undefined;
  /** Milliseconds on the clock in all loops, with children; of parallel processes, the average. */
  readonly totalMs: number | undefined;
  /** `totalMs` without what children took. */
  readonly selfMs: number | undefined;
}

/** Blocks of 8 kB, and milliseconds. */
export interface Buffers {
  readonly hit: number;
  readonly read: number;
  readonly dirtied: number;
  readonly written: number;
  readonly tempRead: number;
  readonly tempWritten: number;
  /** Milliseconds; 0 when track_io_timing is off. */
  readonly readMs: number;
  readonly writeMs: number;
}

export interface Hash {
  readonly batches: number;
  readonly originalBatches: number | undefined;
  readonly peakKilobytes: number | undefined;
  /** Of a hash aggregate that spilled. */
  readonly diskKilobytes: number;
}

export interface Jit {
  readonly functions: number;
  readonly totalMs: number | undefined;
}

export interface Trigger {
  readonly name: string;
  readonly constraint: string | undefined;
  readonly relation: string | undefined;
  readonly ms: number;
  readonly calls: number;
}

export interface Property {
  readonly name: string;
  readonly value: string;
}
