/** Enum types, for houses that want none. */
import { isImplied } from "../../model/queries.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noEnumType = defineRule({
  id: "no-enum-type",
  aliases: ["enum-for-changing-set"],
  group: "schema",
  category: "types",
  severity: "information",
  preset: "all",
  since: "0.1.0",
  summary: "Keep sets of values that change in a table or a CHECK, not in an enum type.",
  why: `A value can be added to an enum and renamed, never removed: that takes a new type, and a rewrite of every table that
uses it under an exclusive lock. A row of a lookup table is retired by an UPDATE, and can have a label and an order.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-enum.html", "https://www.postgresql.org/docs/current/sql-altertype.html"],
  *checkSchema(schema) {
    for (const type of schema.enums.values()) {
      if (isImplied(type)) continue;
      const count = type.values.length;
      yield {
        at: type.origins,
        subject: type.key,
        message: `${say(type)} is an enum of ${count} value${count === 1 ? "" : "s"}, none of which can be removed.`,
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `enum Stage {
//   ^^^^^ Stage is an enum of 2 values, none of which can be removed.
  OPEN
  WON
}

model Deal {
  id    Int   @id
  stage Stage
}
`,
      },
      {
        sql: `CREATE TYPE stage AS ENUM ('open', 'won');
--          ^^^^^ stage is an enum of 2 values, none of which can be removed.
CREATE TABLE deal (id int PRIMARY KEY, stage stage NOT NULL);
`,
      },
    ],
    good: [
      {
        sql: `CREATE DOMAIN stage AS text CHECK (VALUE IN ('open', 'won'));
CREATE TABLE deal (id int PRIMARY KEY, stage stage NOT NULL);
CREATE TABLE deal_kind (name text PRIMARY KEY, is_retired boolean NOT NULL DEFAULT false);
`,
      },
      {
        prisma: `model DealKind {
  name      String  @id
  isRetired Boolean @default(false)
}
`,
      },
    ],
  },
});
