/** A sort that did not fit into work_mem. */
import { kilobytes } from "./figures.ts";
import { defineInsight, tableOf, told } from "./insight.ts";

export const planSortSpill = defineInsight({
  id: "plan-sort-spill",
  severity: "warning",
  summary: "A sort went to disk.",
  why: "A sort that does not fit into work_mem writes all its rows to temporary files and reads them again.",
  sources: ["https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      if (node.sort?.isOnDisk !== true) continue;
      const below = node.children.find(({ role }) => role.kind === "outer");
      const table = below === undefined ? undefined : tableOf(below);
      const columns = node.sortKey.flatMap((key) => /^(?:\w+\.)?(\w+)$/.exec(key)?.[1] ?? []);
      // In memory rows take about three times what they take on disk.
      const megabytes = Math.ceil((node.sort.kilobytes * 3) / 1_024);
      const byIndex = table !== undefined && below?.conditions.length === 0 && columns.length === node.sortKey.length;
      const next = byIndex ? ({ do: "addIndex", table, columns } as const) : ({ do: "set", setting: "work_mem", value: `${megabytes}MB` } as const);
      yield told(node, `${node.sort.method} of ${kilobytes(node.sort.kilobytes)} on disk, by ${node.sortKey.join(", ")}.`, next);
    }
  },
});
