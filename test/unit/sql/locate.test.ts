import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { locateHistories, type SqlHistory } from "../../../server/src/sql/locate.ts";
import { type Corpus, forEachCorpus } from "../../support/corpora.ts";

const table = "CREATE TABLE t (id int);";
const query = "SELECT * FROM t;";

describe("Locating SQL histories", () => {
  it("takes Prisma's migrations in the order of their folders, without what else lies there", () => {
    const found = locate({
      "prisma/migrations/20240102000000_b/migration.sql": table,
      "prisma/migrations/20240101000000_a/migration.sql": table,
      "prisma/migrations/20240101000000_a/down.sql": "DROP TABLE t;",
      "prisma/migrations/notes.sql": table,
    });
    const files = ["prisma/migrations/20240101000000_a/migration.sql", "prisma/migrations/20240102000000_b/migration.sql"];
    assert.deepEqual(found, [{ kind: "prisma", root: "prisma/migrations", files }]);
  });

  it("keeps the migrations of several Prisma projects apart", () => {
    const found = locate({ "apps/a/prisma/migrations/0_init/migration.sql": table, "apps/b/db/migrations/first/migration.sql": table });
    assert.deepEqual(
      found.map((history) => history.root),
      ["apps/a/prisma/migrations", "apps/b/db/migrations"],
    );
  });

  it("knows Supabase's migrations in any folder by what only Supabase has", () => {
    const own = "CREATE TABLE t (id uuid REFERENCES auth.users (id));";
    const found = locate({ "db/001_a.sql": table, "db/002_b.sql": own });
    assert.deepEqual(found, [{ kind: "supabase", root: "db", files: ["db/001_a.sql", "db/002_b.sql"] }]);
  });

  it("takes Supabase's migrations and leaves its seeds and declared schemas alone", () => {
    const found = locate({
      "supabase/migrations/20240102_b.sql": table,
      "supabase/migrations/20240101_a.sql": table,
      "supabase/seed.sql": table,
      "supabase/schemas/t.sql": table,
    });
    assert.deepEqual(found, [
      {
        kind: "supabase",
        root: "supabase/migrations",
        files: ["supabase/migrations/20240101_a.sql", "supabase/migrations/20240102_b.sql"],
      },
    ]);
  });

  it("orders numbered files by number", () => {
    assert.deepEqual(names({ "db/10_c.sql": table, "db/9_b.sql": table, "db/001_a.sql": table }), ["001_a.sql", "9_b.sql", "10_c.sql"]);
  });

  it("orders Flyway's versions part by part, with what is repeatable last", () => {
    const files = {
      "sql/V1.10__c.sql": table,
      "sql/V1_9__b.sql": table,
      "sql/V1__a.sql": table,
      "sql/R__views.sql": query,
      "sql/U1__undo.sql": query,
    };
    assert.deepEqual(names(files), ["V1__a.sql", "V1_9__b.sql", "V1.10__c.sql", "R__views.sql"]);
  });

  it("keeps numbered folders inside of one another apart", () => {
    const found = locate({ "1_a.sql": table, "db/1_b.sql": table, "db/extra.sql": table, "db/other/people.sql": table });
    assert.deepEqual(
      found.map(({ kind, root }) => `${kind} ${root}`),
      ["numbered ", "numbered db", "loose db/other"],
    );
  });

  it("takes the way up and not the way down", () => {
    const files = { "m/1_a.up.sql": table, "m/1_a.down.sql": "DROP TABLE t;", "m/2_b.up.sql": table, "m/2_b_rollback.sql": query };
    assert.deepEqual(names(files), ["1_a.up.sql", "2_b.up.sql"]);
  });

  it("takes up.sql out of folders with versions", () => {
    const found = locate({
      "migrations/2018-01-02-a/up.sql": table,
      "migrations/2018-01-02-a/down.sql": query,
      "migrations/00000000000000_init/up.sql": table,
    });
    assert.deepEqual(found[0]?.files, ["migrations/00000000000000_init/up.sql", "migrations/2018-01-02-a/up.sql"]);
  });

  it("does not take numbered queries for a history", () => {
    assert.deepEqual(locate({ "queries/1.sql": query, "queries/2.sql": "-- create table in prose\nSELECT 1;" }), []);
  });

  it("does not take numbered queries for a history because one of them makes a view", () => {
    const found = locate({ "queries/1.sql": query, "queries/2.sql": query, "queries/3.sql": query, "queries/4.sql": "CREATE VIEW v AS SELECT 1;" });
    assert.deepEqual(found, []);
  });

  it("takes a single schema file, and any other that creates tables", () => {
    assert.deepEqual(locate({ "db/schema.sql": table, "notes/people.sql": table, "notes/report.sql": query }), [
      { kind: "schema", root: "db", files: ["db/schema.sql"] },
      { kind: "loose", root: "notes", files: ["notes/people.sql"] },
    ]);
  });

  it("takes files that declare a schema together as one, each after what it needs", () => {
    const files = {
      "db/tables/orders.sql": 'create type order_state as enum (\'open\');\ncreate table orders (\n  customer int references customers (id),\n  state order_state,\n  kind "Kind"\n);',
      "db/tables/customers.sql": "create table public.customers (id int primary key, email email_address);",
      "db/tables/countries.sql": "create table countries (code text primary key);",
      "db/tables/_policies.sql": "alter table customers enable row level security;\ncreate policy own on customers using (true);",
      "db/types/email.sql": "create domain email_address as text;",
      "db/types/kind.sql": 'create type "Kind" as enum (\'a\');',
      "db/reports/1.sql": query,
      "notes/scrap.sql": "create table scrap (id int);",
    };
    assert.deepEqual(locate(files), [
      { kind: "schema", root: "db", files: ["db/tables/countries.sql", "db/types/email.sql", "db/tables/customers.sql", "db/types/kind.sql", "db/tables/orders.sql", "db/tables/_policies.sql"] },
      { kind: "loose", root: "notes", files: ["notes/scrap.sql"] },
    ]);
  });

  it("joins no files that create the same, and keeps a bundle apart from its pieces", () => {
    const [users, posts] = ["create table users (id int primary key);", "create table posts (author int references users (id));"];
    assert.deepEqual(
      locate({ "a/one.sql": users, "b/other.sql": users, "c/posts.sql": posts }).map((history) => history.kind),
      ["loose", "loose", "loose"],
    );
    assert.deepEqual(locate({ "all.sql": `${users}\n${posts}`, "parts/posts.sql": posts, "parts/users.sql": users }), [
      { kind: "loose", root: "", files: ["all.sql"] },
      { kind: "schema", root: "parts", files: ["parts/users.sql", "parts/posts.sql"] },
    ]);
  });

  it("joins files that fill a table of another one beside their own, and leaves seeds alone", () => {
    const files = {
      "db/acc.sql": "create table acc (id int);\ninsert into version values ('acc', 1);",
      "db/calls.sql": "create table calls (id int);\nINSERT INTO version VALUES ('calls', 1);",
      "db/standard.sql": "create table version (name text, number int);",
      "seeds/version.sql": "insert into version values ('seed', 0);",
    };
    assert.deepEqual(locate(files).filter(({ kind }) => kind === "schema"), [{ kind: "schema", root: "db", files: ["db/standard.sql", "db/acc.sql", "db/calls.sql"] }]);
  });

  it("takes patches of a schema for no pieces of it", () => {
    const all = "create table users (id int primary key);\ncreate table posts (author int references users (id));\ncreate table tags (id int);";
    const files = {
      "tables.sql": all,
      "archives/patch-log.sql": "create table log (id int references users (id), page int references pages (id));\ncreate table tags (id int);",
      "archives/patch-pages.sql": "create table pages (id int primary key);",
      "archives/patch-posts.sql": "alter table posts drop column author_name;",
    };
    assert.deepEqual(locate(files).filter(({ kind }) => kind === "schema"), [{ kind: "schema", root: "", files: ["tables.sql"] }]);
  });

  it("joins constraints and indexes to the tables that another file creates, and not what drops them", () => {
    const files = {
      "db/constraints.sql": "alter table posts add foreign key (author) references users (id);",
      "db/create.sql": "create table users (id int primary key);\ncreate table posts (author int);",
      "db/drop.sql": "drop table posts;\ndrop table users;",
      "db/index.sql": "create index on posts (author);",
    };
    assert.deepEqual(locate(files), [{ kind: "schema", root: "db", files: ["db/create.sql", "db/constraints.sql", "db/index.sql"] }]);
  });

  it("puts tables that refer to each other into some order, and all of them once", () => {
    const [found] = locate({ "a.sql": "create table a (b int references b);", "b.sql": "create table b (a int references a);" });
    assert.deepEqual(found?.files.toSorted(), ["a.sql", "b.sql"]);
  });

  it("leaves out the dump that a tool keeps beside its migrations", () => {
    const found = locate({ "db/schema.sql": table, "db/migrations/20240101_a.sql": table });
    assert.deepEqual(
      found.map((history) => history.kind),
      ["numbered"],
    );
  });

  it("leaves files of other databases alone", () => {
    assert.deepEqual(
      locate({ "a.sql": "CREATE TABLE `t` (id int AUTO_INCREMENT);", "b.sql": "create table t (id integer primary key autoincrement);" }),
      [],
    );
  });

  it("leaves alone what it cannot read", () => {
    assert.deepEqual(
      locateHistories(["a.sql", "001_a.sql"], () => undefined, { include: [], exclude: [] }),
      [],
    );
  });

  it("follows the settings, a history for each glob", () => {
    const files = { "a/one.sql": table, "a/two.sql": table, "b/1.sql": table, "c/schema.sql": table, "old/1.sql": table };
    assert.deepEqual(locate(files, { include: ["a/*.sql", "**/schema.sql"], exclude: [] }), [
      { kind: "numbered", root: "a", files: ["a/one.sql", "a/two.sql"] },
      { kind: "schema", root: "c", files: ["c/schema.sql"] },
    ]);
    assert.deepEqual(locate(files, { include: [], exclude: ["a", "old/**", "c/schema.sql"] }), [
      { kind: "numbered", root: "b", files: ["b/1.sql"] },
    ]);
  });

  describe("in the corpora", () => {
    forEachCorpus((corpus) => {
      if (corpus.kind !== "sql-schema" && corpus.sqlFiles.length > 0)
        it(corpus.id, () => assert.deepEqual(locateCorpus(corpus), corpus.sqlFiles));
    });
  });
});

type Files = Readonly<Record<string, string>>;

function locate(files: Files, settings: { include: string[]; exclude: string[] } = { include: [], exclude: [] }): SqlHistory[] {
  return locateHistories(Object.keys(files), (path) => files[path], settings);
}

/** Names of the files of the only history. */
function names(files: Files): string[] {
  const found = locate(files);
  assert.equal(found.length, 1);
  return found.flatMap((history) => history.files.map((path) => path.slice(path.lastIndexOf("/") + 1)));
}

/** What is found in the corpus' folder, but for the SQL derived from its Prisma schema. */
function locateCorpus(corpus: Corpus): readonly string[] {
  const paths = readdirSync(corpus.folder, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
  const found = locateHistories(paths, (path) => readFileSync(join(corpus.folder, path), "utf8"), { include: [], exclude: ["derived"] });
  return found.length === 1 ? (found[0]?.files ?? []) : [`${found.length} histories`];
}
