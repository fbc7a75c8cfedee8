/**
 * no-cascade-gap and no-mixed-cascade-paths against PostgreSQL itself: one of them finds something if and only if a
 * delete that cascades fails, whatever the order in which the foreign keys were made. The order matters, because
 * PostgreSQL runs cascades and checks in rounds. And cascadeCount is the number of tables that a delete empties.
 */
import assert from "node:assert/strict";
import { cascadeCount, cascadeReaches } from "../../server/src/model/cascades.ts";
import { noCascadeGap } from "../../server/src/rules/relations/no-cascade-gap.ts";
import { noMixedCascadePaths } from "../../server/src/rules/relations/no-mixed-cascade-paths.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { fill, findingsIn, isRefused, type KeyScenario, scenarioClient, schemaOf, tableNames } from "../support/keyScenarios.ts";
import type { PostgresMajor } from "../support/postgres.ts";

interface Scenario extends KeyScenario {
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
  {
    what: `${refuse} straight at the start of a cascade that gets to the rows later`,
    keys: ["c(p) -> p CASCADE", "g(c) -> c CASCADE", `g(p) -> p ${refuse}`],
    deleted: ["p"],
  },
  {
    what: `${refuse} straight at the start of a cascade of three rounds`,
    keys: ["t(p) -> p CASCADE", "c(t) -> t CASCADE", "g(c) -> c CASCADE", `g(p) -> p ${refuse}`],
    deleted: ["p"],
  },
  {
    what: `${refuse} straight at the start, and the rows go in the first round by another column, checked first or later`,
    keys: ["g(p) -> p CASCADE", `g(q) -> p ${refuse}`],
    deleted: ["p"],
  },
  {
    what: `${refuse} straight at the start, from a table that a circle leads back to`,
    keys: ["c(p) -> p CASCADE", "g(c) -> c CASCADE", "c(g) -> g CASCADE", `g(p) -> p ${refuse}`],
    deleted: ["p"],
  },
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
  {
    what: "a check at commit straight at the start of a cascade that gets to the rows later",
    keys: ["c(p) -> p CASCADE", "g(c) -> c CASCADE", `g(p) -> p ${waits}`],
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
          assert.equal(findingsIn(scenario, [noCascadeGap, noMixedCascadePaths]).length > 0, fails);
        });
      }
    });
  }
});

const reaches: readonly KeyScenario[] = [
  { what: "a chain", keys: ["b(a) -> a CASCADE", "c(b) -> b CASCADE", "d(c) -> c CASCADE"] },
  { what: "a diamond", keys: ["b(a) -> a CASCADE", "c(a) -> a CASCADE", "d(b) -> b CASCADE", "d(c) -> c CASCADE"] },
  { what: "a circle with a tail", keys: ["b(a) -> a CASCADE", "a(b) -> b CASCADE", "c(b) -> b CASCADE", "c(c) -> c CASCADE"] },
  { what: "rows that are cut loose", keys: ["b(a) -> a CASCADE", "c(b) -> b SET NULL", "d(c) -> c CASCADE", "e(b) -> b CASCADE"] },
];

describe("what a delete reaches is what it empties", function () {
  this.timeout(60_000);

  for (const scenario of reaches) {
    it(scenario.what, async () => {
      const client = await scenarioClient(15);
      const schema = schemaOf(scenario);
      for (const table of tableNames(scenario)) {
        await fill(client, scenario, scenario.keys);
        await client.query(`DELETE FROM ${table}`);
        const emptied: string[] = [];
        for (const other of tableNames(scenario)) {
          const { rowCount } = await client.query(`SELECT FROM ${other}`);
          if (rowCount === 0 && other !== table) emptied.push(other);
        }
        const reached = tableNames(scenario).filter(
          (other) => other !== table && cascadeReaches(schema, `public.${table}`, `public.${other}`),
        );
        assert.deepEqual(reached, emptied, table);
        assert.equal(cascadeCount(schema, `public.${table}`), emptied.length, table);
      }
    });
  }
});

before(() => loadSqlParser());

async function failsIn(major: PostgresMajor, scenario: Scenario, keys: readonly string[]): Promise<boolean> {
  const client = await scenarioClient(major);
  await fill(client, scenario, keys);
  let fails = false;
  for (const table of scenario.deleted) fails ||= await isRefused(client, `DELETE FROM ${table}`);
  return fails;
}
