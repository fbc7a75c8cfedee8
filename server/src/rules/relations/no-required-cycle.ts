/** Foreign keys in a circle, each of which must be there before the next. */
import { requiredCycle } from "../../model/requiredCycles.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Related } from "../rule.ts";

export const noRequiredCycle = defineRule({
  id: "no-required-cycle",
  aliases: ["circular-fk"],
  group: "schema",
  category: "relations",
  severity: "warning",
  since: "0.1.0",
  summary: "Let one foreign key in a circle be null, or wait for the commit.",
  why: `Each table's row needs one of the next table first, so no INSERT can be the first one: it fails with error 23503.
Only a single statement that inserts into all of the tables gets around it, which no ORM writes. A nullable key can be
filled in afterwards; a deferred one is checked at the commit.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-set-constraints.html",
    "https://www.postgresql.org/docs/current/sql-altertable.html",
  ],
  *checkTable(table, schema) {
    const [step, ...others] = requiredCycle(schema, table.key);
    if (step === undefined) return;
    const { foreignKey } = step;
    const names = others.slice(0, 3).map((other) => say(other.table));
    yield {
      at: foreignKey.origins,
      subject: subjectOfColumns(table, foreignKey.columns),
      message: `${sayColumns(table, foreignKey.columns)} needs ${names.join(", which needs ")}${others.length > 3 ? ", …" : ""}, which needs ${say(table)}: no row can come first.`,
      related: [step, ...others].map(
        (each): Related => ({
          at: each.foreignKey.origins,
          message: `${sayColumns(each.table, each.foreignKey.columns)} is required and checked at once.`,
        }),
      ),
      fix:
        foreignKey.origins[0].kind === "prisma"
          ? undefined
          : {
              title: "Check it at the commit (DEFERRABLE INITIALLY DEFERRED)",
              safety: "review",
              intent: { do: "setDeferrable", table, foreignKey },
            },
    };
  },
  examples: {
    bad: [
      {
        prisma: `model Team {
  id     Int    @id
  leadId Int    @unique
  lead   Person @relation("lead", fields: [leadId], references: [id])
//^^^^ Team(leadId) needs Person, which needs Team: no row can come first.
  people Person[] @relation("member")
}

model Person {
  id     Int   @id
  teamId Int
  team   Team  @relation("member", fields: [teamId], references: [id])
  leads  Team? @relation("lead")
}
`,
      },
      {
        sql: `CREATE TABLE account (id int PRIMARY KEY, main_contact_id int NOT NULL);
CREATE TABLE contact (id int PRIMARY KEY, account_id int NOT NULL REFERENCES account ON DELETE CASCADE);
ALTER TABLE account ADD CONSTRAINT account_main_contact FOREIGN KEY (main_contact_id) REFERENCES contact;
--                                 ^^^^^^^^^^^^^^^^^^^^ account(main_contact_id) needs contact, which needs account: no row can come first.
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY, main_contact_id int NOT NULL);
CREATE TABLE contact (id int PRIMARY KEY, account_id int NOT NULL REFERENCES account ON DELETE CASCADE);
ALTER TABLE account ADD CONSTRAINT account_main_contact FOREIGN KEY (main_contact_id) REFERENCES contact DEFERRABLE INITIALLY DEFERRED;
`,
      },
      {
        title: "A circle of three",
        sql: `CREATE TABLE a (id int PRIMARY KEY, c_id int NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
CREATE TABLE c (id int PRIMARY KEY, b_id int NOT NULL REFERENCES b);
ALTER TABLE a ADD FOREIGN KEY (c_id) REFERENCES c ON DELETE CASCADE;
--                ^^^^^^^^^^^ a(c_id) needs c, which needs b, which needs a: no row can come first.
`,
        fixed: `CREATE TABLE a (id int PRIMARY KEY, c_id int NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
CREATE TABLE c (id int PRIMARY KEY, b_id int NOT NULL REFERENCES b);
ALTER TABLE a ADD FOREIGN KEY (c_id) REFERENCES c ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
`,
      },
    ],
    good: [
      {
        title: "One of the keys may be null or deferred, and a row may be its own parent",
        sql: `CREATE TABLE account (id int PRIMARY KEY, main_contact_id int, tree_id int NOT NULL REFERENCES account);
CREATE TABLE contact (id int PRIMARY KEY, account_id int NOT NULL REFERENCES account ON DELETE CASCADE);
ALTER TABLE account ADD FOREIGN KEY (main_contact_id) REFERENCES contact;
CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a DEFERRABLE);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
`,
      },
    ],
  },
});
