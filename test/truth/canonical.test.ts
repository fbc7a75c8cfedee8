import assert from "node:assert/strict";
import type pg from "pg";
import { canonicalExpression } from "../../server/src/sql/canonical.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { PostgresMajor } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

const tables = `
  CREATE EXTENSION IF NOT EXISTS citext;
  CREATE SCHEMA auth;
  CREATE SCHEMA app;
  CREATE TYPE app.stage AS ENUM ('open', 'won', 'lost');
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
  CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT gen_random_uuid()';
  CREATE FUNCTION is_member(org uuid, variadic roles text[]) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
  CREATE FUNCTION app.score(x numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT x';
  CREATE SEQUENCE app."Order_seq";
  CREATE SEQUENCE plain_seq;
  CREATE TABLE members (org_id uuid, user_id uuid, role text, joined_at timestamptz);
  CREATE TABLE things (
    id bigint, small smallint, n integer, org_id uuid, price numeric(10,2), ratio double precision, name varchar(50), code char(3), body text,
    email citext, kind mood, stage app.stage, tags text[], labels varchar(20)[], data jsonb, doc json, active boolean, starts_on date,
    created_at timestamp, updated_at timestamptz, opens time, span interval, address inet, raw bytea, bits bit(3), numbers integer[], period tstzrange
  );
`;

/** Conditions, as a policy of `things` may state them. */
const conditions = `
  n > 0
  n >= 0 AND (n <= 10 AND small = 3)
  n > 0 OR (small > 1 OR id > 2)
  NOT (n > 0)
  NOT active
  active
  active = true
  active IS TRUE
  active IS NOT FALSE
  active = 't'::boolean
  n BETWEEN 1 AND 10
  n NOT BETWEEN 1 AND 10
  n BETWEEN SYMMETRIC 10 AND 1
  n NOT BETWEEN SYMMETRIC 10 AND 1
  price BETWEEN 0 AND 100
  name IN ('a', 'b')
  name IN ('a')
  name NOT IN ('a', 'b')
  name NOT IN ('a')
  NOT (name IN ('a', 'b'))
  body IN ('a', 'b', name)
  n IN (small, 5, 6)
  n = ANY (ARRAY[small, 5])
  n IN (small, id)
  5 IN (n, small)
  n NOT IN (small, 5, 6)
  kind IN ('sad', 'ok')
  stage = 'open'
  stage = ANY (ARRAY['open', 'won']::app.stage[])
  body = ANY ('{a,b}')
  body = ANY (ARRAY['a', 'b'])
  body <> ALL (ARRAY['a', 'b'])
  body = ANY (tags)
  'x' = ANY (tags)
  name = ANY (labels)
  name LIKE 'a%'
  name NOT LIKE 'a%'
  body ILIKE '%b'
  body NOT ILIKE '%b'
  body LIKE 'a!%' ESCAPE '!'
  body SIMILAR TO '(a|b)%'
  body NOT SIMILAR TO 'a%'
  body ~ '^[a-z]+$'
  body !~* 'x'
  email ~* '^[^@]+@[^@]+$'
  email = 'a@b.c'
  n != 3
  n IS NOT NULL
  n IS NULL OR small IS NOT NULL
  name IS DISTINCT FROM body
  name IS NOT DISTINCT FROM body
  length(name) > 3
  char_length(body) <= 200
  lower(name) = name
  upper(body) = 'X'
  lower(email) = email
  trim(name) <> ''
  btrim(body, ' ') <> ''
  trim(leading 'x' from body) = 'y'
  substring(body from 1 for 3) = 'abc'
  substring(body, 2) = 'abc'
  substring(body from 'a.*') IS NOT NULL
  overlay(body placing 'x' from 1 for 2) = 'y'
  position('a' in body) > 0
  strpos(body, 'a') > 0
  extract(year from created_at) > 2000
  date_part('year', created_at) > 2000
  extract(epoch from (updated_at - now())) < 5
  created_at > '2020-01-01'
  updated_at > '2020-01-01'
  updated_at > '2020-01-01 12:30:00+02'
  starts_on > '2020-01-01'
  starts_on > DATE '2020-01-01'
  starts_on < CURRENT_DATE
  updated_at < CURRENT_TIMESTAMP
  updated_at < now() - interval '30 days'
  updated_at < now() - '30 minutes'::interval
  updated_at < now() - interval '1 year 2 months 3 days 04:05:06'
  updated_at > now() - INTERVAL '7' DAY
  span > '90 minutes'
  span >= 'P1DT2H'::interval
  opens > '08:00'
  updated_at AT TIME ZONE 'UTC' > created_at
  timezone('UTC', updated_at) > created_at
  created_at + span > localtimestamp
  updated_at < CURRENT_TIMESTAMP(3)
  date_trunc('day', starts_on) = updated_at
  price > 0
  price >= 0.5
  price * 1.2 > ratio
  ratio > 0
  ratio < 1.5
  ratio = '1.50'::float8
  n / 2 = 1
  n % 2 = 0
  small % 2 = 0
  -n < 5
  n > -1
  n > '-5'
  id > 3000000000
  id = '12'
  price = 1e3
  small + n > id
  sqrt(n) > 2
  round(ratio) = 1
  app.score(n) > 1
  coalesce(name, '') <> ''
  coalesce(n, 0) > 0
  nullif(name, '') IS NOT NULL
  greatest(n, small, 0) > least(n, 5)
  CASE WHEN active THEN n > 0 ELSE n IS NULL END
  CASE kind WHEN 'sad' THEN n > 0 WHEN 'ok' THEN true END
  (CASE WHEN active THEN 1 ELSE 0 END) + n = 1
  num_nonnulls(n, small) = 1
  (n IS NULL) = (small IS NULL)
  (n IS NULL) <> (small IS NULL)
  (n, small) = (1, 2)
  (n, small) <> (1, 2)
  (n, small) < (1, 2)
  (n, small) IN ((1, 2), (3, 4))
  ROW(n, small) IS NULL
  data ->> 'a' = 'b'
  (data ->> 'a')::int > 5
  (data ->> 'a')::numeric > 5
  (data -> 'a' ->> 'b') IN ('x', 'y')
  data @> '{"a":1}'
  data @> '{"b": [1, 2], "a": {"c": null}}'::jsonb
  data ? 'a'
  data ?| ARRAY['a', 'b']
  data #>> '{a,b}' = 'c'
  data['a'] IS NOT NULL
  jsonb_typeof(data) = 'object'
  jsonb_typeof(data -> 'a') = 'array'
  data = '{}'
  data <> '[]'::jsonb
  tags = '{}'
  tags = ARRAY[]::text[]
  tags && ARRAY['a', 'b']
  tags @> '{a}'
  array_length(tags, 1) > 0
  cardinality(tags) > 0
  tags[1] = 'a'
  numbers[1:2] = '{1,2}'
  numbers @> ARRAY[1, 2]
  numbers @> ARRAY[n, 2]
  labels && ARRAY['a']::varchar[]
  address << '10.0.0.0/8'
  address = inet '10.0.0.1'
  raw = '\\xDEADBEEF'
  period @> now()
  period && tstzrange('2020-01-01', '2021-01-01')
  lower(period) IS NOT NULL
  (created_at, span) OVERLAPS (created_at, span)
  name COLLATE "C" > 'a'
  name || ' ' || body = 'x'
  concat(name, ' ', body) = 'x'
  name::text = 'a'
  body::varchar = 'a'
  n::text = '5'
  price::int = 5
  created_at::date = '2020-01-01'
  updated_at::date = starts_on
  n::bigint = id
  CAST(n AS numeric(10,2)) = price
  body = 5::text
  code = 'abc'
  code = 'ab '
  code IN ('abc', 'def')
  name = E'a\\nb'
  body = 'it''s'
  body = $$x$$
  org_id = '6F9619FF-8B86-D011-B42D-00CF4FC964FF'
  org_id = auth.uid()
  auth.uid() = org_id
  (select auth.uid()) = org_id
  org_id = (SELECT auth.uid() AS me)
  org_id IN (SELECT org_id FROM members WHERE user_id = auth.uid())
  org_id IN (SELECT m.org_id FROM members m WHERE m.user_id = auth.uid() AND m.role = 'owner')
  org_id NOT IN (SELECT org_id FROM members)
  org_id = ANY (SELECT org_id FROM members)
  name IN (SELECT role FROM members)
  EXISTS (SELECT 1 FROM members WHERE members.org_id = things.org_id AND members.user_id = auth.uid())
  EXISTS (SELECT * FROM members m WHERE m.org_id = things.org_id AND m.role IN ('owner', 'admin'))
  EXISTS (SELECT 1 FROM things t JOIN members m ON m.org_id = t.org_id WHERE t.id = things.id)
  EXISTS (SELECT 1 FROM things WHERE things.n > 5)
  NOT EXISTS (SELECT FROM members WHERE user_id = auth.uid())
  (SELECT count(*) FROM members WHERE members.org_id = things.org_id) < 5
  (SELECT max(joined_at) FROM members) > updated_at
  (SELECT role FROM members ORDER BY joined_at DESC LIMIT 1) = 'owner'
  (SELECT bool_or(role = 'owner') FROM members GROUP BY org_id HAVING count(*) > 1 LIMIT 1)
  tags && ARRAY(SELECT role FROM members)
  (WITH mine AS (SELECT org_id FROM members) SELECT count(*) FROM mine) > 1
  (SELECT count(*) FROM (SELECT DISTINCT role FROM members) AS roles) > 1
  EXISTS (SELECT 1 FROM unnest(tags) AS tag WHERE tag LIKE 'a%')
  EXISTS (SELECT 1 FROM members a LEFT JOIN members b USING (org_id) WHERE a.role = 'x')
  org_id IN (SELECT org_id FROM members WHERE role = 'a' UNION SELECT org_id FROM members WHERE role = 'b')
  is_member(org_id, 'a', 'b')
  public.is_member(org_id, VARIADIC ARRAY['a', 'b'])
  pg_catalog.lower(body) = 'a'
  body OPERATOR(pg_catalog.=) 'a'
  current_user = 'app'
  body = current_user
  session_user <> user
  current_setting('app.tenant', true)::uuid = org_id
  current_setting('app.tenant')::int = n
  (current_setting('request.jwt.claims', true)::json ->> 'sub')::uuid = org_id
  coalesce(current_setting('a.b', true), '') = body
  bits = B'101'
  bits & B'001' = B'001'
  n & 4 = 4
  small & 4 > 0
  n << 2 > 5
  @ n > 5
  n ^ 2 > 4
  |/ ratio > 1
  doc ->> 'a' = 'b'
  doc::jsonb = '{}'
  NULL::text IS NULL
  n = NULL
  body IS NOT NULL AND body <> '' AND length(body) < 100
  kind::text = 'sad'
  kind::text LIKE 's%'
  kind > 'sad'
  to_tsvector('english', body) @@ to_tsquery('english', 'cat')
  to_tsvector('english'::regconfig, coalesce(name, '')) @@ plainto_tsquery('cat')
  make_interval(days => n) > span
  age(created_at) > '1 day'
  date '2020-01-01' + n > starts_on
  xmlexists('//a' passing by value (body::xml))
  body IS NORMALIZED
  body::xml IS DOCUMENT
  things.n > 0
  public.things.n > 0
`;

/** Columns of `things` with a default. */
const defaults: readonly (readonly [column: string, text: string])[] = [
  ["n", "0"],
  ["n", "-1"],
  ["n", "(-1)"],
  ["n", "'5'"],
  ["n", "1 + 1"],
  ["n", "NULL"],
  ["id", "0"],
  ["id", "5000000000"],
  ["id", "nextval('plain_seq')"],
  ["id", "nextval('public.plain_seq'::regclass)"],
  ["id", `nextval('app."Order_seq"')`],
  ["small", "1"],
  ["price", "0"],
  ["price", "0.00"],
  ["price", "'1.50'"],
  ["price", ".5"],
  ["price", "0::numeric(10,2)"],
  ["ratio", "0"],
  ["ratio", "1.0"],
  ["ratio", "'1.0'::float8"],
  ["name", "'x'"],
  ["name", "''"],
  ["name", "'x'::text"],
  ["name", "gen_random_uuid()"],
  ["name", "gen_random_uuid()::text"],
  ["name", "current_user"],
  ["name", "5"],
  ["code", "'a'"],
  ["code", "'abc'::bpchar"],
  ["body", "'true'"],
  ["body", "md5(random()::text)"],
  ["body", "'x' || 'y'"],
  ["body", "concat('a', 5)"],
  ["body", "(now())::text"],
  ["body", "to_char(now(), 'YYYY')"],
  ["email", "'a@b.c'"],
  ["kind", "'sad'"],
  ["kind", "'sad'::mood"],
  ["stage", "'open'"],
  ["stage", "'open'::app.stage"],
  ["tags", "'{}'"],
  ["tags", "'{}'::text[]"],
  ["tags", "ARRAY[]::text[]"],
  ["tags", "ARRAY['a', 'b']"],
  ["tags", "'{a,b}'"],
  ["tags", "'{\"a b\",c}'"],
  ["labels", "'{}'"],
  ["labels", "ARRAY['a']::varchar[]"],
  ["numbers", "'{1, 2}'"],
  ["numbers", "ARRAY[1,2]"],
  ["numbers", "array[]::int[]"],
  ["data", "'{}'"],
  ["data", '\'{"b":1,"a":[1,2]}\''],
  ["data", "'[]'::jsonb"],
  ["data", "jsonb_build_object('a', 1, 'b', now())"],
  ["doc", "'{\"a\":1}'"],
  ["active", "true"],
  ["active", "'true'"],
  ["active", "'f'::boolean"],
  ["active", "false"],
  ["starts_on", "CURRENT_DATE"],
  ["starts_on", "now()"],
  ["starts_on", "'2020-01-01'"],
  ["starts_on", "now()::date"],
  ["starts_on", "CURRENT_DATE + 7"],
  ["starts_on", "CURRENT_DATE + interval '1 month'"],
  ["created_at", "CURRENT_TIMESTAMP"],
  ["created_at", "now()"],
  ["created_at", "(now() AT TIME ZONE 'utc')"],
  ["created_at", "timezone('utc'::text, now())"],
  ["created_at", "'1970-01-01 00:00:00'"],
  ["created_at", "'1970-01-01T00:00:00.000Z'"],
  ["updated_at", "CURRENT_TIMESTAMP"],
  ["updated_at", "CURRENT_TIMESTAMP(3)"],
  ["updated_at", "now() + interval '7 days'"],
  ["updated_at", "now() + '1 hour'"],
  ["updated_at", "'infinity'"],
  ["updated_at", "'2020-01-01'"],
  ["updated_at", "statement_timestamp()"],
  ["updated_at", "to_timestamp(0)"],
  ["opens", "'08:00'"],
  ["opens", "LOCALTIME"],
  ["span", "'1 day'"],
  ["span", "'24 hours'"],
  ["span", "interval '1' month"],
  ["span", "'00:30:00'"],
  ["span", "'1.5 days'"],
  ["org_id", "gen_random_uuid()"],
  ["org_id", "'6F9619FF-8B86-D011-B42D-00CF4FC964FF'"],
  ["org_id", "auth.uid()"],
  ["org_id", "(current_setting('app.tenant', true))::uuid"],
  ["address", "'10.0.0.1'"],
  ["raw", "'\\xDEAD'"],
  ["bits", "B'101'"],
  ["bits", "'101'"],
  ["period", "tstzrange(now(), NULL)"],
];

/** Expressions an index of `things` may have, which must be immutable. */
const indexed = `
  lower(name)
  lower(email)
  (n + 1)
  (data ->> 'a')
  ((data ->> 'a')::int)
  (name || ' ' || body)
  ((n)::text)
  (created_at::date)
  date_trunc('day', created_at)
  ((updated_at AT TIME ZONE 'UTC')::date)
  coalesce(name, '')
  to_tsvector('english', body)
  to_tsvector('english', coalesce(name, '') || ' ' || coalesce(body, ''))
  (n IS NULL)
  md5(body)
  (tags[1])
  substring(body, 1, 10)
  (CASE WHEN active THEN n END)
  (numbers || 5)
`;

const triggerConditions = `
  OLD.* IS DISTINCT FROM NEW.*
  OLD IS DISTINCT FROM NEW
  OLD.n <> NEW.n OR (OLD.n IS NULL AND NEW.n IS NOT NULL)
  NEW.name IS DISTINCT FROM OLD.name
  NEW.stage = 'won' AND OLD.stage <> 'won'
  pg_trigger_depth() = 0
  NEW.active
`;

for (const major of [15, 18] as const) describe(`Canonical expressions on PostgreSQL ${major}`, () => truthOf(major));

function truthOf(major: PostgresMajor): void {
  let client: pg.Client;
  let drop: () => Promise<void>;

  before(async function () {
    this.timeout(60_000);
    await loadSqlParser();
    const database = await (await sharedPostgres(major)).createDatabase();
    drop = () => database.drop();
    client = await database.client();
    await client.query(tables);
  });
  after(() => drop());

  it("a policy's condition is the same after PostgreSQL read it", async () => {
    const printed = (text: string): Promise<string> =>
      stored(
        `CREATE POLICY one ON things USING (${text})`,
        "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'one'",
        "DROP POLICY one ON things",
      );
    await assertSame(lines(conditions), printed);
  });

  it("a default is the same after PostgreSQL read it", async () => {
    const texts = defaults.map(([column, text]) => `${column}: ${text}`);
    await assertSame(texts, (one) => {
      const [column = "", text = ""] = split(one);
      const query = `SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = adrelid AND attnum = adnum WHERE attname = '${column}'`;
      return stored(
        `ALTER TABLE things ALTER COLUMN ${column} SET DEFAULT ${text}`,
        query,
        `ALTER TABLE things ALTER COLUMN ${column} DROP DEFAULT`,
      );
    });
  });

  it("an index's expression is the same after PostgreSQL read it", async () => {
    const printed = (text: string): Promise<string> =>
      stored(
        `CREATE INDEX one ON things (${text})`,
        "SELECT pg_get_expr(indexprs, indrelid) FROM pg_index WHERE indexrelid = 'one'::regclass",
        "DROP INDEX one",
      );
    await assertSame(lines(indexed), printed);
  });

  it("a trigger's condition is the same after PostgreSQL read it", async () => {
    const printed = async (text: string): Promise<string> => {
      const create = `CREATE TRIGGER one BEFORE UPDATE ON things FOR EACH ROW WHEN (${text}) EXECUTE FUNCTION suppress_redundant_updates_trigger()`;
      const definition = await stored(
        create,
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'one'",
        "DROP TRIGGER one ON things",
      );
      return / WHEN \((.*)\) EXECUTE /s.exec(definition)?.[1] ?? "";
    };
    await assertSame(lines(triggerConditions), printed);
  });

  /** What the catalog prints for something, which is gone afterwards. */
  async function stored(create: string, query: string, remove: string): Promise<string> {
    await client.query(create);
    const { rows } = await client.query<[string]>({ text: query, rowMode: "array" });
    await client.query(remove);
    return rows[0]?.[0] ?? "NULL";
  }

  async function assertSame(texts: readonly string[], print: (text: string) => Promise<string>): Promise<void> {
    const different: object[] = [];
    for (const text of texts) {
      const printed = await print(text).catch((error: unknown) => `refused: ${String(error)}`);
      const [written, read] = [canonicalExpression(split(text).at(-1) ?? ""), canonicalExpression(printed)];
      if (written !== read) different.push({ text, printed, written, read });
    }
    assert.deepEqual(different, []);
  }
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** `column: text`, or a text alone. */
function split(one: string): string[] {
  const match = /^(\w+): (.*)$/s.exec(one);
  return match === null ? [one] : [match[1] ?? "", match[2] ?? ""];
}
