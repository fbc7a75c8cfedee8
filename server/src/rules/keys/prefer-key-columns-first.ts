/** Tables whose key does not come first. */
import { parentOf } from "../../model/queries.ts";
import type { Table } from "../../model/schema.ts";
import { say, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const preferKeyColumnsFirst = defineRule({
  id: "prefer-key-columns-first",
  aliases: ["pk-columns-not-first"],
  group: "schema",
  category: "keys",
  severity: "hint",
  preset: "all",
  since: "0.1.0",
  summary: "Write the columns of the primary key first.",
  why: `Who reads a table, in the schema or in a result, looks for what names a row at its left edge.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-basics.html"],
  *checkTable(table, schema) {
    const key = table.primaryKey;
    if (key === undefined || !table.complete || comesFirst(table, key.columns)) return;
    if (table.inherits.length > 0 || parentOf(schema, table) !== undefined) return;
    yield {
      at: key.origins,
      subject: subjectOfColumns(table, key.columns),
      message: `The key of ${say(table)} (${key.columns.join(", ")}) comes behind other columns.`,
    };
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE account (
  name text NOT NULL,
  id bigint PRIMARY KEY
--^^ The key of account (id) comes behind other columns.
);
`,
      },
      {
        prisma: `model Account {
  name String
  id   BigInt @id
//            ^^^ The key of Account (id) comes behind other columns.
}
`,
      },
    ],
    good: [
      {
        title: "The order within the key is another matter",
        sql: `CREATE TABLE membership (user_id bigint, team_id bigint, role text, PRIMARY KEY (team_id, user_id));
`,
      },
    ],
  },
});

function comesFirst(table: Table, columns: readonly string[]): boolean {
  let position = 0;
  for (const name of table.columns.keys()) {
    if (position === columns.length) return true;
    if (!columns.includes(name)) return false;
    position += 1;
  }
  return true;
}
