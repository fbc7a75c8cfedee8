/** Plans as a panel asks for them, on real servers: values of columns and how fresh they are, common and rare, questions, being called off. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import type { PlanAnswer } from "../../protocol/src/plan.ts";
import { readStatistics } from "../../server/src/database/columnStatistics.ts";
import { PlanReader } from "../../server/src/explain/planReader.ts";
import { planWorker } from "../../server/src/workspace/assets.ts";
import { type Asked, plansFor, type StatementText, valuesFor } from "../../server/src/explain/planService.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { postgresMajors } from "../support/postgresBinaries.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

for (const major of postgresMajors) {
  describe(`plans for a panel on PostgreSQL ${major}`, function () {
    this.timeout(240_000);

    let database: TestDatabase;
    let other: pg.Client;
    const messages: string[] = [];

    before(async () => {
      await loadSqlParser();
      database = await (await sharedPostgres(major)).createDatabase();
      other = await database.client();
      await other.query(`
        CREATE SCHEMA sales;
        CREATE TABLE sales.deals (id int PRIMARY KEY, status text NOT NULL, "odd ""name" int, at date);
        INSERT INTO sales.deals SELECT g, CASE WHEN g % 500 = 0 THEN 'lost, "really"' ELSE 'open' END, g % 7, date '2024-01-01' + g % 300 FROM generate_series(1, 20000) g;
        CREATE INDEX ON sales.deals (status);
        ANALYZE sales.deals;
        CREATE TABLE sales.never (id int);
        INSERT INTO sales.never SELECT generate_series(1, 5000)`);
      await other.query("SELECT pg_stat_force_next_flush()"); // or the server tells of the rows a second later
    });
    after(() => database.drop());

    const reader = new PlanReader(planWorker);
    after(() => reader.close());

    const asked = (more: Partial<Asked> & { readonly environment?: "development" | "production" } = {}): Asked => ({
      title: "deals.sql:1",
      target: { kind: "connection", label: "shop", environment: more.environment ?? "development" },
      place: { kind: "server", settings: { url: database.url }, environment: more.environment ?? "development" },
      consent: [],
      known: {},
      reader,
      notes: [],
      signal: new AbortController().signal,
      progress: (message) => void messages.push(message),
      ...more,
    });
    const statement = (text: string, parameters = 0): StatementText => ({ text, parameters: Array.from({ length: parameters }, (_, i) => ({ number: i + 1, name: undefined })) });
    const ask = (one: StatementText, analyze = false, more: Parameters<typeof asked>[0] = {}): Promise<PlanAnswer> => plansFor([one], asked(more), { analyze, values: [], only: undefined });
    const byStatus = statement("SELECT id FROM sales.deals WHERE status = $1", 1);

    it("says what columns hold, and how fresh that is", async () => {
      const known = await readStatistics(
        { url: database.url },
        [
          { schema: "sales", table: "deals", column: "status" },
          { schema: "sales", table: "deals", column: 'odd "name' },
          { schema: undefined, table: "deals", column: "id" },
        ],
        [{ schema: "sales", table: "deals" }, { schema: "sales", table: "never" }],
      );
      const of = (column: string) => known.columns.find((each) => each.column === column);
      assert.deepEqual(of("status")?.common.map(({ value }) => value), ["open", 'lost, "really"']);
      assert.equal(of('odd "name')?.common.length, 7);
      assert.equal(of("id"), undefined, "sales is not in the search path");
      assert.deepEqual(known.tables.map(({ table, isAnalyzed }) => `${table} ${isAnalyzed}`).sort(), ["deals true", "never false"]);
    });

    it("plans for no values, then for a common and a rare one, which are found in different ways", async () => {
      const answer = await ask(byStatus);
      assert.ok(answer.kind === "plans", JSON.stringify(answer));
      const values = await valuesFor(byStatus, answer.statements[0]?.plans[0]?.source ?? "", undefined, asked());
      assert.deepEqual(values.parameters[0]?.suggestions.map(({ kind, value }) => `${kind} ${value}`), ["common open", 'rare lost, "really"']);
      assert.deepEqual(values.plans.map(({ nodes }) => nodes[0]?.type), ["Seq Scan", values.plans[1]?.nodes[0]?.type]);
      assert.notEqual(values.plans[1]?.nodes[0]?.type, "Seq Scan");
    });

    it("tells of statistics that nobody has collected", async () => {
      const never = statement("SELECT * FROM sales.never WHERE id = 7");
      const answer = await ask(never);
      assert.ok(answer.kind === "plans");
      const { insights } = await valuesFor(never, answer.statements[0]?.plans[0]?.source ?? "", undefined, asked());
      assert.ok(insights.some(({ id }) => id === "plan-stale-statistics"), JSON.stringify(insights.map(({ id }) => id)));
    });

    it("asks before rows are changed, and on production each time", async () => {
      const write = await ask(statement("DELETE FROM sales.deals WHERE id = 1"), true);
      assert.ok(write.kind === "asks" && write.question.about === "writes" && /sequences have moved on/.test(write.question.why));
      const agreed = await ask(statement("DELETE FROM sales.deals WHERE id = 1"), true, { consent: ["writes"] });
      assert.equal(agreed.kind, "plans");
      assert.equal((await other.query("SELECT count(*)::int AS n FROM sales.deals WHERE id = 1")).rows[0].n, 1);
      const read = await ask(statement("SELECT 1"), true, { environment: "production" });
      assert.ok(read.kind === "asks" && read.question.about === "production");
    });

    it("stops on the server when it is called off", async () => {
      const controller = new AbortController();
      const running = ask(statement("SELECT count(*) FROM sales.deals a, sales.deals b, sales.deals c"), true, { signal: controller.signal });
      await delay(400);
      controller.abort();
      const answer = await running;
      assert.ok(answer.kind === "plans" && /called off/.test(answer.statements[0]?.problem?.message ?? ""), JSON.stringify(answer));
      const { rows } = await other.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%sales.deals a%' AND state = 'active' AND pid <> pg_backend_pid()");
      assert.equal(rows[0].n, 0);
    });

    it("says in words that nobody answers", async () => {
      const gone = await plansFor([byStatus], { ...asked(), place: { kind: "server", settings: { url: "postgresql://nobody@127.0.0.1:1/shop" }, environment: "development" } }, { analyze: false, values: [], only: undefined });
      assert.ok(gone.kind === "plans" && /Could not connect to 127\.0\.0\.1:1/.test(gone.statements[0]?.problem?.message ?? ""), JSON.stringify(gone));
    });
  });
}
