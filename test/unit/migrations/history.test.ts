/** Histories as files: names, checksums, ways back, and what would make a runner stumble. */
import assert from "node:assert/strict";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { filesOfNew } from "../../../server/src/migrations/files.ts";
import { findMigration, type HistoryKind, type MigrationHistory, readHistory, runsInOne, upStatements } from "../../../server/src/migrations/history.ts";
import type { Sending } from "../../../server/src/model/migration/migration.ts";
import { uriOfPath } from "../../../server/src/prisma/fileUris.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { nodeFiles } from "../../../server/src/workspace/nodeFiles.ts";
import { crm } from "../../support/samples.ts";
import { temporaryFolder, writeFiles } from "../../support/temporaryFolder.ts";

describe("a history as files", () => {
  let folder: string;
  before(loadSqlParser);
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function read(kind: HistoryKind, files: Readonly<Record<string, string>>, run: readonly string[], sending: Sending = "message"): MigrationHistory {
    writeFiles(folder, files);
    return readHistory({ kind, root: folder, uris: run.map((file) => uriOfPath(join(folder, file))) }, nodeFiles(), () => sending);
  }
  const said = ({ complaints }: MigrationHistory): readonly string[] => complaints.map(({ path, line, message }) => `${path.slice(folder.length + 1)}:${line ?? ""} ${message}`);

  it("is read in Prisma's form, with the digest of the text and the way back", () => {
    const history = read("prisma", { "1_a/migration.sql": "SELECT 1;\n", "1_a/down.sql": "SELECT 2;\n", "2_b/migration.sql": "SELECT 3;\n" }, ["1_a/migration.sql", "2_b/migration.sql"]);
    // As sha256sum has it.
    const digest = "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd";
    assert.deepEqual(history.migrations.map(({ name, down }) => [name, down?.statements.length]), [["1_a", 1], ["2_b", undefined]]);
    assert.equal(history.migrations[0]?.checksum, digest);
    assert.deepEqual(said(history), []);
  });

  it("gives rows behind COPY … FROM stdin as an INSERT, and says which it cannot read", () => {
    const history = read("numbered", { "001_t.sql": `COPY "T" (id, name) FROM stdin;\n1\tit's\\ta\\\\b\\x41\n2\t\\N\n\\.\n\nSELECT 1;\nCOPY t FROM stdin;\n\\.\nCOPY t FROM STDIN WITH (FORMAT csv);\n1,2\n\\.\n` }, ["001_t.sql"], "each");
    const [migration] = history.migrations;
    assert.deepEqual(migration === undefined ? [] : upStatements(migration).map(({ text }) => text), [
      `INSERT INTO "T" ("id", "name") OVERRIDING SYSTEM VALUE VALUES\n('1', 'it''s\ta\\bA'),\n('2', NULL)`,
      "SELECT 1",
      'SELECT FROM "t" WHERE false',
      "COPY t FROM STDIN WITH (FORMAT csv)",
    ]);
    assert.deepEqual(said(history), ["001_t.sql:9 The rows behind this COPY are in a form that only psql reads. Write them in COPY's own text format, without options, or as INSERT."]);
  });

  it("that was begun for another database says so, with the line of its lock file", () => {
    const history = read("prisma", { "1_a/migration.sql": "SELECT 1;\n", "migration_lock.toml": '# a comment\nprovider = "mysql"\n' }, ["1_a/migration.sql"]);
    assert.deepEqual(said(history), ["migration_lock.toml:2 The history is for mysql, and Prisma runs it on nothing else (P3019). Begin a history of its own for PostgreSQL."]);
  });

  it("finds the way back of numbered files, and of files that hold both", () => {
    const history = read(
      "numbered",
      { "001_a.up.sql": "SELECT 1;", "001_a.down.sql": "SELECT 2;", "002_b.sql": "SELECT 1;", "down/002_b.sql": "SELECT 2;", "003_c.sql": "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\nSELECT 3;\n" },
      ["001_a.up.sql", "002_b.sql", "003_c.sql"],
    );
    assert.deepEqual(history.migrations.map((migration) => [migration.name, upStatements(migration).length, migration.down?.statements.length]), [["001_a", 1, 1], ["002_b", 1, 1], ["003_c", 1, 2]]);
    assert.equal(findMigration(history, "002")?.name, "002_b");
    assert.equal(findMigration(history, "c")?.name, "003_c");
    assert.equal(findMigration(history, "nothing"), undefined);
  });

  it("complains of a folder without migration.sql, and of two with one timestamp", () => {
    const history = read("prisma", { "20240101000000_a/migration.sql": "SELECT 1;", "20240101000000_b/migration.sql": "SELECT 1;", "20240102000000_c/notes.txt": "" }, ["20240101000000_a/migration.sql", "20240101000000_b/migration.sql"]);
    const [empty = "", same = "", ...more] = said(history);
    assert.match(empty, /^20240102000000_c: The folder has no migration\.sql, and Prisma stops here \(P3015\)\./);
    assert.match(same, /^20240101000000_b\/migration\.sql: The migration has the same timestamp as 20240101000000_a:/);
    assert.deepEqual(more, []);
  });

  it("complains, by line, of own transactions, commands of psql and what does not parse", () => {
    const history = read("prisma", { "1_a/migration.sql": "\\set x 1\nBEGIN;\nSELECT 1;\nCOMMIT;\nCREATE TABEL t ();\n" }, ["1_a/migration.sql"]);
    assert.deepEqual(said(history).map((text) => text.slice(0, text.indexOf(" ", 20))), ["1_a/migration.sql:1 \\set", "1_a/migration.sql:2 BEGIN", "1_a/migration.sql:4 COMMIT", "1_a/migration.sql:5 syntax"]);
  });

  it("lets psql's own commands and transactions be where psql runs the files", () => {
    const history = read("numbered", { "1_a.sql": "BEGIN;\nSELECT 1;\nCOMMIT;\n" }, ["1_a.sql"], "each");
    assert.deepEqual(said(history), []);
  });

  it("says of psql's variables and of commands that do something that nobody but psql sends them", () => {
    const text = "\\set ON_ERROR_STOP on\n\\i other.sql\nCREATE TABLE :name (id int);\nINSERT INTO t VALUES (:'who', arr[1:2], ':no', 1::int);\nSELECT arr[:n] FROM t;\nCREATE SCHEMA ${schema};\n";
    const history = read("numbered", { "1_a.sql": text }, ["1_a.sql"], "each");
    assert.deepEqual(history.complaints.map(({ severity, line, message }) => [severity, line, message.split(/ (?=is )/)[0]]), [
      ["warning", 1, "\\set"],
      ["error", 2, "\\i"],
      ["error", 3, ":name"],
      ["error", 4, ":'who'"],
      ["error", 6, "${schema}"],
    ]);
    const quiet = read("numbered", { "1_a.sql": "SELECT a[b:c], ':x', $$ :y ${z} $$ FROM t; -- :z\n" }, ["1_a.sql"], "each");
    assert.deepEqual(said(quiet), []);
  });

  it("knows which files run in one transaction", () => {
    const history = read("prisma", { "1_a/migration.sql": "SELECT 1; SELECT 2;", "2_b/migration.sql": "SELECT 1;", "3_c/migration.sql": "SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a);" }, ["1_a/migration.sql", "2_b/migration.sql", "3_c/migration.sql"]);
    const inOne = (sending: Sending): readonly boolean[] => history.migrations.map((migration) => runsInOne(sending, upStatements(migration)));
    assert.deepEqual([inOne("message"), inOne("message unless concurrent"), inOne("transaction"), inOne("each")], [[true, false, true], [true, false, false], [true, true, true], [false, false, false]]);
  });

  it("of the sample crm has nothing to complain of", () => {
    const root = join(crm.folder, "prisma", "migrations");
    const names = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory());
    const history = readHistory({ kind: "prisma", root, uris: names.map((name) => uriOfPath(join(root, name, "migration.sql"))) }, nodeFiles(), () => "message");
    assert.equal(history.migrations.length, crm.migrations.length);
    assert.deepEqual(history.complaints, []);
  });

  it("gets a new migration in its own form", () => {
    const written = (kind: HistoryKind, ...paths: readonly string[]): readonly string[] =>
      filesOfNew({ kind, root: "/m" }, paths, "Add phone!", new Date("2026-03-04T05:06:07Z"), [{ suffix: "", up: "", down: "" }]).map(({ path }) => path);
    assert.deepEqual(written("prisma", "/m/1_a/migration.sql"), ["/m/20260304050607_add_phone/migration.sql", "/m/20260304050607_add_phone/down.sql"]);
    assert.equal(written("prisma").at(-1), "/m/migration_lock.toml");
    assert.deepEqual(written("supabase", "/m/1_a.sql"), ["/m/20260304050607_add_phone.sql", "/m/down/20260304050607_add_phone.sql"]);
    assert.deepEqual(written("numbered", "/m/0009_a.up.sql"), ["/m/0010_add_phone.up.sql", "/m/0010_add_phone.down.sql"]);
    assert.deepEqual(written("numbered", "/m/V2__a.sql"), ["/m/V3__add_phone.sql", "/m/V3__add_phone.down.sql"]);
    assert.deepEqual(written("numbered", "/m/0001_a/up.sql"), ["/m/0002_add_phone/up.sql", "/m/0002_add_phone/down.sql"]);
  });
});
