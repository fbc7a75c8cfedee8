import assert from "node:assert/strict";
import { completeSql } from "../../../server/src/editing/completeSql.ts";
import type { Completion } from "../../../server/src/editing/completion.ts";
import { NameResolver } from "../../../server/src/editing/resolve.ts";
import { foldSql } from "../../../server/src/model/fromSql.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";

const history = `
CREATE SCHEMA sales;
CREATE TYPE stage AS ENUM ('OPEN', 'WON');
CREATE TABLE accounts (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE deals (
  id bigint CONSTRAINT deals_pkey PRIMARY KEY,
  account_id bigint NOT NULL CONSTRAINT deals_account_fkey REFERENCES accounts (id),
  stage stage,
  "closedAt" timestamptz(3)
);
CREATE TABLE sales."Order" (id int, "select" text);
CREATE VIEW open_deals AS SELECT id, account_id FROM deals;
CREATE FUNCTION weight(deal bigint) RETURNS int LANGUAGE sql AS 'SELECT 1';
`;

describe("completeSql", () => {
  let resolver: NameResolver;
  before(async () => {
    await loadSqlParser();
    resolver = new NameResolver(foldSql([parseSql("file:///history.sql", history)]).schema);
  });

  /** What is offered at the `|` of a text. */
  const offered = (marked: string): readonly Completion[] =>
    completeSql(parseSql("file:///query.sql", marked.replace("|", "")), marked.indexOf("|"), resolver);
  const labels = (marked: string): readonly string[] => offered(marked).map(({ label }) => label);
  const columns = (marked: string): readonly string[] => offered(marked).flatMap(({ label, kind }) => (kind === "column" ? [label] : []));

  const relations = ["accounts", "deals", "open_deals", 'sales."Order"', "public", "sales"];

  for (const place of [
    "SELECT * FROM |",
    "SELECT * FROM de|",
    "SELECT * FROM accounts JOIN |",
    "SELECT * FROM accounts, |",
    "SELECT |; \nSELECT 1 FROM |".replace("|; ", "1; "),
    "INSERT INTO |",
    "UPDATE |",
    "DELETE FROM | WHERE id = 1",
    "ALTER TABLE |",
    "ALTER TABLE IF EXISTS |",
    "DROP TABLE IF EXISTS |",
    "CREATE TABLE x (id int REFERENCES |",
    "CREATE INDEX i ON |",
    "CREATE POLICY p ON |",
    "SELECT (SELECT 1 FROM |)",
    "SELECT * FROM accounts UNION SELECT * FROM |",
  ]) {
    it(`offers tables and views in ${place.replaceAll("\n", " ")}`, () => assert.deepEqual(labels(place), relations));
  }

  it("offers the relations of a schema behind its name", () => {
    assert.deepEqual(labels("SELECT * FROM sales.|"), ['"Order"']);
    assert.deepEqual(labels("SELECT * FROM sales.O|"), ['"Order"']);
  });

  it("offers columns of what stands in FROM, before it and behind it, by table and by alias", () => {
    assert.deepEqual(columns("SELECT | FROM accounts"), ["id", "name"]);
    assert.deepEqual(columns("SELECT * FROM deals WHERE st|"), ["id", "account_id", "stage", '"closedAt"']);
    assert.deepEqual(columns("SELECT d.| FROM deals AS d JOIN accounts a ON a.id = d.account_id"), [
      "id",
      "account_id",
      "stage",
      '"closedAt"',
    ]);
    assert.deepEqual(columns("SELECT d.id, a.na| FROM deals d, accounts a"), ["id", "name"]);
    assert.deepEqual(columns('SELECT sales."Order".| FROM sales."Order"'), ["id", '"select"']);
    assert.deepEqual(columns("SELECT | FROM open_deals"), ["id", "account_id"]);
  });

  it("qualifies what several sources have", () => {
    const found = columns("SELECT | FROM deals d JOIN accounts a ON true");
    assert.ok(found.includes("d.id") && found.includes("a.id") && found.includes("name") && !found.includes("id"), found.join());
  });

  it("knows queries in FROM, common table expressions and the query around", () => {
    assert.deepEqual(columns("WITH won AS (SELECT id AS deal, stage, count(*) FROM deals) SELECT | FROM won"), ["deal", "stage", "count"]);
    assert.deepEqual(columns("WITH w (a, b) AS (SELECT 1, 2) SELECT w.| FROM w"), ["a", "b"]);
    assert.deepEqual(columns("SELECT s.| FROM (SELECT d.*, 1 AS one FROM deals d) s"), ["id", "account_id", "stage", '"closedAt"', "one"]);
    assert.deepEqual(columns("SELECT 1 FROM accounts a WHERE EXISTS (SELECT 1 FROM deals WHERE a.|"), ["id", "name"]);
    assert.ok(labels("WITH won AS (SELECT 1 AS x) SELECT * FROM |").includes("won"));
    assert.deepEqual(columns("SELECT id FROM accounts UNION ALL SELECT | FROM open_deals"), ["id", "account_id"]);
  });

  it("offers the columns of the table that is written to", () => {
    assert.deepEqual(labels("INSERT INTO accounts (|"), ["id", "name"]);
    assert.deepEqual(labels("INSERT INTO accounts (id, |) VALUES (1)"), ["id", "name"]);
    assert.deepEqual(labels("UPDATE accounts SET |"), ["id", "name"]);
    assert.deepEqual(columns("UPDATE accounts SET name = 'x' WHERE |"), ["id", "name"]);
    assert.deepEqual(columns("INSERT INTO accounts VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.|"), ["id", "name"]);
  });

  it("offers columns, types and constraints in DDL", () => {
    assert.deepEqual(labels("CREATE TABLE x (id int REFERENCES accounts (|"), ["id", "name"]);
    assert.deepEqual(labels("CREATE INDEX i ON accounts (|"), ["id", "name"]);
    assert.deepEqual(labels("CREATE INDEX i ON accounts USING gin (|"), ["id", "name"]);
    assert.deepEqual(labels("ALTER TABLE accounts DROP COLUMN |"), ["id", "name"]);
    assert.deepEqual(labels("ALTER TABLE accounts ALTER COLUMN n|"), ["id", "name"]);
    assert.deepEqual(labels("ALTER TABLE accounts ADD CONSTRAINT u UNIQUE (|"), ["id", "name"]);
    assert.deepEqual(labels("ALTER TABLE deals ADD FOREIGN KEY (|"), ["id", "account_id", "stage", '"closedAt"']);
    assert.deepEqual(labels("ALTER TABLE deals DROP CONSTRAINT |"), ["deals_pkey", "deals_account_fkey"]);
    for (const place of [
      "SELECT 1::|",
      "SELECT CAST(a AS |",
      "CREATE TABLE x (id |",
      "CREATE TABLE x (id int, s st|",
      "ALTER TABLE deals ADD COLUMN x |",
      "ALTER TABLE deals ALTER COLUMN stage TYPE |",
    ])
      assert.ok(labels(place).includes("stage") && labels(place).includes("timestamptz"), place);
    assert.deepEqual(labels("CREATE TABLE x (id int, code text, PRIMARY KEY (|"), ["id", "code"]);
  });

  it("offers the foreign keys between tables as the condition of their join", () => {
    assert.equal(labels("SELECT * FROM accounts a JOIN deals d ON |")[0], "d.account_id = a.id");
    assert.equal(labels("SELECT * FROM deals JOIN accounts ON |")[0], "deals.account_id = accounts.id");
  });

  it("offers functions, the schema's own too, in expressions", () => {
    const found = labels("SELECT | FROM deals");
    assert.ok(found.includes("count") && found.includes("weight"));
  });

  it("offers clauses behind a source and no columns", () => {
    assert.deepEqual(columns("SELECT * FROM deals |"), []);
    assert.ok(labels("SELECT * FROM deals |").includes("WHERE"));
  });

  it("offers nothing in comments, strings and names that are made up", () => {
    for (const place of [
      "SELECT 'a|' FROM deals",
      "SELECT 'a|",
      "-- |\nSELECT 1",
      "SELECT 1 -- FROM |",
      "SELECT /* | */ 1",
      "SELECT $$ | $$",
      "CREATE TABLE |",
      "SELECT E'a\\'|",
    ])
      assert.deepEqual(labels(place), [], place);
  });

  it("is not taken in by words that look like clauses", () => {
    assert.deepEqual(columns("SELECT extract(year FROM |) FROM deals"), ["id", "account_id", "stage", '"closedAt"']);
    assert.deepEqual(columns("SELECT 1 FROM accounts WHERE id IS DISTINCT FROM |"), ["id", "name"]);
    assert.ok(!labels("SELECT 1 FROM accounts FOR UPDATE |").includes("deals"));
  });

  it("quotes names that need it and escapes them in snippets", () => {
    const odd = new NameResolver(
      foldSql([
        parseSql(
          "file:///a.sql",
          `CREATE TABLE "we""ird\n😀" ("\${1}" int, "user" int); CREATE FUNCTION "$f}"() RETURNS int LANGUAGE sql AS 'SELECT 1';`,
        ),
      ]).schema,
    );
    const at = (text: string): readonly Completion[] => completeSql(parseSql("file:///q.sql", text), text.length, odd);
    assert.equal(at("SELECT * FROM ")[0]?.insert, '"we""ird\n😀"');
    const found = at('SELECT * FROM "we""ird\n😀" x WHERE ');
    assert.deepEqual(
      found.filter(({ kind }) => kind === "column").map(({ insert }) => insert),
      ['"${1}"', '"user"'],
    );
    assert.equal(found.find(({ label }) => label === "$f}")?.insert, '"\\$f\\}"($1)');
  });

  it("replaces what is typed", () => {
    const marked = 'SELECT * FROM "de|';
    assert.deepEqual(offered(marked)[0]?.span, { start: 14, end: 17 });
    assert.deepEqual(offered('SELECT * FROM "de|" WHERE')[0]?.span, { start: 14, end: 18 }, "with the quote that an editor closes it by");
    assert.deepEqual(offered('SELECT "de| FROM "deals"')[0]?.span, { start: 7, end: 10 });
  });

  it("answers at every place of every prefix of a query", () => {
    const text =
      "WITH a AS (SELECT d.* FROM deals d), b (x) AS (SELECT 1) SELECT a.id, (SELECT x FROM b) FROM a JOIN accounts ON a.account_id = accounts.id WHERE a.\"closedAt\" > 'x' ORDER BY 1; UPDATE deals SET stage = 'WON'";
    for (let end = 0; end <= text.length; end++) completeSql(parseSql("file:///q.sql", text.slice(0, end)), end, resolver);
    const whole = parseSql("file:///q.sql", text);
    for (let at = 0; at <= text.length; at++) completeSql(whole, at, resolver);
  });
});
