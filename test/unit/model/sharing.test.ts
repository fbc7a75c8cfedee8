import assert from "node:assert/strict";
import { areEqualTables } from "../../../server/src/model/equalTables.ts";
import { shareWith } from "../../../server/src/model/sharing.ts";
import type { Schema, Table } from "../../../server/src/model/schema.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

/** Has something of everything that a table can have. */
const rich = `CREATE TYPE mood AS ENUM ('calm');
CREATE TABLE parent (id int PRIMARY KEY, code text UNIQUE);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE rich (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parent_id int NOT NULL REFERENCES parent ON DELETE SET NULL (parent_id),
  total numeric(12, 2) DEFAULT 0 CHECK (total >= 0),
  twice numeric GENERATED ALWAYS AS (total * 2) STORED,
  label text COLLATE "C" UNIQUE,
  mood mood,
  during tstzrange,
  EXCLUDE USING gist (during WITH &&)
);
CREATE INDEX ON rich (lower(label) text_pattern_ops DESC) INCLUDE (total) WHERE total > 0;
CREATE TRIGGER touched BEFORE UPDATE OF total ON rich FOR EACH ROW WHEN (OLD.total > 0) EXECUTE FUNCTION touch();
ALTER TABLE rich ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON rich USING (id = 1) WITH CHECK (id > 0);
COMMENT ON TABLE rich IS 'A table';
CREATE TABLE days (day date) PARTITION BY RANGE (day);
CREATE TABLE january PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE kind () INHERITS (parent);
`;

describe("equal tables", () => {
  it("differ by any change of anything they hold, and only then", () => {
    const { schema } = parseSqlText(rich);
    let changes = 0;
    for (const table of schema.tables.values()) {
      assert.ok(areEqualTables(table, structuredCopy(table)), `${table.key} equals its copy`);
      for (const [path, changed] of everyChange(table)) {
        changes++;
        assert.equal(areEqualTables(table, changed), false, `a change of ${table.key} ${path} is seen`);
        assert.equal(areEqualTables(changed, table), false, `a change of ${table.key} ${path} is seen the other way round`);
      }
    }
    assert.ok(changes > 300, `${changes} changes`);
  });
});

describe("the next version of a schema", () => {
  it("keeps what equals its predecessor, and whole maps where all of it does", () => {
    const before = parseSqlText(rich).schema;
    const same = shareWith(before, withoutOrigins(parseSqlText(rich).schema, before));
    assert.equal(same.tables, before.tables);
    assert.equal(same.enums, before.enums);
    const other = withoutOrigins(parseSqlText(rich.replace("label text", "label varchar")).schema, before);
    const after = shareWith(before, other);
    assert.equal(after.tables.get("public.parent"), before.tables.get("public.parent"));
    assert.notEqual(after.tables.get("public.rich"), before.tables.get("public.rich"));
    assert.equal(after.routines, before.routines);
  });
});

/** The schema with the anchors of another one: as if both were versions of one file. */
function withoutOrigins(schema: Schema, before: Schema): Schema {
  const anchors: object[] = [];
  const collect = (value: unknown): void => walk(value, (anchor) => void (anchors.includes(anchor) ? 0 : anchors.push(anchor)));
  collect(before);
  const own: object[] = [];
  walk(schema, (anchor) => void (own.includes(anchor) ? 0 : own.push(anchor)));
  return copyWith(schema, (anchor) => anchors[own.indexOf(anchor)] ?? anchor);
}

function walk(value: unknown, visit: (anchor: object) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Map) for (const item of value.values()) walk(item, visit);
  else
    for (const [name, item] of Object.entries(value)) {
      if (name === "anchor" && typeof item === "object" && item !== null) visit(item);
      else walk(item, visit);
    }
}

function structuredCopy<T extends object>(value: T): T {
  return copyWith(value, (anchor) => anchor);
}

function copyWith<T extends object>(value: T, anchorFor: (anchor: object) => object): T {
  // A map without types: that a copy has its original's type is beyond what types can say.
  const copies = new Map();
  copies.set(value, copied(value, anchorFor));
  return copies.get(value);
}

function copied(value: unknown, anchorFor: (anchor: object) => object): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copied(item, anchorFor));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copied(item, anchorFor)]));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === "anchor" && isObject(item) ? anchorFor(item) : copied(item, anchorFor)]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The table with one value somewhere in it changed, for every value; and with one item less, for every list. */
function* everyChange(table: Table): Iterable<readonly [string, Table]> {
  for (const path of pathsIn(table, [])) {
    const copy = structuredCopy(table);
    change(copy, path);
    yield [path.join("."), copy];
  }
}

function* pathsIn(value: unknown, path: readonly (string | number)[]): Iterable<readonly (string | number)[]> {
  if (typeof value !== "object" || value === null) {
    yield path;
    return;
  }
  // Names of columns are the keys of their map too.
  if (value instanceof Map) for (const [key, item] of value) yield* pathsIn(item, [...path, key]);
  else if (Array.isArray(value)) {
    if (value.length > 0) yield path;
    for (const [i, item] of value.entries()) yield* pathsIn(item, [...path, i]);
  } else for (const [name, item] of Object.entries(value)) if (name !== "anchor") yield* pathsIn(item, [...path, name]);
}

function change(value: unknown, path: readonly (string | number)[]): void {
  const [step, ...rest] = path;
  if (step === undefined || !isObject(value)) return;
  const inner: unknown = value instanceof Map ? value.get(step) : Reflect.get(value, step);
  if (rest.length > 0) change(inner, rest);
  else if (Array.isArray(inner)) inner.pop();
  else Reflect.set(value, step, inner === undefined ? "something" : typeof inner === "boolean" ? !inner : `${String(inner)}!`);
}
