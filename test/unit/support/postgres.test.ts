import assert from "node:assert/strict";
import { type PostgresMajor } from "../../support/postgres.ts";
import { sharedPostgres } from "../../support/sharedPostgres.ts";

describe("a PostgreSQL server for tests", function () {
  this.timeout(60_000);

  const majors: readonly PostgresMajor[] = [15, 18];
  for (const major of majors) {
    it(`runs PostgreSQL ${major}`, async () => {
      const database = await (await sharedPostgres(major)).createDatabase();
      const client = await database.client();
      const { rows } = await client.query("SELECT current_setting('server_version_num')::int / 10000 AS major");
      assert.deepEqual(rows, [{ major }]);
      await database.drop();
    });
  }

  it("copies a database with its rows", async () => {
    const server = await sharedPostgres();
    const original = await server.createDatabase();
    await (await original.client()).query("CREATE TABLE t AS SELECT 1 AS a");
    await original.disconnect();
    const copy = await server.createDatabase(original);
    const { rows } = await (await copy.client()).query("SELECT a FROM t");
    assert.deepEqual(rows, [{ a: 1 }]);
    await copy.drop();
    await original.drop();
  });

  it("has nothing in common between two databases", async () => {
    const server = await sharedPostgres();
    const [one, other] = await Promise.all([server.createDatabase(), server.createDatabase()]);
    await (await one.client()).query("CREATE TABLE only_here ()");
    const { rows } = await (await other.client()).query("SELECT to_regclass('only_here') AS found");
    assert.deepEqual(rows, [{ found: null }]);
    await Promise.all([one.drop(), other.drop()]);
  });
});
