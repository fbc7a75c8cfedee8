import assert from "node:assert/strict";
import { fromPrisma } from "../../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../../server/src/model/fromSql.ts";
import { join } from "../../../server/src/model/join.ts";
import type { Schema, Table } from "../../../server/src/model/schema.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";

const contact = `
model Account {
  id       String    @id @db.Uuid
  contacts Contact[]
  @@map("accounts")
}

model Contact {
  id        String  @id @db.Uuid
  email     String
  accountId String  @map("account_id") @db.Uuid
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
  @@map("contacts")
}
`;

const migrated = `
CREATE TABLE "accounts" ("id" uuid NOT NULL, CONSTRAINT "accounts_pkey" PRIMARY KEY ("id"));
CREATE TABLE "contacts" ("id" uuid NOT NULL, "email" text NOT NULL, "account_id" uuid NOT NULL, CONSTRAINT "contacts_pkey" PRIMARY KEY ("id"));
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
`;

describe("Joining layers", () => {
  before(loadSqlParser);

  it("an empty list of layers is an empty schema", () => {
    assert.equal(join([]).tables.size, 0);
  });

  it("layers that agree leave no disagreement, and every element has both origins", () => {
    const schema = joined(contact, migrated);
    assert.deepEqual(schema.disagreements, []);
    assert.deepEqual(kinds(contacts(schema).origins), ["prisma", "sql"]);
    assert.deepEqual(kinds(contacts(schema).columns.get("account_id")?.origins), ["prisma", "sql"]);
    assert.deepEqual(kinds(contacts(schema).foreignKeys[0]?.origins), ["prisma", "sql"]);
  });

  it("what Prisma cannot say comes from the history", () => {
    const schema = joined(
      contact,
      `${migrated}
      CREATE UNIQUE INDEX contacts_live_email ON contacts (lower(email)) WHERE account_id IS NOT NULL;
      ALTER TABLE contacts ADD CONSTRAINT contacts_email_check CHECK (email LIKE '%@%');
      ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON contacts USING (true);`,
    );
    const table = contacts(schema);
    assert.ok(table.indexes.some((index) => index.name === "contacts_live_email"));
    assert.deepEqual(table.checks.map((check) => check.name), ["contacts_email_check"]);
    assert.equal(table.rowSecurity.enabled, true);
    assert.deepEqual(table.policies.map((policy) => policy.name), ["tenant"]);
  });

  it("an index made by hand in a migration counts as there", () => {
    const schema = joined(contact, `${migrated} CREATE INDEX idx_contacts_by_account ON contacts (account_id);`);
    assert.ok(contacts(schema).indexes.some((index) => index.name === "idx_contacts_by_account"));
    assert.deepEqual(facts(schema), ["public.contacts.idx_contacts_by_account presence: prisma absent, sql present"]);
  });

  it("an index that Prisma generated and whose @@index is gone does not count: the next migration drops it", () => {
    const schema = joined(contact, `${migrated} CREATE INDEX contacts_account_id_idx ON contacts (account_id);`);
    assert.ok(!contacts(schema).indexes.some((index) => index.name === "contacts_account_id_idx"));
    assert.deepEqual(facts(schema), ["public.contacts.contacts_account_id_idx presence: prisma absent, sql present"]);
  });

  it("a partial index counts whatever its name", () => {
    const schema = joined(contact, `${migrated} CREATE INDEX contacts_account_id_idx ON contacts (account_id) WHERE email <> '';`);
    assert.ok(contacts(schema).indexes.some((index) => index.name === "contacts_account_id_idx"));
  });

  it("Prisma leads where both speak, and the difference is kept", () => {
    const schema = joined(contact.replace("email     String", "email     String?"), migrated.replace("ON DELETE CASCADE", "ON DELETE RESTRICT"));
    const table = contacts(schema);
    assert.equal(table.columns.get("email")?.notNull, false);
    assert.equal(table.foreignKeys[0]?.onDelete, "cascade");
    assert.deepEqual(facts(schema).sort(), [
      "public.contacts.contacts_account_id_fkey onDelete: prisma cascade, sql restrict",
      "public.contacts.email notNull: prisma false, sql true",
    ]);
  });

  it("a default that only the database has is taken over", () => {
    const schema = joined(contact, migrated.replace('"email" text NOT NULL', `"email" text NOT NULL DEFAULT ''`));
    assert.equal(contacts(schema).columns.get("email")?.default?.text, "''");
  });

  it("absence in a layer that was not read completely is no fact", () => {
    const schema = joined(contact, `${migrated} DO $$ BEGIN EXECUTE 'CREATE TABLE ' || current_user || ' ()'; END $$;`);
    assert.equal(schema.sources.find((source) => source.layer === "sql")?.complete, false);
    const more = joined(`${contact}\nmodel Lead {\n  id Int @id\n}\n`, `${migrated} DO $$ BEGIN EXECUTE 'CREATE TABLE ' || current_user || ' ()'; END $$;`);
    assert.deepEqual(facts(more), []);
  });
});

function joined(prisma: string, sql: string): Schema {
  return join([fromPrisma([parsePrisma("file:///schema.prisma", prisma)]), fromSql([parseSql("file:///migration.sql", sql)])]);
}

function contacts(schema: Schema): Table {
  const table = schema.tables.get("public.contacts");
  assert.ok(table !== undefined);
  return table;
}

function kinds(origins: readonly { readonly kind: string }[] | undefined): string[] {
  return (origins ?? []).map((origin) => origin.kind);
}

function facts(schema: Schema): string[] {
  return schema.disagreements.map(
    ({ subject, fact, layers: [a, b] }) => `${subject} ${fact}: ${a.layer} ${a.value}, ${b.layer} ${b.value}`,
  );
}
