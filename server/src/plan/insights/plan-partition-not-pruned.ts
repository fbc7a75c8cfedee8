/** All partitions read. */
import type { PlanNode } from "../plan.ts";
import { count } from "./figures.ts";
import { defineInsight, type Examined, told } from "./insight.ts";

export const planPartitionNotPruned = defineInsight({
  id: "plan-partition-not-pruned",
  severity: "warning",
  summary: "Every partition of a table is read.",
  why: "Partitions are left out only by conditions on the partition key itself; without one, each query plans and opens them all.",
  sources: ["https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITION-PRUNING"],
  *check({ plan, partitions }) {
    for (const node of plan.nodes) {
      if ((node.type !== "Append" && node.type !== "Merge Append") || node.subplansRemoved > 0) continue;
      const members = node.children.flatMap((child) => scanned(child) ?? []);
      const parent = parentName(members);
      if (parent === undefined || members.length < expected(parent, partitions)) continue;
      yield told(node, `${count(members.length)} partitions of ${parent} are read.`, { do: "text", text: "Add a condition on the partition key, with a value and not a function of the column." });
    }
  },
});

function scanned(node: PlanNode): { readonly alias: string; readonly schema: string } | undefined {
  const found = node.relation ?? node.children[0]?.relation;
  return found?.alias === undefined ? undefined : { alias: found.alias, schema: found.schema ?? "public" };
}

/** PostgreSQL numbers the partitions of one table: `events_1`, `events_2`. Members of a UNION ALL have names of their own. */
function parentName(members: readonly { readonly alias: string }[]): string | undefined {
  const names = new Set(members.map(({ alias }) => alias.replace(/_\d+$/, "")));
  const [name] = names;
  return names.size === 1 && members.length > 1 ? name : undefined;
}

/** Without knowing how many there are, only many are told of. */
function expected(parent: string, partitions: Examined["partitions"]): number {
  return partitions === undefined ? 8 : (partitions.get(parent) ?? partitions.get(`public.${parent}`) ?? 8);
}
