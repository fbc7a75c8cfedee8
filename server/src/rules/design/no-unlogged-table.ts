/** Tables that a crash empties. */
import { say, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noUnloggedTable = defineRule({
  id: "no-unlogged-table",
  aliases: ["unlogged-table"],
  group: "schema",
  category: "design",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Do not keep data that matters in an unlogged table.",
  why: `An unlogged table is emptied after a crash or an unclean shutdown, and it does not exist on a replica: a failover
loses all of it. It suits what can be made again; a name such as cache, queue or staging says so.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED"],
  *checkTable(table) {
    if (table.persistence !== "unlogged" || wordsOf(table.name).some((word) => remade.has(word))) return;
    yield { at: table.origins, subject: table.key, message: `${say(table)} is unlogged: a crash empties it, a replica does not have it.` };
  },
  examples: {
    bad: [
      {
        sql: `CREATE UNLOGGED TABLE payment (id int PRIMARY KEY);
--                    ^^^^^^^ payment is unlogged: a crash empties it, a replica does not have it.
`,
      },
    ],
    good: [
      {
        title: "What can be made again",
        sql: `CREATE UNLOGGED TABLE session_cache (id int PRIMARY KEY);
CREATE UNLOGGED TABLE payment_import (id int PRIMARY KEY);
CREATE UNLOGGED TABLE payment (id int PRIMARY KEY);
ALTER TABLE payment SET LOGGED;
CREATE TEMP TABLE deal (id int PRIMARY KEY);
`,
      },
    ],
  },
});

const remade = new Set(
  "buffer cache caches cached import imports job jobs lock locks queue queues scratch session sessions stage staging temp temporary tmp".split(" "),
);
