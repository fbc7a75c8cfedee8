import assert from "node:assert/strict";
import { isIndexedBy } from "../../../server/src/model/indexQueries.ts";
import { doubtAbout, foreignKeysOf, referencingKeys } from "../../../server/src/model/queries.ts";
import { tenantColumn } from "../../../server/src/model/tenants.ts";
import { tiedColumns } from "../../../server/src/model/tiedColumns.ts";
import type { Schema, Source, Table } from "../../../server/src/model/schema.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { parsePrismaText, parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

describe("whether columns are indexed", () => {
  const cases: readonly { readonly index: string; readonly columns: readonly string[]; readonly isIndexed: boolean }[] = [
    { index: "(a)", columns: ["a"], isIndexed: true },
    { index: "(a, b)", columns: ["a"], isIndexed: true },
    { index: "(b, a, c)", columns: ["a", "b"], isIndexed: true },
    { index: "(a DESC NULLS LAST)", columns: ["a"], isIndexed: true },
    { index: "(b, c, a)", columns: ["a", "b"], isIndexed: false },
    { index: "(a)", columns: ["a", "b"], isIndexed: false },
    { index: "(b) INCLUDE (a)", columns: ["a"], isIndexed: false },
    { index: "(lower(t))", columns: ["t"], isIndexed: false },
    { index: "(a) WHERE a IS NOT NULL", columns: ["a"], isIndexed: true },
    { index: "(a, b) WHERE (b IS NOT NULL)", columns: ["a", "b"], isIndexed: true },
    { index: '(a) WHERE ("a") IS NOT NULL', columns: ["a"], isIndexed: true },
    { index: "(a) WHERE b IS NOT NULL", columns: ["a"], isIndexed: false },
    { index: "(a) WHERE a IS NULL", columns: ["a"], isIndexed: false },
    { index: "(a) WHERE a > 0", columns: ["a"], isIndexed: false },
    { index: "(a) WHERE a IS NOT NULL AND b IS NOT NULL", columns: ["a"], isIndexed: false },
    { index: "(a) WHERE NOT (a IS NOT NULL)", columns: ["a"], isIndexed: false },
    { index: "USING hash (a)", columns: ["a"], isIndexed: true },
    { index: "USING hash (a)", columns: ["a", "b"], isIndexed: false },
    { index: "USING brin (a)", columns: ["a"], isIndexed: false },
    { index: "USING gin (l)", columns: ["l"], isIndexed: false },
    { index: '(t COLLATE "C")', columns: ["t"], isIndexed: false },
    { index: "(t text_pattern_ops)", columns: ["t"], isIndexed: true },
  ];
  for (const { index, columns, isIndexed } of cases) {
    it(`(${columns.join(", ")}) ${isIndexed ? "is" : "is not"} served by ${index}`, () => {
      const table = tableOf(parseSqlText(`CREATE TABLE t (a int, b int, c int, t text, l int[]); CREATE INDEX ON t ${index};`).schema, "t");
      assert.equal(isIndexedBy(table, columns), isIndexed);
    });
  }

  it("no invalid index serves", () => {
    const table = tableOf(parseSqlText("CREATE TABLE t (a int); CREATE INDEX ON t (a);").schema, "t");
    const invalid = { ...table, indexes: table.indexes.map((index) => Object.assign({}, index, { valid: false })) };
    assert.equal(isIndexedBy(invalid, ["a"]), false);
  });
});

describe("foreign keys", () => {
  it("are those that somebody wrote: a partition's copies and Prisma's join tables are left out", () => {
    const partitioned = parseSqlText(`CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int REFERENCES p, day date) PARTITION BY RANGE (day);
CREATE TABLE c1 PARTITION OF c FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`).schema;
    assert.deepEqual(
      [...partitioned.tables.values()].filter((table) => foreignKeysOf(partitioned, table).length > 0).map(({ key }) => key),
      ["public.c"],
    );
    const implicit = parsePrismaText("model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  as A[]\n}\n").schema;
    assert.equal(implicit.tables.size, 3);
    for (const table of implicit.tables.values()) assert.deepEqual(foreignKeysOf(implicit, table), []);
  });

  it("are found by what they reference, and once for a schema", () => {
    const { schema } = parseSqlText("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p, b int REFERENCES p);");
    assert.deepEqual(
      referencingKeys(schema, "public.p").map(({ foreignKey }) => foreignKey.columns),
      [["a"], ["b"]],
    );
    assert.equal(referencingKeys(schema, "public.p"), referencingKeys(schema, "public.p"));
    assert.deepEqual(referencingKeys(schema, "public.c"), []);
  });

  it("tie columns in both directions and in circles", () => {
    const { schema } = parseSqlText(`CREATE TABLE a (id text PRIMARY KEY, next text REFERENCES a);
CREATE TABLE b (id text PRIMARY KEY REFERENCES a, other text);
CREATE TABLE c (b text REFERENCES b);`);
    const table = tableOf(schema, "c");
    const column = table.columns.get("b");
    assert.ok(column !== undefined);
    const tied = tiedColumns(schema, { table, column }).map((at) => `${at.table.name}.${at.column.name}`);
    assert.deepEqual(tied, ["c.b", "b.id", "a.id", "a.next"]);
  });
});

describe("the tenant's column", () => {
  const names = ["tenant_id", "org_id"];
  const tenants = (sql: string): readonly string[] => {
    const { schema } = parseSqlText(sql);
    return [...schema.tables.keys()].flatMap((key) => {
      const column = tenantColumn(schema, key, names);
      return column === undefined ? [] : [`${key}.${column.name}`];
    });
  };

  it("is one of the given names, however written, that is never null", () => {
    assert.deepEqual(
      tenants(
        'CREATE TABLE a (tenant_id int NOT NULL); CREATE TABLE b ("orgId" int NOT NULL); CREATE TABLE c (tenant_id int); CREATE TABLE d (tenant int NOT NULL);',
      ),
      ["public.a.tenant_id", "public.b.orgId"],
    );
  });

  const shop = (owner: string, column: string): string =>
    `CREATE TABLE ${owner} (id int PRIMARY KEY, region_id int);${["a", "b", "c", "d"].map((table) => `CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int NOT NULL REFERENCES ${owner});`).join("")} CREATE TABLE e (id int);`;

  it("is the one by which most tables reference one table", () => {
    assert.deepEqual(tenants(shop("shop", "shop_id")), ["public.a.shop_id", "public.b.shop_id", "public.c.shop_id", "public.d.shop_id"]);
  });

  it("is not the person that most tables name", () => {
    for (const owner of ["users", "app_user", "profiles", "patients"]) assert.deepEqual(tenants(shop(owner, "user_id")), [], owner);
  });

  it("needs four tables and more than half of them", () => {
    const others = ["f", "g", "h", "i"].map((table) => `CREATE TABLE ${table} (id int);`).join("");
    assert.deepEqual(tenants(shop("shop", "shop_id") + others), []);
    assert.deepEqual(tenants("CREATE TABLE shop (id int PRIMARY KEY); CREATE TABLE a (shop_id int NOT NULL REFERENCES shop);"), []);
  });
});

describe("doubt about a table", () => {
  const { schema } = parsePrismaText("model Deal {\n  id Int @id\n}\n");
  const table = tableOf(schema, "Deal");
  const having = (source: Partial<Source>): Schema => ({
    ...schema,
    sources: [{ layer: "sql", uris: [], complete: false, unread: [], ...source }],
  });
  const part = { uri: "file:///a.sql", span: { start: 0, end: 1 }, what: "DO block", reason: "it runs a computed string." };

  it("is none when everything was read", () => {
    assert.equal(doubtAbout(schema, table), undefined);
  });

  it("names what was not read", () => {
    assert.equal(doubtAbout(having({ unread: [part] }), table), "DO block was not read: it runs a computed string.");
    assert.ok(doubtAbout(having({}), table) !== undefined);
  });

  it("is none when what was not read does not mention the table", () => {
    assert.equal(doubtAbout(having({ unread: [{ ...part, names: new Set(["Account"]) }] }), table), undefined);
    assert.ok(doubtAbout(having({ unread: [{ ...part, names: new Set(["Deal"]) }] }), table) !== undefined);
  });
});

function tableOf(schema: Schema, name: string): Table {
  const table = schema.tables.get(`public.${name}`);
  assert.ok(table !== undefined);
  return table;
}
