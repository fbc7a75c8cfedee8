/** Suppressions that do not say why. Checked by `suppress.ts`. */
import { defineRule } from "../rule.ts";

export const requireSuppressionReason = defineRule({
  id: "require-suppression-reason",
  group: "suppression",
  severity: "warning",
  since: "0.1.0",
  summary: "Say why a finding is suppressed.",
  why: `Nobody can tell later whether the finding was wrong, accepted for a while, or in the way. A reason after a colon
is one line; without it the comment still suppresses.`,
  sources: [],
  examples: { bad: [], good: [] },
});
