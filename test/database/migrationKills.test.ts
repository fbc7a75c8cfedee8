/** The client of a migration is killed at random moments; what the next one says is true, and leads to the end. bench/migrationKills.ts does it 200 times. */
import assert from "node:assert/strict";
import { type KilledRun, killedRuns } from "../support/killedRuns.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

describe("a migration whose client is killed", function () {
  this.timeout(300_000);

  for (const major of [15, 18] as const) {
    it(`is known statement by statement afterwards, and can be brought to its end (PostgreSQL ${major})`, async () => {
      const runs: KilledRun[] = [];
      await killedRuns(await sharedPostgres(major), 9, Math.random, (run) => runs.push(run));
      for (const { form, killedAfter, truth, diagnosed, afterwards } of runs) {
        assert.deepEqual(diagnosed, truth, `${form}, killed after ${Math.round(killedAfter)} ms`);
        assert.equal(afterwards, undefined, `${form}, killed after ${Math.round(killedAfter)} ms`);
      }
    });
  }
});
