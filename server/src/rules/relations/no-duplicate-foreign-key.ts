/** Foreign keys over the same columns to the same key as another one of their table. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { ForeignKey, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfPart } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noDuplicateForeignKey = defineRule({
  id: "no-duplicate-foreign-key",
  aliases: ["duplicate-fk"],
  group: "schema",
  category: "relations",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not state one foreign key twice.",
  why: `Every insert and update is checked twice, and every delete of a parent looks for children twice. Where the two
differ in what a delete does, the one that was made first decides: CASCADE deletes the rows before RESTRICT looks, and
the other way round the delete fails.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  *checkTable(table, schema) {
    if (table.foreignKeys.length < 2) return;
    const keys = foreignKeysOf(schema, table);
    for (const [i, foreignKey] of keys.entries()) {
      const first = keys.slice(0, i).find((other) => isDuplicate(other, foreignKey));
      if (first === undefined) continue;
      const differs = first.onDelete !== foreignKey.onDelete;
      yield {
        at: foreignKey.origins,
        subject: subjectOfPart(table, foreignKey.name),
        message: `${foreignKey.name} on ${say(table)} is ${first.name} once more${differs ? ", and does another thing on delete" : ""}.`,
        related: [{ at: first.origins, message: `${first.name} is over ${sayColumns(table, first.columns)} too.` }],
        fix: fixFor(table, foreignKey, first),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Two relation fields over one column",
        prisma: `model Account {
  id    Int    @id
  deals Deal[] @relation("deals")
  sales Deal[] @relation("sales")
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation("deals", fields: [accountId], references: [id], onDelete: Cascade)
  customer  Account @relation("sales", fields: [accountId], references: [id], onDelete: Restrict, map: "Deal_customer_fkey")
//^^^^^^^^ Deal_customer_fkey on Deal is Deal_accountId_fkey once more, and does another thing on delete.
}
`,
      },
      {
        title: "A key that a later migration adds again",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (id int PRIMARY KEY, account_id int NOT NULL REFERENCES account ON DELETE CASCADE);

ALTER TABLE deal ADD CONSTRAINT deal_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE;
--                              ^^^^^^^^^^^^ deal_account on deal is deal_account_id_fkey once more.
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (id int PRIMARY KEY, account_id int NOT NULL REFERENCES account ON DELETE CASCADE);
`,
      },
      {
        sql: `CREATE TABLE account (org_id int, id int, PRIMARY KEY (org_id, id));
CREATE TABLE deal (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  account_id int NOT NULL,
  FOREIGN KEY (org_id, account_id) REFERENCES account (org_id, id),
  CONSTRAINT deal_account FOREIGN KEY (account_id, org_id) REFERENCES account (id, org_id)
--           ^^^^^^^^^^^^ deal_account on deal is deal_org_id_account_id_fkey once more.
);
`,
        fixed: `CREATE TABLE account (org_id int, id int, PRIMARY KEY (org_id, id));
CREATE TABLE deal (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  account_id int NOT NULL,
  FOREIGN KEY (org_id, account_id) REFERENCES account (org_id, id)
);
`,
      },
    ],
    good: [
      {
        title: "A column may point at two tables, two columns at one, and a wider key may hold a narrower one",
        sql: `CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE party (id int PRIMARY KEY);
CREATE TABLE account (org_id int REFERENCES org ON DELETE CASCADE, id int UNIQUE REFERENCES party ON DELETE CASCADE, PRIMARY KEY (org_id, id));
CREATE TABLE deal (
  id int PRIMARY KEY,
  org_id int NOT NULL REFERENCES org ON DELETE CASCADE,
  account_id int NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  partner_id int REFERENCES account (id) ON DELETE SET NULL,
  FOREIGN KEY (account_id) REFERENCES party ON DELETE CASCADE,
  FOREIGN KEY (org_id, account_id) REFERENCES account (org_id, id) ON DELETE CASCADE
);
`,
      },
    ],
  },
});

/** Over the same pairs of columns, and stated in one language: a key that each names otherwise is one that drifted. */
function isDuplicate(a: ForeignKey, b: ForeignKey): boolean {
  if (a.references.key !== b.references.key || a.columns.length !== b.columns.length) return false;
  if (!a.origins.some(({ kind }) => b.origins.some((other) => other.kind === kind))) return false;
  return a.columns.every((column, i) => {
    const at = b.columns.indexOf(column);
    return at >= 0 && a.references.columns[i] === b.references.columns[at];
  });
}

/** Dropping one of two equal ones changes nothing; which of two different ones is meant is for a person to say. */
function fixFor(table: Table, foreignKey: ForeignKey, first: ForeignKey): Fix | undefined {
  const isEqual =
    first.onDelete === foreignKey.onDelete &&
    first.onUpdate === foreignKey.onUpdate &&
    first.match === foreignKey.match &&
    first.deferrable === foreignKey.deferrable &&
    first.initiallyDeferred === foreignKey.initiallyDeferred;
  if (!isEqual || foreignKey.origins[0].kind === "prisma") return undefined;
  return {
    title: `Drop ${foreignKey.name}`,
    safety: first.validated ? "safe" : "review",
    intent: { do: "dropForeignKey", table, foreignKey },
  };
}
