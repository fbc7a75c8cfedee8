/** Fields that Prisma Client cannot fill, and the database will not. */
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noRequiredIgnoredField = defineRule({
  id: "no-required-ignored-field",
  aliases: ["required-ignored-field"],
  group: "schema",
  category: "design",
  severity: "error",
  languages: ["prisma"],
  since: "0.1.0",
  summary: "Give a field with @ignore a default, or let it be null.",
  why: `Prisma Client does not know a field with @ignore, so create() cannot name it. Where the column is required and the
database has no value for it, every create() fails with a null constraint violation.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL",
    "https://www.prisma.io/docs/orm/reference/prisma-schema-reference#ignore",
  ],
  *checkTable(table) {
    for (const column of table.columns.values()) {
      if (!column.notNull || !isIgnored(column) || isFilled(column)) continue;
      if (table.triggers.some(({ timing, events }) => timing === "before" && events.includes("insert"))) return;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `Creating rows fails: ${sayColumns(table, [column.name])} is required, ignored and without a default.`,
        fix: { title: "Make it optional", safety: "review", intent: { do: "dropNotNull", table, column } },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  id        BigInt @id
  legacyRef String @ignore
//^^^^^^^^^ Creating rows fails: Account(legacyRef) is required, ignored and without a default.
}
`,
        fixed: `model Account {
  id        BigInt @id
  legacyRef String? @ignore
}
`,
      },
    ],
    good: [
      {
        title: "Null, a default or a list without entries will do",
        prisma: `model Account {
  id        BigInt   @id
  legacyRef String?  @ignore
  imported  Boolean  @default(false) @ignore
  tags      String[] @ignore
  name      String
}
`,
      },
    ],
  },
});

function isIgnored({ origins }: Column): boolean {
  return origins.some((origin) => origin.kind === "prisma" && origin.parts?.["ignore"] !== undefined);
}

/** What the client would make, it makes only for fields that it knows. */
function isFilled({ default: value, identity, generated }: Column): boolean {
  return value !== undefined || identity !== undefined || generated !== undefined;
}
