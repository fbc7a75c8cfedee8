/**
 * The client of a migration of thirty statements killed (-9) at random moments, on PostgreSQL 15 and 18: how often what the
 * next start says of every statement is true, and how often the step that it offers leads to the end.
 */
import { type PostgresMajor, startPostgres } from "../test/support/postgres.ts";
import { killedRuns } from "../test/support/killedRuns.ts";
import type { Row } from "./statistics.ts";

const times = Number(process.env["DATABASE_ARCHITECT_KILLS"] ?? 200);

export async function killsBenchmark(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const major of [15, 18] as const satisfies readonly PostgresMajor[]) {
    const server = await startPostgres(major);
    const tally = { right: 0, ended: 0 };
    const states = new Map<string, number>();
    try {
      await killedRuns(server, times, Math.random, ({ form, killedAfter, truth, diagnosed, step, afterwards }) => {
        const isRight = truth.join() === diagnosed.join();
        if (isRight) tally.right++;
        if (afterwards === undefined) tally.ended++;
        if (!isRight || afterwards !== undefined) console.log(`PostgreSQL ${major}, ${form}, after ${Math.round(killedAfter)} ms: ${afterwards ?? ""}\n  true      ${truth.join()}\n  diagnosed ${diagnosed.join()}`);
        const done = truth.filter((state) => state === "done").length;
        const state = `${step}${truth.includes("invalid index") ? ", invalid index" : ""}${done > 0 && done < truth.length ? ", part done" : ""}`;
        states.set(state, (states.get(state) ?? 0) + 1);
      });
    } finally {
      await server.stop();
    }
    const seen = [...states].sort(([, a], [, b]) => b - a).map(([state, n]) => `${n} ${state}`).join("; ");
    console.log(`PostgreSQL ${major}: ${seen}`);
    rows.push({ what: `kills of a migration's client, PostgreSQL ${major}`, ours: `${tally.right} of ${times} diagnosed right, ${tally.ended} led to the end`, peer: "", ratio: "" });
  }
  return rows;
}
