/** Tables that nobody cleans up any more. */
import type { MigrationStatement } from "../../model/migration/migration.ts";
import type { Origins } from "../../model/schema.ts";
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noDisabledAutovacuum = defineRule({
  id: "no-disabled-autovacuum",
  aliases: ["autovacuum-disabled"],
  group: "migration",
  category: "changes",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Leave autovacuum on.",
  why: `Without autovacuum a table keeps every old version of its rows and grows with each update, its statistics go
stale, and in the end PostgreSQL stops taking writes to protect itself from wraparound. A table that changes much
wants it more often, not never.`,
  sources: ["https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND"],
  *checkStatement(statement) {
    for (const { at, table, options } of changesOf(statement, "setOptions")) {
      const value = options.get("autovacuum_enabled");
      if (value === undefined || !["false", "off", "0", "no"].includes(value.toLowerCase())) continue;
      yield { at, subject: table.key, message: `Nobody cleans up ${say(table)} any more.`, fix: isAlone(statement, options) ? leaveOn(at) : undefined };
    }
  },
  examples: {
    bad: [
      {
        title: "Switched off",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal SET (autovacuum_enabled = false);
--               ^^^ Nobody cleans up deal any more.
ALTER TABLE deal ADD COLUMN title text;
`,
        fixed: "ALTER TABLE deal ADD COLUMN title text;\n",
      },
    ],
    good: [
      {
        title: "More often",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal SET (autovacuum_vacuum_scale_factor = 0.02);\n",
      },
    ],
  },
});

/** The statement does nothing else. */
function isAlone({ changes, isInBlock }: MigrationStatement, options: ReadonlyMap<string, string>): boolean {
  return changes.length === 1 && options.size === 1 && !isInBlock;
}

function leaveOn(at: Origins): Fix {
  return { title: "Leave autovacuum on: delete the statement", safety: "review", intent: { do: "removeStatement", at } };
}
