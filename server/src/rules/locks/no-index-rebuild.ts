/** New types and collations that spare the rows and build indexes anew. */
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noIndexRebuild = defineRule({
  id: "no-index-rebuild",
  aliases: ["alter-type-rebuilds-index", "alter-type-timestamp-session-zone"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Drop the indexes of a column before its order changes, and build them concurrently afterwards.",
  why: `Another collation, and timestamp to timestamptz in a session whose time zone is UTC, leave the rows as they
are; but every index of the column is built anew under an ACCESS EXCLUSIVE lock. In any other time zone the rows are
written anew too, and the values are read as that zone's: SET LOCAL TimeZone = 'UTC' says which is meant.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "setType")) {
      const { at, table, column, effect, indexes } = change;
      const isZone =
        effect === "zone" &&
        !migration.statements.some((other) => other.changes.some((each) => each.do === "set" && each.name === "timezone"));
      if (!isZone && !(indexes.length > 0 && (effect === "reindex" || effect === "zone"))) continue;
      const message = isZone
        ? `Whether ${say(table)} is written anew, and what ${column} then says, depends on the session's time zone.`
        : `Nobody can use ${say(table)} while the indexes of ${column} are built anew.`;
      const isLocal = statement.transaction !== undefined;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message,
        fix:
          isZone && !statement.isInBlock
            ? { title: "Set the time zone to UTC", safety: "review", intent: { do: "setParameter", at: statement.at, name: "TimeZone", value: "UTC", isLocal } }
            : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The session's time zone decides",
        history: "CREATE TABLE visit (at timestamp);\n",
        sql: `ALTER TABLE visit ALTER COLUMN at TYPE timestamptz;
--                             ^^ Whether visit is written anew, and what at then says, depends on the session's time zone.
`,
        fixed: `SET TimeZone = 'UTC';
ALTER TABLE visit ALTER COLUMN at TYPE timestamptz;
`,
      },
      {
        title: "Another collation is another order",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE INDEX ON deal (stage);
`,
        sql: `ALTER TABLE deal ALTER COLUMN stage TYPE text COLLATE "C";
--                            ^^^^^ Nobody can use deal while the indexes of stage are built anew.
`,
      },
    ],
    good: [
      {
        title: "UTC, and no index",
        history: "CREATE TABLE visit (at timestamp);\n",
        sql: `SET LOCAL TimeZone = 'UTC';
ALTER TABLE visit ALTER COLUMN at TYPE timestamptz;
`,
      },
    ],
  },
});
