/**
 * What an insight is: one thing that plans tell, in one file, with why it matters and where that is written. Pure: all it
 * knows is what it is given. It states the next step as an intent by names; who knows the schema turns it into text.
 */
import type { Plan, PlanNode } from "../plan.ts";

export interface Insight {
  readonly id: string;
  readonly severity: "warning" | "information";
  readonly summary: string;
  /** What happens otherwise. */
  readonly why: string;
  readonly sources: readonly string[];
  readonly check: (examined: Examined) => Iterable<Told>;
}

export interface Told {
  /** `PlanNode.id`; undefined for the whole plan. */
  readonly node: number | undefined;
  /** With the figures it rests on. */
  readonly message: string;
  readonly next: NextStep;
}

/** A plan and what else is known. Absent facts keep the insights that need them silent. */
export interface Examined {
  readonly plan: Plan;
  readonly limits: Limits;
  readonly statistics?: ReadonlyMap<string, TableStatistics> | undefined;
  /** Plans of the same query for given values, where `plan` is the generic one. */
  readonly custom?: readonly Plan[] | undefined;
  readonly baseline?: Plan | undefined;
  /** Whether it is a plan for no values in particular. */
  readonly isGeneric?: boolean | undefined;
  /** Names of relations under row-level security, as `schema.table`. */
  readonly rowSecurity?: ReadonlySet<string> | undefined;
  /** How many partitions a partitioned table has, by name as `schema.table`. */
  readonly partitions?: ReadonlyMap<string, number> | undefined;
}

export interface Limits {
  /** Milliseconds that a query may take. */
  readonly budgetMs: number;
  /** For plans that were not run; PostgreSQL's unit is one sequentially read block. */
  readonly budgetCost: number;
}

export const defaultLimits: Limits = { budgetMs: 100, budgetCost: 100_000 };

/** By `schema.table`. */
export interface TableStatistics {
  readonly rows: number;
  readonly modifiedSinceAnalyze: number;
  readonly isAnalyzed: boolean;
}

export type NextStep =
  | { readonly do: "addIndex"; readonly table: TableName; readonly columns: readonly string[] }
  /** `expression` as SQL. */
  | { readonly do: "addExpressionIndex"; readonly table: TableName; readonly expression: string }
  | { readonly do: "analyze" | "vacuum"; readonly table: TableName }
  | { readonly do: "createStatistics"; readonly table: TableName; readonly columns: readonly string[] }
  /** For the session or the query. */
  | { readonly do: "set"; readonly setting: string; readonly value: string }
  /** A rewrite of the query, or a question for a person. */
  | { readonly do: "text"; readonly text: string };

export interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
}

export function defineInsight(insight: Insight): Insight {
  return insight;
}

export function tableOf(node: PlanNode): TableName | undefined {
  return node.relation === undefined ? undefined : { schema: node.relation.schema, name: node.relation.name };
}

export function tableKey({ schema, name }: TableName): string {
  return `${schema ?? "public"}.${name}`;
}

export function told(node: PlanNode | undefined, message: string, next: NextStep): Told {
  return { node: node?.id, message, next };
}
