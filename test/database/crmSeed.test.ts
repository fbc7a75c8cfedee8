import assert from "node:assert/strict";
import { load } from "../../examples/crm/seed/load.ts";
import { seedTables } from "../../examples/crm/seed/seed.ts";
import { migrated } from "../support/migratedSample.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { crm } from "../support/samples.ts";

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
