/**
 * Index advice over the help desk and TPC-H on a real PostgreSQL 18 with rows: how long it takes, and what its indexes save
 * of the queries' cost and take in size, next to a naive peer that indexes every column of each WHERE and ON by itself.
 */
import type pg from "pg";
import { advise } from "../server/src/advice/advise.ts";
import { ascending, isServed } from "../server/src/advice/candidates.ts";
import { tableUses } from "../server/src/advice/readQuery.ts";
import { plannerStatistics } from "../server/src/database/plannerStatistics.ts";
import type { IndexDefinition } from "../server/src/edits/intents/indexIntent.ts";
import { newIndexName, newIndexStatement } from "../server/src/edits/sql/newIndex.ts";
import { ScratchDatabase } from "../server/src/scratch/scratchDatabase.ts";
import { askParser } from "../server/src/sql/outcomes.ts";
import { loadSqlParser } from "../server/src/sql/parse.ts";
import { filledDatabase, planOf } from "../test/support/advice/judge.ts";
import { helpdesk, statements, tpch } from "../test/support/advice/worlds.ts";
import type { AdviceWorld } from "../test/support/advice/world.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { scratchOptions } from "../test/support/scratch.ts";
import { type Row, round, shown, summarize } from "./statistics.ts";

export async function adviceBenchmark(): Promise<Row[]> {
  await loadSqlParser();
  const server = await startPostgres(18);
  try {
    const rows: Row[] = [];
    for (const world of [helpdesk(), tpch()]) {
      const database = await filledDatabase(server, world);
      rows.push(...(await measured(world, database.url, await database.client())));
      await database.drop();
    }
    return rows;
  } finally {
    await server.stop();
  }
}

async function measured(world: AdviceWorld, url: string, client: pg.Client): Promise<Row[]> {
  const statistics = await plannerStatistics({ url }, [...world.schema.tables.values()]);
  const scratch = new ScratchDatabase(await scratchOptions(), world.ddl.flatMap(statements));
  try {
    await scratch.build();
    const times: number[] = [];
    const [ours, naive] = [new Tally(), new Tally()];
    for (const [, text, wants] of world.cases) {
      if (wants === "refused") continue;
      const start = performance.now();
      const answer = await advise({ query: text, schema: world.schema, place: { kind: "scratch", database: scratch, statistics } });
      times.push(performance.now() - start);
      await ours.add(client, text, answer.ok ? answer.advice.items.map(({ intent }) => intent.index) : []);
      await naive.add(client, text, everyColumn(text, world));
    }
    const what = `advice, ${world.name}, ${times.length} queries`;
    return [
      { what: `${what}: time of one`, ours: shown(summarize(times)), peer: "", ratio: "" },
      { what: `${what}: cost saved, mean of the queries`, ours: `${round(ours.meanShare * 100)} %`, peer: `${round(naive.meanShare * 100)} % (each column by itself)`, ratio: "" },
      { what: `${what}: indexes, and their size`, ours: `${ours.distinct}, ${round(ours.megabytes)} MB`, peer: `${naive.distinct}, ${round(naive.megabytes)} MB`, ratio: "" },
      { what: `${what}: indexes that no plan uses`, ours: String(ours.unused), peer: String(naive.unused), ratio: "" },
    ];
  } finally {
    await scratch.close();
  }
}

/** What a set of indexes for each query comes to. */
class Tally {
  unused = 0;
  readonly #shares: number[] = [];
  readonly #sizes = new Map<string, number>();

  get meanShare(): number {
    return this.#shares.reduce((sum, share) => sum + share, 0) / Math.max(1, this.#shares.length);
  }

  get distinct(): number {
    return this.#sizes.size;
  }

  get megabytes(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0) / 1_000_000;
  }

  async add(client: pg.Client, text: string, indexes: readonly IndexDefinition[]): Promise<void> {
    await client.query("BEGIN");
    try {
      const before = await planOf(client, text);
      for (const index of indexes) {
        const statement = newIndexStatement(index, { name: newIndexName(index) });
        await client.query(statement);
        const { rows } = await client.query<{ size: string }>("SELECT pg_relation_size(to_regclass(quote_ident($1))) AS size", [newIndexName(index)]);
        this.#sizes.set(statement, Number(rows[0]?.size ?? 0));
      }
      const after = await planOf(client, text);
      this.unused += indexes.filter((index) => !after.indexes.has(newIndexName(index))).length;
      this.#shares.push(1 - after.cost / before.cost);
    } finally {
      await client.query("ROLLBACK");
    }
  }
}

function everyColumn(text: string, { schema }: AdviceWorld): readonly IndexDefinition[] {
  const outcome = askParser(text);
  const found = new Map<string, IndexDefinition>();
  for (const { table, tests, alternatives } of outcome.kind === "tree" ? tableUses(outcome.tree, schema) : []) {
    for (const test of [...tests, ...alternatives.flat()]) {
      if (test.kind === "constant" || !("column" in test.key)) continue;
      const type = table.columns.get(test.key.column)?.type;
      // A B-tree takes no more than a third of a page, and has no order for these.
      if (type === undefined || type.isArray || ["jsonb", "json", "tsvector"].includes(type.name)) continue;
      const index: IndexDefinition = { table, method: "btree", keys: [ascending(test.key)], include: [], predicate: undefined };
      if (!isServed(index)) found.set(`${table.key}.${test.key.column}`, index);
    }
  }
  return [...found.values()];
}
