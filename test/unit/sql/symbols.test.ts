import assert from "node:assert/strict";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { type SqlSymbol, sqlSymbols } from "../../../server/src/sql/symbols.ts";

describe("The outline of an SQL file", () => {
  before(loadSqlParser);

  it("has tables with their columns and constraints", () => {
    const text = `CREATE TABLE app."Orders" (
      id uuid PRIMARY KEY,
      total numeric(10, 2) NOT NULL DEFAULT 0,
      "äöü😀" text[], -- a comment, with a comma
      CONSTRAINT positive CHECK (total >= 0 AND total IN (1, 2)),
      UNIQUE (total)
    );`;
    assert.deepEqual(outline(text), [
      'table app.Orders CREATE TABLE: "Orders"',
      "  column id uuid: id",
      "  column total numeric(10, 2): total",
      '  column äöü😀 text[]: "äöü😀"',
      "  constraint positive CHECK: positive",
      "  constraint UNIQUE : UNIQUE (total)",
    ]);
  });

  it("has what an ALTER TABLE adds", () => {
    assert.deepEqual(outline("ALTER TABLE t ADD COLUMN a int, ADD CONSTRAINT k UNIQUE (a), DROP COLUMN b"), [
      "table t ALTER TABLE: t",
      "  column a int: a",
      "  constraint k UNIQUE: k",
    ]);
  });

  it("names every kind of object at its name", () => {
    const text = `
      CREATE SCHEMA app;
      CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
      CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
      CREATE DOMAIN age AS int CHECK (VALUE > 0);
      CREATE UNIQUE INDEX by_name ON app.people (name);
      CREATE VIEW app.v AS SELECT 1;
      CREATE MATERIALIZED VIEW m AS SELECT 1;
      CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
      CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
      CREATE POLICY "own rows" ON t USING (true);
      CREATE SEQUENCE s;`;
    assert.deepEqual(outline(text), [
      "schema app CREATE SCHEMA: app",
      'extension uuid-ossp CREATE EXTENSION: "uuid-ossp"',
      "enum mood CREATE TYPE: mood",
      "  enumValue sad : 'sad'",
      "  enumValue it's ok : 'it''s ok'",
      "domain age CREATE DOMAIN: age",
      "index by_name CREATE INDEX ON people: by_name",
      "view app.v CREATE VIEW: v",
      "materializedView m CREATE MATERIALIZED VIEW: m",
      "function app.f CREATE FUNCTION: f",
      "trigger tr CREATE TRIGGER ON t: tr",
      'policy own rows CREATE POLICY ON t: "own rows"',
      "sequence s CREATE SEQUENCE: s",
    ]);
  });

  it("shows statements without a name by their beginning, parsed or not", () => {
    assert.deepEqual(outline("SELECT 1\nFROM t;\nDO $$ BEGIN END $$;\nALTER TABLE t ADD;\n\\d t\nCREATE INDEX ON t (a)"), [
      "query SELECT 1 : SELECT 1",
      "block DO $$ BEGIN END $$ : DO $$ BEGIN END $$",
      "statement ALTER TABLE t ADD : ALTER TABLE t ADD",
      "statement \\d t psql: \\d t",
      "statement CREATE INDEX ON t (a) : CREATE INDEX ON t (a)",
    ]);
  });

  it("keeps every name inside of its symbol and every child inside of its parent", () => {
    const text = "CREATE TABLE t (a int, b int REFERENCES t (a), CHECK (a > 0)); CREATE TYPE e AS ENUM ('x');";
    const check = ({ span, nameSpan, children }: SqlSymbol): void => {
      assert.ok(span.start <= nameSpan.start && nameSpan.start < nameSpan.end && nameSpan.end <= span.end);
      for (const child of children) {
        assert.ok(span.start <= child.span.start && child.span.end <= span.end);
        check(child);
      }
    };
    for (let length = 0; length <= text.length; length++) sqlSymbols(parseSql("t.sql", text.slice(0, length))).forEach(check);
  });
});

/** `kind name detail: text at the name`, indented. */
function outline(text: string): string[] {
  const lines = (symbol: SqlSymbol, indent: string): string[] => [
    `${indent}${symbol.kind} ${symbol.name} ${symbol.detail}: ${text.slice(symbol.nameSpan.start, symbol.nameSpan.end)}`,
    ...symbol.children.flatMap((child) => lines(child, `${indent}  `)),
  ];
  return sqlSymbols(parseSql("t.sql", text)).flatMap((symbol) => lines(symbol, ""));
}
