/**
 * no-required-cycle against PostgreSQL itself: it finds a circle if and only if no order of inserts into the tables, one
 * row each, gets past the foreign keys, with every check put off that can be.
 */
import assert from "node:assert/strict";
import type pg from "pg";
import { noRequiredCycle } from "../../server/src/rules/relations/no-required-cycle.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import {
  addKeys,
  columnsOf,
  createTables,
  findingsIn,
  insertInto,
  isRefused,
  type KeyScenario,
  scenarioClient,
  tableNames,
} from "../support/keyScenarios.ts";

const scenarios: readonly KeyScenario[] = [
  { what: "two tables that need each other", keys: ["a(b!) -> b CASCADE", "b(a!) -> a NO ACTION"] },
  { what: "three tables in a circle", keys: ["a(c!) -> c CASCADE", "b(a!) -> a CASCADE", "c(b!) -> b RESTRICT"] },
  { what: "a circle that one key leaves open", keys: ["a(c!) -> c CASCADE", "b(a) -> a CASCADE", "c(b!) -> b RESTRICT"] },
  { what: "a circle with a key that can wait", keys: ["a(b!) -> b CASCADE", "b(a!) -> a CASCADE DEFERRABLE"] },
  { what: "a circle with a key that waits", keys: ["a(b!) -> b CASCADE", "b(a!) -> a CASCADE DEFERRABLE INITIALLY DEFERRED"] },
  { what: "a row that points at itself", keys: ["a(a!) -> a CASCADE", "b(a!) -> a CASCADE"] },
  { what: "a chain", keys: ["a(b!) -> b CASCADE", "b(c!) -> c CASCADE", "a(c!) -> c CASCADE"] },
  {
    what: "two circles through one table",
    keys: ["a(b!) -> b CASCADE", "b(a!) -> a CASCADE", "a(c!) -> c CASCADE", "c(a!) -> a CASCADE DEFERRABLE"],
  },
];

describe("a required circle is a row that cannot come first", function () {
  this.timeout(60_000);

  before(() => loadSqlParser());

  for (const scenario of scenarios) {
    it(scenario.what, async () => {
      const client = await scenarioClient(15);
      await create(client, scenario);
      let works = false;
      for (const order of ordersOf(tableNames(scenario))) works ||= !(await isRefused(client, inserts(scenario, order)));
      assert.equal(findingsIn(scenario, [noRequiredCycle]).length > 0, !works);
    });
  }

  it("is got around by one statement that inserts into all of the tables", async () => {
    const scenario = { what: "", keys: ["a(b!) -> b CASCADE", "b(a!) -> a CASCADE"] };
    const client = await scenarioClient(15);
    await create(client, scenario);
    assert.equal(await isRefused(client, `WITH first AS (${insertInto(scenario, "a")}) ${insertInto(scenario, "b")}`), false);
  });
});

async function create(client: pg.Client, scenario: KeyScenario): Promise<void> {
  await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${createTables(scenario)}\n${addKeys(scenario.keys)}`);
}

/** Keys that may be null are filled in at the end. */
function inserts(scenario: KeyScenario, order: readonly string[]): string {
  const rows = order.map((table) => {
    const values = columnsOf(scenario, table).map(({ isRequired }) => (isRequired ? "1" : "NULL"));
    return `INSERT INTO ${table} VALUES (${["1", ...values].join(", ")})`;
  });
  const rest = order.flatMap((table) =>
    columnsOf(scenario, table).flatMap(({ name, isRequired }) => (isRequired ? [] : [`UPDATE ${table} SET ${name} = 1`])),
  );
  return ["SET CONSTRAINTS ALL DEFERRED", ...rows, ...rest].join("; ");
}

function ordersOf(tables: readonly string[]): readonly (readonly string[])[] {
  if (tables.length < 2) return [tables];
  return tables.flatMap((first) => ordersOf(tables.filter((table) => table !== first)).map((rest) => [first, ...rest]));
}
