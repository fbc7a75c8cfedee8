/** Suppressions of rules that do not exist. Checked by `suppress.ts`. */
import { defineRule } from "../rule.ts";

export const noUnknownRule = defineRule({
  id: "no-unknown-rule",
  group: "suppression",
  category: "suppression",
  severity: "warning",
  since: "0.1.0",
  summary: "Name rules that exist when suppressing a finding.",
  why: `A misspelt rule suppresses nothing, and the reader believes that somebody looked at the finding and accepted it.`,
  sources: [],
  examples: {
    bad: [
      {
        prisma: `model Invoice {
  id    Int   @id
  total Float // database-architect-ignore no-flaot-money: measured, not paid
//                                         ^^^^^^^^^^^^^^ There is no rule no-flaot-money.
}
`,
        fixed: `model Invoice {
  id    Int   @id
  total Float
}
`,
      },
      {
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  -- database-architect-ignore no-float-money, no-such-rule: a forecast
--                                             ^^^^^^^^^^^^ There is no rule no-such-rule.
  total float8
);
`,
        fixed: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  -- database-architect-ignore no-float-money: a forecast
  total float8
);
`,
      },
    ],
    good: [
      {
        title: "An earlier name of a rule still counts",
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  total float8 -- database-architect-ignore float-for-money: a forecast
);
`,
      },
      {
        title: "Inside a string nothing is a comment",
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  note text DEFAULT '
-- database-architect-ignore no-such-rule: really
'
);
`,
      },
    ],
  },
});
