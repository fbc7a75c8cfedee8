/** `database-architect advise`, as a person meets it, over a small Prisma project without any database. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { run } from "../support/commandLine.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const schema = `datasource db {
  provider = "postgresql"
}

model Account {
  id    Int    @id
  name  String
  deals Deal[]
}

model Deal {
  id        Int      @id
  accountId Int
  stage     String
  closedAt  DateTime
  account   Account  @relation(fields: [accountId], references: [id])
}
`;

const migration = `CREATE TABLE "Account" (id integer NOT NULL, name text NOT NULL, CONSTRAINT "Account_pkey" PRIMARY KEY (id));
CREATE TABLE "Deal" (id integer NOT NULL, "accountId" integer NOT NULL, stage text NOT NULL, "closedAt" timestamp(3) NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY (id));
ALTER TABLE "Deal" ADD CONSTRAINT "Deal_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account" (id) ON DELETE RESTRICT ON UPDATE CASCADE;
`;

const queries = `-- of one account
SELECT * FROM "Deal" WHERE "accountId" = :account;

SELECT name FROM "Account" WHERE id = ?;

UPDATE "Deal" SET stage = 'won' WHERE "accountId" = $1;
`;

const program = `export const raw = (account: number) => prisma.$queryRaw\`SELECT stage FROM "Deal" WHERE "accountId" = \${account}\`;
export const call = (account: number) => prisma.deal.findMany({ where: { accountId: account } });
`;

describe("advise on the command line", function () {
  this.timeout(240_000);
  const folder = temporaryFolder({ "prisma/schema.prisma": schema, "prisma/migrations/20260101000000_init/migration.sql": migration, "queries/deals.sql": queries, "src/deals.ts": program });

  it("says what to build, what it saves, what it costs, who else gains, and what that rests on", async () => {
    const { status, stdout, stderr } = await run(folder, "advise", "queries/deals.sql:2");
    assert.equal(stderr, "");
    assert.equal(status, 1);
    assert.match(stdout, /Index on Deal \(accountId\)/);
    assert.match(stdout, /CREATE INDEX CONCURRENTLY "Deal_accountId_idx" ON "Deal" \("accountId"\);/);
    assert.match(stdout, /@@index\(\[accountId\]\)/);
    assert.match(stdout, /one more than the 1 that Deal has/);
    assert.match(stdout, /Also gain: queries\/deals\.sql:6[^\n]*src\/deals\.ts:1[^\n]*src\/deals\.ts:2 \(Deal\.findMany\)/);
    assert.match(stdout, /Tried with assumed ones \(rows: Deal 100,000/);
  });

  it("says that nothing is needed where nothing is", async () => {
    const { status, stdout } = await run(folder, "advise", "queries/deals.sql:4");
    assert.equal(status, 0);
    assert.match(stdout, /No index is advised/);
  });

  it("answers in JSON and in Markdown", async () => {
    const { stdout } = await run(folder, "advise", "queries/deals.sql:6", "--format", "json");
    const { items, evidence } = v.parse(v.object({ items: v.array(v.object({ id: v.string(), costBefore: v.number(), costAfter: v.number() })), evidence: v.object({ kind: v.string() }) }), JSON.parse(stdout));
    assert.deepEqual([items.map(({ id }) => id), evidence.kind], [["Deal_accountId_idx"], "assumptions"]);
    assert.match((await run(folder, "advise", "queries/deals.sql:2", "--format", "markdown")).stdout, /```prisma\n@@index\(\[accountId\]\)\n```/);
  });

  it("refuses what it cannot advise on, with the place", async () => {
    for (const [given, said] of [[["queries/deals.sql"], /3 statements in it/], [["queries/deals.sql:40"], /no statement on line 40/], [["nowhere.sql"], /cannot be read/], [["queries/deals.sql:2", "--value", "1", "--value", "2"], /1 parameters, and there are 2 values/], [["queries/deals.sql:2", "--format", "svg"], /--format must be/]] as const) {
      const { status, stderr } = await run(folder, "advise", ...given);
      assert.equal(status, 2);
      assert.match(stderr, said);
    }
  });

  it("writes the index into the schema, and a migration with its way back", async () => {
    const { status, stdout } = await run(folder, "advise", "queries/deals.sql:2", "--write");
    assert.equal(status, 0, stdout);
    assert.ok(readFileSync(join(folder, "prisma/schema.prisma"), "utf8").includes("  @@index([accountId])\n"));
    const [, added = ""] = readdirSync(join(folder, "prisma/migrations")).filter((name) => /^\d/.test(name)).sort();
    assert.deepEqual(readdirSync(join(folder, "prisma/migrations", added)).sort(), ["down.sql", "migration.sql"]);
    assert.match(readFileSync(join(folder, "prisma/migrations", added, "migration.sql"), "utf8"), /\nCREATE INDEX CONCURRENTLY "Deal_accountId_idx" ON "Deal" \("accountId"\);\n$/);
    const again = await run(folder, "advise", "queries/deals.sql:2");
    assert.match(again.stdout, /No index is advised/);
  });
});
