/** Suppressions that suppress nothing. Checked by `suppress.ts`. */
import { defineRule } from "../rule.ts";

export const noUnusedSuppression = defineRule({
  id: "no-unused-suppression",
  aliases: ["unused-suppression"],
  group: "suppression",
  category: "suppression",
  severity: "information",
  since: "0.1.0",
  summary: "Remove suppressions that no longer suppress anything.",
  why: `It outlives its finding: the next one of that rule at this place would be suppressed unseen, for a reason that was
given for another.`,
  sources: [],
  examples: {
    bad: [
      {
        prisma: `model Invoice {
  id    Int     @id
  // database-architect-ignore no-float-money: a forecast
//                             ^^^^^^^^^^^^^^ no-float-money reports nothing here.
  total Decimal @db.Decimal(19, 4)
}
`,
        fixed: `model Invoice {
  id    Int     @id
  total Decimal @db.Decimal(19, 4)
}
`,
      },
      {
        title: "An empty line parts the comment from what it stands above",
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  -- database-architect-ignore no-float-money: a forecast
--                             ^^^^^^^^^^^^^^ no-float-money reports nothing here.

  total float8
);
`,
        fixed: `CREATE TABLE invoice (
  id int PRIMARY KEY,

  total float8
);
`,
      },
      {
        sql: `-- database-architect-ignore-file no-float-money, require-primary-key: imported as it is
--                                ^^^^^^^^^^^^^^ no-float-money reports nothing in this file.
CREATE TABLE invoice (total numeric);
`,
        fixed: `-- database-architect-ignore-file require-primary-key: imported as it is
CREATE TABLE invoice (total numeric);
`,
      },
    ],
    good: [
      {
        title: "Above the element, above its name, or at the end of its line",
        sql: `-- database-architect-ignore require-primary-key: a log
CREATE TABLE
  invoice (
  -- database-architect-ignore no-float-money: a forecast
  -- that is rounded anyway
  total float8,
  tax float8 -- database-architect-ignore no-float-money: likewise
);
CREATE TABLE
  -- database-architect-ignore require-primary-key: another log
  bill (id int);
`,
      },
    ],
  },
});
