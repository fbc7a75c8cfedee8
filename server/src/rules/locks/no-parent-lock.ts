/** Foreign keys that are dropped, which stops the table that they point at. */
import type { MigrationStatement } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noParentLock = defineRule({
  id: "no-parent-lock",
  aliases: ["drop-fk-locks-parent"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Set lock_timeout before a foreign key is dropped.",
  why: `DROP CONSTRAINT of a foreign key takes an ACCESS EXCLUSIVE lock on both tables: also on the one that it points at,
which is often the busiest of all and is not named in the statement. Prisma drops and adds the key for every change of
onDelete or onUpdate. With a lock_timeout the migration gives up where it would have to wait, and can be tried again.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-CONSTRAINT"],
  *checkStatement(statement, migration) {
    const [dropped] = droppedKeys(statement);
    const table = dropped?.references;
    if (dropped === undefined || table === undefined) return;
    if (migration.statements.find((other) => droppedKeys(other).length > 0) !== statement) return;
    yield {
      at: dropped.at,
      subject: `${dropped.table.key}.${dropped.name}`,
      message: `Dropping ${dropped.name} locks ${say(table)} too: set lock_timeout before it.`,
      fix: statement.isInBlock
        ? undefined
        : {
            title: "Set lock_timeout to 5 seconds",
            safety: "review",
            intent: { do: "setParameter", at: statement.at, name: "lock_timeout", value: "5s", isLocal: statement.transaction !== undefined },
          },
    };
  },
  examples: {
    bad: [
      {
        title: "What Prisma writes for another onDelete",
        history: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (id int PRIMARY KEY, account_id int CONSTRAINT deal_account_id_fkey REFERENCES account);
`,
        sql: `-- DropForeignKey
ALTER TABLE "deal" DROP CONSTRAINT "deal_account_id_fkey";
--                                 ^^^^^^^^^^^^^^^^^^^^^^ Dropping deal_account_id_fkey locks account too: set lock_timeout before it.

-- AddForeignKey
ALTER TABLE "deal" ADD CONSTRAINT "deal_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
`,
        fixed: `SET LOCAL lock_timeout = '5s';
-- DropForeignKey
ALTER TABLE "deal" DROP CONSTRAINT "deal_account_id_fkey";

-- AddForeignKey
ALTER TABLE "deal" ADD CONSTRAINT "deal_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
`,
      },
    ],
    good: [
      {
        title: "It gives up after a while",
        history: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (id int PRIMARY KEY, account_id int CONSTRAINT deal_account_id_fkey REFERENCES account);
`,
        sql: "SET lock_timeout = '5s';\nALTER TABLE deal DROP CONSTRAINT deal_account_id_fkey;\n",
      },
      {
        title: "A key to the table itself",
        history: "CREATE TABLE account (id int PRIMARY KEY, parent_id int CONSTRAINT account_parent_id_fkey REFERENCES account);\n",
        sql: "ALTER TABLE account DROP CONSTRAINT account_parent_id_fkey;\n",
      },
    ],
  },
});

function droppedKeys(statement: MigrationStatement) {
  if (statement.timeouts.has("lock_timeout")) return [];
  return [...changesOf(statement, "dropConstraint")].filter(({ table, references }) => references !== undefined && !references.isNew && references.key !== table.key);
}
