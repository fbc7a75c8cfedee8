/** Index advice as text: in the Prisma schema, in SQL, and as a migration for each way of sending one. */
import assert from "node:assert/strict";
import type { IndexDefinition, IndexIntent } from "../../../server/src/edits/intents/indexIntent.ts";
import { prismaIndex } from "../../../server/src/edits/prisma/prismaIndex.ts";
import { renderIntent } from "../../../server/src/edits/render.ts";
import type { SqlPlacement } from "../../../server/src/edits/renderContext.ts";
import type { IndexKey, Schema, Table } from "../../../server/src/model/schema.ts";
import { canonicalExpression } from "../../../server/src/sql/canonical.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { applyEdits, type FileEdit } from "../../../server/src/text/edit.ts";
import { differenceOf, unexplained } from "../../support/facts.ts";
import { inPlace } from "../../support/ruleExamples.ts";
import { parsePrismaText, parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

const uri = "file:///workspace/migrations/20260101000000_database_architect_fixes/migration.sql";

function newMigration(sending: Extract<SqlPlacement, { kind: "newMigration" }>["sending"], at = uri): SqlPlacement {
  return { kind: "newMigration", uri: at, sending };
}

function key(column: string, more: Partial<IndexKey> = {}): IndexKey {
  return { column, expression: undefined, operatorClass: undefined, collation: undefined, direction: "asc", nulls: "last", ...more };
}

function tableOf({ tables }: Schema, name: string): Table {
  const table = [...tables.values()].find((one) => one.name === name);
  assert.ok(table !== undefined);
  return table;
}

function indexOn(table: Table, keys: readonly IndexKey[], more: Partial<IndexDefinition> = {}): IndexDefinition {
  return { table, method: "btree", keys, include: [], predicate: undefined, ...more };
}

const open = { text: "status = 'open'", canonical: "status = 'open'", columns: ["status"] };

describe("an advised index in a Prisma schema", () => {
  const model = 'model Deal {\n  id        Int      @id\n  accountId Int      @map("account_id")\n  status    String\n  tags      String[]\n  data      Json\n\n  @@index([status])\n  @@map("deals")\n}\n';
  const parsed = (): { readonly schema: Schema; readonly table: Table; readonly context: ReturnType<typeof inPlace> } => {
    const source = { ...parsePrismaText(model), text: model };
    return { schema: source.schema, table: tableOf(source.schema, "deals"), context: inPlace(source) };
  };

  it("is an @@index by the names of the fields, with what is not usual", () => {
    const { table } = parsed();
    assert.equal(prismaIndex(indexOn(table, [key("account_id"), key("status", { direction: "desc", nulls: "first" })])), "@@index([accountId, status(sort: Desc)])");
    assert.equal(prismaIndex(indexOn(table, [key("tags")], { method: "gin" })), "@@index([tags], type: Gin)");
    assert.equal(prismaIndex(indexOn(table, [key("data", { operatorClass: "jsonb_path_ops" })], { method: "gin" })), "@@index([data(ops: JsonbPathOps)], type: Gin)");
    assert.equal(prismaIndex(indexOn(table, [key("status", { operatorClass: "gin_trgm_ops" })], { method: "gin" })), '@@index([status(ops: raw("gin_trgm_ops"))], type: Gin, map: "deals_status_idx1")');
  });

  it("is nothing where Prisma has no words", () => {
    const { table } = parsed();
    const lower = { text: "lower(status)", canonical: "lower(status)", columns: ["status"] };
    for (const index of [indexOn(table, [key("status")], { predicate: open }), indexOn(table, [key("status")], { include: ["id"] }), indexOn(table, [{ ...key(""), column: undefined, expression: lower }]), indexOn(table, [key("status", { direction: "desc" })])])
      assert.equal(prismaIndex(index), undefined);
  });

  it("changes the facts that it says and no others", () => {
    const { schema, table, context } = parsed();
    const intent: IndexIntent = { do: "createIndex", index: indexOn(table, [key("account_id"), key("status", { direction: "desc", nulls: "first" })]) };
    const after = changedText(renderIntent(intent, context), model);
    assert.ok(after.includes("  @@index([status])\n  @@index([accountId, status(sort: Desc)])\n"));
    assert.deepEqual(unexplained(differenceOf(schema, parsePrismaText(after).schema), intent), []);
  });

  it("takes the place of the index that it begins with", () => {
    const { schema, table, context } = parsed();
    const replaces = table.indexes.find(({ name }) => name === "deals_status_idx");
    const intent: IndexIntent = { do: "createIndex", index: indexOn(table, [key("status"), key("account_id")]), replaces };
    const after = changedText(renderIntent(intent, context), model);
    assert.equal(after, model.replace("@@index([status])", "@@index([status, accountId])"));
    assert.deepEqual(unexplained(differenceOf(schema, parsePrismaText(after).schema), intent), []);
  });

  it("comes with a migration that builds it while others write, of the same name, and its way back", () => {
    const { table, context } = parsed();
    const edits = rendered(renderIntent({ do: "createIndex", index: indexOn(table, [key("account_id")]) }, { ...context, sqlPlacement: () => newMigration("message") }));
    assert.deepEqual(edits.map(({ kind }) => kind), ["change", "create", "create"]);
    const [up, down] = edits.flatMap((edit) => (edit.kind === "create" ? [edit] : []));
    assert.deepEqual(statementsIn(up?.text ?? ""), ["CREATE INDEX CONCURRENTLY deals_account_id_idx ON deals (account_id);"]);
    assert.equal(down?.uri, uri.replace("migration.sql", "down.sql"));
    assert.equal(down?.text, "DROP INDEX CONCURRENTLY IF EXISTS deals_account_id_idx;\n");
  });

  it("is a migration alone where only SQL can say it", () => {
    const { table, context } = parsed();
    const intent: IndexIntent = { do: "createIndex", index: indexOn(table, [key("account_id")], { include: ["id"], predicate: open }) };
    const edits = rendered(renderIntent(intent, { ...context, sqlPlacement: () => newMigration("message") }));
    assert.deepEqual(edits.map(({ kind }) => kind), ["create", "create"]);
    assert.ok("ok" in renderIntent(intent, context), "and refused where there are no migrations");
  });
});

describe("an advised index in SQL", () => {
  const ddl = "CREATE TABLE app.deals (id int PRIMARY KEY, account_id int, status text);\nCREATE INDEX deals_account_id_idx ON app.deals (account_id);\n";
  const parsed = (): { readonly schema: Schema; readonly table: Table; readonly context: ReturnType<typeof inPlace> } => {
    const source = { ...parseSqlText(ddl), text: ddl };
    return { schema: source.schema, table: tableOf(source.schema, "deals"), context: inPlace(source) };
  };

  it("is a statement of the file that is the schema", () => {
    const { schema, table, context } = parsed();
    const index = indexOn(table, [key("status"), key("account_id", { direction: "desc", nulls: "first" })], { include: ["id"], predicate: { ...open, canonical: canonicalExpression(open.text) } });
    const intent: IndexIntent = { do: "createIndex", index };
    const after = changedText(renderIntent(intent, context), ddl);
    assert.ok(after.includes("CREATE INDEX deals_status_account_id_idx ON app.deals (status, account_id DESC) INCLUDE (id) WHERE status = 'open';"), after);
    assert.deepEqual(unexplained(differenceOf(schema, parseSqlText(after).schema), intent), []);
  });

  it("replaces an index in a file of its own, which comes later and can come back", () => {
    const { table, context } = parsed();
    const replaces = table.indexes.find(({ name }) => name === "deals_account_id_idx");
    const intent: IndexIntent = { do: "createIndex", index: indexOn(table, [key("account_id"), key("status")]), replaces };
    const edits = rendered(renderIntent(intent, { ...context, sqlPlacement: () => newMigration("each", "file:///m/0007_database_architect_fixes.up.sql") })).flatMap((edit) => (edit.kind === "create" ? [edit] : []));
    assert.deepEqual(edits.map((edit) => edit.uri.slice("file:///m/".length)), ["0007_database_architect_fixes.up.sql", "0007_database_architect_fixes.down.sql", "0008_database_architect_fixes.up.sql", "0008_database_architect_fixes.down.sql"]);
    assert.deepEqual(edits.map(({ text }) => statementsIn(text)), [
      ["SET lock_timeout = '5s';", "CREATE INDEX CONCURRENTLY deals_account_id_status_idx ON app.deals (account_id, status);"],
      ["DROP INDEX CONCURRENTLY IF EXISTS app.deals_account_id_status_idx;"],
      ["SET lock_timeout = '5s';", "DROP INDEX CONCURRENTLY IF EXISTS app.deals_account_id_idx;"],
      ["CREATE INDEX CONCURRENTLY deals_account_id_idx ON app.deals (account_id);"],
    ]);
  });

  it("waits for locks a short time only, in the way that its file is sent", () => {
    const { table, context } = parsed();
    const intent: IndexIntent = { do: "createIndex", index: indexOn(table, [key("status")]) };
    const first = (sending: Extract<SqlPlacement, { kind: "newMigration" }>["sending"]): readonly string[] => {
      const [edit] = rendered(renderIntent(intent, { ...context, sqlPlacement: () => newMigration(sending) }));
      return edit?.kind === "create" ? statementsIn(edit.text) : [];
    };
    const concurrent = "CREATE INDEX CONCURRENTLY deals_status_idx ON app.deals (status);";
    // Two statements in one message are one transaction, in which nothing is built concurrently.
    assert.deepEqual(first("message"), [concurrent]);
    assert.deepEqual(first("message unless concurrent"), ["SET lock_timeout = '5s';", concurrent]);
    assert.deepEqual(first("each"), ["SET lock_timeout = '5s';", concurrent]);
    assert.deepEqual(first("transaction"), ["SET LOCAL lock_timeout = '5s';", concurrent.replace(" CONCURRENTLY", "")]);
  });

  it("of a partitioned table is built at once, for there is no other way", () => {
    const text = "CREATE TABLE events (id int, at date) PARTITION BY RANGE (at);\n";
    const source = { ...parseSqlText(text), text };
    const intent: IndexIntent = { do: "createIndex", index: indexOn(tableOf(source.schema, "events"), [key("at")]) };
    const [edit] = rendered(renderIntent(intent, { ...inPlace(source), sqlPlacement: () => newMigration("each") }));
    assert.deepEqual(edit?.kind === "create" ? statementsIn(edit.text) : [], ["SET lock_timeout = '5s';", "CREATE INDEX events_at_idx ON events (at);"]);
  });
});

function rendered(edits: ReturnType<typeof renderIntent>): readonly FileEdit[] {
  assert.ok(!("ok" in edits), JSON.stringify(edits));
  return edits;
}

function changedText(edits: ReturnType<typeof renderIntent>, text: string): string {
  const [edit, ...others] = rendered(edits);
  assert.equal(others.length, 0);
  return edit?.kind === "change" ? applyEdits(text, edit.edits) : "";
}

function statementsIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("--"));
}
