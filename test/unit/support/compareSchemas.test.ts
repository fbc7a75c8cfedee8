import assert from "node:assert/strict";
import type { Schema } from "../../../server/src/model/schema.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { compareSchemas } from "../../support/compareSchemas.ts";
import { inconsistencies } from "../../support/inconsistencies.ts";
import { catalogOf } from "../../support/replay.ts";
import { sharedPostgres } from "../../support/sharedPostgres.ts";

/** One of everything, so that every property of the model has a value somewhere. */
const oneOfEverything = `
  CREATE SCHEMA s; CREATE EXTENSION hstore; CREATE SEQUENCE q AS int2; COMMENT ON SCHEMA s IS 'c';
  CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS varchar(3) NOT NULL DEFAULT 'x' CONSTRAINT k CHECK (VALUE <> ''); CREATE TYPE p AS (a int);
  CREATE TABLE one (a numeric(3,1) DEFAULT 1 CHECK (a > 0), b text COLLATE "C", c int GENERATED ALWAYS AS IDENTITY, g text GENERATED ALWAYS AS (b || 'x') STORED,
    r int4range, PRIMARY KEY (c) INCLUDE (b), UNIQUE (a, c), EXCLUDE USING gist (r WITH &&) WHERE (c > 0));
  COMMENT ON TABLE one IS 'c'; COMMENT ON COLUMN one.a IS 'c'; ALTER TABLE one ENABLE ROW LEVEL SECURITY;
  CREATE TABLE two (a int, b int, CONSTRAINT f FOREIGN KEY (a) REFERENCES one (c) ON DELETE SET NULL (a)) PARTITION BY RANGE (b);
  CREATE TABLE two_1 PARTITION OF two FOR VALUES FROM (1) TO (2); CREATE TABLE three () INHERITS (one);
  CREATE INDEX i ON one (lower(b) COLLATE "POSIX" text_pattern_ops DESC, a) INCLUDE (c) WHERE c > 1;
  CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql SET search_path = s AS 'BEGIN END'; CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE TRIGGER tr AFTER UPDATE OF a ON one FOR EACH ROW WHEN (new.a > 1) EXECUTE FUNCTION t('x');
  CREATE POLICY po ON one FOR ALL USING (a > 1) WITH CHECK (a > 2);
  CREATE VIEW v WITH (security_invoker = on) AS SELECT a FROM one; GRANT SELECT ON one TO PUBLIC`;

/** Facts that only one kind of source can know, or that follow from others that are compared. */
const notCompared: readonly RegExp[] = [
  /\.origins\b/,
  /\.prismaName$/,
  /\.clientDefault$/,
  /\.onDeleteStated$/,
  /\.complete$/,
  /\.(default|expression|predicate|when|using|withCheck)\.(text|columns)\b/,
  /^\.(sources|disagreements)\b/,
  /^\.views\.[^.]+\.\w+\.query$/,
  /^\.extensions\..*\.comment$/,
];

describe("compareSchemas", function () {
  this.timeout(60_000);

  let schema: Schema;

  before(async () => {
    await loadSqlParser();
    const database = await (await sharedPostgres()).createDatabase();
    const client = await database.client();
    await client.query(oneOfEverything);
    schema = await catalogOf(database);
    await database.drop();
  });

  it("finds nothing between a schema and itself", () => {
    assert.deepEqual(compareSchemas(schema, schema), []);
    assert.deepEqual(inconsistencies(schema), []);
  });

  it("finds every single fact that differs", () => {
    const missed: string[] = [];
    let changed = 0;
    for (const { path, copy } of variantsOf(schema, "")) {
      if (notCompared.some((pattern) => pattern.test(path))) continue;
      changed += 1;
      if (compareSchemas(copy, schema).length === 0 && inconsistencies(copy).length === 0) missed.push(path);
    }
    assert.deepEqual(missed, []);
    assert.ok(changed > 350, `only ${changed} facts`);
  });

  it("reports an element that only one side has", () => {
    const without: Schema = { ...schema, tables: new Map([...schema.tables].filter(([key]) => key !== "public.three")) };
    const [difference] = compareSchemas(without, schema);
    assert.deepEqual(difference, { kind: "table", subject: "public.three", fact: "presence", actual: "absent", truth: "present" });
    assert.deepEqual(
      compareSchemas(schema, without)
        .map(({ actual }) => actual)
        .at(0),
      "present",
    );
  });
});

/** Copies of a value, each with one leaf changed or one entry of a list or map removed, and where that was. */
function* variantsOf<T>(value: T, path: string): Generator<{ path: string; copy: T }> {
  for (const variant of changes(value, path)) yield { path: variant.path, copy: variant.copy };
}

// The copies have the type of the original by construction; the walk itself is over unknown values.
function changes<T>(value: T, path: string): { path: string; copy: T }[];
function changes(value: unknown, path: string): { path: string; copy: unknown }[] {
  if (typeof value === "string") return [{ path, copy: `${value}~` }];
  if (typeof value === "number") return [{ path, copy: value + 1 }];
  if (typeof value === "bigint") return [{ path, copy: value + 1n }];
  if (typeof value === "boolean") return [{ path, copy: !value }];
  if (value instanceof Map) {
    const entries: [unknown, unknown][] = [...value];
    return entries.flatMap(([key, item], i) => [
      ...changes(item, `${path}.${String(key)}`).map((each) => ({ path: each.path, copy: new Map(entries.with(i, [key, each.copy])) })),
      { path: `${path}.-${String(key)}`, copy: new Map(entries.toSpliced(i, 1)) },
    ]);
  }
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    return items.flatMap((item, i) => [
      ...changes(item, `${path}.${i}`).map((each) => ({ path: each.path, copy: items.with(i, each.copy) })),
      { path: `${path}.-${i}`, copy: items.toSpliced(i, 1) },
    ]);
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, item]) =>
      changes(item, `${path}.${name}`).map((each) => ({ path: each.path, copy: { ...value, [name]: each.copy } })),
    );
  }
  return [];
}
