/** Tables of more columns than one thing has. */
import type { Table } from "../../model/schema.ts";
import { say } from "../names.ts";
import { numberIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const noWideTable = defineRule({
  id: "no-wide-table",
  aliases: ["wide-table"],
  group: "schema",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Split a table that has more columns than one thing has properties.",
  why: `An UPDATE writes the whole row again, however little of it changes, and fewer rows fit a page of 8 kB, so that every
scan reads more. So many columns are mostly several things: groups of them that are null together, or that other people
read, make tables of their own with the same key.`,
  sources: ["https://www.postgresql.org/docs/current/limits.html", "https://www.postgresql.org/docs/current/storage-page-layout.html"],
  options: {
    columns: { default: 50, description: "How many columns a table may have." },
    nullable: { default: 25, description: "How many columns a table may have when everything beside its key may be null." },
  },
  *checkTable(table, _schema, { options }) {
    const { size } = table.columns;
    const most = numberIn(options, "columns");
    const isWide = size > most;
    if (!isWide && (size <= numberIn(options, "nullable") || !isAllNullable(table))) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: isWide
        ? `${say(table)} has ${size} columns, over ${most}.`
        : `${say(table)} has ${size} columns, and all of them beside the key may be null.`,
    };
  },
  examples: {
    bad: [
      {
        options: { columns: 3 },
        prisma: `model Account {
//    ^^^^^^^ Account has 4 columns, over 3.
  id      Int    @id
  name    String
  phone   String
  address String
}
`,
      },
      {
        title: "Fewer, and none of them has to be there",
        options: { nullable: 3 },
        sql: `CREATE TABLE profile (
--           ^^^^^^^ profile has 4 columns, and all of them beside the key may be null.
  id int PRIMARY KEY,
  name text,
  phone text,
  address text
);
`,
      },
    ],
    good: [
      {
        title: "As many, with one that every row has",
        options: { nullable: 3 },
        sql: `CREATE TABLE profile (
  id int PRIMARY KEY,
  name text NOT NULL,
  phone text,
  address text
);
`,
      },
    ],
  },
});

function isAllNullable({ columns, primaryKey, complete }: Table): boolean {
  const key = primaryKey?.columns ?? [];
  if (!complete || key.length === 0) return false;
  for (const { name, notNull } of columns.values()) if (notNull && !key.includes(name)) return false;
  return true;
}
