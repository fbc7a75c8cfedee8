import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { changesByRelation, changeText, diff, type ElementChange, reversed } from "../../server/src/model/diff.ts";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import type { SqlFile, Statement } from "../../server/src/sql/syntax.ts";
import { corpusHistory, type History, sampleHistories } from "../support/histories.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { prismaSamples } from "../support/prismaSchemas.ts";
import { parsePrismaText, parseSqlText } from "../support/schemas.ts";

before(() => loadSqlParser());

describe("the difference between two schemas", () => {
  const base = `CREATE TABLE users (id int PRIMARY KEY, email varchar(20));
    CREATE TABLE posts (id int PRIMARY KEY, author_id int REFERENCES users);`;
  const told = (before: string, after: string): readonly string[] =>
    diff(parseSqlText(before).schema, parseSqlText(after).schema).map(changeText);

  it("names each element that came, went or says something else", () => {
    const changed = `CREATE EXTENSION citext;
      CREATE TYPE mood AS ENUM ('calm', 'cross');
      CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50) NOT NULL DEFAULT '', CONSTRAINT mailed CHECK (email <> ''));
      CREATE TABLE posts (id int PRIMARY KEY, author_id int REFERENCES users ON DELETE CASCADE, title text UNIQUE);
      CREATE VIEW titles AS SELECT title FROM posts;
      ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON posts USING (author_id = 1);
      COMMENT ON COLUMN posts.title IS 'shown';`;
    assert.deepEqual(told(base, changed), [
      "added extension citext",
      "added enum public.mood",
      "changed table public.posts: rowSecurity off -> enabled",
      "added column public.posts.title",
      "changed column public.users.email: type character varying(20) (base) -> character varying(50) (base); notNull false -> true; default (none) -> ''",
      "changed column public.users.id: type integer (base) -> bigint (base)",
      "added unique public.posts.posts_title_key",
      "changed foreign key public.posts.posts_author_id_fkey: onDelete noAction -> cascade",
      "added check public.users.mailed",
      "added index public.posts.posts_title_key",
      "added view public.titles",
      "added policy public.posts.own",
    ]);
  });

  it("tells a new order of columns, but not of columns that came or went", () => {
    assert.deepEqual(told("CREATE TABLE t (a int, b int, c int);", "CREATE TABLE t (d int, a int, b int);"), [
      "removed column public.t.c",
      "added column public.t.d",
    ]);
    assert.deepEqual(told("CREATE TABLE t (a int, b int);", "CREATE TABLE t (b int, a int);"), ["changed table public.t: columns a, b -> b, a"]);
  });

  it("tells a view's other query where both are texts, and no other spaces", () => {
    const view = (query: string): string => `CREATE TABLE t (a int); CREATE VIEW v AS ${query};`;
    assert.deepEqual(told(view("SELECT a FROM t"), view("SELECT  a\n FROM t")), []);
    assert.equal(told(view("SELECT a FROM t"), view("SELECT a FROM t WHERE a > 1")).length, 1);
  });

  it("sees a Prisma schema and its SQL as the same", () => {
    const prisma = parsePrismaText('datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id @default(autoincrement())\n  email String @unique\n}\n');
    const sql = `CREATE TABLE "User" (id serial, email text NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY (id)); CREATE UNIQUE INDEX "User_email_key" ON "User" (email);`;
    assert.deepEqual(diff(prisma.schema, parseSqlText(sql).schema).map(changeText), []);
  });

  it("keeps tables apart whose names hold dots", () => {
    const changes = diff(
      parseSqlText('CREATE TABLE "a.b" (c int); CREATE TABLE a ("b.c" int);').schema,
      parseSqlText('CREATE TABLE "a.b" (c text); CREATE TABLE a ("b.c" int);').schema,
    );
    assert.deepEqual(changes.map(({ on }) => on), ["public.a.b"]);
  });

  it("is grouped by the table or view that it is about", () => {
    const changes = diff(parseSqlText(base).schema, parseSqlText(`${base} CREATE TABLE tags (id int PRIMARY KEY); CREATE INDEX i ON users (email);`).schema);
    const grouped = [...changesByRelation(changes)].map(([key, of]) => [key, of.map(({ kind }) => kind)]);
    assert.deepEqual(grouped, [
      ["public.tags", ["table", "column", "primary key", "index"]],
      ["public.users", ["index"]],
    ]);
  });

  for (const { id, text } of prismaSamples) {
    it(`of the Prisma sample "${id}" and itself is nothing, and mirrored against nothing`, () => {
      holdsBothWays(parsePrismaText(text).schema, parsePrismaText(text).schema);
    });
  }
});

/** Histories of people and of tools, of a few hundred statements. */
const stepped: ReadonlySet<string> = new Set(["atomic-crm", "basejump", "boxyhq", "chainlit", "chatbot-ui", "docsrs", "supaglue", "umami"]);

describe("the difference between versions of a real schema", function () {
  this.timeout(60_000);

  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length > 0) {
      it(`of ${corpus.id} is nothing with itself, and mirrored`, () => {
        const files = corpusHistory(corpus).files.map(({ uri, text }) => parseSql(uri, text));
        holdsBothWays(fromSql(files), fromSql(files.map(({ uri, text }) => parseSql(uri, text))), fromSql(files.slice(0, Math.floor(files.length / 2))));
      });
    }
    if (corpus.schemaFiles.length > 0) {
      it(`of the Prisma schema of ${corpus.id} is nothing with itself`, () => {
        const read = (): Schema => fromPrisma(corpus.schemaFiles.map((file) => parsePrisma(file, readFileSync(file, "utf8"))));
        holdsBothWays(read(), read());
      });
    }
  });

  const toldByStatement = (history: History): void => {
    it(`names what each statement of ${history.id} touches, and nothing else`, () => {
      const files = history.files.map(({ uri, text }) => parseSql(uri, text));
      let touching = 0;
      for (const { statement, before, after } of steps(files)) {
        const changes = diff(before, after);
        if (changes.length > 0) touching++;
        assertNames(statement, changes);
        assert.deepEqual(diff(after, before), reversed(changes));
      }
      assert.ok(touching > 0, "no statement touched anything");
    });
  };
  for (const history of sampleHistories()) toldByStatement(history);
  forEachCorpus((corpus) => {
    if (stepped.has(corpus.id)) toldByStatement(corpusHistory(corpus));
  });
});

/** `half` is an earlier version of the same. */
function holdsBothWays(schema: Schema, again: Schema, half: Schema = fromSql([])): void {
  assert.deepEqual(diff(schema, again).map(changeText), []);
  assert.deepEqual(diff(schema, schema), []);
  const changes = diff(half, schema);
  assert.ok(changes.length > 0 || schema.tables.size === 0);
  assert.deepEqual(diff(schema, half), reversed(changes));
  assert.deepEqual(reversed(reversed(changes)), changes);
}

/** Each step folds all that is before it, so long histories are looked at in so many places. */
const mostSteps = 80;

/** The schema before and after statements all over the history. */
function* steps(files: readonly SqlFile[]): Generator<{ readonly statement: Statement; readonly before: Schema; readonly after: Schema }> {
  const all = files.flatMap((file, f) => file.statements.map((statement, s) => ({ file, f, statement, s })));
  const stride = Math.ceil(all.length / mostSteps);
  for (const { file, f, statement, s } of all.filter((_, at) => at % stride === 0)) {
    const upTo = (n: number): Schema => fromSql([...files.slice(0, f), { ...file, statements: file.statements.slice(0, n) }]);
    yield { statement, before: upTo(s), after: upTo(s + 1) };
  }
}

/** Everything that changed has a name in the statement: its own, its table's, or that of what it hangs on. */
function assertNames(statement: Statement, changes: readonly ElementChange[]): void {
  const text = statement.text.toLowerCase();
  const isCascade = /\bcascade\b|\bowned by\b/.test(text);
  for (const change of changes) {
    if (isCascade && change.what !== "added") continue;
    const names = namesAround(change).map((name) => name.toLowerCase());
    assert.ok(
      names.some((name) => text.includes(name)),
      `${changeText(change)}\nis not in\n${statement.text}`,
    );
  }
  const made = madeBy(statement);
  if (made !== undefined) {
    const { kind, name } = made;
    const mine = changes.filter((change) => change.kind === kind && change.subject.endsWith(`.${name}`)).map(({ what }) => what);
    if (/\bif not exists\b|\bor replace\b/.test(text)) assert.ok(mine.length > 0 || changes.length === 0, statement.text);
    else assert.deepEqual(mine, ["added"], statement.text);
  }
}

function namesAround({ before, after, on }: ElementChange): readonly string[] {
  const names: string[] = on === undefined ? [] : [on.slice(on.indexOf(".") + 1)];
  for (const element of [before, after]) {
    if (element === undefined) continue;
    switch (element.kind) {
      case "grant":
        names.push(element.value.grantee, element.value.object, ...element.value.object.split(/[.(]/));
        break;
      case "sequence":
        names.push(element.value.name, ...(element.value.ownedBy?.split(".") ?? []));
        break;
      case "foreign key":
        names.push(element.value.name, element.value.references.table);
        break;
      case "trigger":
        names.push(element.value.name, element.value.routine.slice(element.value.routine.indexOf(".") + 1));
        break;
      case "view":
        names.push(element.value.name, ...element.value.reads.map((key) => key.slice(key.indexOf(".") + 1)));
        break;
      default:
        names.push(element.value.name);
    }
  }
  return names;
}

function madeBy({ tree }: Statement): { readonly kind: ElementChange["kind"]; readonly name: string } | undefined {
  if (tree === undefined) return undefined;
  if ("CreateStmt" in tree) return { kind: "table", name: tree.CreateStmt.relation?.relname ?? "" };
  if ("IndexStmt" in tree && tree.IndexStmt.idxname !== undefined) return { kind: "index", name: tree.IndexStmt.idxname };
  if ("ViewStmt" in tree) return { kind: "view", name: tree.ViewStmt.view?.relname ?? "" };
  if ("CreatePolicyStmt" in tree) return { kind: "policy", name: tree.CreatePolicyStmt.policy_name ?? "" };
  return undefined;
}
