/**
 * The rules about row-level security against PostgreSQL itself: a rule speaks up if and only if a session of one tenant
 * really gets at the rows of another; and over the corpora the switches that rules report are those of the catalog.
 */
import assert from "node:assert/strict";
import type pg from "pg";
import { fromSql } from "../../server/src/model/fromSql.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import type { SchemaRule } from "../../server/src/rules/rule.ts";
import { runRules } from "../../server/src/rules/run.ts";
import { noInactivePolicy } from "../../server/src/rules/security/no-inactive-policy.ts";
import { requireForcedRowSecurity } from "../../server/src/rules/security/require-forced-row-security.ts";
import { requirePolicy } from "../../server/src/rules/security/require-policy.ts";
import { requireRowLevelSecurity } from "../../server/src/rules/security/require-row-level-security.ts";
import { requireSearchPath } from "../../server/src/rules/security/require-search-path.ts";
import { requireSecurityInvoker } from "../../server/src/rules/security/require-security-invoker.ts";
import { requireWithCheck } from "../../server/src/rules/security/require-with-check.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { corpusHistory } from "../support/histories.ts";
import type { PostgresMajor } from "../support/postgres.ts";
import { replayed } from "../support/replays.ts";
import { parseSqlText } from "../support/schemas.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

interface Scenario {
  readonly what: string;
  /** Run by the owner of the table `deal (id, org_id, amount)`, which has a row of each of the tenants 1 and 2. */
  readonly sql: string;
}

const own = "org_id = (SELECT current_setting('app.org_id')::int)";
const enabled = "ALTER TABLE deal ENABLE ROW LEVEL SECURITY;";

const moves: readonly Scenario[] = [
  { what: "USING alone holds for what is written too", sql: `${enabled} CREATE POLICY p ON deal USING (${own});` },
  { what: "WITH CHECK (true) replaces USING", sql: `${enabled} CREATE POLICY p ON deal USING (${own}) WITH CHECK (true);` },
  { what: "WITH CHECK that asks for something else", sql: `${enabled} CREATE POLICY p ON deal USING (${own}) WITH CHECK (amount > 0);` },
  { what: "WITH CHECK that asks for both", sql: `${enabled} CREATE POLICY p ON deal USING (${own}) WITH CHECK (amount > 0 AND ${own});` },
  {
    what: "a policy for UPDATE with USING alone",
    sql: `${enabled} CREATE POLICY r ON deal FOR SELECT USING (${own}); CREATE POLICY p ON deal FOR UPDATE USING (${own});`,
  },
  {
    what: "a policy for UPDATE whose WITH CHECK asks for something else",
    sql: `${enabled} CREATE POLICY r ON deal FOR SELECT USING (${own}); CREATE POLICY p ON deal FOR UPDATE USING (${own}) WITH CHECK (amount > 0);`,
  },
  {
    what: "a policy for INSERT that asks for something else",
    sql: `${enabled} CREATE POLICY r ON deal FOR SELECT USING (${own}); CREATE POLICY p ON deal FOR INSERT WITH CHECK (amount > 0);`,
  },
  {
    what: "a policy for INSERT that asks for the tenant",
    sql: `${enabled} CREATE POLICY r ON deal FOR SELECT USING (${own}); CREATE POLICY p ON deal FOR INSERT WITH CHECK (${own});`,
  },
  {
    what: "a restrictive policy holds what a permissive one lets through",
    sql: `${enabled} CREATE POLICY t ON deal AS RESTRICTIVE USING (${own}); CREATE POLICY p ON deal USING (${own}) WITH CHECK (amount > 0);`,
  },
  {
    what: "a restrictive policy for reading alone does not",
    sql: `${enabled} CREATE POLICY t ON deal AS RESTRICTIVE FOR SELECT USING (${own}); CREATE POLICY p ON deal USING (${own}) WITH CHECK (amount > 0);`,
  },
];

const views: readonly Scenario[] = [
  { what: "a view reads as its owner", sql: `${enabled} CREATE POLICY p ON deal USING (${own}); CREATE VIEW v AS SELECT * FROM deal;` },
  {
    what: "with security_invoker, as its caller",
    sql: `${enabled} CREATE POLICY p ON deal USING (${own}); CREATE VIEW v WITH (security_invoker) AS SELECT * FROM deal;`,
  },
  {
    what: "policies that are forced bind the view's owner",
    sql: `${enabled} ALTER TABLE deal FORCE ROW LEVEL SECURITY; CREATE POLICY p ON deal USING (${own}); CREATE VIEW v AS SELECT * FROM deal;`,
  },
  {
    what: "security_invoker below a view that has it not",
    sql: `${enabled} CREATE POLICY p ON deal USING (${own}); CREATE VIEW i WITH (security_invoker) AS SELECT * FROM deal; CREATE VIEW v AS SELECT * FROM i;`,
  },
  {
    what: "security_invoker on both",
    sql: `${enabled} CREATE POLICY p ON deal USING (${own}); CREATE VIEW i WITH (security_invoker) AS SELECT * FROM deal; CREATE VIEW v WITH (security_invoker = on) AS SELECT * FROM i;`,
  },
];

const switches: readonly Scenario[] = [
  { what: "a policy without ENABLE does nothing", sql: `CREATE POLICY p ON deal USING (${own});` },
  { what: "a policy with ENABLE binds", sql: `${enabled} CREATE POLICY p ON deal USING (${own});` },
  {
    what: "one that was disabled again does not",
    sql: `${enabled} CREATE POLICY p ON deal USING (${own}); ALTER TABLE deal DISABLE ROW LEVEL SECURITY;`,
  },
];

const owners: readonly Scenario[] = [
  { what: "the owner is free", sql: `${enabled} CREATE POLICY p ON deal USING (${own});` },
  { what: "with FORCE he is not", sql: `${enabled} CREATE POLICY p ON deal USING (${own}); ALTER TABLE deal FORCE ROW LEVEL SECURITY;` },
];

describe("a rule about row-level security speaks up when rows of others are reached", function () {
  this.timeout(60_000);

  for (const major of [15, 18] as const) {
    describe(`on PostgreSQL ${major}`, () => {
      for (const scenario of moves) {
        it(scenario.what, async () =>
          assert.equal(isFound(requireWithCheck, scenario), await reaches(major, scenario, "row_app", movesRow)),
        );
      }
      for (const scenario of views) {
        it(scenario.what, async () =>
          assert.equal(isFound(requireSecurityInvoker, scenario), await reaches(major, scenario, "row_app", seesIn("v"))),
        );
      }
      for (const scenario of switches) {
        it(scenario.what, async () =>
          assert.equal(isFound(noInactivePolicy, scenario), await reaches(major, scenario, "row_app", seesIn("deal"))),
        );
      }
      for (const scenario of owners) {
        it(scenario.what, async () =>
          assert.equal(isFound(requireForcedRowSecurity, scenario), await reaches(major, scenario, "row_owner", seesIn("deal"))),
        );
      }
    });
  }
});

describe("the switches that rules report are those of the catalog", function () {
  this.timeout(120_000);

  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length === 0) return;
    it(corpus.id, async () => {
      const { schema: catalog, files } = await replayed(corpusHistory(corpus));
      const folded = fromSql(files);
      const tables = [...catalog.tables.values()].filter(({ partitionOf }) => partitionOf === undefined);
      const keys = (found: readonly { readonly key: string }[]): string[] => found.map(({ key }) => key).sort();
      assert.deepEqual(
        subjects(noInactivePolicy, folded),
        keys(tables.filter((table) => table.policies.length > 0 && !table.rowSecurity.enabled)),
      );
      assert.deepEqual(
        subjects(requirePolicy, folded),
        keys(tables.filter((table) => table.policies.length === 0 && table.rowSecurity.enabled)),
      );
      assert.deepEqual(
        subjects(requireSearchPath, folded),
        keys(
          [...catalog.routines.values()].filter(
            (routine) => routine.securityDefiner && !routine.settings.has("search_path") && routine.body !== undefined,
          ),
        ),
      );
      assert.deepEqual(
        subjects(requireRowLevelSecurity, folded),
        keys(tables.filter((table) => !table.rowSecurity.enabled && isServed(catalog, table.key))),
      );
    });
  });
});

before(() => loadSqlParser());

/** Whether Supabase's API may read or write the table: no other corpus has row-level security. */
function isServed(catalog: Schema, key: string): boolean {
  return catalog.grants.some(
    ({ objectKind, object, grantee }) => objectKind === "table" && object === key && (grantee === "anon" || grantee === "authenticated"),
  );
}

function subjects(rule: SchemaRule, schema: Schema): string[] {
  return runRules(schema, { settings: new Map(), rules: [rule] })
    .map(({ subject }) => subject)
    .sort();
}

const table = "CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL DEFAULT 1);";

function isFound(rule: SchemaRule, scenario: Scenario): boolean {
  const { schema, problems } = parseSqlText(`${table}\n${scenario.sql}`);
  assert.deepEqual(problems, []);
  return subjects(rule, schema).length > 0;
}

const clients = new Map<PostgresMajor, Promise<pg.Client>>();

/** One database of each version for all scenarios, with a role that owns the tables and one that uses them. */
function clientOf(major: PostgresMajor): Promise<pg.Client> {
  const known =
    clients.get(major) ??
    sharedPostgres(major).then(async (server) => {
      const client = await (await server.createDatabase()).client();
      await client.query("CREATE ROLE row_owner; CREATE ROLE row_app");
      return client;
    });
  clients.set(major, known);
  return known;
}

after(() => Promise.all([...clients.values()].map(async (client) => (await client).end())));

type Deed = (client: pg.Client) => Promise<boolean>;

/** Whether a session of tenant 1 in this role gets at rows of tenant 2. */
async function reaches(major: PostgresMajor, scenario: Scenario, role: string, deed: Deed): Promise<boolean> {
  const client = await clientOf(major);
  await client.query("BEGIN");
  try {
    await client.query("CREATE SCHEMA scene AUTHORIZATION row_owner; SET LOCAL search_path = scene; SET LOCAL ROLE row_owner");
    await client.query(`${table} INSERT INTO deal VALUES (1, 1), (2, 2);`);
    await client.query(scenario.sql);
    await client.query("GRANT USAGE ON SCHEMA scene TO row_app; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA scene TO row_app");
    await client.query(`SET LOCAL ROLE ${role}; SELECT set_config('app.org_id', '1', true)`);
    return await deed(client);
  } finally {
    await client.query("ROLLBACK");
  }
}

function seesIn(relation: string): Deed {
  return async (client) => (await client.query(`SELECT FROM ${relation} WHERE org_id = 2`)).rowCount === 1;
}

/** An UPDATE that reads nothing is held to fewer policies than one with a WHERE. */
const movesRow: Deed = async (client) => {
  for (const statement of ["UPDATE deal SET org_id = 2", "UPDATE deal SET org_id = 2 WHERE id = 1", "INSERT INTO deal VALUES (3, 2)"]) {
    await client.query("SAVEPOINT attempt");
    try {
      const { rowCount } = await client.query(statement);
      if ((rowCount ?? 0) > 0) return true;
    } catch (error) {
      // insufficient_privilege: the new row violates a policy.
      assert.equal(error instanceof Error && "code" in error ? error.code : error, "42501");
    }
    await client.query("ROLLBACK TO SAVEPOINT attempt");
  }
  return false;
};
