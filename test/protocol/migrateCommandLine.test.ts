/** `database-architect migrate create`, `check` and `prove`, as people type them: what is written, said, and ended with. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/commandLine.ts";
import { usersHistory, usersSchema } from "../support/proposals.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n';
const init = "prisma/migrations/20250101000000_init/migration.sql";

function project(schema: string, more: Readonly<Record<string, string>> = {}): string {
  return temporaryFolder({ ".vscode/settings.json": '{ "databaseArchitect.prismaValidation": "off" }', "prisma/schema.prisma": datasource + schema, [init]: usersHistory, ...more });
}

describe("The command line's migrate", function () {
  this.timeout(240_000);

  it("create writes what takes long into files of its own, each after the other", async () => {
    const folder = project(usersSchema.replace("phone1    String?", "phone1    String? @unique").replace("  companyId Int?", "  city String\n  companyId Int?"));
    const asked = await run(folder, "migrate", "create", "cities");
    assert.equal(asked.status, 1);
    assert.match(asked.stdout, /What do rows that are there get in public\.User\.city \(text\)/);
    const { status, stdout } = await run(folder, "migrate", "create", "cities", "--fill", "User.city='Berlin'");
    assert.equal(status, 0, stdout);
    const written = [...stdout.matchAll(/^Wrote (.*)$/gm)].map((match) => match[1] ?? "").filter((path) => path.endsWith("migration.sql"));
    assert.deepEqual(written.map((path) => path.split("/").at(-2)), ["20260304050607_cities", "20260304050608_cities_backfill", "20260304050609_cities_index", "20260304050610_cities_constrain", "20260304050611_cities_validate"]);
    assert.match(readFileSync(join(folder, written[2] ?? ""), "utf8"), /^-- CreateIndex\n-- .*\nCREATE UNIQUE INDEX CONCURRENTLY "User_phone1_key"/);
    assert.match((await run(folder, "migrate", "create", "again")).stdout, /^Nothing to do/);
  });

  it("create --at-once writes one file", async () => {
    const folder = project(usersSchema.replace("@@index([age, email])", "@@index([age, email])\n  @@index([phone1])"));
    const { stdout } = await run(folder, "migrate", "create", "index", "--at-once", "--dry-run");
    assert.match(stdout, /^-- .*20260304050607_index\/migration\.sql\n[\s\S]*CREATE INDEX "User_phone1_idx"/);
    assert.doesNotMatch(stdout, /CONCURRENTLY/);
  });

  it("create renames by both names, and ends that when it is told", async () => {
    const folder = project(usersSchema.replace("phone1 ", "phone "));
    assert.match((await run(folder, "migrate", "create", "phone")).stdout, /by both names for a while.*\n +--rename-in-steps 'public\.User\.phone1=public\.User\.phone'/);
    const started = await run(folder, "migrate", "create", "phone", "--rename-in-steps", "User.phone1=phone");
    assert.match(started.stdout, /The column public\.User\.phone1 is public\.User\.phone too, .* --end-rename 'public\.User\.phone1'\n$/);
    assert.match((await run(folder, "migrate", "create", "again")).stdout, /^Nothing to do: .*\nThe column public\.User\.phone1 is public\.User\.phone too/);
    const wrong = await run(folder, "migrate", "create", "ended", "--end-rename", "User.phone");
    assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /User\.phone is no old name of a rename in steps/);
    const ended = await run(folder, "migrate", "create", "ended", "--end-rename", "User.phone1");
    const [file = ""] = /prisma\S+ended\/migration\.sql/.exec(ended.stdout) ?? [];
    assert.match(readFileSync(join(folder, file), "utf8"), /ALTER TABLE "User" RENAME COLUMN "phone1" TO "phone";\n$/);
  });

  it("check looks at old migrations too, and at ways back", async () => {
    const later = Array.from({ length: 4 }, (_, i) => [`prisma/migrations/2025020${i + 1}000000_t${i}/migration.sql`, `CREATE TABLE "t${i}" ("id" BIGINT PRIMARY KEY);\n`] as const);
    const folder = project(usersSchema, {
      "prisma/migrations/20250102000000_index/migration.sql": 'CREATE INDEX "User_phone1_idx" ON "User" ("phone1");\n',
      "prisma/migrations/20250102000000_index/down.sql": 'DROP INDEX "User_age_email_idx";\n',
      ...Object.fromEntries(later),
    });
    const newest = await run(folder, "migrate", "check");
    assert.doesNotMatch(newest.stdout, /require-concurrent-index/);
    const { status, stdout } = await run(folder, "migrate", "check", "--all");
    assert.equal(status, 1);
    assert.match(stdout, /20250102000000_index\/migration\.sql:1:14 warning Nobody can write to "?User"?.*\(require-concurrent-index\)/);
    assert.match(stdout, /20250102000000_index\/down\.sql:1 warning The way back does not lead back: /);
    assert.match(stdout, /20250201000000_t0\/migration\.sql:1:1 information Other migrations here have a way back: .*\(require-way-back\)/);
  });

  it("prove says what is wrong with a file, with its line, whatever stands in it", async () => {
    const second = "prisma/migrations/20250102000000_second/migration.sql";
    for (const [text, expected] of [
      ['ALTER TABLE "User"\n  ADD COLUMM x int;\n', /fails: up fails, line 2: .*\(42601\)/],
      ["\\i other.sql\n", /other\.sql|psql|proven up/],
      ['BEGIN;\nALTER TABLE "User" ADD COLUMN x int;\nCOMMIT;\n', /proven up, no way back, 1 lock/],
      ["", /proven up, no way back, 0 locks/],
      ['\uFEFFALTER TABLE "User" ADD COLUMN x int;\r\nALTER TABLE "User" ADD COLUMN x int;\r\n', /fails: up fails, line 2: .*\(42701\)/],
    ] as const) {
      const folder = project(usersSchema, { [second]: text });
      const { stdout, stderr } = await run(folder, "migrate", "prove");
      assert.match(stdout, expected, `${JSON.stringify(text)}: ${stderr}`);
    }
  });

  it("prove goes on with files that are broken in other ways", async () => {
    const folder = project(usersSchema, {
      "prisma/migrations/20250102000000_a/migration.sql": 'ALTER TABLE "User" ADD COLUMN a int;\n',
      "prisma/migrations/20250102000000_a/down.sql": 'ALTER TABLE "User" DROP COLUMN a;\n',
      "prisma/migrations/20250102000000_b/migration.sql": 'ALTER TABLE "User" ADD COLUMN b int;\n',
      "prisma/migrations/20250103000000_empty/notes.txt": "",
    });
    const { status, stdout, stderr } = await run(folder, "migrate", "prove", "--all", "--format", "json");
    assert.equal(status, 0);
    assert.deepEqual([...stdout.matchAll(/"verdict": "([^"]+)"/g)].map(([, verdict]) => verdict), ["up only", "proven", "up only"]);
    assert.match(stderr, /20250103000000_empty.*no migration\.sql/);
    assert.match((await run(folder, "migrate", "check", "--all")).stdout, /same timestamp/);
  });

  it("check reads a file of five megabytes in its time", async () => {
    const folder = project(usersSchema, { "prisma/migrations/20250102000000_seed/migration.sql": "" });
    const values = Array.from({ length: 60_000 }, (_, i) => `INSERT INTO "Company" ("name") VALUES ('company ${i} with a name that goes on and on, as names in files of that size do');`).join("\n");
    writeFileSync(join(folder, "prisma/migrations/20250102000000_seed/migration.sql"), values);
    assert.ok(values.length > 5_000_000);
    const { status, stderr } = await run(folder, "migrate", "check");
    assert.equal(status, 0, stderr);
  });
});
