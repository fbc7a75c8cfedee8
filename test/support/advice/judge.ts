/** What a real PostgreSQL makes of advice: indexes built for a moment over real rows, and the plans before and after. */
import type pg from "pg";
import { planningText } from "../../../server/src/advice/planningText.ts";
import { newIndexName, newIndexStatement } from "../../../server/src/edits/sql/newIndex.ts";
import type { IndexDefinition } from "../../../server/src/edits/intents/indexIntent.ts";
import { quoteIdentifier } from "../../../server/src/model/names.ts";
import { readPlan } from "../../../server/src/plan/readPlan.ts";
import { askParser } from "../../../server/src/sql/outcomes.ts";
import { fillStatements } from "../filledTables.ts";
import type { RunningPostgres, TestDatabase } from "../postgres.ts";
import type { AdviceWorld } from "./world.ts";

export interface Judged {
  readonly before: number;
  readonly after: number;
  /** Names of indexes in the plan afterwards. */
  readonly used: ReadonlySet<string>;
}

/** A database with the world's schema and rows, vacuumed and analysed. */
export async function filledDatabase(server: RunningPostgres, { ddl, schema, rows, values, name }: AdviceWorld): Promise<TestDatabase> {
  const database = await server.createDatabase();
  const client = await database.client();
  for (const text of ddl) await client.query(text);
  await client.query("RESET search_path");
  for (const statement of fillStatements(schema, { rows, values })) {
    await client.query(statement).catch((error: unknown) => {
      throw new Error(`${name}: ${String(error)}\n${statement}`);
    });
  }
  // VACUUM takes rows for visible to all only when their commit is on the disk: this one waits for that.
  await client.query("SET synchronous_commit = on");
  await client.query("CREATE TABLE written (); DROP TABLE written");
  await client.query("VACUUM ANALYZE");
  return database;
}

/** Builds the indexes in a transaction that is rolled back. */
export async function judge(client: pg.Client, text: string, indexes: readonly IndexDefinition[]): Promise<Judged> {
  await client.query("BEGIN");
  try {
    const before = await planOf(client, text);
    for (const index of indexes) {
      await client.query(newIndexStatement(index, { name: newIndexName(index) }));
      // Statistics of an expression come with the next ANALYZE, which a server runs by itself.
      if (index.keys.some(({ expression }) => expression !== undefined)) await client.query(`ANALYZE ${quoteIdentifier(index.table.schema)}.${quoteIdentifier(index.table.name)}`);
    }
    const after = await planOf(client, text);
    return { before: before.cost, after: after.cost, used: after.indexes };
  } finally {
    await client.query("ROLLBACK");
  }
}

export async function planOf(client: pg.Client, text: string): Promise<{ readonly cost: number; readonly indexes: ReadonlySet<string>; readonly json: string }> {
  const outcome = askParser(text);
  if (outcome.kind !== "tree") throw new Error(`This does not parse: ${text}`);
  const planned = planningText(text, outcome.tree, undefined);
  const parameters = Math.max(0, ...[...planned.text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
  await client.query("SET LOCAL plan_cache_mode = force_generic_plan");
  await client.query(`PREPARE judged AS ${planned.text}`);
  try {
    const nulls = parameters === 0 ? "" : `(${Array.from({ length: parameters }, () => "NULL").join(", ")})`;
    const { rows } = await client.query<{ "QUERY PLAN": unknown }>(`EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE judged${nulls}`);
    const json = JSON.stringify(rows[0]?.["QUERY PLAN"]);
    const read = readPlan(json);
    if (!read.ok) throw new Error(read.reason);
    const { root, nodes } = read.plan;
    return { cost: root.cost?.total ?? 0, indexes: new Set(nodes.flatMap(({ index }) => index ?? [])), json };
  } finally {
    await client.query("DEALLOCATE judged");
  }
}
