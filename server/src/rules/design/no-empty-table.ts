/** Tables whose rows say nothing. */
import { doubtAbout, referencingKeys } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noEmptyTable = defineRule({
  id: "no-empty-table",
  aliases: ["zero-or-one-column-table"],
  group: "schema",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Give a table something to say besides a number.",
  why: `A table without columns, or with nothing but a generated key that nothing refers to, holds no information but how
many rows it has. Mostly the rest of it was forgotten, or it moved elsewhere and the table stayed.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-basics.html"],
  *checkTable(table, schema) {
    if (table.columns.size > 1 || !table.complete || table.kind === "foreign" || table.partitionOf !== undefined) return;
    if (table.inherits.length > 0 || doubtAbout(schema, table) !== undefined) return;
    const [only] = table.columns.values();
    if (only !== undefined && (!isMade(only) || isUsed(table) || referencingKeys(schema, table.key).length > 0)) return;
    yield {
      at: table.origins,
      subject: table.key,
      message:
        only === undefined
          ? `${say(table)} has no columns.`
          : `${say(table)} has only its generated key ${only.name}, and nothing refers to it.`,
    };
  },
  examples: {
    bad: [
      {
        prisma: `model Region {
//    ^^^^^^ Region has only its generated key id, and nothing refers to it.
  id Int @id @default(autoincrement())
}
`,
      },
      {
        sql: `CREATE TABLE marker ();
--           ^^^^^^ marker has no columns.
`,
      },
    ],
    good: [
      {
        title: "A list of values, a version, and what others are kinds of",
        sql: `CREATE TABLE currency (code char(3) PRIMARY KEY);
CREATE TABLE schema_version (version bigint NOT NULL);
CREATE TABLE party (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE person (id int PRIMARY KEY REFERENCES party ON DELETE CASCADE, name text NOT NULL);
`,
      },
    ],
  },
});

/** Whether its value is made and not given. */
function isMade({ identity, default: value, clientDefault }: Column): boolean {
  return identity !== undefined || clientDefault !== undefined || (value !== undefined && /\bnextval\(|uuid/i.test(value.text));
}

/** A trigger may use a table for what happens when a row comes. */
function isUsed({ triggers, foreignKeys }: Table): boolean {
  return triggers.length > 0 || foreignKeys.length > 0;
}
