import assert from "node:assert/strict";
import type { TypeName } from "@pgsql/types";
import fc from "fast-check";
import { canonicalExpression, canonicalType, expressionColumnsOf } from "../../../server/src/sql/canonical.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";

/**
 * That PostgreSQL's own spellings have the same normal form is shown in `test/truth/canonical.test.ts`; here stands what
 * has to stay apart, and what people write in two ways.
 */
describe("The normal form of expressions", () => {
  before(loadSqlParser);

  const same: readonly (readonly [string, string])[] = [
    ["a = 1 and (b = 2 and c = 3)", "((a = 1) AND (b = 2) AND (c = 3))"],
    ["a or (b or c)", "a or b or c"],
    ["status in ('b', 'a')", "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))"],
    ["status = any('{a,b}')", "status in ('a', 'b')"],
    ["a not in (1, 2)", "(a <> ALL (ARRAY[1, 2]))"],
    ["a in (1)", "a = 1"],
    ["a between 1 and 2", "a >= 1 and a <= 2"],
    ["a != 1", "a <> 1"],
    ["a not like 'x'", "a !~~ 'x'::text"],
    ["a is not distinct from b", "not (a is distinct from b)"],
    ["(a, b) = (1, 2)", "a = 1 and b = 2"],
    ["public.f(a)", "f(a)"],
    ["pg_catalog.lower(a)", "lower((a)::text)"],
    ["t.a > 0", "public.t.a > 0"],
    ["'1 day'::interval", "interval '1' day"],
    ["interval '90 minutes'", "'01:30:00'::interval"],
    ['\'{"b": 1, "a": 2}\'', '\'{"a":2,"b":1}\'::jsonb'],
    ["'{ a , b }'::text[]", "ARRAY['a', 'b']"],
    ["ARRAY[]::integer[]", "'{}'"],
    ["'t'::boolean", "true"],
    ["'-1'::integer", "-1"],
    ["1e3", "1000"],
    ["nextval('public.t_id_seq'::regclass)", "nextval('t_id_seq')"],
    ["a -- why", "a"],
    ["exists (select 1 from m where m.t = t.id)", "(EXISTS ( SELECT m_1.a, m_1.b FROM m m_1 WHERE (m_1.t = t.id)))"],
    ["(select auth.uid())", "( SELECT auth.uid() AS uid)"],
    ["old is distinct from new", "(old.* IS DISTINCT FROM new.*)"],
    ["case when a then 1 end", "CASE WHEN a THEN 1 ELSE NULL::integer END"],
    ["f(variadic array['a', b])", "f('a', b)"],
  ];

  it("is the same for what means the same", () => {
    for (const [a, b] of same) assert.equal(canonicalExpression(a), canonicalExpression(b), `${a}  and  ${b}`);
  });

  const different: readonly (readonly [string, string])[] = [
    ["a = 1", "a = 2"],
    ["a = 1", "b = 1"],
    ["a < b", "b < a"],
    ["a < 1", "a <= 1"],
    ["a and b or c", "a and (b or c)"],
    ["not a and b", "not (a and b)"],
    ["a in (1, 2)", "a in (1, 3)"],
    ["a in (1, 2)", "a not in (1, 2)"],
    ["a between 1 and 2", "a not between 1 and 2"],
    ["a like 'x'", "a ilike 'x'"],
    ["lower(a)", "upper(a)"],
    ["auth.uid()", "uid()"],
    ["now()", "CURRENT_TIMESTAMP"],
    ["CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP(3)"],
    ["extract(year from a)", "date_part('year', a)"],
    ["a::date", "a"],
    ["a::date = b", "a = b"],
    ["a::int = 5", "a = 5"],
    ["(data ->> 'n')::int > 5", "(data ->> 'n') > '5'"],
    ["(data ->> 'n')::int > 5", "(data ->> 'n')::numeric > 5"],
    ["a::varchar(10)", "a"],
    ["a::numeric(10, 2) = b", "a = b"],
    ["data -> 'a'", "data ->> 'a'"],
    ["a is null", "a is not null"],
    ["a is true", "a"],
    ["coalesce(a, b)", "coalesce(b, a)"],
    ["'a'", "'A'"],
    ["'a'", "'a '"],
    ["'007'", "'7'"],
    ["'1.0'", "'1'"],
    ["'15m'", "'900s'"],
    ["'1 day'::interval", "'2 days'::interval"],
    ["NULL", "''"],
    ["NULL", "'NULL'"],
    ["ARRAY['a', NULL]", "ARRAY['a', 'NULL']"],
    ["ARRAY['a,b']", "ARRAY['a', 'b']"],
    ['"A"', "a"],
    ["new.a", "old.a"],
    ["exists (select 1 from m where a = 1)", "not exists (select 1 from m where a = 1)"],
    ["exists (select 1 from m)", "exists (select 1 from n)"],
    ["exists (select count(*) from m)", "exists (select 1 from m)"],
    ["a in (select b from m)", "a in (select c from m)"],
    ["(select a from m order by b)", "(select a from m order by b desc)"],
    ["(select a from m limit 1)", "(select a from m)"],
    ["(select a from m join n on m.x = n.x)", "(select a from m left join n on m.x = n.x)"],
    ['a collate "C"', "a"],
    ["count(distinct a)", "count(a)"],
    ["a[1]", "a[2]"],
    ["nextval('app.s')", "nextval('s')"],
    ["case when a then 1 else 2 end", "case when a then 2 else 1 end"],
    ["a is json", "a is json object"],
  ];

  it("is not the same for what means something else", () => {
    for (const [a, b] of different) assert.notEqual(canonicalExpression(a), canonicalExpression(b), `${a}  and  ${b}`);
  });

  it("reads well enough to be shown", () => {
    assert.equal(
      canonicalExpression("(((status)::text = ANY (ARRAY['b'::text, 'a'::text])) OR (price >= (0)::numeric))"),
      "((status IN ('a', 'b')) OR (price >= 0))",
    );
    assert.equal(canonicalExpression("'it''s'::text"), "'it''s'");
  });

  it("of a text that is no expression is the text with single spaces", () => {
    assert.equal(canonicalExpression("a  = \n"), "a =");
    assert.equal(canonicalExpression("1; DROP TABLE t"), "1; DROP TABLE t");
    assert.equal(canonicalExpression(""), "");
  });

  it("of the normal form of a literal is the same literal", () => {
    const literal = fc.oneof(
      fc.string(),
      fc.constantFrom("1 day", "24:00", "2020-1-2", "{a, b}", "[1, 2]", "P1D", "{}", "1.50", "-0", "\\xAB", "2020-01-01T00:00Z"),
    );
    fc.assert(
      fc.property(literal, (text) => {
        const once = canonicalExpression(`'${text.replaceAll("'", "''").replaceAll("\0", "")}'`);
        assert.equal(canonicalExpression(once), once);
      }),
      { numRuns: 1_000 },
    );
  });

  it("survives expressions that are nested as deeply as the parser allows", () => {
    const deep = Array(4_000).fill("a").join(" + ");
    assert.ok(canonicalExpression(deep).length > 0);
    assert.notEqual(canonicalExpression(deep), canonicalExpression(`${deep} + b`));
    assert.deepEqual(expressionColumnsOf(deep), ["a"]);
  });
});

describe("The columns of an expression", () => {
  before(loadSqlParser);

  it("are named once, in order, without qualifiers and without those of subqueries", () => {
    assert.deepEqual(expressionColumnsOf('lower(t.b) = a OR "C" IN (SELECT d FROM x) OR count(*) > a'), ["b", "a", "C"]);
    assert.deepEqual(expressionColumnsOf("no expression at all"), []);
  });
});

describe("The normal form of types", () => {
  before(loadSqlParser);

  const types: Readonly<Record<string, string>> = {
    int: "int4",
    "pg_catalog.int4": "int4",
    "character varying(20)": "varchar(20)",
    char: "bpchar(1)",
    '"char"': "char",
    "numeric(12, 2)": "numeric(12,2)",
    "timestamp(3) with time zone": "timestamptz(3)",
    "text[][]": "text[]",
    "int array": "int4[]",
    "public.mood": "mood",
    "audit.kind[]": "audit.kind[]",
    "double precision": "float8",
    "interval day to second": "interval",
  };
  it("is PostgreSQL's internal name with modifiers", () => {
    for (const [text, expected] of Object.entries(types)) assert.equal(canonicalType(typeNamed(text)), expected, text);
  });
});

function typeNamed(text: string): TypeName {
  const tree = parseSql("t.sql", `CREATE TABLE t (c ${text})`).statements[0]?.tree;
  assert.ok(tree !== undefined && "CreateStmt" in tree);
  const [column] = tree.CreateStmt.tableElts ?? [];
  assert.ok(column !== undefined && "ColumnDef" in column && column.ColumnDef.typeName !== undefined);
  return column.ColumnDef.typeName;
}
