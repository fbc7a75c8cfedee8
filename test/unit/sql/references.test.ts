import assert from "node:assert/strict";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { referencesOf } from "../../../server/src/sql/references.ts";

describe("References of a statement", () => {
  before(loadSqlParser);

  /** `kind text` of every reference, with `+` before what it defines, `-` before what it drops, `~` before what it makes itself. */
  const mentioned = (sql: string): readonly string[] => {
    const [statement] = parseSql("file:///a.sql", sql).statements;
    assert.ok(statement?.tree !== undefined, sql.slice(0, 200));
    return referencesOf(statement).map(({ kind, role, isLocal, span }) => {
      const mark = `${isLocal ? "~" : ""}${role === "defines" ? "+" : role === "drops" ? "-" : ""}`;
      return `${kind} ${mark}${statement.text.slice(span.start, span.end)}`;
    });
  };
  /** What the first column of that spelling is looked up in. */
  const sourcesOf = (sql: string, column: string): readonly (string | undefined)[] => {
    const [statement] = parseSql("file:///a.sql", sql).statements;
    assert.ok(statement !== undefined);
    const found = referencesOf(statement).find(
      ({ kind, span }) => kind === "column" && statement.text.slice(span.start, span.end) === column,
    );
    assert.ok(found !== undefined, column);
    return found.scope?.sources.map(({ name, relation }) => `${name}=${relation?.join(".")}`) ?? [];
  };

  it("have the tables and columns of a query at their places, whatever stands in front", () => {
    const sql = '/* é𝒳 */ SELECT o."Id", total FROM app.orders AS o WHERE o.total > 1';
    assert.deepEqual(mentioned(sql), ['column o."Id"', "column total", "relation app.orders", "column o.total"]);
    assert.deepEqual(sourcesOf(sql, "total"), ["o=app.orders"]);
  });

  it("know which FROM a column of a subquery is looked up in", () => {
    const sql = "SELECT a FROM x WHERE EXISTS (SELECT 1 FROM y WHERE b = x.c)";
    assert.deepEqual(sourcesOf(sql, "a"), ["x=x"]);
    assert.deepEqual(sourcesOf(sql, "b"), ["y=y"]);
  });

  it("take a common table expression for what it is", () => {
    assert.deepEqual(mentioned("WITH open AS (SELECT id FROM deals) SELECT id FROM open"), [
      "relation ~+open",
      "column id",
      "relation deals",
      "column id",
      "relation ~open",
    ]);
    assert.deepEqual(mentioned("WITH open AS (SELECT 1) SELECT * FROM app.open").at(-1), "relation app.open");
  });

  it("have a column of USING once for each side", () => {
    assert.deepEqual(
      mentioned("SELECT 1 FROM a JOIN b USING (id)").filter((one) => one.startsWith("column")),
      ["column id", "column id"],
    );
  });

  it("look a name of ORDER BY up in the output first", () => {
    const [statement] = parseSql("file:///a.sql", "SELECT total AS worth FROM orders ORDER BY worth").statements;
    assert.ok(statement !== undefined);
    const last = referencesOf(statement).at(-1);
    assert.equal(last?.scope?.sources[0]?.columns?.[0]?.kind, "column");
  });

  it("have what INSERT, UPDATE, DELETE and MERGE write to", () => {
    assert.deepEqual(mentioned("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING c"), [
      "relation t",
      "column a",
      "column a",
      "column b",
      "column excluded.b",
      "column c",
    ]);
    assert.deepEqual(mentioned("UPDATE t SET a = b FROM u WHERE t.id = u.id"), [
      "relation t",
      "column a",
      "column b",
      "relation u",
      "column t.id",
      "column u.id",
    ]);
    assert.deepEqual(mentioned("MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = u.b"), [
      "relation t",
      "relation u",
      "column t.id",
      "column u.id",
      "column a",
      "column u.b",
    ]);
  });

  it("have what DDL makes, with its columns, types and keys", () => {
    assert.deepEqual(
      mentioned("CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES s.b (id), mood app.mood, CONSTRAINT one UNIQUE (id, b_id))"),
      [
        "relation +a",
        "column +id",
        "column +b_id",
        "relation s.b",
        "column id",
        "column +mood",
        "type app.mood",
        "constraint +one",
        "column id",
        "column b_id",
      ],
    );
    assert.deepEqual(mentioned('CREATE INDEX i ON t (lower(a), a, "B") INCLUDE (c) WHERE d'), [
      "index +i",
      "relation t",
      "routine lower",
      "column a",
      "column a",
      'column "B"',
      "column c",
      "column d",
    ]);
  });

  it("have what ALTER, DROP, RENAME and COMMENT are about", () => {
    assert.deepEqual(
      mentioned("ALTER TABLE t DROP COLUMN a, ALTER COLUMN b TYPE app.mood, ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES u (d)"),
      ["relation t", "column -a", "column b", "type app.mood", "constraint +f", "column c", "relation u", "column d"],
    );
    assert.deepEqual(mentioned("DROP TABLE a.b, c"), ["relation -a.b", "relation -c"]);
    assert.deepEqual(mentioned("ALTER TABLE t RENAME COLUMN a TO b"), ["relation t", "column a", "column +b"]);
    assert.deepEqual(mentioned("COMMENT ON COLUMN s.t.a IS 'x'"), ["relation s.t", "column a"]);
    assert.deepEqual(mentioned("DROP POLICY p ON t"), ["policy -p", "relation t"]);
    assert.deepEqual(mentioned("GRANT SELECT (a) ON t TO r"), ["column a", "relation t"]);
  });

  it("have a relation that stands in a string, and the statements of a DO block", () => {
    assert.deepEqual(mentioned("SELECT nextval('app.\"Ids\"')"), ["routine nextval", 'relation app."Ids"']);
    assert.deepEqual(mentioned("DO $$ BEGIN ALTER TABLE a ADD COLUMN b int; END $$"), ["relation a", "column +b"]);
  });

  it("leave out what the parser puts in by itself", () => {
    assert.deepEqual(
      mentioned("SELECT trim(a), extract(day FROM b), c::int FROM t").filter((one) => !one.startsWith("column")),
      ["relation t"],
    );
  });

  it("are found for names of any kind", () => {
    assert.deepEqual(mentioned('SELECT "a""b\n" FROM "sel ect"."💥" AS "x"'), ['column "a""b\n"', 'relation "sel ect"."💥"']);
    const long = "x".repeat(80);
    assert.deepEqual(mentioned(`SELECT 1 FROM ${long}`), [`relation ${long}`]);
  });

  it("of a long chain of queries are complete", () => {
    assert.equal(mentioned(`${"SELECT 1 FROM t UNION ALL ".repeat(600)}SELECT 1 FROM t`).length, 601);
  });
});
