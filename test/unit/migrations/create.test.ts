/** New migrations out of schemas and histories: what is written, asked and kept. */
import assert from "node:assert/strict";
import { fromPrisma } from "../../../server/src/model/fromPrisma.ts";
import { foldSql } from "../../../server/src/model/fromSql.ts";
import { type ProposedMigration, type Proposal, proposeMigration } from "../../../server/src/migrations/create.ts";
import type { RenameAnswers } from "../../../server/src/migrations/renames.ts";
import { differences } from "../../../server/src/model/diff.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { crm, crmLegacy } from "../../support/samples.ts";

const none: RenameAnswers = { renamed: [], dropped: [] };

const history = `CREATE TYPE "Stage" AS ENUM ('LEAD', 'WON');
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "phone1" TEXT,
    "stage" "Stage" NOT NULL DEFAULT 'LEAD',
    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
`;

const user = `model User {
  id     Int     @id @default(autoincrement())
  email  String  @unique
  phone1 String?
  stage  Stage   @default(LEAD)
}`;

const stage = "enum Stage {\n  LEAD\n  WON\n}\n";

function propose(schema: string, sql = history, answers = none, isAlone = false): Proposal {
  const prisma = fromPrisma([parsePrisma("file:///schema.prisma", schema)], { major: 7 });
  return proposeMigration({ prisma, history: [parseSql("file:///001.sql", sql)], foldOptions: {}, engineSql: undefined, answers, isAlone });
}

/** The migration, of which nothing is missing either way; with its files one after the other. */
function migration(schema: string, sql?: string, answers?: RenameAnswers): ProposedMigration & { readonly up: string; readonly down: string } {
  const proposal = propose(schema, sql, answers);
  assert.ok(proposal.kind === "migration", JSON.stringify(proposal));
  assert.deepEqual([proposal.upGaps, proposal.downGaps], [[], []]);
  return { ...proposal, up: proposal.files.map(({ up }) => up).join("\n"), down: proposal.files.map(({ down }) => down).reverse().join("\n") };
}

/** Statements without comments and the timeout. */
function statements(text: string): readonly string[] {
  return parseSql("x.sql", text).statements.map((statement) => statement.text.replaceAll(/\s+/g, " ")).filter((statement) => !statement.startsWith("SET LOCAL lock_timeout"));
}

describe("a new migration", () => {
  before(loadSqlParser);

  it("is none when the history is what the schema says", () => {
    assert.equal(propose(stage + user).kind, "nothing");
  });

  it("is none for both samples, whatever they have beyond Prisma", () => {
    for (const sample of [crm, crmLegacy]) {
      const prisma = fromPrisma(sample.schema.map(({ uri, text }) => parsePrisma(uri, text)), { major: 6 });
      const files = sample.migrations.map(({ name, text }) => parseSql(`file:///${name}.sql`, text));
      const proposal = proposeMigration({ prisma, history: files, foldOptions: {}, engineSql: undefined, answers: none });
      assert.equal(proposal.kind, "nothing", `${sample.name}: ${JSON.stringify(proposal, undefined, 1)}`);
    }
  });

  it("adds a column and takes it away again", () => {
    const { up, down } = migration(stage + user.replace("  phone1", "  city   String?\n  phone1"));
    assert.deepEqual(statements(up), ['ALTER TABLE "User" ADD COLUMN "city" text']);
    assert.deepEqual(statements(down), ['ALTER TABLE "User" DROP COLUMN "city"']);
    assert.match(up, /^-- Gives up[^\n]*\nSET LOCAL lock_timeout = '5s';/);
  });

  it("asks whether a column was renamed, and does what it is told", () => {
    const schema = stage + user.replace("phone1 String?", "phone  String?");
    const asked = propose(schema);
    assert.ok(asked.kind === "questions");
    assert.deepEqual(asked.candidates.map(({ kind, from, to }) => [kind, from, to]), [["column", "public.User.phone1", "public.User.phone"]]);
    const renamed = migration(schema, history, { renamed: [{ from: "User.phone1", to: "phone" }], dropped: [] });
    assert.deepEqual([statements(renamed.up), statements(renamed.down)], [['ALTER TABLE "User" RENAME COLUMN "phone1" TO "phone"'], ['ALTER TABLE "User" RENAME COLUMN "phone" TO "phone1"']]);
    assert.deepEqual(renamed.upRisks.map(({ kind }) => kind), ["breaks clients"]);
    const dropped = migration(schema, history, { renamed: [], dropped: ["User.phone1"] });
    assert.deepEqual(statements(dropped.up), ['ALTER TABLE "User" ADD COLUMN "phone" text', 'ALTER TABLE "User" DROP COLUMN "phone1"']);
    assert.deepEqual(dropped.upRisks.map(({ kind, subject }) => [kind, subject]), [["loses data", "public.User.phone1"]]);
    assert.match(dropped.down, /^-- Cannot bring back: The column public\.User\.phone1 goes/);
  });

  it("asks whether a table was renamed, and then renames what is called after it, and no sequence", () => {
    const schema = stage + user.replace("model User", "model Person");
    assert.equal(propose(schema).kind, "questions");
    const { up, down } = migration(schema, history, { renamed: [{ from: "User", to: "Person" }], dropped: [] });
    assert.deepEqual(statements(up), [
      'ALTER TABLE "User" RENAME TO "Person"',
      'ALTER TABLE "Person" RENAME CONSTRAINT "User_pkey" TO "Person_pkey"',
      'ALTER INDEX "User_email_key" RENAME TO "Person_email_key"',
    ]);
    assert.equal(statements(down).at(-1), 'ALTER TABLE "Person" RENAME TO "User"');
  });

  it("renames a unique constraint with its table, which Prisma says like a unique index", () => {
    const sql = history.replace('CREATE UNIQUE INDEX "User_email_key" ON "User"("email");', 'ALTER TABLE "User" ADD CONSTRAINT "User_email_key" UNIQUE ("email") DEFERRABLE;');
    const { up } = migration(stage + user.replace("model User", "model Person"), sql, { renamed: [{ from: "User", to: "Person" }], dropped: [] });
    assert.deepEqual(statements(up).slice(1), ['ALTER TABLE "Person" RENAME CONSTRAINT "User_pkey" TO "Person_pkey"', 'ALTER TABLE "Person" RENAME CONSTRAINT "User_email_key" TO "Person_email_key"']);
  });

  it("adds a value to an enum in its place, without making the enum anew", () => {
    const { up, down } = migration(stage.replace("LEAD\n", "LEAD\n  TALKING\n") + user);
    assert.deepEqual(statements(up), [`ALTER TYPE "Stage" ADD VALUE 'TALKING' AFTER 'LEAD'`]);
    assert.ok(statements(down).some((statement) => statement.startsWith('CREATE TYPE "Stage_new"')));
  });

  it("makes an enum anew that loses a value, with the partial indexes that name one", () => {
    const sql = `${history}CREATE INDEX won ON "User" (email) WHERE stage = 'WON';\n`;
    const { up, upRisks } = migration(stage.replace("  WON\n", "  CLOSED\n") + user, sql, { renamed: [], dropped: ["Stage.WON"] });
    assert.deepEqual(upRisks.map(({ kind }) => kind), ["fails on rows"]);
    assert.equal(statements(up)[0], 'DROP INDEX "won"');
    assert.equal(statements(up).at(-1), `CREATE INDEX "won" ON "User" ("email") WHERE (stage = 'WON')`);
  });

  it("drops nothing that Prisma cannot say", () => {
    const sql = `${history}CREATE INDEX partial ON "User" (email) WHERE phone1 IS NULL;
CREATE INDEX words ON "User" USING gin (to_tsvector('simple', email));
ALTER TABLE "User" ADD CONSTRAINT long CHECK (length(email) > 3);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON "User" USING (true);
CREATE VIEW v AS SELECT id FROM "User";
`;
    assert.equal(propose(stage + user, sql).kind, "nothing");
    const { up, kept } = migration(stage + user.replace("  phone1", "  city   String?\n  phone1"), sql);
    assert.deepEqual(statements(up), ['ALTER TABLE "User" ADD COLUMN "city" text']);
    assert.deepEqual(kept, ["2 indexes (User.partial, User.words)", "1 check (User.long)", "1 trigger (User.t)", "1 policy (User.p)", "1 view (v)", "1 function (f)"]);
  });

  it("brings back with a table what stood on it, and says that its rows are gone", () => {
    const sql = `${history}CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text CHECK (note <> ''), user_id int NOT NULL REFERENCES "User" ON DELETE CASCADE);
CREATE INDEX log_user ON log (user_id) WHERE note IS NULL;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON log FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE log ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON log USING (true);
`;
    const { up, down, upRisks } = migration(stage + user, sql, { renamed: [], dropped: ["log"] });
    assert.deepEqual(statements(up), ['DROP TABLE "log"']);
    assert.deepEqual(upRisks.map(({ message }) => message), ["The table public.log goes, with all its rows."]);
    assert.match(down, /CREATE TRIGGER t/);
  });

  it("turns a numbered id from Int to BigInt with its sequence, in SQL that PostgreSQL takes", () => {
    const proposal = propose(stage + user.replace("id     Int   ", "id     BigInt"), history, none, true);
    assert.ok(proposal.kind === "migration");
    assert.deepEqual(proposal.files.flatMap(({ up }) => statements(up)), ['ALTER SEQUENCE "User_id_seq" AS BIGINT', 'ALTER TABLE "User" ALTER COLUMN "id" SET DATA TYPE bigint']);
  });

  it("gives a numbered key a twin where others use the table, and takes its constraint and sequence over", () => {
    const { files, up } = migration(stage + user.replace("id     Int   ", "id     BigInt"));
    assert.deepEqual(files.map(({ suffix }) => suffix), ["", "backfill", "index", "constrain", "validate"]);
    for (const part of ['ALTER SEQUENCE "User_id_seq" OWNED BY "User"."id_new"', 'ALTER TABLE "User" ADD CONSTRAINT "User_pkey" PRIMARY KEY USING INDEX "User_pkey_new"']) assert.ok(statements(up).includes(part), part);
  });

  it("keeps both names of a column until it is told that the old one is not needed, and leaves the order of an enum's values", () => {
    const schema = stage + user.replace("phone1 String?", "phone  String?");
    const started = migration(schema, history, { renamed: [{ from: "User.phone1", to: "phone" }], dropped: [], inSteps: ["User.phone1"] });
    assert.deepEqual([started.upRisks, started.inSteps.map(({ from, to }) => [from, to])], [[], [["public.User.phone1", "public.User.phone"]]]);
    const both = history + started.up;
    const nothing = propose(schema, both);
    assert.deepEqual([nothing.kind, "inSteps" in nothing ? nothing.inSteps.length : undefined], ["nothing", 1]);
    const other = migration(schema.replace("  email ", "  city   String?\n  email "), both);
    assert.deepEqual(statements(other.up), ['ALTER TABLE "User" ADD COLUMN "city" text']);
    const ended = migration(schema, both, { renamed: [], dropped: [], ended: ["User.phone1"] });
    assert.equal(statements(ended.up).at(-1), 'ALTER TABLE "User" RENAME COLUMN "phone1" TO "phone"');
    assert.equal(propose(schema, both + ended.up).kind, "nothing");
    const ordered = propose("enum Stage {\n  WON\n  LEAD\n}\n" + user);
    assert.deepEqual([ordered.kind, "otherOrder" in ordered ? ordered.otherOrder : undefined], ["nothing", ["public.Stage"]]);
  });

  it("renames at once, and says why, what can have one name only", () => {
    const sql = `${history}ALTER TABLE "User" ADD COLUMN double int GENERATED ALWAYS AS (id * 2) STORED;\n`;
    const schema = stage + user.replace("\n}", "\n  twice  Int?   @default(dbgenerated())\n}");
    const asked = propose(schema, sql);
    assert.ok(asked.kind === "questions");
    assert.deepEqual(asked.candidates.map(({ whyAtOnce }) => whyAtOnce), ["it is computed, and nobody can write to it"]);
    const renamed = propose(schema, sql, { renamed: [{ from: "User.double", to: "twice" }], dropped: [], inSteps: ["User.double"] });
    assert.ok(renamed.kind === "migration");
    assert.deepEqual([renamed.files.flatMap(({ up }) => statements(up)), renamed.upGaps], [['ALTER TABLE "User" RENAME COLUMN "double" TO "twice"'], ["The column public.User.double can only be renamed at once: it is computed, and nobody can write to it."]]);
  });

  it("says what fails on rows", () => {
    const { upRisks } = migration(stage + user.replace("phone1 String?", "phone1 String @unique"));
    assert.deepEqual(upRisks.map(({ kind, subject }) => [kind, subject]).sort(), [["fails on rows", "public.User.User_phone1_key"], ["fails on rows", "public.User.phone1"]]);
  });

  it("is folded to what the schema says, and back to what there was", () => {
    const schema = `${stage}${user.replace("\n}", "\n  posts  Post[]\n\n  @@index([stage, email])\n}")}
model Post {
  id       String @id @default(uuid()) @db.Uuid
  title    String @default("x") @db.VarChar(80)
  author   User   @relation(fields: [authorId], references: [id], onDelete: Cascade)
  authorId Int
  tags     String[]
}`;
    const { up, down } = migration(schema);
    const fold = (...texts: readonly string[]) => foldSql(texts.map((text, i) => parseSql(`file:///${i}.sql`, text))).schema;
    assert.deepEqual(differences(fold(history, up, down), fold(history)), []);
  });
});
