/** What `migrate check` knows from git, over real repositories: what was merged has run somewhere. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { run } from "../support/commandLine.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const schema = (fields = ""): string => `datasource db {\n  provider = "postgresql"\n}\n\nmodel Deal {\n  id Int @id @default(autoincrement())\n${fields}}\n`;
const path = (name: string): string => `app/prisma/migrations/${name}/migration.sql`;
const files = {
  "app/prisma/schema.prisma": schema("  stage String?\n"),
  [path("20240101000000_init")]: 'CREATE TABLE "Deal" ("id" SERIAL NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY ("id"));\n',
  [path("20240301000000_stage")]: 'ALTER TABLE "Deal" ADD COLUMN "stage" TEXT;\n',
};

describe("Migrations that the main branch has", () => {
  let folder: string;
  const git = (...args: readonly string[]): void => {
    const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "", GIT_CONFIG_NOSYSTEM: "1" };
    execFileSync("git", [...identity, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  };
  const commit = (): void => {
    git("add", "--all");
    git("commit", "--quiet", "-m", "a commit");
  };
  const checked = async (): Promise<string> => (await run(folder, "migrate", "check")).stdout;

  beforeEach(() => {
    folder = temporaryFolder(files);
  });

  it("are told where they were edited, are gone, or would run behind a new one that is older", async () => {
    git("init", "--quiet");
    git("symbolic-ref", "HEAD", "refs/heads/main");
    commit();
    git("checkout", "--quiet", "-b", "work");
    assert.equal(await checked(), "Nothing found in 1 migration.\n");
    writeFiles(folder, { [path("20240101000000_init")]: `${files[path("20240101000000_init")]}-- later\n` });
    assert.match(await checked(), /20240101000000_init\/migration\.sql error main has this migration, and it says something else now: .* Restore its text, and write a new migration for the rest\./);
    writeFiles(folder, { [path("20240101000000_init")]: files[path("20240101000000_init")] ?? "", [path("20240201000000_note")]: 'COMMENT ON TABLE "Deal" IS \'x\';\n' });
    assert.match(await checked(), /20240201000000_note\/migration\.sql warning main has a later migration already, 20240301000000_stage: .* Rename it, so that it comes last\./);
    commit();
    assert.match(await checked(), /20240201000000_note\/migration\.sql warning main has a later migration already/);
    rmSync(join(folder, path("20240201000000_note")));
    rmSync(join(folder, path("20240301000000_stage")));
    assert.match(await checked(), /20240301000000_stage\/migration\.sql warning main has this migration, and it is gone: /);
  });

  it("do not concern a folder without git", async () => {
    assert.equal(await checked(), "Nothing found in 1 migration.\n");
  });

  it("are told of together with a schema that none of them makes", async () => {
    writeFiles(folder, { "app/prisma/schema.prisma": schema("  stage String?\n  amount Int?\n") });
    assert.match(await checked(), /app\/prisma\/schema\.prisma:8:3 information Deal differs from its migrations: column amount is in no migration\. Create a migration\. \(require-migration\)/);
  });
});
