/** A condition on a function of a column. */
import { comparisonsIn } from "../conditions.ts";
import { conditionText, relationName, removedRows, shortened } from "./figures.ts";
import { defineInsight, type NextStep, tableOf, type TableName, told } from "./insight.ts";

export const planNonSargable = defineInsight({
  id: "plan-non-sargable",
  severity: "warning",
  summary: "A function or cast around a column keeps a plain index out.",
  why: "An index on a column serves conditions on the column itself. For lower(email) or created_at::date it takes an index on that expression, or a condition turned round.",
  sources: ["https://www.postgresql.org/docs/current/indexes-expressional.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      const table = tableOf(node);
      const filter = conditionText(node, "Filter");
      if (table === undefined || filter === undefined || node.type !== "Seq Scan") continue;
      const isLarge = node.actual === undefined ? (node.cost?.total ?? 0) >= 500 : removedRows(node) >= 1_000;
      if (!isLarge) continue;
      const found = comparisonsIn(filter).find(({ expression, operator }) => expression !== undefined && /^(?:=|[<>]=?)$/.test(operator ?? ""));
      if (found?.expression === undefined) continue;
      yield told(node, `No plain index on ${relationName(node)} serves ${shortened(found.text)}.`, nextStep(table, withoutAlias(found.expression, node.relation?.alias)));
    }
  },
});

function withoutAlias(expression: string, alias: string | undefined): string {
  return alias === undefined ? expression : expression.replaceAll(`${alias}.`, "");
}

/** What depends on the time zone, as these do over timestamptz, cannot be indexed. */
function nextStep(table: TableName, expression: string): NextStep {
  if (!/::|^(?:date_trunc|date_part|to_char|EXTRACT)\b/i.test(expression)) return { do: "addExpressionIndex", table, expression };
  return { do: "text", text: "Compare the column itself with a range, as in at >= day AND at < day + 1, or cast the value and not the column." };
}
