import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Client } from "pg";
import { load } from "../../examples/crm/seed/load.ts";
import { seedTables } from "../../examples/crm/seed/seed.ts";
import { seededSample } from "../../scripts/support/seededSample.ts";
import { ScratchDatabase } from "../../server/src/scratch/scratchDatabase.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { seededClusters } from "../../server/src/workspace/assets.ts";
import { migrated } from "../support/migratedSample.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { crm } from "../support/samples.ts";
import { scratchOptions } from "../support/scratch.ts";

const tables = seedTables();

for (const major of [15, 18] as const) {
  describe(`The seed of the CRM sample in PostgreSQL ${major}`, () => {
    let database: TestDatabase;

    before(async function () {
      this.timeout(180_000);
      database = await migrated(crm, major);
      const client = await database.client();
      await load(client, tables);
      await client.end();
    });

    it("is loaded whole, with every constraint and trigger in force afterwards", async () => {
      const client = await database.client();
      for (const table of tables) {
        const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM public.${table.name}`);
        assert.equal(Number(rows[0]?.count), table.size, table.name);
      }
      const { rows } = await client.query("SELECT tgname FROM pg_trigger WHERE tgenabled = 'D'");
      assert.deepEqual(rows, []);
      const unvalidated = await client.query("SELECT conname FROM pg_constraint WHERE NOT convalidated");
      assert.deepEqual(unvalidated.rows, []);
      await client.end();
    });

    it("leaves no query of the sample reading a large table as a whole", async () => {
      const client = await database.client();
      const values = await queryValues(client);
      for (const { name, text } of crm.queries) {
        const { rows } = await client.query<{ "QUERY PLAN": unknown }>({ text: `EXPLAIN (FORMAT JSON) ${text}`, values: [...(values.get(name.slice(0, 2)) ?? assert.fail(name))] });
        const plan = JSON.stringify(rows[0]?.["QUERY PLAN"]);
        const whole = [...plan.matchAll(/"Node Type":"Seq Scan"[^{}]*?"Relation Name":"(\w+)"/g)].map((match) => match[1] ?? "");
        const large = whole.filter((table) => (tables.find((each) => each.name === table)?.size ?? 0) > 1_000);
        assert.deepEqual(large, [], name);
        const cost = Number(/"Total Cost":([\d.]+)/.exec(plan)?.[1]);
        assert.ok(cost < 5_000, `${name}: ${cost}`);
      }
      await client.end();
    });

    it("has totals that are the sums of their lines", async () => {
      const client = await database.client();
      for (const kind of ["quote", "order", "invoice"]) {
        const { rows } = await client.query(
          `SELECT of.id FROM ${kind}s AS of JOIN (SELECT ${kind}_id AS id, sum(net_amount) AS net FROM ${kind}_lines GROUP BY 1) AS lines USING (id) WHERE of.subtotal <> lines.net LIMIT 3`,
        );
        assert.deepEqual(rows, [], kind);
      }
      await client.end();
    });
  });
}

/** Values for the queries, by their numbers: of a tenant in the middle, and what has most in it there. */
async function queryValues(client: Client): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const one = async (sql: string): Promise<string> => String(Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0]);
  const organization = await one("SELECT organization_id FROM contacts GROUP BY 1 ORDER BY count(*) DESC OFFSET 4 LIMIT 1");
  const most = (table: string, column: string): Promise<string> => one(`SELECT ${column} FROM ${table} WHERE organization_id = '${organization}' AND ${column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`);
  const [pipeline, account, member, team, thread, campaign] = [await most("opportunities", "pipeline_id"), await most("activities", "account_id"), await most("opportunities", "owner_id"), await most("team_memberships", "team_id"), await most("emails", "thread_id"), await most("campaign_members", "campaign_id")];
  const [book, product, deal, upload, tag] = [await most("price_book_entries", "price_book_id"), await most("price_book_entries", "product_id"), await most("audit_entries", "row_key"), await most("import_rows", "import_id"), await most("account_tags", "tag_id")];
  const period = ["2026-01-01", "2026-11-01"];
  const given: Readonly<Record<string, readonly unknown[]>> = {
    ...{ "01": [pipeline], "02": ["mar"], "03": [account], "04": [account, "infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff", 50], "05": [], "06": [pipeline, ...period], "07": period, "08": ["2026-11-01", "2027-03-01"] },
    ...{ "09": ["a@b.example", "+49301234567", "Maria Schmidt"], "10": [member, "2026-10-01", "2026-11-01"], "11": [], "12": period, "13": period, "14": [book, product, 25], "15": [], "16": period, "17": [team, ...period, "EUR"] },
    ...{ "18": ["2026-05-01", "2026-08-01"], "19": [member, "2026-10-01", "2026-11-20"], "20": ["2026-11-01"], "21": [thread], "22": [campaign, "NEWSLETTER"], "23": ["opportunities", deal, "infinity"], "24": [[tag]] },
    ...{ "25": ['{"tier": "gold", "region": "north"}'], "27": [upload], "28": ['"fast delivery" -refund'], "29": [team], "30": [pipeline, ...period] },
  };
  const values = new Map<string, readonly unknown[]>(Object.entries(given).map(([number, others]) => [number, [organization, ...others]]));
  return values.set("26", [10]);
}

describe("The seed of the CRM sample in its scratch database", () => {
  it("is there without being loaded, once a cluster with it was made", async function () {
    this.timeout(400_000);
    await seededSample();
    const migrations = crm.migrations.flatMap(({ name, text }) => parseSql(name, text).statements.flatMap((statement) => (statement.kind === "sql" && statement.section === "up" ? [statement.text] : [])));
    const database = new ScratchDatabase({ ...(await scratchOptions()), seeded: fileURLToPath(seededClusters) }, migrations);
    try {
      const built = await database.build();
      assert.ok(built.ok && built.value.every(({ kind }) => kind === "done"));
      const result = await database.query("SELECT count(*)::int AS contacts FROM contacts");
      assert.deepEqual(result, { ok: true, value: [{ contacts: tables.find(({ name }) => name === "contacts")?.size }] });
      const plan = await database.explain("SELECT * FROM activities WHERE organization_id = $1 AND account_id = $2 ORDER BY occurred_at DESC LIMIT 20");
      assert.ok(plan.ok);
      assert.match(plan.value.plan, /activities_account_timeline_idx/);
    } finally {
      await database.close();
    }
    const copies = readdirSync(tmpdir()).filter((name) => name.startsWith(`database-architect-rows-${process.pid}-`));
    assert.deepEqual(copies, []);
  });
});
