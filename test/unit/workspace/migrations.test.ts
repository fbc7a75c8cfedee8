import assert from "node:assert/strict";
import { sendingOf } from "../../../server/src/workspace/migrations.ts";
import { TestWorkspace } from "../../support/workspaceOf.ts";

const made = "CREATE TABLE deal (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stage text NOT NULL);\nCOMMENT ON TABLE deal IS 'x';\n";
const index = (column: string): string => `CREATE INDEX deal_${column}_idx ON deal (${column}) INCLUDE (id);\n`;
const path = (at: number): string => `migrations/00${at}_step.sql`;
const history: Readonly<Record<string, string>> = {
  [path(1)]: made,
  [path(2)]: `-- database-architect-ignore require-concurrent-index: it was empty then\n${index("stage")}`,
  [path(3)]: "ALTER TABLE deal DROP COLUMN IF EXISTS nothing;\n",
  [path(4)]: "DROP TABLE IF EXISTS nothing;\n",
  [path(5)]: index("id"),
};

describe("Rules about migrations", () => {
  const aboutIndexes = (test: TestWorkspace, at: number): readonly string[] =>
    test.findings(path(at)).filter((finding) => finding.startsWith("require-concurrent-index") || finding.startsWith("no-unused-suppression"));

  it("look at the newest three files, and call no suppression in an earlier one unused", async () => {
    const test = await TestWorkspace.of(history);
    assert.deepEqual(aboutIndexes(test, 5), ["require-concurrent-index public.deal.deal_id_idx"]);
    assert.deepEqual(aboutIndexes(test, 2), []);
    assert.deepEqual(test.faults, []);
  });

  it("look at as many as the settings or the configuration file say", async () => {
    const test = await TestWorkspace.of({ ...history, [path(2)]: index("stage") });
    test.settings({ newestMigrations: 4 });
    assert.deepEqual(aboutIndexes(test, 2), ["require-concurrent-index public.deal.deal_stage_idx"]);
    test.save("database-architect.jsonc", '{ "newestMigrations": 0 }');
    assert.deepEqual([...aboutIndexes(test, 2), ...aboutIndexes(test, 5)], []);
  });

  it("see the tables that an edit makes and unmakes", async () => {
    const test = await TestWorkspace.of(history);
    test.open(path(5));
    test.type(path(5), `DROP TABLE deal;\n${made}${index("id")}`);
    assert.deepEqual(aboutIndexes(test, 5), []);
    test.type(path(5), `\n\n${index("id")}`);
    assert.deepEqual(aboutIndexes(test, 5), ["require-concurrent-index public.deal.deal_id_idx"]);
  });
});

describe("How a migration is sent", () => {
  const by = (kind: "prisma" | "supabase" | "numbered", text = "", uri = "file:///a/001.sql"): string =>
    sendingOf({ history: { kind, root: "/a", uris: [] }, prisma: undefined }, uri, text);

  it("follows from what runs it", () => {
    assert.equal(by("prisma"), "message");
    assert.equal(by("supabase"), "transaction");
    assert.equal(by("numbered"), "each");
    assert.equal(by("numbered", "", "file:///a/001_a.up.sql"), "message");
  });

  it("is said in the files of goose, sql-migrate and dbmate", () => {
    assert.equal(by("numbered", "-- +goose Up\nSELECT 1;\n"), "transaction");
    assert.equal(by("numbered", "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n"), "each");
    assert.equal(by("numbered", "-- +migrate Up notransaction\n"), "each");
    assert.equal(by("numbered", "-- migrate:up\n"), "transaction");
    assert.equal(by("numbered", "-- migrate:up transaction:false\n"), "each");
  });
});
