/** Whether a Prisma schema is what its migrations make, while both are typed. */
import assert from "node:assert/strict";
import { TestWorkspace } from "../../support/workspaceOf.ts";

const schema = "prisma/schema.prisma";
const migration = "prisma/migrations/1_init/migration.sql";
const model = (fields: string): string => `datasource db {\n  provider = "postgresql"\n}\n\nmodel Deal {\n  id Int @id @default(autoincrement())\n${fields}}\n`;
const made = (columns: string): string => `CREATE TABLE "Deal" ("id" SERIAL NOT NULL${columns}, CONSTRAINT "Deal_pkey" PRIMARY KEY ("id"));\n`;
const told = (test: TestWorkspace, path: string): readonly string[] =>
  (test.report(path)?.findings ?? []).flatMap(({ finding }) => (finding.rule === "require-migration" ? [finding.message] : []));

describe("A Prisma schema and its migrations", () => {
  it("are told to differ until a migration makes what the schema says", async () => {
    const test = await TestWorkspace.of({ [schema]: model("  stage String?\n"), [migration]: made(', "stage" TEXT') });
    assert.deepEqual(told(test, schema), []);
    test.open(schema);
    test.type(schema, model("  stage String?\n  amount Int?\n"));
    assert.deepEqual(told(test, schema), ["Deal differs from its migrations: column amount is in no migration. Create a migration."]);
    test.type(schema, model("  stage Int?\n"));
    assert.deepEqual(told(test, schema), ["Deal differs from its migrations: stage is integer, and text in the migrations. Create a migration."]);
    test.type(schema, model(""));
    assert.deepEqual(told(test, schema), ["Deal differs from its migrations: column stage is in the migrations only. Create a migration."]);
    test.save("prisma/migrations/2_stage/migration.sql", 'ALTER TABLE "Deal" DROP COLUMN "stage";\n');
    assert.deepEqual(told(test, schema), []);
    test.save("prisma/migrations/3_account/migration.sql", 'CREATE TABLE "Account" ("id" INTEGER NOT NULL, CONSTRAINT "Account_pkey" PRIMARY KEY ("id"));\n');
    assert.deepEqual(told(test, "prisma/migrations/3_account/migration.sql"), [
      "No model states Account, which the migrations make: Prisma's next migration drops it.",
    ]);
    assert.deepEqual(test.faults, []);
  });

  it("are told nothing of where a part of the history is not known", async () => {
    const block = "DO $$ DECLARE c text; BEGIN FOR c IN SELECT 'a' || attname FROM pg_attribute LOOP EXECUTE 'ALTER TABLE \"Deal\" ADD COLUMN ' || c || ' text'; END LOOP; END $$;\n";
    const test = await TestWorkspace.of({ [schema]: model("  stage String?\n"), [migration]: `${made("")}${block}` });
    assert.deepEqual(told(test, schema), []);
  });
});
