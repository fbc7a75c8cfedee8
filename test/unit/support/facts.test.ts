import assert from "node:assert/strict";
import type { Schema } from "../../../server/src/model/schema.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { differenceOf, factsOf, unexplained } from "../../support/facts.ts";
import { parseSqlText } from "../../support/schemas.ts";

describe("facts of a schema", () => {
  const text = "CREATE TABLE a (id int PRIMARY KEY, p int REFERENCES a ON DELETE CASCADE);";
  let schema: Schema;

  before(async () => {
    await loadSqlParser();
    schema = parseSqlText(text).schema;
  });

  it("are the same for texts that say the same", () => {
    const other = parseSqlText(
      "CREATE TABLE a (id integer, p int);\nALTER TABLE a ADD PRIMARY KEY (id);\nALTER TABLE a ADD FOREIGN KEY (p) REFERENCES a (id) ON DELETE CASCADE;",
    ).schema;
    assert.deepEqual(differenceOf(schema, other), { removed: [], added: [] });
  });

  it("differ with everything that differs", () => {
    const differing = [
      text.replace("id int", "id int8"),
      text.replace("p int", "p int NOT NULL"),
      text.replace("p int", "p int DEFAULT 1"),
      text.replace("CASCADE", "SET NULL"),
      text.replace(" ON DELETE CASCADE", " ON DELETE CASCADE DEFERRABLE"),
      `${text} CREATE INDEX ON a (p);`,
      `${text} CREATE VIEW v AS SELECT id FROM a;`,
      `${text} CREATE TYPE t AS ENUM ('x');`,
      `${text} COMMENT ON TABLE a IS 'x';`,
      `${text} ALTER TABLE a ENABLE ROW LEVEL SECURITY;`,
      `${text} GRANT SELECT ON a TO public;`,
      `${text} ALTER TABLE a ADD CHECK (p > 0);`,
    ];
    const known = factsOf(schema).join("\n");
    for (const other of differing) assert.notEqual(factsOf(parseSqlText(other).schema).join("\n"), known, other);
  });

  const unexplainedBy = (sql: string): number => {
    const table = schema.tables.get("public.a");
    assert.ok(table !== undefined);
    return unexplained(differenceOf(schema, parseSqlText(sql).schema), { do: "addIndex", table, columns: ["p"] }).length;
  };

  it("explain a change by its intent, whatever the index is called", () => {
    assert.equal(unexplainedBy(`${text} CREATE INDEX ON a (p);`), 0);
    assert.equal(unexplainedBy(`${text} CREATE INDEX other ON a (p);`), 0);
  });

  it("do not explain a change that is missing, another one, or one more", () => {
    assert.equal(unexplainedBy(text), 1);
    assert.equal(unexplainedBy(`${text} CREATE INDEX ON a (p DESC);`), 2);
    assert.equal(unexplainedBy(`${text} CREATE INDEX ON a (p); CREATE INDEX ON a (p);`), 1);
    assert.equal(unexplainedBy(`${text.replace("CASCADE", "RESTRICT")} CREATE INDEX ON a (p);`), 2);
  });
});
