/** Ways back as the editor and `check` see them: migrations that lack one, and those that do not lead back. */
import assert from "node:assert/strict";
import { TestWorkspace } from "../../support/workspaceOf.ts";

const folder = (name: string, file = "migration.sql"): string => `prisma/migrations/${name}/${file}`;
const prisma: Readonly<Record<string, string>> = {
  [folder("1_init")]: "CREATE TABLE deal (id bigint PRIMARY KEY, stage text NOT NULL);\n",
  [folder("1_init", "down.sql")]: "DROP TABLE deal;\n",
  [folder("2_amount")]: "ALTER TABLE deal ADD COLUMN amount numeric(12, 2);\nALTER TABLE deal ADD COLUMN note text;\n",
  [folder("2_amount", "down.sql")]: "ALTER TABLE deal DROP COLUMN amount,\n  DROP COLUMN note;\n",
  [folder("3_stage")]: "ALTER TABLE deal ALTER COLUMN stage DROP NOT NULL;\n",
};
const second = folder("2_amount", "down.sql");
const third = folder("3_stage");
const lacking = (test: TestWorkspace, path: string): readonly string[] => test.findings(path).filter((finding) => finding.startsWith("require-way-back"));
const differing = (test: TestWorkspace, path: string): readonly string[] => test.problems(path).filter((problem) => problem.startsWith("This does not lead back"));

describe("Ways back", () => {
  it("are missed where other migrations have one, until somebody writes it or says that there is none", async () => {
    const test = await TestWorkspace.of(prisma);
    assert.deepEqual(lacking(test, third), ["require-way-back way back"]);
    assert.deepEqual(lacking(test, folder("2_amount")), []);
    test.save(folder("3_stage", "down.sql"), "ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;\n");
    assert.deepEqual(lacking(test, third), []);
    test.save(folder("3_stage", "down.sql"), undefined);
    assert.deepEqual(lacking(test, third), ["require-way-back way back"]);
    test.save(third, `-- irreversible: nobody knows the old stages\n${prisma[third]}`);
    assert.deepEqual(lacking(test, third), []);
    assert.deepEqual(test.faults, []);
  });

  it("are missed in no history that has none", async () => {
    const test = await TestWorkspace.of(Object.fromEntries(Object.entries(prisma).filter(([path]) => !path.endsWith("down.sql"))));
    assert.deepEqual(lacking(test, third), []);
  });

  it("may be the second half of the file", async () => {
    const test = await TestWorkspace.of({
      "db/migrations/001_a.sql": "-- migrate:up\nCREATE TABLE deal (id int PRIMARY KEY);\n-- migrate:down\nDROP TABLE deal;\n",
      "db/migrations/002_b.sql": "-- migrate:up\nCREATE TABLE account (id int PRIMARY KEY);\n",
    });
    assert.deepEqual(lacking(test, "db/migrations/001_a.sql"), []);
    assert.deepEqual(lacking(test, "db/migrations/002_b.sql"), ["require-way-back way back"]);
  });

  it("are told where they do not lead back, at every edit of them or of their migration", async () => {
    const test = await TestWorkspace.of(prisma);
    assert.deepEqual(differing(test, second), []);
    test.open(second);
    test.type(second, "ALTER TABLE deal DROP COLUMN amount;\n");
    assert.deepEqual(differing(test, second), [
      'This does not lead back to what the migration found: column public.deal.note is still there. Write what undoes it, or "-- irreversible: why" into the migration.',
    ]);
    test.type(second, "ALTER TABLE deal DROP COLUMN amount, DROP COLUMN note;\nALTER TABLE deal ALTER COLUMN stage DROP NOT NULL;\n");
    assert.match(differing(test, second).join(), /: column public\.deal\.stage has not null false, and had true\./);
    test.type(second, "ALTER TABLE deal DROP COLUMN amount;\n");
    test.save(folder("2_amount"), "ALTER TABLE deal ADD COLUMN amount numeric(12, 2);\n");
    assert.deepEqual(differing(test, second), []);
    test.save(folder("2_amount"), "-- irreversible: the notes were never read\nALTER TABLE deal DROP COLUMN stage;\n");
    assert.deepEqual(differing(test, second), []);
    assert.deepEqual(test.faults, []);
  });

  it("of old migrations are looked at while they are open", async () => {
    const wrong = { ...prisma, [folder("1_init", "down.sql")]: "DROP TABLE IF EXISTS deals;\n" };
    const test = await TestWorkspace.of({ ...wrong, [folder("4_note")]: "ALTER TABLE deal ADD COLUMN b text;\n" });
    assert.deepEqual(differing(test, folder("1_init", "down.sql")), []);
    test.open(folder("1_init", "down.sql"));
    assert.equal(differing(test, folder("1_init", "down.sql")).length, 1);
  });

  it("that nobody looks at cost nothing while their migration is typed", async () => {
    const test = await TestWorkspace.of(prisma);
    test.open(folder("2_amount"));
    assert.deepEqual(differing(test, second), []);
    test.type(folder("2_amount"), "ALTER TABLE deal ADD COLUMN amount numeric(12, 2);\nALTER TABLE deal ADD COLUMN other text;\n");
    assert.deepEqual(differing(test, second), []);
    test.open(second);
    assert.equal(differing(test, second).length, 1);
  });

  it("that hold what only running tells are left to a proof", async () => {
    const block = "DO $$ DECLARE c text; BEGIN FOR c IN SELECT attname FROM pg_attribute WHERE attrelid = 'deal'::regclass LOOP EXECUTE 'ALTER TABLE deal DROP COLUMN ' || c; END LOOP; END $$;\n";
    const test = await TestWorkspace.of({ ...prisma, [second]: block });
    assert.deepEqual(differing(test, second), []);
  });
});
