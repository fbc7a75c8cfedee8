/** Sessions that nobody can tell to be a migration. */
import type { ChangedTable } from "../../model/changes.ts";
import { blocks } from "../../model/migration/locks.ts";
import type { MigrationStatement } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireApplicationName = defineRule({
  id: "require-application-name",
  aliases: ["application-name-missing"],
  group: "migration",
  category: "locks",
  severity: "information",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Name the session of a migration that others wait for.",
  why: `Whoever looks into pg_stat_activity while the application stands still sees the application's own name, or none,
at the session that holds the lock. With an application_name they see which migration it is, and whom to ask.`,
  sources: ["https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-APPLICATION-NAME"],
  *checkStatement(statement, migration) {
    const table = lockedTable(statement);
    if (table === undefined || migration.statements.find((other) => lockedTable(other) !== undefined) !== statement) return;
    const before = migration.statements.slice(0, migration.statements.indexOf(statement));
    if (before.some(({ changes }) => changes.some((change) => change.do === "set" && change.name === "application_name"))) return;
    const isLocal = statement.transaction !== undefined;
    yield {
      at: statement.changes[0]?.at ?? statement.at,
      subject: "application_name",
      message: `Who waits for ${say(table)} cannot see that it is this migration: it sets no application_name.`,
      fix: statement.isInBlock
        ? undefined
        : {
            title: "Set application_name to the name of the migration",
            safety: "review",
            intent: { do: "setParameter", at: statement.at, name: "application_name", value: nameOf(migration.uri), isLocal },
          },
    };
  },
  examples: {
    bad: [
      {
        title: "A lock by nobody",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sending: "each",
        sql: `ALTER TABLE deal DROP COLUMN stage;
--                           ^^^^^ Who waits for deal cannot see that it is this migration: it sets no application_name.
`,
        fixed: `SET application_name = 'migration 2_change';
ALTER TABLE deal DROP COLUMN stage;
`,
      },
    ],
    good: [
      {
        title: "It says who it is",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: "SET application_name = 'migration of deals';\nALTER TABLE deal DROP COLUMN stage;\n",
      },
      {
        title: "Nobody waits for an index that is built concurrently",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sending: "each",
        sql: "CREATE INDEX CONCURRENTLY deal_stage_idx ON deal (stage);\n",
      },
    ],
  },
});

function lockedTable({ effects }: MigrationStatement): ChangedTable | undefined {
  return effects.flatMap(({ locks }) => locks).find(({ mode }) => blocks(mode) === "reads and writes" || blocks(mode) === "writes")?.table;
}

/** PostgreSQL cuts it to 63 bytes, and takes nothing but printable ASCII. */
function nameOf(uri: string): string {
  const parts = decodeURIComponent(uri).split("/");
  const file = parts.at(-1) ?? "";
  const name = file === "migration.sql" || file === "up.sql" ? (parts.at(-2) ?? "") : file.replace(/(?:\.up)?\.sql$/i, "");
  return `migration ${name}`.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 63);
}
