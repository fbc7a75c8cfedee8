/** no-invalid-index against PostgreSQL itself: what it reports is refused, statement by statement, and nothing else is. */
import assert from "node:assert/strict";
import { noInvalidIndex } from "../../server/src/rules/indexes/no-invalid-index.ts";
import { runRules } from "../../server/src/rules/run.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { parseSqlText } from "../support/schemas.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

const table = `CREATE EXTENSION unaccent;
CREATE TABLE t (
  a int, b text, c text[], d json, e jsonb, f point, g box, h circle, i xml, j jsonpath, k tsvector, l timestamptz, m timestamp,
  n uuid, o tsrange, p inet, q line, r polygon, s path, u lseg, v tsquery, w date, x float8, y json[]
);`;

const definitions: readonly string[] = [
  ...["btree", "hash", "gin", "gist", "spgist", "brin"].flatMap((method) => [
    ...[..."defghijkopqrsuv"].map((column) => `ON t USING ${method} (${column})`),
    `ON t USING ${method} (c)`,
    `ON t USING ${method} (k, k)`,
    `ON t USING ${method} (o, o)`,
    `ON t USING ${method} (o) INCLUDE (a)`,
    `ON t USING ${method} (o DESC)`,
    `ON t USING ${method} (p inet_ops)`,
  ]),
  "ON t USING gin (c) INCLUDE (a)",
  "ON t USING gin (c DESC)",
  "ON t (concat(b, b))",
  "ON t (concat_ws('-', b, b))",
  "ON t (lower(b))",
  "ON t (to_char(l, 'YYYY'))",
  "ON t (to_char(m, 'YYYY'))",
  "ON t (to_date(b, 'YYYY'))",
  "ON t (array_to_string(c, ' '))",
  "ON t (md5(b))",
  "ON t ((b || ' now() '))",
  "ON t USING gin (to_tsvector(b))",
  "ON t USING gin (to_tsvector('english', b))",
  "ON t USING gin (to_tsvector('english', coalesce(b, '')))",
  "ON t USING gin (to_tsvector(coalesce(b, '')))",
  ...["now()", "clock_timestamp()", "statement_timestamp()", "transaction_timestamp()", "current_timestamp", "localtimestamp"].map(
    (moment) => `ON t (a) WHERE l > ${moment}`,
  ),
  "ON t (a) WHERE w > current_date",
  "ON t (a) WHERE l > '2026-01-01'",
  "ON t (a) WHERE m::time > localtime",
  "ON t (a) WHERE l::timetz > current_time",
  "ON t (a) WHERE b = current_user",
  "ON t (a) WHERE b = session_user",
  "ON t (a) WHERE b = timeofday()",
  "ON t (a) WHERE x > random()",
  "ON t (a) WHERE n <> gen_random_uuid()",
  "ON t (a) WHERE b = 'current_user'",
];

describe("an index that the rule calls invalid is refused", function () {
  this.timeout(60_000);

  before(() => loadSqlParser());

  for (const major of [15, 18] as const) {
    it(`by PostgreSQL ${major}`, async () => {
      const database = await (await sharedPostgres(major)).createDatabase();
      const client = await database.client();
      try {
        await client.query(table);
        for (const definition of [
          ...definitions,
          ...definitions.filter((each) => /USING \w+ \((?:o|k|c)\)/.test(each)).map((each) => `unique ${each}`),
        ]) {
          const statement = definition.startsWith("unique ")
            ? `CREATE UNIQUE INDEX x ${definition.slice(7)}`
            : `CREATE INDEX x ${definition}`;
          const refusal = await client.query(`BEGIN; ${statement}; ROLLBACK`).then(
            () => undefined,
            async (error: unknown) => {
              await client.query("ROLLBACK");
              return error;
            },
          );
          const { schema } = parseSqlText(`${table}\n${statement};`);
          const found = runRules(schema, { settings: new Map(), rules: [noInvalidIndex] });
          if (found.length > 0) assert.ok(refusal !== undefined, `${statement} works, but: ${found[0]?.message}`);
          else if (refusal !== undefined)
            assert.match(statement, leftToOthers, `${statement} is refused, and nothing says so: ${String(refusal)}`);
        }
      } finally {
        await client.end();
        await database.drop();
      }
    });
  }
});

/** What no text decides, as an extension may bring the class, and what the parser or other rules say. */
const leftToOthers =
  /USING (?:gist|spgist|brin|gin) \((?:[a-z]|[a-z], [a-z]|[a-z] DESC|p inet_ops)\)|USING \w+ \(p inet_ops\)|USING hash \([kv]\)/;
