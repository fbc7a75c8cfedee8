/** Concurrent builds whose second try takes what the first one left for done. */
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noIfNotExistsConcurrent = defineRule({
  id: "no-if-not-exists-concurrent",
  aliases: ["concurrent-index-retry-unsafe"],
  group: "migration",
  category: "locks",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Drop what a failed build left instead of IF NOT EXISTS.",
  why: `A concurrent build that fails, at a duplicate or a deadlock, leaves an invalid index behind, which every write
maintains and no query uses. IF NOT EXISTS takes it for done, so the second run succeeds and nothing is indexed. DROP
INDEX CONCURRENTLY IF EXISTS before it makes the file safe to run again.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
  *checkStatement(statement, { sending }) {
    for (const { at, table, name, isConcurrent, ifNotExists } of changesOf(statement, "createIndex")) {
      if (!isConcurrent || !ifNotExists || name === undefined) continue;
      yield {
        at,
        subject: `${table.key}.${name}`,
        message: `After a failed run, IF NOT EXISTS takes the invalid index ${name} for done.`,
        // What is sent at once would be one transaction.
        fix:
          sending === "each" || sending === "message unless concurrent"
            ? { title: `Drop ${name} first, if it is there`, safety: "review", intent: { do: "dropInvalidFirst", at, index: { schema: table.schema, name } } }
            : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The second run finds an invalid index and is content",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `CREATE INDEX CONCURRENTLY IF NOT EXISTS deal_stage_idx ON deal (stage);
--                                      ^^^^^^^^^^^^^^ After a failed run, IF NOT EXISTS takes the invalid index deal_stage_idx for done.
`,
        fixed: `DROP INDEX CONCURRENTLY IF EXISTS deal_stage_idx;
CREATE INDEX CONCURRENTLY deal_stage_idx ON deal (stage);
`,
      },
    ],
    good: [
      {
        title: "What a failed run left is dropped first",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `DROP INDEX CONCURRENTLY IF EXISTS deal_stage_idx;
CREATE INDEX CONCURRENTLY deal_stage_idx ON deal (stage);
`,
      },
      {
        title: "Without CONCURRENTLY a failed build leaves nothing",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "CREATE INDEX IF NOT EXISTS deal_stage_idx ON deal (stage);\n",
      },
    ],
  },
});
