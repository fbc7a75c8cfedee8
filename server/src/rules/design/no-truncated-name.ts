/** Names longer than PostgreSQL keeps. */
import { isImplied } from "../../model/queries.ts";
import type { Element, Table, TextOrigin } from "../../model/schema.ts";
import { subjectOfColumns, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

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
    // Nearly no name is that long: the first look is at its length, which makes nothing.
    if (isTruncated(table)) yield { at: table.origins, subject: table.key, message: messageFor(table) };
    for (const column of table.columns.values()) {
      if (isTruncated(column)) yield { at: column.origins, subject: subjectOfColumns(table, [column.name]), message: messageFor(column) };
    }
    for (const part of table.indexes) if (isTruncated(part)) yield findingOf(table, part);
    for (const part of table.foreignKeys) if (isTruncated(part)) yield findingOf(table, part);
    for (const part of table.checks) if (isTruncated(part)) yield findingOf(table, part);
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE orders (
  id bigint PRIMARY KEY,
  total numeric(12, 2),
  CONSTRAINT the_total_of_an_order_is_never_less_than_the_sum_of_its_discounts CHECK (total >= 0)
--           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The name the_total_of_an_order_is_never_less_than_the_sum_of_its_discoun is cut: PostgreSQL keeps 63 bytes.
);
CREATE INDEX "orders that were placed on a Sunday, by what they came to in all" ON orders (total);
--           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The name orders that were placed on a Sunday, by what they came to in al is cut: PostgreSQL keeps 63 bytes.
`,
      },
      {
        prisma: `model Customer {
//    ^^^^^^^^ The name customers_that_have_not_bought_anything_for_more_than_a_whole_y is cut: PostgreSQL keeps 63 bytes.
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

function findingOf(table: Table, part: Element): { at: Element["origins"]; subject: string; message: string } {
  return { at: part.origins, subject: subjectOfPart(table, part.name), message: messageFor(part) };
}

function messageFor({ name }: Element): string {
  return `The name ${name} is cut: PostgreSQL keeps 63 bytes.`;
}

/** A cut name has 60 bytes or more, for no character has more than four: 15 characters at least. */
function isTruncated(element: Element): boolean {
  return element.name.length >= 15 && !isImplied(element) && element.origins.some(saysMore);
}

function saysMore(origin: Element["origins"][number]): origin is TextOrigin {
  return (origin.kind === "sql" || origin.kind === "prisma") && origin.parts?.["truncated"] !== undefined;
}
