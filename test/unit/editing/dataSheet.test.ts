import assert from "node:assert/strict";
import { dataSheet } from "../../../server/src/editing/dataSheet.ts";
import type { SchemaObject } from "../../../server/src/editing/schemaObject.ts";
import type { Sheet } from "../../../server/src/editing/sheets/sheet.ts";
import { fromSql } from "../../../server/src/model/fromSql.ts";
import { Places } from "../../../server/src/model/places.ts";
import type { Schema, Table } from "../../../server/src/model/schema.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";

describe("A data sheet", () => {
  before(loadSqlParser);

  const sheetOf = (texts: readonly string[], objectIn: (schema: Schema) => SchemaObject): string => {
    const files = texts.map((text, i) => parseSql(`file:///migrations/00${i + 1}.sql`, text));
    const schema = fromSql(files);
    return shown(dataSheet(objectIn(schema), schema, new Places(files)));
  };
  const table = (schema: Schema, key: string): Table => {
    const found = schema.tables.get(key);
    assert.ok(found !== undefined, key);
    return found;
  };
  const column =
    (name: string, key = "public.t") =>
    (schema: Schema): SchemaObject => {
      const own = table(schema, key);
      const found = own.columns.get(name);
      assert.ok(found !== undefined, name);
      return { kind: "column", table: own, column: found };
    };

  it("of a column has its type in PostgreSQL's words, its default, keys, indexes and checks", () => {
    const sql = `CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, u_id int NOT NULL DEFAULT 1 CONSTRAINT few CHECK (u_id < 9) REFERENCES u ON DELETE CASCADE, n varchar(20), UNIQUE (u_id, n));
CREATE INDEX t_u_id_idx ON t USING hash (u_id);
COMMENT ON COLUMN t.u_id IS 'Whose it is.';`;
    assert.equal(
      sheetOf([sql], column("u_id")),
      `u_id integer NOT NULL DEFAULT 1 -- t
"Whose it is."
Key: unique as (u_id, n)
References: u (id) ON DELETE CASCADE
Indexed by: t_u_id_n_key (u_id, n), t_u_id_idx (u_id) hash
Checks: u_id < 9`,
    );
    assert.match(
      sheetOf([sql], column("n")),
      /^n character varying\(20\) -- t\nKey: unique as \(u_id, n\)\nIndexed by: none that begins with it; also in t_u_id_n_key/,
    );
  });

  it("of a table has its relations both ways and its row-level security", () => {
    const sql = `CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t);
CREATE TABLE c (t_id int REFERENCES t ON DELETE SET NULL);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;`;
    assert.equal(
      sheetOf([sql], (schema) => ({ kind: "table", table: table(schema, "public.t") })),
      `TABLE t -- 2 columns
Primary key: (id)
References: t by (parent)
Referenced by: t (parent), c (t_id) ON DELETE SET NULL
Row-level security: enabled, not for the owner; no policy: nobody else sees a row`,
    );
  });

  it("names the migration that changed it last, whatever it was", () => {
    const migrations = ["CREATE TABLE t (id int, n int);", "ALTER TABLE t ALTER COLUMN n TYPE bigint;", "CREATE INDEX ON t (id);"];
    assert.match(sheetOf(migrations, column("n")), /Last changed in: 002\.sql$/);
    assert.match(sheetOf(migrations, column("id")), /Last changed in: 001\.sql$/);
    assert.match(
      sheetOf(migrations, (schema) => ({ kind: "table", table: table(schema, "public.t") })),
      /Last changed in: 003\.sql$/,
    );
  });

  it("of a foreign key says what it relates and whether a deletion has to search", () => {
    const sql = "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (u_id int CONSTRAINT f REFERENCES u);";
    const sheet = sheetOf([sql], (schema) => {
      const own = table(schema, "public.t");
      const [constraint] = own.foreignKeys;
      assert.ok(constraint !== undefined);
      return { kind: "constraint", table: own, constraint };
    });
    assert.match(
      sheet,
      /^ALTER TABLE t ADD CONSTRAINT f\n {2}FOREIGN KEY \(u_id\) REFERENCES u \(id\)\nRelation: many t to none or one u\n/,
    );
    assert.match(
      sheet,
      /When the referenced row goes: NO ACTION \(the default; nothing is stated\)\nIndexed: no: a deletion there reads this whole table$/,
    );
  });

  it("quotes names of any kind, and does not fail on any", () => {
    const names = ['a"b', "new\nline", "selECT", "💥", "\u202eback", "x".repeat(63)];
    for (const name of names) {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      const sql = `CREATE TABLE ${quoted} (${quoted} int PRIMARY KEY REFERENCES ${quoted} (${quoted}), CHECK (${quoted} > 0));`;
      const sheet = sheetOf([sql], column(name, `public.${name}`));
      assert.ok(sheet.startsWith(name === "x".repeat(63) ? `${name} integer NOT NULL` : `${quoted} integer NOT NULL`), sheet);
      sheetOf([sql], (schema) => ({ kind: "table", table: table(schema, `public.${name}`) }));
    }
  });
});

function shown({ sql, comment, facts }: Sheet): string {
  const lines = facts.map(({ label, value }) => `${label}: ${value.map((run) => (typeof run === "string" ? run : run.code)).join("")}`);
  return [sql, ...(comment === undefined ? [] : [JSON.stringify(comment)]), ...lines].join("\n");
}
