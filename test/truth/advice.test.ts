/**
 * Index advice held to PostgreSQL 15 and 18: over samples, TPC-H and a help desk, all with rows, each advised index is really
 * built, really used, and saves about what was said; none is there already; and what needs nothing gets nothing.
 */
import assert from "node:assert/strict";
import type pg from "pg";
import { advise, type Advice } from "../../server/src/advice/advise.ts";
import { isServed } from "../../server/src/advice/candidates.ts";
import { type PlannerStatistics, plannerStatistics } from "../../server/src/database/plannerStatistics.ts";
import { ScratchDatabase } from "../../server/src/scratch/scratchDatabase.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { filledDatabase, judge } from "../support/advice/judge.ts";
import { adviceWorlds, statements } from "../support/advice/worlds.ts";
import type { AdviceCase, AdviceWorld } from "../support/advice/world.ts";
import type { PostgresMajor, TestDatabase } from "../support/postgres.ts";
import { scratchOptions } from "../support/scratch.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

const majors: readonly PostgresMajor[] = [18, 15];

await loadSqlParser();
const worlds = adviceWorlds();

describe("index advice", () => {
  it("is held to at least 150 queries", () => {
    assert.ok(worlds.flatMap(({ cases }) => cases).length >= 150);
  });

  for (const world of worlds) judged(world);
});

function judged(world: AdviceWorld): void {
  describe(`over ${world.name}`, function () {
    this.timeout(600_000);
    let databases: readonly TestDatabase[];
    let clients: readonly pg.Client[];
    let scratch: ScratchDatabase;
    let statistics: PlannerStatistics;
    const given: { readonly wants: AdviceCase[2]; readonly advice: Advice }[] = [];

    before(async () => {
      databases = [];
      for (const major of majors) databases = [...databases, await filledDatabase(await sharedPostgres(major), world)];
      clients = await Promise.all(databases.map((database) => database.client()));
      scratch = new ScratchDatabase({ ...(await scratchOptions()), deadline: 60_000 }, world.ddl.flatMap(statements));
      const built = await scratch.build();
      assert.ok(built.ok && built.value.every(({ kind }) => kind === "done"), JSON.stringify(built));
      statistics = await plannerStatistics({ url: databases[0]?.url ?? "" }, [...world.schema.tables.values()]);
    });

    after(async () => {
      await scratch?.close();
      await Promise.all((databases ?? []).map((database) => database.drop()));
    });

    for (const [name, text, wants] of world.cases) {
      it(`${wants === false ? "advises nothing for" : "is what PostgreSQL does with"} ${name}`, async () => {
        const answer = await advise({ query: text, schema: world.schema, place: { kind: "scratch", database: scratch, statistics, statisticsOf: "the test" } });
        if (wants === "refused") return assert.equal(answer.ok, false);
        assert.ok(answer.ok, JSON.stringify(answer));
        const { advice } = answer;
        given.push({ wants, advice });
        assert.deepEqual(objections(advice, wants), []);
        for (const [i, client] of clients.entries()) assert.deepEqual(await objectionsOf(client, text, advice), [], `PostgreSQL ${majors[i]}`);
      });
    }

    it("leaves nothing behind in the scratch database", async () => {
      const left = await scratch.query("SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE 'advised%')::int AS indexes, (SELECT coalesce(sum(pg_relation_size(oid)), 0) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)::int AS bytes");
      assert.deepEqual(left, { ok: true, value: [{ indexes: 0, bytes: 0 }] });
    });
  });
}

function objections({ items }: Advice, wants: AdviceCase[2]): readonly string[] {
  const titles = items.map(({ title }) => title);
  const found: string[] = [];
  if (wants === false && items.length > 0) found.push(`wants nothing: ${titles.join(" + ")}`);
  if (wants instanceof RegExp && !titles.some((title) => wants.test(title))) found.push(`wants ${wants.source}: ${titles.join(" + ")}`);
  if (items.length > 4) found.push(`${items.length} indexes`);
  for (const { intent, title } of items) if (isServed(intent.index)) found.push(`is there already: ${title}`);
  return found;
}

/** What a real server says against it. */
async function objectionsOf(client: pg.Client, text: string, { items, costBefore, costAfter }: Advice): Promise<readonly string[]> {
  if (items.length === 0) return [];
  const { before, after, used } = await judge(client, text, items.map(({ intent }) => intent.index));
  const found = items.filter(({ id }) => !used.has(id)).map(({ id }) => `not used: ${id}`);
  // Of the values of an expression nothing is known before an index on it was analysed; a generous half is enough there.
  const isGuess = items.some(({ intent }) => intent.index.keys.some(({ expression }) => expression !== undefined));
  const [said, real] = [1 - costAfter / costBefore, 1 - after / before];
  if (real < said * (isGuess ? 0.3 : 0.7)) found.push(`said to save ${percent(said)} and saves ${percent(real)}`);
  return found;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
