import assert from "node:assert/strict";
import { run } from "../support/commandLine.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const schema = `generator client {
  provider = "prisma-client"
  output   = "../client"
}

datasource db {
  provider = "postgresql"
}

model Author {
  id    Int    @id @default(autoincrement())
  name  String
  posts Post[]
}

model Post {
  id       Int    @id @default(autoincrement())
  title    String
  authorId Int
  author   Author @relation(fields: [authorId], references: [id])

  @@index([authorId])
}
`;

const program = `import { PrismaClient } from "./client/client";
const prisma = new PrismaClient();
export const newest = (id: number) =>
  prisma.author.findMany({
    where: { id },
    include: { posts: { take: 3 } },
  });
export const wrong = () => prisma.post.findMany({ where: { titel: "x" } });
export const count = () => prisma.post.count();
`;

describe("database-architect explain, on a call of Prisma Client", function () {
  this.timeout(120_000);
  const folder = temporaryFolder({ "prisma/schema.prisma": schema, "app.ts": program });

  it("gives the plan of each statement that the call sends, and what Prisma does itself", async () => {
    const { status, stdout, stderr } = await run(folder, "explain", "app.ts:5");
    assert.equal(stderr, "");
    assert.equal(status, 1);
    assert.match(stdout, /^app\.ts:4 on scratch: Author\.findMany sends 2 statements$/m);
    assert.match(stdout, /^app\.ts:6:25: `take: 3` of posts is applied in Node's memory/m);
    assert.match(stdout, /^1\. The rows asked for\nSELECT .* FROM "public"\."Author" WHERE "public"\."Author"\."id" = \$1 OFFSET \$2\n\$1 = `id`, \$2 = 0$/m);
    assert.match(stdout, /^2\. Rows of posts, for all rows before at once$/m);
    assert.match(stdout, /Index Cond: \(?"?.*"authorId" = ANY/);
  });

  it("gives the same as JSON, statement by statement", async () => {
    const { stdout } = await run(folder, "explain", "app.ts:9", "--format", "json");
    const told: unknown = JSON.parse(stdout);
    assert.ok(typeof told === "object" && told !== null && "statements" in told && Array.isArray(told.statements) && "count" in told);
    assert.equal(told.statements.length, 1);
    assert.deepEqual(told.count, { least: 1, most: 1 });
  });

  it("says what Prisma would refuse, and where it stands", async () => {
    const { status, stderr } = await run(folder, "explain", "app.ts:8");
    assert.equal(status, 2);
    assert.match(stderr, /app\.ts:8:60: Post: where\.titel does not exist/);
  });

  it("says so when the line has neither a query nor a call", async () => {
    const { status, stderr } = await run(folder, "explain", "app.ts:1");
    assert.equal(status, 2);
    assert.match(stderr, /there is no query on line 1/);
  });

  it("asks a database when one is named", async () => {
    const database = await (await sharedPostgres(15)).createDatabase();
    const client = await database.client();
    await client.query(`CREATE TABLE "Post" (id serial PRIMARY KEY, title text NOT NULL, "authorId" int NOT NULL)`);
    await client.end();
    const { stdout, stderr } = await run(folder, "explain", "app.ts:9", "--url", database.url);
    assert.equal(stderr, "");
    assert.match(stdout, /Post\.count sends 1 statement$/m);
    assert.match(stdout, /Aggregate/);
  });
});
