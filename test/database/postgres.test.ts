import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { postgresMajors } from "../support/postgresBinaries.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

describe("a PostgreSQL server for tests", function () {
  this.timeout(240_000);

    for (const major of postgresMajors) {
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

  it("is gone soon after its test process is killed", async () => {
    const start = `import { startPostgres } from ${JSON.stringify(new URL("../support/postgres.ts", import.meta.url).href)};
      console.log((await startPostgres()).url); setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", start], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [url]: unknown[] = await once(createInterface({ input: child.stdout }), "line");
    assert.ok(typeof url === "string");
    assert.equal(await answers(url), true);
    child.kill("SIGKILL");
    for (let i = 0; i < 600 && (await answers(url)); i++) await delay(50);
    assert.equal(await answers(url), false);
  });
});

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
