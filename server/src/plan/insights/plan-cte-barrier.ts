/** A WITH query that is computed whole and kept. */
import { count, removedRows, rows } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planCteBarrier = defineInsight({
  id: "plan-cte-barrier",
  severity: "information",
  summary: "A WITH query is materialized, so conditions do not reach into it.",
  why: "A WITH query that is used twice, or says MATERIALIZED, is computed whole and scanned without indexes; conditions outside do not narrow it.",
  sources: ["https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-CTE-MATERIALIZATION"],
  *check({ plan }) {
    const scans = new Map<string, number>();
    for (const { cte } of plan.nodes) if (cte !== undefined) scans.set(cte, (scans.get(cte) ?? 0) + 1);
    for (const node of plan.nodes) {
      if (node.role.kind !== "cte" || node.type === "Recursive Union") continue;
      const { name } = node.role;
      const size = node.actual?.rows ?? node.estimated?.rows ?? 0;
      const readers = plan.nodes.filter(({ cte }) => cte === name);
      const loops = readers.reduce((sum, reader) => sum + (reader.actual?.loops ?? 1), 0);
      const thrown = readers.reduce((sum, reader) => sum + removedRows(reader), 0);
      if (size < 1_000 || (loops < 2 && thrown < size / 2)) continue;
      yield told(node, `WITH ${name} holds ${rows(size)} and is scanned ${count(loops)} times${thrown === 0 ? "" : `; ${rows(thrown)} are thrown away there`}.`, { do: "text", text: `Write ${name} AS NOT MATERIALIZED, or move the condition into it.` });
    }
  },
});
