import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { insightsOf } from "../../../server/src/plan/insights/insights.ts";
import { nextStepText } from "../../../server/src/plan/nextStepText.ts";
import { readPlan } from "../../../server/src/plan/readPlan.ts";
import { planText } from "../../../server/src/plan/savePlan.ts";

/** Plans that PostgreSQL 18 made of `test/support/planScenarios.ts`; `UPDATE_GOLDENS=1` writes what is told of them, to be reviewed. */
const folder = fileURLToPath(new URL("../../fixtures/plans/", import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith(".json") && !name.endsWith(".expected.json"));

describe("plans kept as goldens", () => {
  it("are there", () => assert.ok(names.length >= 25));

  for (const name of names) {
    it(name, () => {
      const read = readPlan(readFileSync(`${folder}${name}`, "utf8"));
      assert.ok(read.ok);
      const told = insightsOf(read.plan).map(({ id, severity, node, message, next }) => ({
        id,
        severity,
        ...(node === undefined ? {} : { node: read.plan.nodes[node]?.label }),
        message,
        ...(next === undefined ? {} : { next: nextStepText(next) }),
      }));
      const actual = { insights: told, text: planText(read.plan).trimEnd().split("\n") };
      const file = `${folder}${name.replace(/\.json$/, ".expected.json")}`;
      if (process.env["UPDATE_GOLDENS"] === "1") writeFileSync(file, `${JSON.stringify(actual, undefined, 2)}\n`);
      assert.ok(existsSync(file), `${file} is missing`);
      assert.deepEqual(actual, JSON.parse(readFileSync(file, "utf8")));
    });
  }
});
