/**
 * Examples of the rules about migrations in a PostgreSQL: they run over their history, sent as they say; and a fix, with
 * the files that it puts behind, leaves the same catalog as the migration that it rewrites, where that runs at all.
 */
import assert from "node:assert/strict";
import type { Sending } from "../../server/src/model/migration/migration.ts";
import { rules } from "../../server/src/rules/registry.ts";
import type { Example } from "../../server/src/rules/rule.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { differenceOf } from "../support/facts.ts";
import { plainText } from "../support/ruleExamples.ts";
import type { PostgresMajor, TestDatabase } from "../support/postgres.ts";
import { catalogOf } from "../support/replay.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

/** What a migration may not be, and what its rule says so of. */
const refused = new Map([
  ["25001", "a command that cannot run inside a transaction"],
  ["55P04", "a value of an enum used before it is committed"],
  ["0A000", "CONCURRENTLY on a partitioned table"],
]);

/**
 * DETACH PARTITION … CONCURRENTLY leaves a check of the partition's bounds on the table that leaves, which the plain form does
 * not: PostgreSQL makes it up from the bounds, so that attaching the table again reads no row. It may be dropped.
 * https://www.postgresql.org/docs/current/sql-altertable.html
 */
const leftBehind: ReadonlyMap<string, RegExp> = new Map([
  ["require-concurrent-detach", /^public\.visit_2026: \{"name":"visit_2026_day_check"/],
  // What the fix is for: the index stays.
  ["no-renamed-table", /^view /],
  ["no-unmanaged-drop", /^public\.deal: index deal_data_idx /],
]);

describe("rules about migrations in PostgreSQL", function () {
  this.timeout(60_000);

  before(() => loadSqlParser());

  for (const rule of rules) {
    if (rule.group !== "migration") continue;
    for (const [i, example] of rule.examples.good.entries()) {
      if (example.sql === undefined) continue;
      it(`${rule.id}, good example ${i + 1} runs`, async () => {
        await inDatabase(example, (database) => send(database, plainText(example), example.sending));
      });
    }
    for (const [i, example] of rule.examples.bad.entries()) {
      if (example.sql === undefined) continue;
      it(`${rule.id}, bad example ${i + 1} leaves what its fix leaves`, async () => {
        const before = await inDatabase(example, async (database) => {
          const code = await codeOf(send(database, plainText(example), example.sending));
          assert.ok(code === undefined || refused.has(code), `SQLSTATE ${code}`);
          return code === undefined ? catalogOf(database) : undefined;
        });
        if (example.fixed === undefined && example.migration === undefined) return;
        const after = await inDatabase(example, async (database) => {
          await send(database, example.fixed ?? plainText(example), example.sending);
          await send(database, example.migration ?? "", "each");
          return catalogOf(database);
        });
        if (before === undefined) return;
        const { removed, added } = differenceOf(before, after);
        assert.deepEqual(removed, []);
        const left = leftBehind.get(rule.id);
        assert.deepEqual(
          added.filter((fact) => left?.test(fact) !== true),
          [],
        );
        assert.equal(added.length, left === undefined ? 0 : 1);
      });
    }
  }
});

/** Runs `use` in a database with the example's history in it. */
async function inDatabase<T>(example: Example, use: (database: TestDatabase) => Promise<T>): Promise<T> {
  const major: PostgresMajor = (example.postgresVersion ?? 15) > 15 ? 18 : 15;
  const database = await (await sharedPostgres(major)).createDatabase();
  try {
    await send(database, example.history ?? "", "each");
    return await use(database);
  } finally {
    await database.drop();
  }
}

async function send(database: TestDatabase, text: string, sending: Sending = "message"): Promise<void> {
  const isEach = sending === "each" || (sending === "message unless concurrent" && /\bconcurrently\b/i.test(text));
  const client = await database.client();
  try {
    if (sending === "transaction") await client.query("BEGIN");
    for (const part of isEach ? parseSql("file:///migration.sql", text).statements.map((statement) => statement.text) : [text]) {
      await client.query(part);
    }
    if (sending === "transaction") await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

/** The SQLSTATE of what PostgreSQL refuses. */
async function codeOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
    throw error;
  }
}
