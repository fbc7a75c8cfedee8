/** Steps that nothing undoes, in a migration that does not say so. */
import type { MigrationStatement } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireIrreversibleMark = defineRule({
  id: "require-irreversible-mark",
  aliases: ["irreversible-step"],
  group: "migration",
  category: "changes",
  severity: "warning",
  preset: "strict",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Mark a migration that loses data for good.",
  why: `A dropped column comes back empty, a shortened text stays short: the way back restores the schema and not the rows.
A comment \`-- irreversible: why nobody needs what is lost\` in the file says that this was thought of, and whoever wants to
roll back reads it before and not afterwards.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN"],
  *checkStatement(statement, migration) {
    if (migration.isIrreversible) return;
    const lost = lossOf(statement);
    if (lost === undefined || migration.statements.find((other) => lossOf(other) !== undefined) !== statement) return;
    yield {
      at: lost.at,
      subject: lost.subject,
      message: `No way back restores ${lost.what}: mark the migration with "-- irreversible: why".`,
      fix: statement.isInBlock ? undefined : { title: "Mark the migration as irreversible", safety: "review", intent: { do: "markIrreversible", at: statement.at } },
    };
  },
  examples: {
    bad: [
      {
        title: "Values that are gone",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `-- AlterTable
ALTER TABLE "deal" DROP COLUMN "stage";
--                             ^^^^^^^ No way back restores the values of deal(stage): mark the migration with "-- irreversible: why".
`,
        fixed: `-- irreversible: say why nobody needs what is lost
-- AlterTable
ALTER TABLE "deal" DROP COLUMN "stage";
`,
      },
    ],
    good: [
      {
        title: "It is marked",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `-- irreversible: stages moved to pipelines two releases ago
ALTER TABLE deal DROP COLUMN stage;
`,
      },
      {
        title: "What is dropped can be made again",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\nCREATE INDEX deal_stage_idx ON deal (stage);\n",
        sql: "DROP INDEX deal_stage_idx;\n",
      },
    ],
  },
});

/** The first thing in the statement that nothing brings back. */
function lossOf(statement: MigrationStatement) {
  for (const change of changesOf(statement, "dropTable", "dropColumn", "truncate", "setType", "write")) {
    const { at, table } = change;
    if (statement.emptied.has(table.key)) continue;
    if (change.do === "dropColumn") return { at, subject: `${table.key}(${change.column})`, what: `the values of ${say(table)}(${change.column})` };
    if (change.do === "setType") {
      const loses = change.isNarrowing && change.hasUsing;
      if (loses) return { at, subject: `${table.key}(${change.column})`, what: `what ${say(table)}(${change.column}) held` };
    } else if (change.do !== "write" || (change.how === "delete" && change.isWhole)) return { at, subject: table.key, what: `the rows of ${say(table)}` };
  }
  return undefined;
}
