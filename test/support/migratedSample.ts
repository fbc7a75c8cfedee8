/** A sample's migrations in a real PostgreSQL, sent as Prisma Migrate sends them: each file in one message, one transaction. */
import assert from "node:assert/strict";
import pg from "pg";
import type { PostgresMajor, TestDatabase } from "./postgres.ts";
import type { Sample } from "./samples.ts";
import { sharedPostgres } from "./sharedPostgres.ts";

/** A new database after the whole history; fails where a statement fails or PostgreSQL warns. */
export async function migrated(sample: Sample, major: PostgresMajor): Promise<TestDatabase> {
  const database = await (await sharedPostgres(major)).createDatabase();
  const client = await database.client();
  const warnings: string[] = [];
  client.on("notice", (notice) => {
    if (notice.severity === "WARNING") warnings.push(notice.message ?? "");
  });
  for (const { name, text } of sample.migrations) {
    await client.query(text).catch((cause: unknown) => assert.fail(`${sample.name}, ${name}: ${String(cause)}`));
  }
  await client.end();
  assert.deepEqual(warnings, []);
  return database;
}

/** SQLSTATE, and the constraint of a foreign key; fails when the statement succeeds. */
export async function failureOf(client: pg.Client, sql: string): Promise<string> {
  try {
    await client.query(sql);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return error.code === "23503" ? `${error.code} ${error.constraint}` : String(error.code);
  }
  return assert.fail(`Expected to fail: ${sql}`);
}
