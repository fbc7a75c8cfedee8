/** Required columns that clients from before the migration give no value. */
import type { Migration, MigrationStatement } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireDefaultForOldClients = defineRule({
  id: "require-default-for-old-clients",
  aliases: ["new-required-field-old-writers"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Keep a default for a new required column until every client writes it.",
  why: `The migration runs before the last old process ends. Those name every column that they know, and no other: their
inserts give a new column its default, and where it is required and has none they fail (23502). Let it keep a default, or
become NOT NULL, in a migration that runs when no such client is left.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-default.html"],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "setNotNull", "alterColumn", "addColumn")) {
      const { at, table, column } = change;
      const becomesRequired =
        change.do === "setNotNull"
          ? !change.isAlready && !change.hasValue && isAddedIn(migration, table.key, column)
          : change.do === "alterColumn"
            ? change.losesValue
            : change.isNotNull && change.default === "none" && !change.isSerial && !change.isIdentity && change.generated === undefined && statement.emptied.has(table.key);
      if (!becomesRequired || isFilled(migration, table.key) || isSettledLater(migration, statement, table.key, column)) continue;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `Old clients give ${say(table)}(${column}) no value, and it has no default: their inserts fail.`,
        fix: canMove(statement, change.do) ? { title: "Move it to a file of its own, to be run later", safety: "review", intent: { do: "moveApart", at } } : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The default serves the rows that there are, and goes",
        history: "CREATE TABLE deal (id int PRIMARY KEY, amount numeric(10,2));\n",
        sql: `ALTER TABLE deal ADD COLUMN stage text NOT NULL DEFAULT 'new';
ALTER TABLE deal ALTER COLUMN stage DROP DEFAULT;
--                            ^^^^^ Old clients give deal(stage) no value, and it has no default: their inserts fail.
`,
        fixed: "ALTER TABLE deal ADD COLUMN stage text NOT NULL DEFAULT 'new';\n",
        migration: "ALTER TABLE deal ALTER COLUMN stage DROP DEFAULT;\n",
      },
      {
        title: "Added, filled and required at once",
        history: "CREATE TABLE deal (id int PRIMARY KEY, amount numeric(10,2));\n",
        sending: "each",
        sql: `ALTER TABLE deal ADD COLUMN stage text;
UPDATE deal SET stage = 'new' WHERE stage IS NULL;
ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;
--                            ^^^^^ Old clients give deal(stage) no value, and it has no default: their inserts fail.
`,
      },
    ],
    good: [
      {
        title: "With a default that stays",
        history: "CREATE TABLE deal (id int PRIMARY KEY);\n",
        sql: `ALTER TABLE deal ADD COLUMN stage text DEFAULT 'new';
ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;
`,
      },
      {
        title: "The default comes back in another type, as Prisma changes an enum",
        history: `CREATE TYPE stage AS ENUM ('new', 'old');
CREATE TYPE stage_new AS ENUM ('new', 'won');
CREATE TABLE deal (id int PRIMARY KEY, stage stage NOT NULL DEFAULT 'new');
`,
        sql: `ALTER TABLE deal ALTER COLUMN stage DROP DEFAULT;
ALTER TABLE deal ALTER COLUMN stage TYPE stage_new USING (stage::text::stage_new);
ALTER TABLE deal ALTER COLUMN stage SET DEFAULT 'new';
`,
      },
      {
        title: "A column that an earlier migration has added",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: "ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;\n",
      },
      {
        title: "A trigger may fill it",
        history: `CREATE TABLE deal (id int PRIMARY KEY, amount numeric);
CREATE FUNCTION fill_stage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.stage := coalesce(NEW.stage, 'new'); RETURN NEW; END $$;
`,
        sql: `ALTER TABLE deal ADD COLUMN stage text;
CREATE TRIGGER fill_stage BEFORE INSERT ON deal FOR EACH ROW EXECUTE FUNCTION fill_stage();
ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;
`,
      },
    ],
  },
});

function isAddedIn({ statements }: Migration, table: string, column: string): boolean {
  return statements.some((statement) => [...changesOf(statement, "addColumn")].some((added) => added.table.key === table && added.column === column));
}

/** A trigger that the file makes may give the column its value, and the table or its rows may go. */
function isFilled({ statements }: Migration, table: string): boolean {
  return statements.some((statement) => [...changesOf(statement, "createTrigger", "dropTable")].some((change) => change.table.key === table));
}

/** It gets another default, may be null again, or goes: as where an enum is made anew. */
function isSettledLater({ statements }: Migration, from: MigrationStatement, table: string, column: string): boolean {
  return statements.slice(statements.indexOf(from)).some((statement) =>
    [...changesOf(statement, "alterColumn", "addIdentity", "dropNotNull", "dropColumn")].some(
      (change) => change.table.key === table && change.column === column && (change.do !== "alterColumn" || change.givesValue),
    ),
  );
}

/** The whole statement, alone in its ALTER TABLE. */
function canMove({ openedBy, isInBlock, changes }: MigrationStatement, kind: string): boolean {
  return openedBy === "runner" && !isInBlock && changes.length === 1 && kind !== "addColumn";
}
