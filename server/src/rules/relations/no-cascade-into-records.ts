/** Cascades that delete invoices, payments and other records that must be kept. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { ForeignKey, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const noCascadeIntoRecords = defineRule({
  id: "no-cascade-into-records",
  group: "schema",
  category: "relations",
  severity: "information",
  since: "0.1.0",
  summary: "Do not let records of money go with what they are about.",
  why: `Invoices, payments and ledger entries must be kept for years by law and for every reconciliation, whatever happens
to the customer. With ON DELETE CASCADE deleting the customer, or whatever cascades into it, deletes them without a word.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  options: {
    names: {
      default: [
        "invoice",
        "invoices",
        "ledger",
        "ledgers",
        "payment",
        "payments",
        "payout",
        "payouts",
        "receipt",
        "receipts",
        "refund",
        "refunds",
      ],
      description: "Names of tables that hold such records, without what they belong to: sales_invoices is invoices.",
    },
  },
  *checkTable(table, schema, { options }) {
    const names = namesIn(options, "names");
    if (!isRecord(table, names)) return;
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (foreignKey.onDelete !== "cascade" || isJoin(table, foreignKey)) continue;
      const parent = schema.tables.get(foreignKey.references.key);
      if (parent === undefined || parent.key === table.key || holdsRecord(parent, names)) continue;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `Deleting ${say(parent)} deletes records that are to be kept: ${sayColumns(table, foreignKey.columns)} cascades.`,
        fix: {
          title: "Refuse the delete (RESTRICT)",
          safety: "review",
          intent: { do: "setOnDelete", table, foreignKey, action: "restrict" },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Customer {
  id       Int       @id
  invoices Invoice[]
}

model Invoice {
  id         Int      @id
  customerId Int
  customer   Customer @relation(fields: [customerId], references: [id], onDelete: Cascade)
//^^^^^^^^ Deleting Customer deletes records that are to be kept: Invoice(customerId) cascades.
}
`,
        fixed: `model Customer {
  id       Int       @id
  invoices Invoice[]
}

model Invoice {
  id         Int      @id
  customerId Int
  customer   Customer @relation(fields: [customerId], references: [id], onDelete: Restrict)
}
`,
      },
      {
        sql: `CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE sales_payments (
  id int PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE
--^^^^^^^^^^^ Deleting customer deletes records that are to be kept: sales_payments(customer_id) cascades.
);
`,
        fixed: `CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE sales_payments (
  id int PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customer ON DELETE RESTRICT
);
`,
      },
    ],
    good: [
      {
        title: "Lines go with their invoice, which is kept itself; a way to pay is no payment, nor is who gets an invoice one",
        sql: `CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE invoice (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer ON DELETE RESTRICT);
CREATE TABLE invoice_line (id int PRIMARY KEY, invoice_id int NOT NULL REFERENCES invoice ON DELETE CASCADE);
CREATE TABLE invoice_payment (id int PRIMARY KEY, invoice_id int NOT NULL REFERENCES invoice ON DELETE CASCADE);
CREATE TABLE contact (id int PRIMARY KEY);
CREATE TABLE contact_invoices (
  contact_id int REFERENCES contact ON DELETE CASCADE,
  invoice_id int REFERENCES invoice ON DELETE CASCADE,
  PRIMARY KEY (contact_id, invoice_id)
);
CREATE TABLE payment_method (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE);
`,
      },
    ],
  },
});

/** The last word of its name says so. */
function isRecord(table: Table, names: readonly string[]): boolean {
  const last = wordsOf(table.name).at(-1);
  return last !== undefined && names.includes(last);
}

/** A row of a join table says which belong together, and is no record itself. */
function isJoin({ primaryKey }: Table, { columns }: ForeignKey): boolean {
  return (
    primaryKey !== undefined && primaryKey.columns.length > columns.length && columns.every((column) => primaryKey.columns.includes(column))
  );
}

/** What belongs to a record goes with it: keeping the record is asked of its own keys. */
function holdsRecord(table: Table, names: readonly string[]): boolean {
  return wordsOf(table.name).some((word) => names.includes(word));
}
