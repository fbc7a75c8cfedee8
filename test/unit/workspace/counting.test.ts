/** What is computed again after a change, and what is not: counted, for no clock can tell. */
import assert from "node:assert/strict";
import { TestWorkspace } from "../../support/workspaceOf.ts";

const schema = `datasource db {
  provider = "postgresql"
}

model Account {
  id    BigInt @id
  deals Deal[]
}

model Deal {
  id        BigInt  @id
  accountId BigInt
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
}
`;
const first = `CREATE TABLE "Account" ("id" bigint PRIMARY KEY);`;
const second = `CREATE TABLE "Deal" ("id" bigint PRIMARY KEY, "accountId" bigint NOT NULL);
ALTER TABLE "Deal" ADD FOREIGN KEY ("accountId") REFERENCES "Account" ON DELETE CASCADE ON UPDATE CASCADE;`;

const schemaFile = "prisma/schema.prisma";
const firstFile = "prisma/migrations/20240101000000_a/migration.sql";
const secondFile = "prisma/migrations/20240102000000_b/migration.sql";
const queryFile = "queries/board.sql";

describe("After a change", () => {
  let test: TestWorkspace;
  const checkAll = (): void => {
    for (const path of [schemaFile, firstFile, secondFile, queryFile]) test.report(path);
  };
  const counts = (): object => {
    const { prismaLayers, sqlLayers, schemas, checks, discoveries } = test.workspace.counters;
    return { prismaLayers, sqlLayers, schemas, checks, discoveries };
  };

  beforeEach(async () => {
    test = await TestWorkspace.of({
      "package.json": "{}",
      [schemaFile]: schema,
      [firstFile]: first,
      [secondFile]: second,
      [queryFile]: "SELECT 1;",
    });
    for (const path of [schemaFile, firstFile, secondFile, queryFile]) test.open(path);
    checkAll();
    assert.deepEqual(test.findings(schemaFile), ["require-index-on-foreign-key public.Deal(accountId)"]);
  });

  it("everything was computed once to begin with", () => {
    checkAll();
    assert.deepEqual(counts(), { prismaLayers: 1, sqlLayers: 1, schemas: 1, checks: 1, discoveries: 1 });
    for (const path of [schemaFile, firstFile, secondFile, queryFile]) assert.equal(test.parses(path), 1);
  });

  it("of a query, no schema is built again", () => {
    const before = counts();
    test.type(queryFile, "SELECT 2;");
    checkAll();
    assert.deepEqual(counts(), before);
    assert.equal(test.parses(queryFile), 2);
  });

  it("of one migration, no other file is parsed again", () => {
    test.type(secondFile, `${second}\nCREATE INDEX by_account ON "Deal" ("accountId", "id") WHERE "accountId" IS NOT NULL;`);
    checkAll();
    assert.deepEqual(counts(), { prismaLayers: 1, sqlLayers: 2, schemas: 2, checks: 2, discoveries: 1 });
    assert.deepEqual(
      [schemaFile, firstFile, secondFile].map((path) => test.parses(path)),
      [1, 1, 2],
    );
    assert.deepEqual(test.findings(schemaFile), []);
  });

  it("of the Prisma schema, the migrations are not folded again", () => {
    test.type(schemaFile, schema.replace("  accountId BigInt\n", "  accountId BigInt\n  @@index([accountId])\n"));
    checkAll();
    assert.deepEqual(counts(), { prismaLayers: 2, sqlLayers: 1, schemas: 2, checks: 2, discoveries: 1 });
    assert.deepEqual(test.findings(schemaFile), ["require-migration public.Deal"]);
  });

  it("of a rule's setting, only the rules run again", () => {
    test.settings({ rules: { "require-index-on-foreign-key": "off" } });
    checkAll();
    assert.deepEqual(counts(), { prismaLayers: 1, sqlLayers: 1, schemas: 1, checks: 2, discoveries: 2 });
    assert.deepEqual(test.findings(schemaFile), []);
  });

  it("that a save reports, what the editor has already is not computed again", () => {
    const before = test.workspace.counters.checks;
    test.save(secondFile, second);
    checkAll();
    assert.equal(test.workspace.counters.checks, before);
    assert.equal(test.parses(secondFile), 1);
  });

  it("of the datasource, the projects are looked for again", () => {
    test.type(schemaFile, schema.replace("postgresql", "mysql"));
    assert.equal(test.report(schemaFile), undefined);
    assert.equal(test.workspace.counters.discoveries, 2);
    test.type(schemaFile, schema);
    assert.equal(test.findings(schemaFile).length, 1);
  });

  it("an older snapshot still says what it said", () => {
    const before = test.workspace.snapshot();
    test.type(schemaFile, "");
    assert.equal(before.file(test.uri(schemaFile))?.text, schema);
    assert.equal(test.workspace.snapshot().file(test.uri(schemaFile))?.text, "");
  });
});
