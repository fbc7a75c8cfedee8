/** Primary keys that are dropped and made anew. */
import type { AddedConstraint } from "../../model/changes.ts";
import type { Migration } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { canRunConcurrently, changesOf, constraintName } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noPrimaryKeyChange = defineRule({
  id: "no-primary-key-change",
  aliases: ["primary-key-redefined"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Build the index of another primary key before the old one goes.",
  why: `Between DROP CONSTRAINT and the end of ADD PRIMARY KEY the table is locked, as long as it takes to build the index
over all rows; and foreign keys that point at the old key stop the DROP. A unique index built CONCURRENTLY, and one ALTER
TABLE that drops the one and adds the other USING INDEX, take a moment.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX"],
  *checkStatement(statement, migration) {
    for (const { at, table, kind, name } of changesOf(statement, "dropConstraint")) {
      const added = kind === "primary" && !statement.emptied.has(table.key) ? newKeyOf(migration, table.key) : undefined;
      if (added === undefined) continue;
      const next = added.name ?? constraintName(table, added.columns, "primary");
      yield {
        at,
        subject: `${table.key}.${name}`,
        message: `Nobody can use ${say(table)} while its new primary key (${added.columns.join(", ")}) is built.`,
        related: [{ at: added.at, message: "It is built here." }],
        fix:
          canRunConcurrently(migration) && added.isPlain && !statement.isInBlock && table.form === "table"
            ? {
                title: "Build its index concurrently before",
                safety: "review",
                intent: { do: "swapPrimaryKey", at, added: added.at, table, dropped: name, name: next, columns: added.columns, isApart: migration.sending !== "each" },
              }
            : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "What Prisma writes for another @@id",
        history: 'CREATE TABLE "TeamMember" ("id" int, "teamId" int NOT NULL, "userId" int NOT NULL, CONSTRAINT "TeamMember_pkey" PRIMARY KEY ("id"));\n',
        sql: `-- AlterTable
ALTER TABLE "TeamMember" DROP CONSTRAINT "TeamMember_pkey",
--                                       ^^^^^^^^^^^^^^^^^ Nobody can use TeamMember while its new primary key (teamId, userId) is built.
ADD CONSTRAINT "TeamMember_pkey" PRIMARY KEY ("teamId", "userId");
`,
        fixed: "",
        migration: `CREATE UNIQUE INDEX CONCURRENTLY "TeamMember_pkey_new" ON "TeamMember" ("teamId", "userId");

ALTER TABLE "TeamMember" DROP CONSTRAINT "TeamMember_pkey", ADD CONSTRAINT "TeamMember_pkey" PRIMARY KEY USING INDEX "TeamMember_pkey_new";
`,
      },
    ],
    good: [
      {
        title: "With an index that is there",
        history: `CREATE TABLE member (id int PRIMARY KEY, team_id int NOT NULL, user_id int NOT NULL);
CREATE UNIQUE INDEX member_key ON member (team_id, user_id);
`,
        sql: "ALTER TABLE member DROP CONSTRAINT member_pkey, ADD CONSTRAINT member_pkey PRIMARY KEY USING INDEX member_key;\n",
      },
      {
        title: "A key that goes for good",
        history: "CREATE TABLE member (id int PRIMARY KEY);\n",
        sql: "ALTER TABLE member DROP CONSTRAINT member_pkey;\n",
      },
    ],
  },
});

function newKeyOf({ statements }: Migration, table: string): AddedConstraint | undefined {
  for (const statement of statements)
    for (const change of changesOf(statement, "addConstraint"))
      if (change.table.key === table && change.kind === "primary" && change.usingIndex === undefined) return change;
  return undefined;
}
