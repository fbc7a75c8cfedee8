/** `database-architect check --types`: queries of SQL files and of programs as an embedded PostgreSQL sees them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { check } from "../../server/src/cli/check.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

describe("database-architect check --types", function () {
  this.timeout(120_000); // a scratch database starts, on a loaded machine

  it("reports what PostgreSQL refuses in queries, which nothing else finds", async () => {
    const folder = temporaryFolder({
      "package.json": "{}",
      "migrations/0001_deals.sql": "CREATE TABLE deals (id bigint PRIMARY KEY, status text NOT NULL, closed_at timestamptz);\n",
      "queries/good.sql": "SELECT id FROM deals WHERE closed_at > :since;\n",
      "queries/wrong.sql": "SELECT id FROM deals\nWHERE status > 1;\n",
      "prisma/sql/byStatus.sql": "-- @param {String} $1:status\nSELECT id FROM deals WHERE id = $2 AND status = lower($1, 2);\n",
      "src/good.ts": "export const deals = (id: number) => prisma.$queryRaw`SELECT id FROM deals WHERE id = ${id}`;\n",
      "src/wrong.ts": 'const open = Prisma.sql`status = 5`;\nexport const all = () => prisma.$queryRaw`SELECT id FROM deals WHERE ${open}`;\nexport const one = () => pool.query("SELECT sum(status) FROM deals");\n',
      "node_modules/x/index.js": "module.exports = (db) => db.query('SELECT sum(status) FROM deals');\n",
    });
    const typed = async (types: boolean): Promise<readonly string[]> => {
      const result = await check({ paths: ["."], folder, host: nodeFiles(), version: "0", log: assert.ifError, types: types ? { cacheFolder: join(folder, "kept") } : undefined });
      assert.ok(result.ok);
      return result.report.problems.map(({ uri, range, code, message }) => `${uri?.split("/").at(-1) ?? ""}:${(range?.start.line ?? -1) + 1} ${code} ${message}`);
    };
    assert.deepEqual(await typed(false), []);
    assert.deepEqual(
      (await typed(true)).map((problem) => problem.split("\n")[0]),
      [
        "byStatus.sql:2 42883 function lower(unknown, integer) does not exist",
        "wrong.sql:2 42883 operator does not exist: text > integer",
        "wrong.ts:1 42883 operator does not exist: text = integer",
        "wrong.ts:3 42883 function sum(text) does not exist",
      ],
    );
  });
});
