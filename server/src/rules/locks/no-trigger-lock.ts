/** Triggers made or switched while nobody can write to the table. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noTriggerLock = defineRule({
  id: "no-trigger-lock",
  aliases: ["create-trigger-lock", "drop-trigger"],
  group: "migration",
  category: "locks",
  severity: "hint",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Create and drop triggers with a lock_timeout.",
  why: `CREATE TRIGGER and ENABLE or DISABLE TRIGGER take a SHARE ROW EXCLUSIVE lock, DROP TRIGGER an ACCESS EXCLUSIVE
one: a moment each, for which writes wait. DISABLE TRIGGER ALL also switches off the triggers by which PostgreSQL
keeps foreign keys, and rows that break them stay when they are switched on again.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-createtrigger.html",
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER",
  ],
  *checkStatement(statement) {
    for (const change of changesOf(statement, "createTrigger", "dropTrigger", "switchTrigger")) {
      const { at, table, name } = change;
      if (change.do === "switchTrigger" && change.isAll === true) {
        yield { at, subject: table.key, message: `Foreign keys of ${say(table)} are not checked while its triggers are off.` };
      } else if ((statement.timeouts.get("lock_timeout") ?? 0) === 0) {
        yield { at, subject: `${table.key}.${name}`, message: `Writes to ${say(table)} wait for this change of a trigger.` };
      }
    }
  },
  examples: {
    bad: [
      {
        title: "All of them, foreign keys included",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal DISABLE TRIGGER ALL;
--               ^^^^^^^ Foreign keys of deal are not checked while its triggers are off.
`,
      },
    ],
    good: [
      {
        title: "The wait has an end",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
`,
        sql: `SET lock_timeout = '2s';
CREATE TRIGGER deal_touch BEFORE UPDATE ON deal FOR EACH ROW EXECUTE FUNCTION touch();
`,
      },
    ],
  },
});
