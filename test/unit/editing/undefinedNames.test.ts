import assert from "node:assert/strict";
import { NameHistory } from "../../../server/src/editing/nameHistory.ts";
import { undefinedNames } from "../../../server/src/editing/undefinedNames.ts";
import { foldSql } from "../../../server/src/model/fromSql.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import type { Problem } from "../../../server/src/text/problem.ts";

const schema = `
CREATE SCHEMA sales;
CREATE TYPE stage AS ENUM ('OPEN', 'WON');
CREATE TABLE accounts (id bigint CONSTRAINT accounts_pkey PRIMARY KEY, name text NOT NULL);
CREATE TABLE deals (id bigint PRIMARY KEY, account_id bigint REFERENCES accounts (id), stage stage, "closedAt" timestamptz, payload jsonb);
CREATE TABLE sales."Order" (id int, total int);
CREATE VIEW open_deals AS SELECT id, account_id FROM deals;
`;

/** The problems of a text, each as what it underlines, its message, and what it offers. */
function shown(text: string, problems: readonly Problem[]): readonly string[] {
  return problems.map(
    ({ span, message, instead }) => `${text.slice(span.start, span.end)}: ${message}${instead === undefined ? "" : ` [${instead}]`}`,
  );
}

function all<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

function inQuery(text: string, extra = ""): readonly string[] {
  const files = [parseSql("file:///schema.sql", schema + extra)];
  const options = { history: new NameHistory(files) };
  return shown(text, all(undefinedNames(parseSql("file:///query.sql", text), foldSql(files).schema, options)).problems);
}

/** Of a migration behind the ones that make the schema. */
function inMigration(text: string): readonly string[] {
  const file = parseSql("file:///2.sql", text);
  const files = [parseSql("file:///1.sql", schema), file];
  const { schema: folded, problems } = foldSql(files);
  const options = { history: new NameHistory(files), isHistory: true, folded: problems.get(file.uri) ?? [] };
  return shown(text, all(undefinedNames(file, folded, options)).problems);
}

describe("undefinedNames", () => {
  before(loadSqlParser);

  for (const [query, ...expected] of [
    ["SELECT * FROM acounts", 'acounts: Table or view "acounts" does not exist. Did you mean "accounts"? [accounts]'],
    ["SELECT nmae FROM accounts", 'nmae: Column "nmae" of "accounts" does not exist. Did you mean "name"? [name]'],
    ["SELECT a.nmae FROM accounts a", 'nmae: Column "nmae" of "a" does not exist. Did you mean "name"? [name]'],
    ["SELECT ac.name FROM accounts acc", 'ac: Nothing in FROM is called "ac" here. Did you mean "acc"? [acc]'],
    ["SELECT closedAt FROM deals", 'closedAt: Column "closedat" of "deals" does not exist. Did you mean "closedAt"? ["closedAt"]'],
    ['SELECT id FROM sales."Ordr"', '"Ordr": Table or view "Ordr" does not exist. Did you mean "Order"? ["Order"]'],
    ["SELECT id, 'x'::stgae FROM deals", 'stgae: Type "stgae" does not exist. Did you mean "stage"? [stage]'],
    ["UPDATE deals SET stge = 'WON'", 'stge: Column "stge" of "deals" does not exist. Did you mean "stage"? [stage]'],
    ["INSERT INTO accounts (id, nam) VALUES (1, 'x')", 'nam: Column "nam" of "accounts" does not exist. Did you mean "name"? [name]'],
    [
      "DELETE FROM deals WHERE acount_id = 1",
      'acount_id: Column "acount_id" of "deals" does not exist. Did you mean "account_id"? [account_id]',
    ],
    [
      "SELECT acount_id FROM open_deals",
      'acount_id: Column "acount_id" of "open_deals" does not exist. Did you mean "account_id"? [account_id]',
    ],
    [
      "SELECT 1 FROM accounts a WHERE EXISTS (SELECT 1 FROM deals d WHERE d.account_id = a.idd)",
      'idd: Column "idd" of "a" does not exist. Did you mean "id"? [id]',
    ],
    ["WITH w AS (SELECT id AS deal FROM deals) SELECT dael FROM w", 'dael: Column "dael" does not exist. Did you mean "deal"? [deal]'],
    ["SELECT * FROM accounts JOIN deals USING (idx)", 'idx: Column "idx" of "accounts" does not exist. Did you mean "id"? [id]'],
    ["SELECT id FROM accounts, nothing_like_it", 'nothing_like_it: Table or view "nothing_like_it" does not exist.'],
  ] as const) {
    it(`says of ${query}`, () => assert.deepEqual(inQuery(query), expected));
  }

  for (const query of [
    "SELECT a.id, count(*) AS n FROM accounts a LEFT JOIN deals d ON d.account_id = a.id GROUP BY a.id ORDER BY n",
    "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t",
    "SELECT x.key, x.value FROM deals, jsonb_each(payload) AS x",
    "SELECT f.a FROM jsonb_to_record('{}') AS f (a int)",
    "SELECT g FROM generate_series(1, 3) g",
    "SELECT last.id FROM accounts a CROSS JOIN LATERAL (SELECT d.id FROM deals d WHERE d.account_id = a.id) last",
    "SELECT relname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace",
    "SELECT table_name FROM information_schema.tables",
    "SELECT ctid, xmin, tableoid::regclass FROM deals",
    "SELECT deals FROM deals",
    "SELECT (d).id, to_jsonb(d) - 'x' FROM deals d",
    "CREATE TEMP TABLE staging (a int); SELECT a FROM staging; ALTER TABLE staging ADD b int; SELECT b FROM staging",
    "CREATE TEMP TABLE picked AS SELECT id FROM deals; SELECT p.id FROM picked p",
    "ALTER TABLE deals ADD COLUMN extra int; UPDATE deals SET extra = 1",
    "SELECT * FROM _prisma_migrations JOIN accounts ON true",
    "SELECT * FROM elsewhere.things JOIN accounts ON true",
    "INSERT INTO accounts AS t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING t.id",
    "DROP TABLE IF EXISTS acounts",
    "SELECT things FROM others",
    "SELECT current_user, now() FROM accounts",
    "VALUES (1)",
    "MERGE INTO accounts a USING deals d ON d.account_id = a.id WHEN MATCHED THEN UPDATE SET name = 'x'",
  ]) {
    it(`says nothing of ${query}`, () => assert.deepEqual(inQuery(query), []));
  }

  it("says nothing where something was not read that may define the name", () => {
    const extra = "DO $$ BEGIN EXECUTE format('CREATE TABLE %I ()', current_setting('x')); END $$;";
    assert.deepEqual(inQuery("SELECT * FROM acounts", extra), []);
  });

  it("says nothing of tables that an extension may bring along", () => {
    assert.deepEqual(inQuery("SELECT * FROM accounts, spatial_ref_sys", "CREATE EXTENSION postgis;"), []);
    assert.deepEqual(inQuery("SELECT * FROM accounts, whatever", "CREATE EXTENSION something_new;"), []);
  });

  for (const [migration, ...expected] of [
    [
      "ALTER TABLE acounts ADD COLUMN x int",
      'acounts: Table "acounts" does not exist: nothing before creates it. Did you mean "accounts"? [accounts]',
    ],
    ["ALTER TABLE accounts DROP COLUMN nmae", 'nmae: Column "nmae" of "accounts" does not exist. Did you mean "name"? [name]'],
    [
      "ALTER TABLE deals ADD FOREIGN KEY (acount_id) REFERENCES accounts (id)",
      'acount_id: Column "acount_id" of "deals" does not exist. Did you mean "account_id"? [account_id]',
    ],
    [
      "ALTER TABLE deals ADD FOREIGN KEY (account_id) REFERENCES accounts (idd)",
      'idd: Column "idd" of "accounts" does not exist. Did you mean "id"? [id]',
    ],
    [
      "CREATE INDEX i ON deals (acount_id)",
      'acount_id: Column "acount_id" of "deals" does not exist. Did you mean "account_id"? [account_id]',
    ],
    ["CREATE INDEX i ON accounts (lower(nmae))", 'nmae: Column "nmae" of "accounts" does not exist. Did you mean "name"? [name]'],
    ["ALTER TABLE accounts ADD CHECK (nmae <> '')", 'nmae: Column "nmae" of "accounts" does not exist. Did you mean "name"? [name]'],
    [
      "ALTER TABLE deals ADD COLUMN s stgae",
      'stgae: Type "stgae" does not exist: nothing before creates it. Did you mean "stage"? [stage]',
    ],
    [
      "ALTER TABLE accounts DROP CONSTRAINT acounts_pkey",
      'acounts_pkey: Constraint "acounts_pkey" of "accounts" does not exist. Did you mean "accounts_pkey"? [accounts_pkey]',
    ],
    ["ALTER TABLE accounts RENAME COLUMN nmae TO title", 'nmae: Column "nmae" of "accounts" does not exist. Did you mean "name"? [name]'],
    ["CREATE POLICY p ON accounts USING (nmae = '')", 'nmae: Column "nmae" of "accounts" does not exist. Did you mean "name"? [name]'],
    ["UPDATE accounts SET nmae = ''", 'nmae: Column "nmae" of "accounts" does not exist. Did you mean "name"? [name]'],
    ["DROP TABLE acounts", 'acounts: Table "acounts" does not exist. Did you mean "accounts"? [accounts]'],
    ["ALTER TABLE deals RENAME TO bargains; ALTER TABLE bargains ADD y int"],
    ["CREATE TEMP TABLE t AS SELECT 1 AS one; UPDATE deals SET id = one FROM t"],
    ["ALTER TABLE accounts ADD COLUMN later int; UPDATE accounts SET later = 1"],
    ["-- migrate:down\nDROP TABLE acounts"],
  ] as const) {
    it(`says of the migration ${migration.replaceAll("\n", " ")}`, () => assert.deepEqual(inMigration(migration), expected));
  }

  it("quotes what it offers and survives names of any kind", () => {
    const extra = 'CREATE TABLE "we""ird\u202e😀" ("a b" int);';
    assert.deepEqual(inQuery('SELECT "a bb" FROM "we""ird\u202e😀"', extra), [
      '"a bb": Column "a bb" of "we"ird\u202e😀" does not exist. Did you mean "a b"? ["a b"]',
    ]);
  });
});
