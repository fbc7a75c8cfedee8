/** Names longer than PostgreSQL keeps. */
import { isImplied } from "../../model/queries.ts";
import type { Element, Origin } from "../../model/schema.ts";
import { subjectOfColumns, subjectOfPart } from "../names.ts";
import { defineRule, type RuleFinding } from "../rule.ts";

export const noTruncatedName = defineRule({
  id: "no-truncated-name",
  aliases: ["identifier-too-long"],
  group: "schema",
  category: "design",
  severity: "warning",
  since: "0.1.0",
  summary: "Keep names within 63 bytes.",
  why: `PostgreSQL cuts a longer name and says so in a notice nobody reads. Tools that compare what a schema says with what
the database has then find a difference for ever: Prisma Migrate wants to drop the table with the short name and create
the one with the long. Two names that begin alike become one.`,
  sources: ["https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
  *checkTable(table) {
    const own = truncating(table);
    if (own !== undefined) yield findingOf(table, table.key, own);
    for (const column of table.columns.values()) {
      const at = truncating(column);
      if (at !== undefined) yield findingOf(column, subjectOfColumns(table, [column.name]), at);
    }
    for (const parts of [table.indexes, table.foreignKeys, table.checks]) {
      for (const part of parts) {
        const at = truncating(part);
        if (at !== undefined) yield findingOf(part, subjectOfPart(table, part.name), at);
      }
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE orders (
  id bigint PRIMARY KEY,
  total numeric(12, 2),
  CONSTRAINT the_total_of_an_order_is_never_less_than_the_sum_of_its_discounts CHECK (total >= 0)
--           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The name the_total_of_an_order_is_never_less_than_the_sum_of_its_discoun is longer here: PostgreSQL keeps 63 bytes.
);
CREATE INDEX "orders that were placed on a Sunday, by what they came to in all" ON orders (total);
--           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The name orders that were placed on a Sunday, by what they came to in al is longer here: PostgreSQL keeps 63 bytes.
`,
      },
      {
        prisma: `model Customer {
//    ^^^^^^^^ The name customers_that_have_not_bought_anything_for_more_than_a_whole_y is longer here: PostgreSQL keeps 63 bytes.
  id BigInt @id

  @@map("customers_that_have_not_bought_anything_for_more_than_a_whole_year")
}
`,
      },
    ],
    good: [
      {
        title: "63 bytes are kept; names that PostgreSQL or Prisma make are made to fit",
        sql: `CREATE TABLE "customers who have not bought anything for more than two years!" (id bigint PRIMARY KEY, email text);
CREATE TABLE customers_that_have_not_bought_anything_for_more_than_one_year (
  id bigint PRIMARY KEY,
  the_address_that_invoices_are_sent_to text UNIQUE
);
`,
      },
      {
        prisma: `model CustomerThatHasNotBoughtAnythingForMoreThanAWholeYear {
  id                      BigInt @id
  invoiceRecipientAddress String

  @@index([invoiceRecipientAddress])
}
`,
      },
    ],
  },
});

/** Shown where the name is too long: another text may say the short one. */
function findingOf({ name, origins }: Element, subject: string, at: Origin): RuleFinding {
  return {
    at: [at, ...origins.filter((origin) => origin !== at)],
    subject,
    message: `The name ${name} is longer here: PostgreSQL keeps 63 bytes.`,
  };
}

/** The text that says a name which is cut. What is left of it has 60 bytes or more, so 15 characters at least. */
function truncating(element: Element): Origin | undefined {
  if (element.name.length < 15 || isImplied(element)) return undefined;
  return element.origins.find((origin) => (origin.kind === "sql" || origin.kind === "prisma") && origin.parts?.["truncated"] !== undefined);
}
