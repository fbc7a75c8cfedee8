/** Logs and other tables that only grow, without a word about when rows go. */
import { tagsOf, usesTag } from "../../model/tags.ts";
import type { Table } from "../../model/schema.ts";
import { doubtAbout } from "../../model/queries.ts";
import { say, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";
import { isClearedByRoutine } from "./upkeep.ts";

export const requireRetention = defineRule({
  id: "require-retention",
  aliases: ["retention-undefined"],
  group: "schema",
  category: "privacy",
  severity: "information",
  since: "0.1.0",
  summary: "Say how long the rows of a log are kept.",
  why: `A log grows for ever unless somebody decides how long it is of use; personal data in it must not be kept longer
than that. @retention 90d in the comment says what was decided, partitions by time or a job carry it out. The rule speaks
up once any table of the schema has the tag, or always when its option says so.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-partitioning.html", "https://gdpr-info.eu/art-5-gdpr/"],
  options: {
    always: { default: false, description: "Also in schemas that say it of no table yet." },
  },
  *checkTable(table, schema, { options }) {
    if (!onlyGrows(table) || table.partitionBy !== undefined || table.partitionOf !== undefined) return;
    if (tagsOf(table).retention !== undefined || (options["always"] !== true && !usesTag(schema, "retention"))) return;
    if (isClearedByRoutine(schema, table)) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `${say(table)} only grows, and nothing says how long its rows are kept.`,
      doubt: doubtAbout(schema, table),
    };
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE login_event (id int PRIMARY KEY, happened_at timestamptz NOT NULL);
COMMENT ON TABLE login_event IS '@retention 90d';
CREATE TABLE page_view_log (id int PRIMARY KEY, created_at timestamptz NOT NULL);
--           ^^^^^^^^^^^^^ page_view_log only grows, and nothing says how long its rows are kept.
`,
      },
      {
        prisma: `/// @retention 7 years
model AuditLog {
  id Int      @id
  at DateTime @db.Timestamptz(3)
}

model EmailLog {
//    ^^^^^^^^ EmailLog only grows, and nothing says how long its rows are kept.
  id     Int      @id
  sentAt DateTime @db.Timestamptz(3)
}
`,
      },
    ],
    good: [
      {
        title: "Partitions by time go as a whole, a routine clears it, rows without a time are no log",
        sql: `CREATE TABLE login_event (id int PRIMARY KEY, happened_at timestamptz NOT NULL);
COMMENT ON TABLE login_event IS '@retention 90d';
CREATE TABLE visit_log (id int, created_at timestamptz NOT NULL) PARTITION BY RANGE (created_at);
CREATE TABLE job_log (id int PRIMARY KEY, created_at timestamptz NOT NULL);
CREATE PROCEDURE clear_jobs() LANGUAGE sql AS 'DELETE FROM job_log WHERE created_at < now() - interval ''90 days''';
CREATE TABLE event_type (id int PRIMARY KEY);
`,
      },
      {
        title: "Nothing says it of any table here",
        sql: `CREATE TABLE login_log (id int PRIMARY KEY, created_at timestamptz NOT NULL);
`,
      },
    ],
  },
});

/** A log by its name, with a time in each row. An `event` alone may be one of a calendar. */
function onlyGrows(table: Table): boolean {
  const words = wordsOf(table.name);
  const last = words.at(-1) ?? "";
  if (!logs.has(last) && !(words.length > 1 && events.has(last))) return false;
  for (const { type, notNull } of table.columns.values())
    if (notNull && (type.name === "timestamptz" || type.name === "timestamp")) return true;
  return false;
}

const logs = new Set(
  "log logs audit audits trail trails trace traces metric metrics impression impressions pageview pageviews hit hits".split(" "),
);
const events = new Set("event events view views visit visits".split(" "));
