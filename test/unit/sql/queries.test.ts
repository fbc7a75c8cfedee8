import assert from "node:assert/strict";
import fc from "fast-check";
import { queriesIn, type Query, queryAfter, queryAt, type QueryDocument } from "../../../server/src/sql/queries/query.ts";

describe("queries in SQL files", () => {
  const document: QueryDocument = {
    uri: "file:///w/queries/a.sql",
    text: "-- the first\nSELECT 1 FROM a WHERE x = :name;\n\n\\set y 2\nSELECT 2; SELECT 3;\n\n\nDELETE FROM t\n  WHERE id = @id\n",
  };

  it("are its statements, without psql's commands", () => {
    assert.deepEqual(queriesIn(document).map(({ text }) => text), ["SELECT 1 FROM a WHERE x = $1", "SELECT 2", "SELECT 3", "DELETE FROM t\n  WHERE id = $1"]);
  });

  const cases: readonly (readonly [string, string | undefined])[] = [
    ["-- the| first", "SELECT 1 FROM a WHERE x = $1"],
    ["|SELECT 1", "SELECT 1 FROM a WHERE x = $1"],
    [":name;|", "SELECT 1 FROM a WHERE x = $1"],
    ["SELECT 2;| ", "SELECT 2"],
    ["SELECT| 3", "SELECT 3"],
    ["SELECT 3;\n\n|", undefined],
    ["\n\n|\\set", undefined],
    ["DELETE FROM t\n |", "DELETE FROM t\n  WHERE id = $1"],
    ["@id|", "DELETE FROM t\n  WHERE id = $1"],
  ];
  for (const [place, expected] of cases) {
    it(`are found under the cursor: ${JSON.stringify(place)}`, () => {
      const at = document.text.indexOf(place.replace("|", "")) + place.indexOf("|");
      assert.equal(queryAt(document, at)?.text, expected);
    });
  }

  it("are what is selected, and only that", () => {
    const text = "SELECT * FROM (SELECT id FROM t WHERE a = ?) x;\n";
    const start = text.indexOf("SELECT id");
    const query = queryAt({ uri: "file:///a.sql", text }, { start: start - 1 + 1, end: text.indexOf(")") });
    assert.equal(query?.text, "SELECT id FROM t WHERE a = $1");
    assert.equal(query.placeOf(query.text.indexOf("$1")), text.indexOf("?"));
    assert.equal(queryAt({ uri: "file:///a.sql", text }, { start: 0, end: text.length })?.text, text.trim().replace(";", "").replace("?", "$1"));
  });

  it("come after an offset", () => {
    assert.equal(queryAfter(document, document.text.indexOf("SELECT 3") + 1)?.text, "DELETE FROM t\n  WHERE id = $1");
    assert.equal(queryAfter(document, document.text.length), undefined);
  });

  it("have parameters of every style, with their places", () => {
    const text = "SELECT $2, :a, @b, ?, %s, {{ c }}, ${d}, :a FROM {{ table }}";
    const [query] = queriesIn({ uri: "file:///a.sql", text });
    assert.equal(query?.text, 'SELECT $2, $3, $4, $5, $6, $7, $8, $3 FROM "table"');
    assert.deepEqual(query.parameters.map(({ number, name, style, spans: [first] }) => [number, name, style, text.slice(first?.start, first?.end)]), [
      [2, undefined, "$1", "$2"],
      [3, "a", ":name", ":a"],
      [4, "b", "@name", "@b"],
      [5, undefined, "?", "?"],
      [6, undefined, "%s", "%s"],
      [7, "c", "{{x}}", "{{ c }}"],
      [8, "d", "${x}", "${d}"],
    ]);
    assert.equal(query.gap, '"table" stands for a table\'s name, which must be known.');
  });

  it("of TypedSQL have what their comments say", () => {
    const text = "-- @param {Int} $1:age The least age\n-- @param {String} $2:name?\nSELECT id FROM users WHERE age > $1 AND name = $2";
    const [query] = queriesIn({ uri: "file:///w/prisma/sql/usersOlderThan.sql", text });
    assert.equal(query?.kind, "typedSql");
    assert.deepEqual(query.parameters.map(({ name, stated }) => [name, stated]), [
      ["age", { name: "age", type: "Int", isNullable: false, about: "The least age" }],
      ["name", { name: "name", type: "String", isNullable: true, about: undefined }],
    ]);
  });
});

describe("queries in programs", () => {
  it("are found in templates and in strings that are handed to a driver", () => {
    const found = texts(`
      import { Pool } from "pg";
      const byId = "SELECT * FROM users WHERE id = $1";
      await pool.query(byId, [1]);
      await client.query({ text: 'SELECT a FROM b WHERE c = $1', values: [2] });
      await client.query<Row>("SELECT " + "1");
      await knex.raw("SELECT * FROM t WHERE x = ? AND y ?? 'k'", [1]);
      await sequelize.query("SELECT * FROM t WHERE x = :x", { replacements: { x } });
      await db.oneOrNone('SELECT * FROM t WHERE x = \${x}', { x });
      await prisma.$queryRaw\`SELECT \${x}\`;
      await prisma.$queryRawUnsafe("DELETE FROM t");
      useQuery.query("not SQL"); pool.query("BEGIN"); element.query("select");
    `);
    assert.deepEqual(found, [
      "SELECT * FROM users WHERE id = $1",
      "SELECT a FROM b WHERE c = $1",
      "SELECT 1",
      "SELECT * FROM t WHERE x = $1 AND y ? 'k'",
      "SELECT * FROM t WHERE x = $1",
      "SELECT * FROM t WHERE x = $1",
      "SELECT $1",
      "DELETE FROM t",
      "select",
    ]);
  });

  it("of other databases' drivers are left alone", () => {
    assert.deepEqual(texts(`import mysql from "mysql2/promise"; pool.query("SELECT \`a\` FROM t")`), []);
    assert.deepEqual(texts(`const sqlite = require("better-sqlite3"); db.query("SELECT 1 FROM t")`), []);
  });

  it("have fragments put in where they stand still", () => {
    const [query] = queriesOf(`
      const active = Prisma.sql\`deleted_at IS NULL\`;
      const where = Prisma.sql\`WHERE \${active} AND id IN (\${Prisma.join(ids)})\`;
      const order = sort ? Prisma.sql\`ORDER BY name\` : Prisma.empty;
      prisma.$queryRaw\`SELECT * FROM users \${where} \${order} LIMIT \${limit} \${Prisma.empty}\`;
    `);
    assert.equal(query?.text, "SELECT * FROM users WHERE deleted_at IS NULL AND id IN ($1) ORDER BY name LIMIT $2 ");
    assert.deepEqual(query.parameters.map(({ name }) => name), ["Prisma.join(ids)", "limit"]);
    assert.equal(query.gap, undefined);
  });

  it("join what stands in a list", () => {
    const [query] = queriesOf("const q = Prisma.sql`SELECT * FROM t WHERE ${Prisma.join([Prisma.sql`a = ${1}`, Prisma.sql`b = ${x}`], ' AND ')} AND c IN (${Prisma.join([1, 2])})`");
    assert.equal(query?.text, "SELECT * FROM t WHERE a = $1 AND b = $2 AND c IN ($3,$4)");
  });

  it("say what is only known when they run", () => {
    const gapOf = (text: string): string | undefined => queriesOf(text)[0]?.gap;
    assert.equal(gapOf("function f(where: Prisma.Sql) { return prisma.$queryRaw`SELECT 1 FROM t ${where}` }"), "where stands for SQL that is only known when it runs.");
    assert.equal(gapOf("prisma.$queryRaw`SELECT 1 FROM ${Prisma.raw(name)}`"), "Prisma.raw(name) stands for SQL that is only known when it runs.");
    assert.equal(gapOf("prisma.$queryRaw`SELECT 1 WHERE ${Prisma.join(conditions, ' AND ')}`"), "Prisma.join(conditions, ' AND ') stands for SQL that is only known when it runs.");
    assert.equal(gapOf("pool.query(`SELECT 1 FROM ${table}`)"), '"table" stands for a table\'s name, which must be known.');
    assert.equal(gapOf("pool.query('SELECT 1 FROM t ' + where)"), "where stands for SQL that is only known when it runs.");
    assert.equal(gapOf("import { users } from './schema'; import { sql } from 'drizzle-orm'; db.execute(sql`SELECT sum(${users.age}) FROM t`)"), "users.age stands for SQL that is only known when it runs.");
    assert.equal(gapOf("prisma.$queryRaw`SELECT 1 WHERE a = ${b}`"), undefined);
  });

  it("take a literal that is put together for a value", () => {
    const [query] = queriesOf("prisma.$queryRawUnsafe(`SELECT 1 FROM t WHERE a = '${a}' AND b ILIKE '%${b}%' AND c = ${c} AND d = 'e' ORDER BY ${f}`)");
    assert.equal(query?.text, "SELECT 1 FROM t WHERE a = $1 AND b ILIKE $2 AND c = $3 AND d = 'e' ORDER BY $4");
    assert.deepEqual(query.parameters.map(({ name }) => name), ["a", "b", "c", "f"]);
    assert.equal(query.gap, undefined);
  });

  it("do not mix up names that are bound more than once", () => {
    const [query] = queriesOf("const w = Prisma.sql`WHERE a`; function f(w) { return prisma.$queryRaw`SELECT 1 ${w}` }");
    assert.equal(query?.text, "SELECT 1 $1");
  });

  it("lead from each offset to the source and back, across fragments", () => {
    const text = "const w = Prisma.sql`WHERE name = ${name}`;\nprisma.$queryRaw`SELECT missing FROM users ${w} ORDER BY x`;";
    const [query] = queriesOf(text);
    assert.ok(query !== undefined);
    for (const part of ["missing", "WHERE", "name =", "ORDER", "x"]) {
      const place = query.placeOf(query.text.indexOf(part));
      assert.ok(text.startsWith(part, place), part);
      assert.equal(query.offsetAt(place), query.text.indexOf(part));
    }
    assert.equal(query.offsetAt(0), undefined);
  });

  it("are found under the cursor, the innermost first, in a selection whole", () => {
    const text = "prisma.$queryRaw`SELECT * FROM (${Prisma.sql`SELECT id FROM t`}) x`";
    const document = { uri: "file:///a.ts", text };
    assert.equal(queryAt(document, text.indexOf("id"))?.text, "SELECT id FROM t");
    assert.equal(queryAt(document, text.indexOf("*"))?.text, "SELECT * FROM (SELECT id FROM t) x");
    assert.equal(queryAt(document, { start: text.indexOf("*"), end: text.indexOf("*") + 1 })?.text, "SELECT * FROM (SELECT id FROM t) x");
    assert.equal(queryAt(document, 3), undefined);
  });

  it("survive any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("prisma.$queryRaw`", "Prisma.sql`", "SELECT ", "${", "}", "`", "Prisma.join(", "[", "]", ")", "const a = ", "a", ";", "pool.query('", "'", " + ", "? ", ": "), maxLength: 30 }), fc.nat(200), (text, at) => {
        const document = { uri: "file:///a.ts", text };
        for (const query of queriesIn(document)) for (let i = 0; i <= query.text.length; i++) assert.ok(query.placeOf(i) <= text.length);
        queryAt(document, Math.min(at, text.length));
        queryAt({ uri: "file:///a.sql", text }, Math.min(at, text.length));
      }),
    );
  });
});

function queriesOf(text: string): readonly Query[] {
  return queriesIn({ uri: "file:///a.ts", text });
}

function texts(text: string): readonly string[] {
  return queriesOf(text).map((query) => query.text);
}
