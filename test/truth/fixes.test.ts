/**
 * What fixes write is SQL that PostgreSQL runs: the text after a fix, and the migration that does the same to a database
 * that has the text already. After the migration the catalog differs by what the intent says and nothing else.
 */
import assert from "node:assert/strict";
import { renderIntent } from "../../server/src/edits/render.ts";
import { rules } from "../../server/src/rules/registry.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { differenceOf, unexplained } from "../support/facts.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { catalogOf } from "../support/replay.ts";
import { checkExample, fixFirst, inPlace } from "../support/ruleExamples.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

const migrationUri = "file:///workspace/migrations/2/migration.sql";

describe("fixes run on PostgreSQL 15", function () {
  this.timeout(60_000);

  before(() => loadSqlParser());

  before(createRoles);

  let database: TestDatabase;

  beforeEach(async () => {
    database = await (await sharedPostgres(15)).createDatabase();
  });

  afterEach(() => database.drop());

  // Migrations are more than their text: migrationFixes.test.ts.
  for (const rule of rules.filter(({ group }) => group !== "migration")) {
    for (const [i, example] of rule.examples.bad.entries()) {
      if (example.sql === undefined || example.fixed === undefined) continue;
      const { fixed } = example;

      it(`${rule.id}, bad example ${i + 1}: the text after the fix`, () => run(database, fixed));

      it(`${rule.id}, bad example ${i + 1}: the migration after the text`, async () => {
        const checked = checkExample(rule, example);
        const intent = fixFirst(rule, checked)?.fix.intent;
        assert.ok(intent !== undefined);
        if (intent.do === "createExtension") return assert.rejects(run(database, checked.text), { code: "42704" });
        await run(database, checked.text);
        const before = await catalogOf(database);
        const edits = renderIntent(intent, { ...inPlace(checked), sqlPlacement: () => ({ kind: "newMigration", uri: migrationUri }) });
        if ("ok" in edits) {
          assert.match(edits.reason, /^The database already has/);
          return;
        }
        for (const edit of edits) if (edit.kind === "create") await run(database, edit.text);
        assert.deepEqual(unexplained(differenceOf(before, await catalogOf(database)), intent, "catalog"), []);
      });
    }

    for (const [i, example] of rule.examples.good.entries()) {
      if (example.sql === undefined) continue;
      it(`${rule.id}, good example ${i + 1} is a text PostgreSQL takes, unless it is about a table made elsewhere`, async () => {
        const { text, schema } = checkExample(rule, example);
        const isWhole = [...schema.tables.values()].every((table) => table.complete);
        if (isWhole) await run(database, text);
        else await assert.rejects(run(database, text), { code: "42P01" });
      });
    }
  }
});

/** Roles belong to the server: those that examples grant to, an application's and Supabase's. */
async function createRoles(): Promise<void> {
  const database = await (await sharedPostgres(15)).createDatabase();
  for (const role of ["app", "anon", "authenticated"]) {
    await run(database, `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
  }
  await database.drop();
}

async function run(database: TestDatabase, text: string): Promise<void> {
  const client = await database.client();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
