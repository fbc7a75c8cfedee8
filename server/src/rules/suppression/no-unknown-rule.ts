/** Suppressions of rules that do not exist. Checked by `suppress.ts`. */
import { defineRule } from "../rule.ts";

export const noUnknownRule = defineRule({
  id: "no-unknown-rule",
  group: "suppression",
  severity: "warning",
  since: "0.1.0",
  summary: "Name rules that exist when suppressing a finding.",
  why: `A misspelt rule suppresses nothing, and the reader believes that somebody looked at the finding and accepted it.`,
  sources: [],
  examples: { bad: [], good: [] },
});
