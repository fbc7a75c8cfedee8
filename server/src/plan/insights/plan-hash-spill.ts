/** A hash table that did not fit into memory. */
import { count, kilobytes } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planHashSpill = defineInsight({
  id: "plan-hash-spill",
  severity: "warning",
  summary: "A hash went to disk.",
  why: "A hash table that does not fit into work_mem times hash_mem_multiplier is cut into batches that are written to disk and read again.",
  sources: ["https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-HASH-MEM-MULTIPLIER"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      if (node.hash === undefined || (node.hash.batches <= 1 && node.hash.diskKilobytes === 0)) continue;
      const { batches, peakKilobytes = 0, diskKilobytes } = node.hash;
      // The batches of a join are of one size; those of an aggregate are not, but what they wrote is known.
      const needed = Math.ceil((node.type === "Aggregate" ? peakKilobytes + diskKilobytes * 2 : peakKilobytes * batches) / 1_024 / 2);
      const written = diskKilobytes === 0 ? "" : `, ${kilobytes(diskKilobytes)} on disk`;
      yield told(node, `${node.label} takes ${count(batches)} batches${written}.`, { do: "set", setting: "work_mem", value: `${Math.max(8, needed)}MB` });
    }
  },
});
