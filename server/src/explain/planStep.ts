/** What an insight advises, as a person is offered it: a title, the SQL, and an index as something that can be written. */
import type { PlanStep } from "../../../protocol/src/plan.ts";
import type { NextStep } from "../plan/insights/insight.ts";
import { nextStepText } from "../plan/nextStepText.ts";
import { tableName } from "../plan/sqlNames.ts";

export function stepOf(step: NextStep): PlanStep {
  const text = nextStepText(step);
  switch (step.do) {
    case "addIndex": {
      const { schema, name } = step.table;
      const index = { table: name, columns: step.columns, ...(schema === undefined ? {} : { schema }) };
      return { title: `Add an index on ${tableName(step.table)} (${step.columns.join(", ")})`, text, isText: false, index };
    }
    case "addExpressionIndex":
      return { title: `Add an index on an expression of ${tableName(step.table)}`, text, isText: false };
    case "analyze":
      return { title: `Collect statistics of ${tableName(step.table)}`, text, isText: false };
    case "vacuum":
      return { title: `Vacuum ${tableName(step.table)}`, text, isText: false };
    case "createStatistics":
      return { title: `Collect statistics of ${step.columns.join(", ")} together`, text: text.replace("; then ", ";\n"), isText: false };
    case "set":
      return { title: `Set ${step.setting} for the session`, text, isText: false };
    case "text":
      return { title: "What helps", text, isText: true };
  }
}
