/** Suppressions that do not say why. Checked by `suppress.ts`. */
import { defineRule } from "../rule.ts";

export const requireSuppressionReason = defineRule({
  id: "require-suppression-reason",
  group: "suppression",
  category: "suppression",
  severity: "warning",
  since: "0.1.0",
  summary: "Say why a finding is suppressed.",
  why: `Nobody can tell later whether the finding was wrong, accepted for a while, or in the way. A reason after a colon
is one line; without it the comment still suppresses.`,
  sources: [],
  examples: {
    bad: [
      {
        prisma: `model Invoice {
  id    Int   @id
  total Float // database-architect-ignore no-float-money
//            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ This suppression does not say why.
}
`,
        fixed: `model Invoice {
  id    Int   @id
  total Float
}
`,
      },
      {
        title: "The placeholder of the quick fix is no reason",
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  -- database-architect-ignore no-float-money: TODO: say why
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ This suppression does not say why.
  total float8
);
`,
        fixed: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  total float8
);
`,
      },
    ],
    good: [
      {
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  total float8 -- database-architect-ignore no-float-money: a forecast, rounded anyway
);
`,
      },
    ],
  },
});
