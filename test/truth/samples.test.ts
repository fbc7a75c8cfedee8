/**
 * The samples under `examples` hold together: valid for Prisma, a history that runs and ends where the schema stands,
 * queries that PostgreSQL can plan. The judges are Prisma's own engines and PostgreSQL; nothing of this product takes part.
 */
import assert from "node:assert/strict";
import { lint } from "@prisma/prisma-schema-wasm";
import type pg from "pg";
import { blankConnectionUrls } from "../../server/src/prisma/blankUrls.ts";
import { driftOf } from "../support/databaseDrift.ts";
import { migrated } from "../support/migratedSample.ts";
import type { PostgresMajor, TestDatabase } from "../support/postgres.ts";
import { crm, crmLegacy, type Sample, type SampleFile } from "../support/samples.ts";

const majors: readonly PostgresMajor[] = [15, 18];

describe("The samples", function () {
  this.timeout(60_000);

  it("give Prisma's validator nothing to say (crm)", () => {
    assert.deepEqual(validate(crm), []);
  });

  it("are valid but for a warning where SetNull meets a required field (crm-legacy)", () => {
    const said = validate(crmLegacy);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /^warning: .*SetNull/);
  });

  it("are large enough to stand for real projects", () => {
    assert.ok(crm.migrations.length >= 12);
    assert.equal(crm.queries.length, 30);
    assert.ok(crmLegacy.migrations.length >= 8);
    assert.ok(crmLegacy.queries.length >= 12);
  });

  it("say what each migration and query of crm is for", () => {
    for (const { name, text } of [...crm.migrations, ...crm.queries]) assert.match(text, /^-- \S/, `${name} does not say what it does`);
  });

  for (const sample of [crm, crmLegacy]) {
    for (const major of majors) {
      describe(`${sample.name} on PostgreSQL ${major}`, () => {
        let database: TestDatabase;

        before(async () => {
          database = await migrated(sample, major);
        });

        after(() => database.drop());

        it("has a history that ends where the schema stands", async () => {
          assert.equal(await driftOf(database, sample.schema), undefined);
        });

        it("tells drift when there is some", async () => {
          const [first, ...others] = sample.schema;
          assert.ok(first);
          const changed = { ...first, text: `${first.text}\nmodel Newcomer {\n  id Int @id\n}\n` };
          assert.match((await driftOf(database, [changed, ...others])) ?? "", /CREATE TABLE "Newcomer"/);
        });

        it("has a plan for every query", async () => {
          await explainAll(await database.client(), sample.queries);
        });
      });
    }
  }
});

/** The messages of Prisma's validator. */
function validate(sample: Sample): readonly string[] {
  const files = sample.schema.map((file) => [file.uri, blankConnectionUrls(file.text)]);
  const said: unknown = JSON.parse(lint(JSON.stringify(files)));
  assert.ok(Array.isArray(said));
  return said.map((entry: { text: string; is_warning: boolean }) => `${entry.is_warning ? "warning" : "error"}: ${entry.text}`);
}

/** Plans as prepared statements with parameters of any value. */
async function explainAll(client: pg.Client, queries: readonly SampleFile[]): Promise<void> {
  await client.query("SET plan_cache_mode = force_generic_plan");
  for (const { name, text } of queries) {
    try {
      await client.query(`PREPARE sample AS ${text}`);
      const { rows } = await client.query<{ parameters: number }>(
        "SELECT cardinality(parameter_types) AS parameters FROM pg_prepared_statements WHERE name = 'sample'",
      );
      const values = Array(rows[0]?.parameters ?? 0)
        .fill("NULL")
        .join(", ");
      await client.query(`EXPLAIN EXECUTE sample${values === "" ? "" : `(${values})`}`);
      await client.query("DEALLOCATE sample");
    } catch (cause) {
      assert.fail(`${name}: ${String(cause)}`);
    }
  }
}
