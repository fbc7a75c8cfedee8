/** What trying indexes means: a planner that is shown some of them and says what a query would cost. */
import type { IndexDefinition } from "../edits/intents/indexIntent.ts";
import { type Plan } from "../plan/plan.ts";

/** A query as it is planned: with values, or for no values in particular. */
export interface PlannedQuery {
  readonly text: string;
  /** For $1, $2, … in PostgreSQL's text form; undefined for a generic plan. */
  readonly values: readonly (string | null)[] | undefined;
}

export interface TriedIndex {
  /** What plans call it. */
  readonly name: string;
  readonly definition: IndexDefinition;
  /** Undefined where nobody can say. */
  readonly sizeBytes: number | undefined;
}

export interface TrialPlan {
  /** PostgreSQL's estimate, in its unit: one block read in order. */
  readonly cost: number;
  readonly plan: Plan;
  /** Names of all indexes in it. */
  readonly indexes: ReadonlySet<string>;
}

/** What the figures rest on. */
export interface Evidence {
  readonly kind: "rows" | "statistics" | "assumptions" | "hypothetical";
  /** A sentence for people. */
  readonly text: string;
  /** Of the tables in question, in rows; as far as it is known. */
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
}

export type Tried<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string; readonly isOver: boolean };

export interface Trial {
  readonly evidence: Evidence;
  /** By `schema.table`; undefined where it is unknown. */
  rows(table: string): number | undefined;
  /** An answer that is not ok says why there is no such index; `isOver` that there will be no other answer either. */
  add(definition: IndexDefinition): Promise<Tried<TriedIndex>>;
  /** The plan where there are these of the tried indexes, beside all that exist. */
  plan(query: PlannedQuery, active: readonly TriedIndex[]): Promise<Tried<TrialPlan>>;
}

export function notTried(reason: string, isOver = false): { readonly ok: false; readonly reason: string; readonly isOver: boolean } {
  return { ok: false, reason, isOver };
}

export function trialPlan(plan: Plan): TrialPlan {
  const indexes = new Set<string>();
  for (const node of plan.nodes) if (node.index !== undefined) indexes.add(node.index);
  return { cost: plan.root.cost?.total ?? 0, plan, indexes };
}
