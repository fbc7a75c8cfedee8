/** Schemas with rows and queries, over which index advice is held to what PostgreSQL does. */
import type { Schema } from "../../../server/src/model/schema.ts";
import type { Table } from "../../../server/src/model/schema.ts";

/**
 * A name, a query, and what is right: `true` or a pattern of which one title must be, `false` for nothing, `refused` for no
 * advice at all, undefined where PostgreSQL alone decides.
 */
export type AdviceCase = readonly [name: string, text: string, wants: RegExp | boolean | "refused" | undefined];

export interface AdviceWorld {
  readonly name: string;
  /** One text after the other. */
  readonly ddl: readonly string[];
  readonly schema: Schema;
  readonly rows: (table: Table) => number;
  readonly values: ReadonlyMap<string, string>;
  readonly cases: readonly AdviceCase[];
}
