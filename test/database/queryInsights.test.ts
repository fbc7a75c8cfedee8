/**
 * Every query of both samples and of TPC-H gets its plan on a scratch database, is drawn as a sheet, and is told what
 * `test/fixtures/queryInsights.json` has: the CRM over its 200,000 rows, the others over empty tables. `UPDATE_GOLDENS=1`
 * writes the file, to be reviewed.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { seededSample } from "../../scripts/support/seededSample.ts";
import { explainOn } from "../../server/src/explain/explainOn.ts";
import { planSheet } from "../../server/src/explain/planSheet.ts";
import { tablesBehindViews } from "../../server/src/model/viewTables.ts";
import { readPlan } from "../../server/src/plan/readPlan.ts";
import { ScratchDatabase } from "../../server/src/scratch/scratchDatabase.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { seededClusters } from "../../server/src/workspace/assets.ts";
import { sample, tpch } from "../support/advice/worlds.ts";
import type { AdviceWorld } from "../support/advice/world.ts";
import { crm, crmLegacy } from "../support/samples.ts";
import { scratchOptions } from "../support/scratch.ts";

await loadSqlParser();

const file = fileURLToPath(new URL("../fixtures/queryInsights.json", import.meta.url));
const goldens = v.record(v.string(), v.record(v.string(), v.array(v.string())));
const writesGoldens = process.env["UPDATE_GOLDENS"] === "1";

describe("The queries of", function () {
  this.timeout(400_000);

  const told: Record<string, Record<string, readonly string[]>> = {};
  after(() => {
    if (writesGoldens) writeFileSync(file, `${JSON.stringify(told, undefined, 2)}\n`);
  });

  for (const { world, count, isSeeded } of [
    { world: sample(crm), count: 30, isSeeded: true },
    { world: sample(crmLegacy), count: 16, isSeeded: false },
    { world: tpch(), count: 22, isSeeded: false },
  ]) {
    it(`${world.name} have plans, and are told what is known of them`, async () => {
      if (isSeeded) await seededSample();
      const database = new ScratchDatabase({ ...(await scratchOptions()), ...(isSeeded ? { seeded: fileURLToPath(seededClusters) } : {}) }, statementsOf(world));
      try {
        const built = await database.build({ deadline: 300_000 });
        assert.ok(built.ok && built.value.every(({ kind }) => kind === "done"), JSON.stringify(built.ok ? built.value.find(({ kind }) => kind !== "done") : built));
        if (isSeeded) assert.deepEqual(await database.query("SELECT count(*) > 1000 AS full FROM contacts"), { ok: true, value: [{ full: true }] });
        const names = new Set(world.cases.map(([name]) => name));
        assert.equal(names.size, count);
        const own: Record<string, readonly string[]> = {};
        for (const [name, text] of world.cases) own[name] = [...(own[name] ?? []), ...(await insightsFor(database, name, text, tablesBehindViews(world.schema)))].sort();
        told[world.name] = own;
      } finally {
        await database.close();
      }
      if (!writesGoldens) assert.deepEqual(told[world.name], v.parse(goldens, JSON.parse(readFileSync(file, "utf8")))[world.name]);
    });
  }
});

function statementsOf({ ddl }: AdviceWorld): readonly string[] {
  return ddl.flatMap((text, i) => parseSql(`${i}.sql`, text).statements.flatMap((statement) => (statement.kind === "sql" && statement.section === "up" ? [statement.text] : [])));
}

async function insightsFor(database: ScratchDatabase, name: string, text: string, views: ReturnType<typeof tablesBehindViews>): Promise<readonly string[]> {
  const outcome = await explainOn({ kind: "scratch", database }, { text, analyze: false, consent: [] }, new AbortController().signal);
  assert.ok(outcome.kind === "plan", `${name}: ${JSON.stringify(outcome)}`);
  const read = readPlan(outcome.plan);
  assert.ok(read.ok, name);
  const sheet = planSheet(read.plan, { title: name, query: text, isGeneric: true, views });
  assert.ok(sheet.nodes.length > 0 && sheet.leftOut === 0, name);
  const untied = sheet.nodes.every(({ spans }) => (spans ?? []).length === 0) ? ["no node is tied to the text"] : [];
  return [...untied, ...sheet.insights.map(({ id, node }) => `${id}${node === undefined ? "" : ` ${sheet.nodes[node]?.type ?? ""} ${sheet.nodes[node]?.about ?? ""}`.trimEnd()}`)];
}
