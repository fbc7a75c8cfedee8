/** A next step as a sentence or a statement, for where no schema is at hand that could write it into its own files. */
import type { NextStep } from "./insights/insight.ts";
import { quoted, tableName } from "./sqlNames.ts";

export function nextStepText(step: NextStep): string {
  switch (step.do) {
    case "addIndex":
      return `CREATE INDEX CONCURRENTLY ON ${tableName(step.table)} (${step.columns.map(quoted).join(", ")});`;
    case "addExpressionIndex":
      return `CREATE INDEX CONCURRENTLY ON ${tableName(step.table)} ((${step.expression}));`;
    case "analyze":
      return `ANALYZE ${tableName(step.table)};`;
    case "vacuum":
      return `VACUUM (ANALYZE) ${tableName(step.table)};`;
    case "createStatistics":
      return `CREATE STATISTICS (dependencies, ndistinct, mcv) ON ${step.columns.map(quoted).join(", ")} FROM ${tableName(step.table)}; then ANALYZE ${tableName(step.table)};`;
    case "set":
      return `SET ${step.setting} = '${step.value}';`;
    case "text":
      return step.text;
  }
}
