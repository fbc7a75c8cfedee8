/** Suppressions that suppress nothing. Checked by `suppress.ts`. */
import { defineRule } from "../rule.ts";

export const noUnusedSuppression = defineRule({
  id: "no-unused-suppression",
  aliases: ["unused-suppression"],
  group: "suppression",
  severity: "information",
  since: "0.1.0",
  summary: "Remove suppressions that no longer suppress anything.",
  why: `It outlives its finding: the next one of that rule at this place would be suppressed unseen, for a reason that was
given for another.`,
  sources: [],
  examples: { bad: [], good: [] },
});
