import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { comparePlans } from "../../server/src/plan/comparePlans.ts";
import { insightsOf } from "../../server/src/plan/insights/insights.ts";
import type { Plan } from "../../server/src/plan/plan.ts";
import { readPlan } from "../../server/src/plan/readPlan.ts";
import { planText } from "../../server/src/plan/savePlan.ts";
import { planDatabase, type PlanScenario, planScenarios, settingsOf } from "../support/planScenarios.ts";
import type { PostgresMajor, TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

/** Set, the plans of 18 are written as goldens; `UPDATE_GOLDENS=1 mocha test/unit/plan` then writes what is expected of them. */
const writesGoldens = process.env["UPDATE_GOLDENS"] === "1";
const goldens = fileURLToPath(new URL("../fixtures/plans/", import.meta.url));

for (const major of [15, 18] as const satisfies readonly PostgresMajor[]) {
  describe(`plans of PostgreSQL ${major}`, function () {
    this.timeout(240_000);

    let database: TestDatabase;
    let client: pg.Client;

    before(async () => {
      database = await (await sharedPostgres(major)).createDatabase();
      client = await database.client();
      await client.query(planDatabase);
    });
    after(() => database.drop());

    for (const [i, scenario] of planScenarios.entries()) {
      it(`${scenario.what}: tells ${scenario.insight}`, async () => {
        const json = await explained(client, scenario, "JSON");
        if (writesGoldens && major === 18) {
          mkdirSync(goldens, { recursive: true });
          writeFileSync(`${goldens}${String(i + 1).padStart(2, "0")}-${scenario.what}.json`, json);
        }
        const plan = planOf(json);
        const ids = insightsOf(plan).map(({ id }) => id);
        assert.ok(ids.includes(scenario.insight), `${ids.join(", ") || "nothing"} of\n${planText(plan)}`);
        const again = planOf(planText(plan));
        assert.equal(planText(again), planText(plan));
      });
    }

    it("reads the same tree from text and from JSON", async () => {
      for (const scenario of planScenarios.filter(({ isPlanned }) => isPlanned !== true)) {
        const [json, text] = [planOf(await explained(client, scenario, "JSON")), planOf(await explained(client, scenario, "TEXT"))];
        const shape = (plan: Plan): unknown => plan.nodes.map(({ label, depth, role, conditions }) => [label, depth, role, conditions.map(({ kind, text }) => [kind, text])]);
        assert.deepEqual(shape(text), shape(json), scenario.what);
      }
    });

    it("accounts for all of the time: what nodes take alone adds up to the whole", async () => {
      for (const scenario of planScenarios.filter(({ isPlanned }) => isPlanned !== true)) {
        const { nodes, root } = planOf(await explained(client, scenario, "JSON"));
        const sum = nodes.reduce((total, { actual }) => total + (actual?.selfMs ?? 0), 0);
        const whole = root.actual?.totalMs ?? 0;
        assert.ok(Math.abs(sum - whole) <= Math.max(1, whole * 0.1), `${scenario.what}: ${sum} of ${whole}`);
      }
    });

    it("shows what an index changes", async () => {
      const scenario: PlanScenario = { what: "", insight: "", query: "SELECT id FROM visits WHERE kind = 'rare'", isPlanned: true };
      const before = planOf(await explained(client, scenario, "JSON"));
      await client.query("CREATE INDEX visits_kind ON visits (kind)");
      try {
        const compared = comparePlans(before, planOf(await explained(client, scenario, "JSON")));
        assert.ok(!compared.isSameShape && (compared.cost?.factor ?? 1) < 0.5);
        assert.match(compared.pairs[0]?.changes[0] ?? "", /^Seq Scan on visits → .*Scan/);
      } finally {
        await client.query("DROP INDEX visits_kind");
      }
    });
  });
}

async function explained(client: pg.Client, scenario: PlanScenario, format: "JSON" | "TEXT"): Promise<string> {
  const options = `FORMAT ${format}, VERBOSE, SETTINGS${scenario.isPlanned === true ? "" : ", ANALYZE, BUFFERS"}`;
  await client.query("BEGIN");
  try {
    for (const [name, value] of Object.entries(settingsOf(scenario))) await client.query("SELECT set_config($1, $2, true)", [name, value]);
    const { rows } = await client.query<Record<string, unknown>>({ text: `EXPLAIN (${options}) ${scenario.query}`, types: { getTypeParser: () => String } });
    return rows.map((row) => String(row["QUERY PLAN"])).join("\n");
  } finally {
    await client.query("ROLLBACK");
  }
}

function planOf(text: string): Plan {
  const read = readPlan(text);
  assert.ok(read.ok, read.ok ? "" : read.reason);
  return read.plan;
}
