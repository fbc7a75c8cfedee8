import assert from "node:assert/strict";
import { numberedParameters } from "../../../server/src/sql/placeholders.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { parseSync } from "libpg-query";

describe("placeholders as numbered parameters", () => {
  before(loadSqlParser);

  const rewritten: readonly (readonly [string, string, string])[] = [
    ["numbers stay", "SELECT * FROM t WHERE a = $1 AND b = $2", "SELECT * FROM t WHERE a = $1 AND b = $2"],
    ["a name that is used twice is one parameter", "SELECT :a, :b, :a", "SELECT $1, $2, $1"],
    ["each question mark is one of its own", "SELECT * FROM t WHERE a = ? AND b IN (?, ?) LIMIT ?", "SELECT * FROM t WHERE a = $1 AND b IN ($2, $3) LIMIT $4"],
    ["names with an at sign", "SELECT * FROM t WHERE a=@a AND b >= @b", "SELECT * FROM t WHERE a=$1 AND b >= $2"],
    ["Python's", "SELECT * FROM t WHERE a = %s AND b = %(name)s", "SELECT * FROM t WHERE a = $1 AND b = $2"],
    ["templates", "SELECT * FROM t WHERE a = {{ a }} AND b = ${user.id} AND c = ${ {x: 1}.x }", "SELECT * FROM t WHERE a = $1 AND b = $2 AND c = $3"],
    ["further ones are numbered behind $n", "SELECT $2, :name", "SELECT $2, $3"],
    ["a template for a table is a name", "SELECT * FROM ${table} WHERE a = ${a}", 'SELECT * FROM "table" WHERE a = $1'],
    ["strings are left", "SELECT ':a ? @b %s {{c}} ${d}', E'\\':a', \":b\"", "SELECT ':a ? @b %s {{c}} ${d}', E'\\':a', \":b\""],
    ["comments are left", "SELECT 1 -- :a ?\n/* @b /* :c */ ? */", "SELECT 1 -- :a ?\n/* @b /* :c */ ? */"],
    ["dollar quotes are left", "SELECT $$ :a ? $$, $x$ @b $x$, :c", "SELECT $$ :a ? $$, $x$ @b $x$, $1"],
    ["casts are left", "SELECT a::int, :b::text, '1'::int", "SELECT a::int, $1::text, '1'::int"],
    ["operators on JSON are left", "SELECT j ? 'k', j ?| array['a'], j ?& array['b'], (j) ? ?, j->'a' ? 'k'", "SELECT j ? 'k', j ?| array['a'], j ?& array['b'], (j) ? $1, j->'a' ? 'k'"],
    ["JDBC's doubled question mark is an operator", "SELECT j ?? 'k', ?", "SELECT j ? 'k', $1"],
    ["slices of arrays are left", "SELECT a[1:2], a[1:n], a[b:c], a[:x]", "SELECT a[1:2], a[1:n], a[b:c], a[$1]"],
    ["operators with an at sign are left", "SELECT a <@ b, a @> b, a @@ b, a<@b, @ -5", "SELECT a <@ b, a @> b, a @@ b, a<@b, @ -5"],
    ["modulo is left", "SELECT a % s, a %s, 10 % 3", "SELECT a % s, a %s, 10 % 3"],
    ["the right side of || may be one", "SELECT '%' || ? || '%', a||?", "SELECT '%' || $1 || '%', a||$2"],
    ["psql's quoted variable", "SELECT :'name'", "SELECT $1"],
    ["a digit behind one does not run into its number", "SELECT ?1", "SELECT $1 1"],
  ];
  for (const [what, source, expected] of rewritten) {
    it(what, () => assert.equal(numberedParameters(source).text, expected));
  }

  it("gives a text that PostgreSQL parses", () => {
    for (const [, source] of rewritten.slice(0, 8)) assert.doesNotThrow(() => parseSync(numberedParameters(source).text), source);
  });

  it("knows names, styles and places", () => {
    const { parameters, names } = numberedParameters("SELECT :a, ?, :a FROM {{t}}");
    assert.deepEqual(parameters, [
      { number: 1, name: "a", style: ":name", spans: [{ start: 7, end: 9 }, { start: 14, end: 16 }] },
      { number: 2, name: undefined, style: "?", spans: [{ start: 11, end: 12 }] },
    ]);
    assert.deepEqual(names, [{ name: "t", span: { start: 22, end: 27 } }]);
  });

  it("maps every offset outside of a placeholder there and back", () => {
    const source = "SELECT é😀, :long_name, j ?? 'k', ${a.b} FROM t WHERE x = ? -- :no\n AND y = :long_name";
    const { text, parameters, sourceOffset, textOffset } = numberedParameters(source);
    const isInside = (offset: number): boolean => parameters.some(({ spans }) => spans.some(({ start, end }) => start <= offset && offset < end)) || (offset >= 25 && offset < 30);
    for (let offset = 0; offset < source.length; offset++) {
      if (isInside(offset)) continue;
      assert.equal(text[textOffset(offset)], source[offset], `at ${offset}`);
      assert.equal(sourceOffset(textOffset(offset)), offset);
    }
    assert.equal(sourceOffset(text.length), source.length);
    assert.equal(textOffset(source.length), text.length);
  });

  it("takes every prefix of every query, and hostile ones, without a throw", () => {
    for (const [, source] of rewritten) for (let end = 0; end <= source.length; end++) numberedParameters(source.slice(0, end));
    for (const hostile of ["${".repeat(50_000), "{{".repeat(50_000), "?".repeat(100_000), "$".repeat(100_000), ":".repeat(100_000), "/*".repeat(50_000), "@a".repeat(50_000), "<".repeat(100_000)]) {
      const started = process.cpuUsage().user;
      numberedParameters(hostile);
      assert.ok(process.cpuUsage().user - started < 2_000_000, hostile.slice(0, 4));
    }
  });
});
