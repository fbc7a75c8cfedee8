/**
 * no-cascade-gap against PostgreSQL itself: the rule reports a gap if and only if deleting a parent fails, whatever the
 * order in which the foreign keys were made. The order matters, because PostgreSQL runs cascades and checks in rounds.
 */
import assert from "node:assert/strict";
import type pg from "pg";
import { noCascadeGap } from "../../server/src/rules/relations/no-cascade-gap.ts";
import { runRules } from "../../server/src/rules/run.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { PostgresMajor } from "../support/postgres.ts";
import { parseSqlText } from "../support/schemas.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

interface Scenario {
  readonly what: string;
  /** Foreign keys as `child(column) -> parent action`; every table has an id, and one row with id 1 that references id 1. */
  readonly keys: readonly string[];
  /** Tables that are deleted from; a gap is a delete that fails. */
  readonly deleted: readonly string[];
}

const refusing = ["RESTRICT", "NO ACTION"] as const;

const scenarios: readonly Scenario[] = refusing.flatMap((refuse) => [
  { what: `${refuse} below a cascade`, keys: ["c(p) -> p CASCADE", `g(c) -> c ${refuse}`], deleted: ["p"] },
  {
    what: `${refuse} two tables below a cascade`,
    keys: ["t(p) -> p CASCADE", "c(t) -> t CASCADE", `g(c) -> c ${refuse}`],
    deleted: ["p", "t"],
  },
  {
    what: `${refuse}, and the same delete takes the rows along`,
    keys: ["c(p) -> p CASCADE", "g(p) -> p CASCADE", `g(c) -> c ${refuse}`],
    deleted: ["p"],
  },
  {
    what: `${refuse}, and the rows go along one round later`,
    keys: ["c(p) -> p CASCADE", "t(p) -> p CASCADE", "g(t) -> t CASCADE", `g(c) -> c ${refuse}`],
    deleted: ["p"],
  },
  {
    what: `${refuse}, and the rows go along by another column`,
    keys: ["c(p) -> p CASCADE", "g(c) -> c CASCADE", `g(d) -> c ${refuse}`],
    deleted: ["p"],
  },
  {
    what: `${refuse}, and the rows are only cut loose from the parent`,
    keys: ["c(p) -> p CASCADE", "g(p) -> p SET NULL", `g(c) -> c ${refuse}`],
    deleted: ["p"],
  },
  { what: `${refuse} in a tree below a cascade`, keys: ["c(p) -> p CASCADE", `c(c) -> c ${refuse}`], deleted: ["p"] },
  { what: `${refuse} that nothing cascades into`, keys: ["c(p) -> p SET NULL", `g(c) -> c ${refuse}`], deleted: ["p"] },
  { what: `${refuse} in a circle`, keys: ["c(p) -> p CASCADE", "p(c) -> c CASCADE", `g(c) -> c ${refuse}`], deleted: ["p"] },
]);

const waits = "NO ACTION DEFERRABLE INITIALLY DEFERRED";

const deferred: readonly Scenario[] = [
  { what: "a check at commit, and the rows stay", keys: ["c(p) -> p CASCADE", `g(c) -> c ${waits}`], deleted: ["p"] },
  {
    what: "a check at commit, and the rows go along",
    keys: ["c(p) -> p CASCADE", "g(p) -> p CASCADE", `g(c) -> c ${waits}`],
    deleted: ["p"],
  },
  {
    what: "a check at commit, and the rows go along rounds later",
    keys: ["c(p) -> p CASCADE", "t(p) -> p CASCADE", "u(t) -> t CASCADE", "g(u) -> u CASCADE", `g(c) -> c ${waits}`],
    deleted: ["p"],
  },
];

describe("a cascade gap is a delete that fails", function () {
  this.timeout(60_000);

  for (const major of [15, 18] as const) {
    describe(`on PostgreSQL ${major}`, () => {
      for (const scenario of [...scenarios, ...deferred]) {
        it(scenario.what, async () => {
          const fails = (await failsIn(major, scenario, scenario.keys)) || (await failsIn(major, scenario, scenario.keys.toReversed()));
          assert.equal(found(scenario), fails);
        });
      }
    });
  }
});

before(() => loadSqlParser());

const clients = new Map<PostgresMajor, Promise<pg.Client>>();

/** One empty database of each version for all scenarios; it goes with its server. */
function clientOf(major: PostgresMajor): Promise<pg.Client> {
  const known = clients.get(major) ?? sharedPostgres(major).then(async (server) => (await server.createDatabase()).client());
  clients.set(major, known);
  return known;
}

after(() => Promise.all([...clients.values()].map(async (client) => (await client).end())));

async function failsIn(major: PostgresMajor, scenario: Scenario, keys: readonly string[]): Promise<boolean> {
  const client = await clientOf(major);
  await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${tablesOf(scenario)}`);
  // The rows come before the keys: some of these reference each other in a circle.
  for (const table of tableNames(scenario))
    await client.query(`INSERT INTO ${table} VALUES (${["1", ...columnsOf(scenario, table).map(() => "1")].join(", ")})`);
  await client.query(keysOf(keys));
  let fails = false;
  for (const table of scenario.deleted) fails ||= await isRefused(client, `DELETE FROM ${table}`);
  return fails;
}

/** Nothing stays deleted: each delete is tried on all the rows. */
async function isRefused(client: pg.Client, statement: string): Promise<boolean> {
  await client.query("BEGIN");
  try {
    await client.query(statement);
    await client.query("SET CONSTRAINTS ALL IMMEDIATE");
    return false;
  } catch (error) {
    // foreign_key_violation, or restrict_violation, which RESTRICT raises since PostgreSQL 18.
    assert.ok(["23503", "23001"].includes(String(sqlState(error))), String(error));
    return true;
  } finally {
    await client.query("ROLLBACK");
  }
}

function sqlState(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

function found(scenario: Scenario): boolean {
  const { schema, problems } = parseSqlText(`${tablesOf(scenario)}\n${keysOf(scenario.keys)}`);
  assert.deepEqual(problems, []);
  return [...runRules(schema, { settings: new Map(), rules: [noCascadeGap] })].length > 0;
}

function tablesOf(scenario: Scenario): string {
  return tableNames(scenario)
    .map(
      (table) =>
        `CREATE TABLE ${table} (${["id int PRIMARY KEY", ...columnsOf(scenario, table).map((column) => `${column} int`)].join(", ")});`,
    )
    .join("\n");
}

function keysOf(keys: readonly string[]): string {
  return keys
    .map((key) =>
      key.replace(/^(\w+)(\(\w+\)) -> (\w+) (\w+(?: NULL| ACTION)?)/, "ALTER TABLE $1 ADD FOREIGN KEY $2 REFERENCES $3 ON DELETE $4"),
    )
    .map((statement) => `${statement};`)
    .join("\n");
}

function tableNames({ keys }: Scenario): readonly string[] {
  return [...new Set(keys.flatMap((key) => [/-> (\w+)/.exec(key)?.[1] ?? "", /^\w+/.exec(key)?.[0] ?? ""]))];
}

function columnsOf({ keys }: Scenario, table: string): readonly string[] {
  return keys.filter((key) => key.startsWith(`${table}(`)).map((key) => /\((\w+)\)/.exec(key)?.[1] ?? "");
}
