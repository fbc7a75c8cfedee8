import assert from "node:assert/strict";
import { NameHistory } from "../../../server/src/editing/nameHistory.ts";
import { NameResolver } from "../../../server/src/editing/resolve.ts";
import { objectId } from "../../../server/src/editing/schemaObject.ts";
import { fromSql } from "../../../server/src/model/fromSql.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { referencesOf } from "../../../server/src/sql/references.ts";

const tables = `
CREATE SCHEMA app;
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE app.orders (id int PRIMARY KEY, user_id int REFERENCES users, total int);
CREATE VIEW app.open AS SELECT id, total FROM app.orders;
CREATE TYPE app.mood AS ENUM ('a');
`;

describe("Names in SQL", () => {
  before(loadSqlParser);

  /** `text: what it stands for` of every reference of a query that is about these tables. */
  const meanings = (query: string, history = tables): readonly string[] => {
    const resolver = new NameResolver(fromSql([parseSql("file:///schema.sql", history)]));
    return parseSql("file:///query.sql", query).statements.flatMap((statement) =>
      referencesOf(statement).map((reference) => {
        const resolution = resolver.resolve(reference, statement.anchor);
        const what =
          resolution.kind === "found"
            ? objectId(resolution.object)
            : resolution.kind === "missing"
              ? `no ${resolution.what}`
              : resolution.kind;
        return `${statement.text.slice(reference.span.start, reference.span.end)}: ${what}`;
      }),
    );
  };

  it("stand for what FROM says, by alias, by name and by schema", () => {
    assert.deepEqual(meanings("SELECT o.total, app.orders.id FROM app.orders o"), [
      "o.total: column app.orders.total",
      "app.orders.id: no qualifier",
      "app.orders: relation app.orders",
    ]);
    assert.deepEqual(meanings("SELECT app.orders.id, name FROM app.orders, users").slice(0, 2), [
      "app.orders.id: column app.orders.id",
      "name: column public.users.name",
    ]);
  });

  it("are followed through subqueries, common table expressions and their stars", () => {
    assert.deepEqual(meanings("SELECT s.worth FROM (SELECT total AS worth FROM app.orders) s")[0], "s.worth: column app.orders.total");
    assert.deepEqual(meanings("WITH o AS (SELECT * FROM app.orders) SELECT o.total, o.nothing FROM o").slice(2, 4), [
      "o.total: column app.orders.total",
      "o.nothing: no column",
    ]);
    assert.deepEqual(meanings("SELECT n FROM app.orders AS o (n)")[0], "n: column app.orders.id");
    assert.deepEqual(meanings("SELECT total FROM app.open")[0], "total: column app.open.total");
  });

  it("of an inner query may be those of the outer one", () => {
    assert.equal(
      meanings("SELECT 1 FROM users WHERE EXISTS (SELECT 1 FROM app.orders WHERE user_id = name)").at(-1),
      "name: column public.users.name",
    );
  });

  it("that are nowhere are missing, each in its own way", () => {
    assert.deepEqual(meanings("SELECT nam, u.id FROM users"), ["nam: no column", "u.id: no qualifier", "users: relation public.users"]);
    assert.deepEqual(meanings("SELECT 1 FROM user_s"), ["user_s: no relation"]);
    assert.deepEqual(meanings("SELECT 1::moood"), ["moood: no type"]);
  });

  it("that may be somebody else's are unknown, never missing", () => {
    assert.deepEqual(meanings("SELECT x FROM elsewhere.t"), ["x: unknown", "elsewhere.t: unknown"]);
    assert.deepEqual(meanings("SELECT relname FROM pg_class"), ["relname: unknown", "pg_class: unknown"]);
    assert.deepEqual(meanings("SELECT f.x FROM json_to_record('{}') AS f"), ["f.x: unknown", "json_to_record: unknown"]);
    assert.deepEqual(meanings("SELECT ctid FROM users")[0], "ctid: local");
  });

  it("of a history are those of their time", () => {
    const text = `
CREATE TABLE a (x int, gone int);
CREATE INDEX ON a (x);
ALTER TABLE a RENAME TO b;
ALTER TABLE b RENAME COLUMN x TO y;
ALTER TABLE b DROP COLUMN gone;
CREATE TABLE a (z int);
`;
    const file = parseSql("file:///h.sql", text);
    const resolver = new NameResolver(fromSql([file]), { history: new NameHistory([file]) });
    const meant = file.statements.map((statement) =>
      referencesOf(statement).map((reference) => {
        const resolution = resolver.resolve(reference, statement.anchor);
        return resolution.kind === "found" ? objectId(resolution.object) : resolution.kind;
      }),
    );
    assert.deepEqual(meant, [
      ["relation public.b", "column public.b.y", "gone"],
      ["relation public.b", "column public.b.y"],
      ["relation public.b", "relation public.b"],
      ["relation public.b", "column public.b.y", "column public.b.y"],
      ["relation public.b", "gone"],
      ["relation public.a", "column public.a.z"],
    ]);
    assert.deepEqual([...new NameHistory([file]).formerNames("y")], ["x"]);
  });
});
