/** Tables that inherit from other tables. */
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noTableInheritance = defineRule({
  id: "no-table-inheritance",
  aliases: ["inheritance-used"],
  group: "schema",
  category: "design",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Use declarative partitioning or foreign keys, not INHERITS.",
  why: `A child has its parent's columns and CHECKs, not its keys, indexes and foreign keys: two children can hold one id, and
a reference to the parent does not find the children's rows. A query of the parent returns them all the same.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-inherit.html#DDL-INHERIT-CAVEATS",
    "https://www.postgresql.org/docs/current/ddl-partitioning.html",
  ],
  *checkTable(table, schema) {
    for (const key of table.inherits) {
      const parent = schema.tables.get(key);
      yield {
        at: table.origins,
        subject: table.key,
        message: `${say(table)} inherits from ${parent === undefined ? key : say(parent)}, but none of its keys and indexes.`,
        related: parent === undefined ? [] : [{ at: parent.origins, message: `${say(parent)} is the parent.` }],
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE city (name text PRIMARY KEY, population int);
CREATE TABLE capital (state text NOT NULL) INHERITS (city);
--           ^^^^^^^ capital inherits from city, but none of its keys and indexes.
`,
      },
    ],
    good: [
      {
        title: "A partition has everything that its parent has, and LIKE only copies",
        sql: `CREATE TABLE event (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE event_copy (LIKE event INCLUDING ALL);
`,
      },
    ],
  },
});
