/**
 * The whole pipeline, from text to diagnostics and fixes, on what no grammar foresees: half-typed and mutilated texts,
 * odd bytes, files that are too large, go away, or may not be read. Nothing throws, nothing takes long.
 */
import assert from "node:assert/strict";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { FileHost } from "../../server/src/text/fileHost.ts";
import { fixAll } from "../../server/src/workspace/fixes.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";
import type { Snapshot } from "../../server/src/workspace/snapshot.ts";
import { finish, type Steps } from "../../server/src/workspace/steps.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { TestWorkspace } from "../support/workspaceOf.ts";

const schemaFile = "prisma/schema.prisma";
const migrationFile = "prisma/migrations/20240101000000_a/migration.sql";

const schema = `generator client {
  provider = "prisma-client"
  output   = "../client"
}

datasource db {
  provider = "postgresql"
  schemas  = ["public", "audit"]
}

/// Who pays.
model Account {
  id       String   @id @default(uuid(7)) @db.Uuid
  name     String   @unique @db.VarChar(200)
  tags     Tag[]    @relation("AccountTags")
  total    Float    @default(0.0) @map("total_amount")
  stage    Stage    @default(NEW)
  deals    Deal[]
  madeAt   DateTime @default(now()) @db.Timestamp(3)
  @@map("accounts")
  @@schema("public")
}

model Deal {
  id        Int     @id @default(autoincrement())
  accountId String  @db.Uuid
  // database-architect-ignore require-index-on-foreign-key: few deals
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade, map: "deal_account")
  @@index([accountId(ops: raw("uuid_ops"))], type: Hash)
  @@schema("public")
}

model Tag {
  id       Int       @id
  accounts Account[] @relation("AccountTags")
  @@schema("audit")
}

enum Stage {
  NEW @map("new")
  WON
  @@schema("public")
}
`;

const migration = `-- Begins.
CREATE SCHEMA IF NOT EXISTS "audit";
CREATE TYPE "Stage" AS ENUM ('new', 'WON');
/* a /* nested */ comment */
CREATE TABLE "accounts" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(), "name" VARCHAR(200) NOT NULL,
  "total_amount" DOUBLE PRECISION NOT NULL DEFAULT 0.0 CHECK ("total_amount" >= 0),
  CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "accounts_name_key" ON "accounts"("name") WHERE "name" <> 'it''s';
ALTER TABLE accounts ADD COLUMN note text DEFAULT E'\\n' COLLATE "C", ALTER COLUMN "name" SET DATA TYPE text;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN NEW.at = now(); RETURN NEW; END $body$;
CREATE TRIGGER touched BEFORE UPDATE ON "accounts" FOR EACH ROW EXECUTE FUNCTION touch();
DO $$ BEGIN CREATE TABLE late (id int REFERENCES missing); EXCEPTION WHEN duplicate_table THEN NULL; END $$;
CREATE POLICY own ON "accounts" USING (id = current_setting('app.account')::uuid);
CREATE VIEW rich AS SELECT id, name FROM "accounts" WHERE total_amount > 1e6;
GRANT SELECT ON rich TO PUBLIC;
`;

/** Everything an editor would ask for; the fixes cost as much as the rest. */
function exercise(snapshot: Snapshot, withFixes = true): void {
  for (const uri of finish(snapshot.reportedUris())) {
    const report = finish(snapshot.report(uri));
    if (report === undefined) continue;
    const { text, lines } = report.file;
    for (const span of [
      ...report.problems.map((problem) => problem.span),
      ...report.findings.map((placed) => placed.span),
    ]) {
      assert.ok(
        span.start >= 0 && span.start <= span.end && span.end <= text.length,
        `${JSON.stringify(span)} leaves a text of ${text.length}`,
      );
      assert.equal(lines.offset(lines.position(span.start)), Math.min(span.start, text.length));
    }
    finish(snapshot.tree(uri));
  }
  finish(snapshot.notices());
  if (withFixes) finish(fixAll(snapshot, () => true, new Date(0)));
}

/** Processor milliseconds of the longest stretch between two pauses: how long a keystroke would wait. */
function longestStretch<T>(work: Steps<T>): number {
  let longest = 0;
  for (;;) {
    const before = process.cpuUsage();
    const step = work.next();
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    if (step.done === true) return longest;
  }
}

describe("Bad input", function () {
  this.timeout(120_000);
  let test: TestWorkspace;
  before(async () => {
    test = await TestWorkspace.of({ "package.json": "{}", [schemaFile]: schema, [migrationFile]: migration });
    test.open(schemaFile);
    test.open(migrationFile);
    exercise(test.workspace.snapshot());
  });
  afterEach(() => {
    test.type(schemaFile, schema);
    test.type(migrationFile, migration);
    assert.deepEqual(test.faults.splice(0), []);
  });
  const tryWith = (file: string, text: string, withFixes = true): void => {
    test.type(file, text);
    exercise(test.workspace.snapshot(), withFixes);
  };

  for (const [file, text] of [
    [schemaFile, schema],
    [migrationFile, migration],
  ] as const) {
    const language = file === schemaFile ? "Prisma" : "SQL";

    it(`that is the beginning of a ${language} file does no harm, wherever it ends`, () => {
      for (let end = 0; end < text.length; end++) tryWith(file, text.slice(0, end), end % 10 === 0);
    });

    it(`that is a ${language} file with parts torn out does no harm`, () => {
      const cut = fc.array(fc.tuple(fc.nat(text.length), fc.nat(60)), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(cut, (cuts) => {
          const mutilated = cuts.reduce<string>((rest, [at, length]) => rest.slice(0, at) + rest.slice(at + length), text);
          tryWith(file, mutilated);
        }),
        { numRuns: 150 },
      );
    });

    it(`with odd characters anywhere in a ${language} file does no harm`, () => {
      const odd = fc.constantFrom(
        "\0",
        "\ud800",
        "\udc00",
        "😀",
        "\u2028",
        "\u00a0",
        "\uFEFF",
        "\r",
        "\t",
        "'",
        '"',
        "$$",
        "`",
        "\\",
        "{",
        "}",
        "(",
        ")",
        ";",
        "/*",
        "//",
        "--",
        "@",
      );
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(text.length), odd), { minLength: 1, maxLength: 3 }), (insertions) => {
          tryWith(
            file,
            insertions.reduce<string>((rest, [at, what]) => rest.slice(0, at) + what + rest.slice(at), text),
          );
        }),
        { numRuns: 150 },
      );
    });

    it(`with other line ends or a byte order mark finds the same in a ${language} file`, () => {
      const subjects = (): readonly string[] => [...test.findings(schemaFile), ...test.findings(migrationFile)];
      const before = subjects();
      assert.ok(before.length > 0);
      for (const other of [text.replaceAll("\n", "\r\n"), `\uFEFF${text}`, `${text}\n\n\n`, text.replaceAll("\n", "  \n")]) {
        test.type(file, other);
        assert.deepEqual(subjects(), before);
        exercise(test.workspace.snapshot());
      }
    });
  }

  it("of nothing at all says nothing", async () => {
    const empty = await TestWorkspace.of({
      "package.json": "",
      [schemaFile]: "",
      [migrationFile]: "",
      "prisma.config.ts": "",
      "schema.sql": "",
    });
    exercise(empty.workspace.snapshot());
    assert.deepEqual(empty.findings(schemaFile), []);
    assert.deepEqual(empty.faults, []);
  });

  it("of 50 MB is left alone, with a message, and keeps nobody waiting", async () => {
    const large = await TestWorkspace.of({ "package.json": "{}", [schemaFile]: schema });
    const sizes = { [schemaFile]: "prisma", "huge.sql": "sql" };
    for (const path of Object.keys(sizes)) {
      large.open(path, "model A { id Int @id }\n".repeat(50_000_000 / 23));
      const uri = large.uri(path);
      const stretch = longestStretch(large.workspace.snapshot().report(uri));
      assert.ok(stretch < 2000, `${stretch.toFixed(0)} ms`);
      assert.match(large.problems(path)[0] ?? "", /^This file is too large to be checked: over \d+ MB\./);
    }
    assert.deepEqual(large.faults, []);
  });

  it("just below what is too large is read in steps that keep nobody waiting", async () => {
    const large = await TestWorkspace.of({});
    large.open("dump.sql", "INSERT INTO t VALUES (1, 'some text that is a little longer', now());\n".repeat(110_000));
    const stretch = longestStretch(large.workspace.snapshot().report(large.uri("dump.sql")));
    assert.ok(stretch < 2000, `${stretch.toFixed(0)} ms`);
  });

  it("of deep nesting or long chains keeps nobody waiting", async () => {
    const odd = await TestWorkspace.of({});
    const texts = [
      `SELECT ${"(".repeat(20_000)}1${")".repeat(20_000)};`,
      `SELECT 1${" + 1".repeat(50_000)};`,
      `SELECT ${"a AND ".repeat(50_000)}b;`,
      `CREATE TABLE t (${Array.from({ length: 20_000 }, (_, at) => `c${at} int`).join(", ")});`,
      `SELECT '${"x".repeat(3_000_000)}`,
      `/*${"/*".repeat(100_000)}`,
      "$a$".repeat(100_000),
      ";".repeat(200_000),
      "CREATE TABLE ".repeat(20_000),
    ];
    for (const text of texts) {
      odd.open("odd.sql", text);
      const stretch = longestStretch(odd.workspace.snapshot().report(odd.uri("odd.sql")));
      assert.ok(stretch < 2000, `${text.slice(0, 20)}… took ${stretch.toFixed(0)} ms`);
    }
    const schemas = [
      "model A {".repeat(20_000),
      `model A {\n${"  f Int @a(".repeat(20_000)}`,
      `model A {\n  f Int ${"@default([".repeat(20_000)}`,
      "@@".repeat(200_000),
      `"${"\\".repeat(200_000)}`,
    ];
    for (const text of schemas) {
      odd.open("odd.prisma", text);
      const stretch = longestStretch(odd.workspace.snapshot().report(odd.uri("odd.prisma")));
      assert.ok(stretch < 2000, `${text.slice(0, 20)}… took ${stretch.toFixed(0)} ms`);
    }
    assert.deepEqual(odd.faults, []);
  });
});

describe("Bad files", () => {
  const faults: string[] = [];
  const workspaceIn = async (folder: string, host: FileHost = nodeFiles()): Promise<Workspace> => {
    await loadSqlParser();
    const workspace = new Workspace(host, (what, error) => faults.push(`${what}: ${String(error)}`));
    workspace.applyChange({ kind: "roots", roots: [folder] });
    return workspace;
  };
  const notices = (workspace: Workspace): readonly string[] => finish(workspace.snapshot().notices());
  afterEach(() => assert.deepEqual(faults.splice(0), []));

  it("that go while they are read are left out", async () => {
    const folder = temporaryFolder({ "package.json": "{}", [schemaFile]: schema, [migrationFile]: migration });
    const workspace = await workspaceIn(folder);
    const snapshot = workspace.snapshot();
    const uris = finish(snapshot.reportedUris());
    assert.equal(uris.length, 2);
    rmSync(join(folder, "prisma"), { recursive: true });
    const later = (await workspaceIn(folder)).snapshot();
    for (const each of [snapshot, later]) exercise(each);
    // The editor's word for it comes after the fact.
    workspace.applyChange({ kind: "files", changes: [{ path: join(folder, "prisma"), what: "deleted" }] });
    exercise(workspace.snapshot());
    assert.deepEqual(finish(workspace.snapshot().reportedUris()), []);
  });

  it("that are renamed are found under their new name", async () => {
    const folder = temporaryFolder({ "old.sql": "CREATE TABLE a (id integer);" });
    const workspace = await workspaceIn(folder);
    assert.equal(finish(workspace.snapshot().reportedUris()).length, 1);
    rmSync(join(folder, "old.sql"));
    writeFileSync(join(folder, "new.sql"), "CREATE TABLE a (id integer);");
    workspace.applyChange({
      kind: "files",
      changes: [
        { path: join(folder, "old.sql"), what: "deleted" },
        { path: join(folder, "new.sql"), what: "created" },
      ],
    });
    assert.deepEqual(finish(workspace.snapshot().reportedUris()), [uriOfPath(join(folder, "new.sql"))]);
  });

  it("that link in a circle or out of the folder are read once, or not at all", async () => {
    const outside = temporaryFolder({ "schema.sql": "CREATE TABLE secret (id integer);" });
    const folder = temporaryFolder({ "db/schema.sql": "CREATE TABLE a (id integer PRIMARY KEY);" });
    symlinkSync("..", join(folder, "db", "up"));
    symlinkSync("loop", join(folder, "loop"));
    symlinkSync(outside, join(folder, "outside"));
    symlinkSync("gone", join(folder, "dangling.sql"));
    const workspace = await workspaceIn(folder);
    assert.deepEqual(finish(workspace.snapshot().reportedUris()), [uriOfPath(join(folder, "db/schema.sql"))]);
    exercise(workspace.snapshot());
  });

  it("in folders that may not be read are left out, and that is said", async () => {
    const folder = temporaryFolder({ "schema.sql": "CREATE TABLE a (id integer PRIMARY KEY);", "locked/schema.sql": "" });
    const files = nodeFiles();
    // Root may read everything, so the system's own refusal cannot be had in every test run.
    const host: FileHost = { ...files, list: (path) => (path.endsWith("locked") ? undefined : files.list(path)) };
    const workspace = await workspaceIn(folder, host);
    exercise(workspace.snapshot());
    assert.deepEqual(notices(workspace), [`The folder ${join(folder, "locked")} cannot be read; what it holds was left out.`]);
  });

  it("that may not be read are named where they would be shown", async () => {
    const folder = temporaryFolder({ "package.json": "{}", [schemaFile]: schema, [migrationFile]: migration });
    const files = nodeFiles();
    const host: FileHost = {
      ...files,
      readText: (path) => (path.endsWith("migration.sql") ? { ok: false, reason: "denied" } : files.readText(path)),
    };
    const workspace = await workspaceIn(folder, host);
    const report = finish(workspace.snapshot().report(uriOfPath(join(folder, migrationFile))));
    assert.deepEqual(
      report?.problems.map((problem) => problem.message),
      ["This file may not be read: the system denies it."],
    );
    exercise(workspace.snapshot());
  });

  it("that a schema path names outside of the workspace are not read, and that is said", async () => {
    const outside = temporaryFolder({ "schema.prisma": schema });
    for (const path of [
      "../../../../../etc/passwd",
      join(outside, "schema.prisma"),
      "..\\..\\schema.prisma",
      "//server/share/schema.prisma",
      "a\0b",
    ]) {
      const folder = temporaryFolder({ "package.json": "{}", "prisma.config.ts": `export default { schema: ${JSON.stringify(path)} };` });
      const workspace = await workspaceIn(folder);
      exercise(workspace.snapshot());
      const uris = finish(workspace.snapshot().reportedUris());
      assert.ok(
        uris.every((uri) => uri.startsWith(uriOfPath(folder))),
        uris.join("\n"),
      );
      const report = finish(workspace.snapshot().report(uriOfPath(join(folder, "prisma.config.ts"))));
      assert.equal(report?.problems.length, 1, path);
    }
  });

  it("of a folder that is not there are none, and that is said", async () => {
    const workspace = await workspaceIn("/nowhere/at/all");
    exercise(workspace.snapshot());
    assert.deepEqual(notices(workspace), ["The folder /nowhere/at/all cannot be read."]);
  });
});
