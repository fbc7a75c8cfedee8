/** OR over tables, and NOT IN over a subquery. */
import { alternativesIn } from "../conditions.ts";
import { shortened } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planOrNoBitmap = defineInsight({
  id: "plan-or-no-bitmap",
  severity: "warning",
  summary: "A condition that no index and no hash can serve.",
  why: "OR between columns of two tables can only be checked after they are joined, each row with each. NOT IN (subquery) is no anti join, because one NULL in the subquery makes it true for no row.",
  sources: ["https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-NOTIN"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      for (const { kind, text } of node.conditions) {
        if (/NOT \((?:hashed )?SubPlan|NOT \(ANY \(/.test(text)) {
          yield told(node, `NOT IN over a subquery: ${shortened(text)}.`, { do: "text", text: "Write NOT EXISTS (SELECT … WHERE …), which can be an anti join." });
        } else if (kind === "Join Filter") {
          const tables = new Set(alternativesIn(text).flatMap((part) => /\b(\w+)\.\w+/.exec(part)?.[1] ?? []));
          if (alternativesIn(text).length < 2 || tables.size < 2) continue;
          yield told(node, `OR over ${[...tables].join(" and ")} is checked for each pair of rows: ${shortened(text)}.`, { do: "text", text: "Write a UNION of one query for each side of OR." });
        }
      }
    }
  },
});
