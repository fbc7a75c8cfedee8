/** Indexes that somebody wrote by hand, and that Prisma drops because its schema does not name them. */
import type { Migration } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noUnmanagedDrop = defineRule({
  id: "no-unmanaged-drop",
  aliases: ["migration-drops-unmanaged-object"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Take out what Prisma drops because it does not know it.",
  why: `Prisma compares the database with the schema file, and writes DROP INDEX for what it finds in the one and not in
the other: an index that an earlier migration made by hand, of a type or with columns that the schema does not state.
Nobody asked for it, the queries that need the index become slow, and the next migration would drop it again. Delete the
statement, and state the index in the schema as far as Prisma can: @@index with the same map, type and ops.`,
  sources: ["https://www.postgresql.org/docs/current/sql-dropindex.html"],
  *checkStatement(statement, migration) {
    if (statement.isGenerated !== true) return;
    for (const { at, table, name, isUnasked } of changesOf(statement, "dropIndex")) {
      if (!isUnasked || isMeant(migration, table.key, name)) continue;
      yield {
        at,
        subject: `${table.key}.${name}`,
        message: `${name} of ${say(table)} was made by hand; Prisma drops what its schema does not state. Keep it?`,
        fix: statement.isInBlock
          ? undefined
          : { title: `Keep ${name}: delete the statement`, safety: "review", intent: { do: "keepIndex", at, table, index: name } },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "An index for a search, made by hand",
        history: `CREATE TABLE "deal" ("id" int PRIMARY KEY, "stage" text, "data" jsonb);
CREATE INDEX deal_data_idx ON deal USING gin (data jsonb_path_ops);
`,
        sql: `-- DropIndex
DROP INDEX "deal_data_idx";
--         ^^^^^^^^^^^^^^^ deal_data_idx of deal was made by hand; Prisma drops what its schema does not state. Keep it?

-- AlterTable
ALTER TABLE "deal" ADD COLUMN "amount" numeric;
`,
        fixed: `
-- AlterTable
ALTER TABLE "deal" ADD COLUMN "amount" numeric;
`,
      },
    ],
    good: [
      {
        title: "Somebody drops it",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\nCREATE INDEX deal_stage_idx ON deal (stage);\n",
        sql: "DROP INDEX deal_stage_idx;\n",
      },
      {
        title: "Somebody drops it in a migration that Prisma began",
        history: 'CREATE TABLE "deal" ("id" int PRIMARY KEY, "stage" text);\nCREATE INDEX CONCURRENTLY "deal_stage_idx" ON "deal" ("stage");\n',
        sql: '-- DropIndex\nDROP INDEX CONCURRENTLY IF EXISTS "deal_stage_idx";\n',
      },
      {
        title: "Prisma made it, and drops it",
        history: 'CREATE TABLE "deal" ("id" int PRIMARY KEY, "stage" text);\nCREATE INDEX "deal_stage_idx" ON "deal"("stage");\n',
        sql: '-- DropIndex\nDROP INDEX "deal_stage_idx";\n',
      },
    ],
  },
});

/** It comes back under its name, or its table goes. */
function isMeant({ statements }: Migration, table: string, name: string): boolean {
  return statements.some((statement) =>
    statement.changes.some((change) => (change.do === "createIndex" && change.name === name) || (change.do === "dropTable" && change.table.key === table)),
  );
}
