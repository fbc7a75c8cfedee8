/** Tables that are tagged as audited and that nothing watches. */
import { doubtAbout } from "../../model/queries.ts";
import { lookup } from "../../model/lookup.ts";
import { tagsOf } from "../../model/tags.ts";
import type { Trigger } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireAuditTrigger = defineRule({
  id: "require-audit-trigger",
  aliases: ["audit-missing"],
  group: "schema",
  category: "privacy",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Record the changes of a table that is tagged @audited.",
  why: `The comment promises that every change is recorded, and no trigger does it: changes by hand, by a script or by
another service leave no trace, and nobody knows that they are missing.`,
  sources: [
    "https://www.postgresql.org/docs/current/plpgsql-trigger.html",
    "https://www.postgresql.org/docs/current/sql-createtrigger.html",
  ],
  *checkTable(table, schema) {
    if (!tagsOf(table).isAudited || !table.complete || !isSqlRead(schema, "")) return;
    const missing = (["insert", "update", "delete"] as const).filter((event) => !table.triggers.some((trigger) => records(trigger, event)));
    if (missing.length === 0) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `${say(table)} is tagged @audited, and no trigger records ${missing.map((event) => event.toUpperCase()).join(", ")}.`,
      doubt: doubtAbout(schema, table),
    };
  },
  examples: {
    bad: [
      {
        sql: `CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE invoice (id int PRIMARY KEY);
--           ^^^^^^^ invoice is tagged @audited, and no trigger records DELETE.
COMMENT ON TABLE invoice IS 'What customers owe. @audited';
CREATE TRIGGER record AFTER INSERT OR UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION record_change();
`,
      },
    ],
    good: [
      {
        title: "Triggers see every change, or nothing is promised",
        sql: `CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE invoice (id int PRIMARY KEY);
COMMENT ON TABLE invoice IS '@audited';
CREATE TRIGGER record_new AFTER INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER record_others AFTER UPDATE OR DELETE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION record_change();
CREATE TABLE draft (id int PRIMARY KEY);
COMMENT ON TABLE draft IS 'Not audited.';
`,
      },
    ],
  },
});

/** One that only some changes of columns fire, or that is switched off, does not. */
function records({ events, enabled, updateOf, timing }: Trigger, event: Trigger["events"][number]): boolean {
  return events.includes(event) && enabled !== "disabled" && timing !== "insteadOf" && (event !== "update" || updateOf.length === 0);
}

/** A Prisma schema cannot say which triggers there are. */
const isSqlRead = lookup((schema) => {
  const isRead = schema.sources.some(({ layer }) => layer !== "prisma");
  return (): boolean => isRead;
});
