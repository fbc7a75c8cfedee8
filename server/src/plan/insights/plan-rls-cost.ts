/** Row-level security that is checked for each row. */
import { conditionText, removedRows, rows, shortened } from "./figures.ts";
import { defineInsight, tableKey, tableOf, told } from "./insight.ts";

export const planRlsCost = defineInsight({
  id: "plan-rls-cost",
  severity: "warning",
  summary: "A policy of row-level security is checked row by row.",
  why: "A policy is a condition of every query. A function in it that is not STABLE, or not LEAKPROOF, is called for each row and keeps indexes out; inside (SELECT …) it is called once.",
  sources: ["https://www.postgresql.org/docs/current/ddl-rowsecurity.html", "https://www.postgresql.org/docs/current/rules-privileges.html"],
  *check({ plan, rowSecurity }) {
    for (const node of plan.nodes) {
      const table = tableOf(node);
      const filter = conditionText(node, "Filter");
      if (table === undefined || filter === undefined) continue;
      const isPolicy = /\bcurrent_setting\(|\bauth\.\w+\(|\bCURRENT_USER\b|\bSESSION_USER\b/.test(filter) && (rowSecurity === undefined || rowSecurity.has(tableKey(table)));
      const removed = removedRows(node);
      const isCostly = node.actual === undefined ? (node.cost?.total ?? 0) >= 500 : removed >= 1_000;
      if (!isPolicy || !isCostly) continue;
      yield told(node, `${shortened(filter)} is checked for each row${node.actual === undefined ? "" : `; ${rows(removed)} are thrown away`}.`, { do: "text", text: "Put the function of the policy into (SELECT …), and index the column it is compared with." });
    }
  },
});
