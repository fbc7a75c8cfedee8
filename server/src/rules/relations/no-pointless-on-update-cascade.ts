/** ON UPDATE CASCADE towards a key whose values never change. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { Column, ForeignKey } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noPointlessOnUpdateCascade = defineRule({
  id: "no-pointless-on-update-cascade",
  aliases: ["on-update-cascade-pointless"],
  group: "schema",
  category: "relations",
  severity: "information",
  preset: "all",
  since: "0.1.0",
  summary: "Do not cascade updates of a key that is generated.",
  why: `A generated key has no reason to change, so the cascade is never wanted. Should somebody change one by mistake, it
rewrites every row that points at it instead of failing.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  *checkTable(table, schema) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (foreignKey.onUpdate !== "cascade" || !isStated(foreignKey)) continue;
      const { key, columns } = foreignKey.references;
      const referenced = schema.tables.get(key);
      if (referenced === undefined || columns.length === 0 || !columns.every((column) => isGenerated(referenced.columns.get(column))))
        continue;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `${sayColumns(table, foreignKey.columns)} cascades updates of ${sayColumns(referenced, columns)}, which is generated.`,
        fix: {
          title: "Refuse such an update (NO ACTION)",
          safety: "review",
          intent: { do: "setOnUpdate", table, foreignKey, action: "noAction" },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  id    String @id @default(uuid(7)) @db.Uuid
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId String  @db.Uuid
  account   Account @relation(fields: [accountId], references: [id], onDelete: Restrict, onUpdate: Cascade)
//^^^^^^^ Deal(accountId) cascades updates of Account(id), which is generated.
}
`,
        fixed: `model Account {
  id    String @id @default(uuid(7)) @db.Uuid
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId String  @db.Uuid
  account   Account @relation(fields: [accountId], references: [id], onDelete: Restrict, onUpdate: NoAction)
}
`,
      },
      {
        sql: `CREATE TABLE account (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id bigint REFERENCES account ON DELETE CASCADE ON UPDATE CASCADE
--^^^^^^^^^^ deal(account_id) cascades updates of account(id), which is generated.
);
`,
        fixed: `CREATE TABLE account (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id bigint REFERENCES account ON DELETE CASCADE
);
`,
      },
    ],
    good: [
      {
        title: "A natural key may change, and Prisma's default is nobody's choice",
        prisma: `model Currency {
  code  String @id @db.Char(3)
  deals Deal[]
}

model Account {
  id    Int    @id @default(autoincrement())
  deals Deal[]
}

model Deal {
  id           Int      @id
  accountId    Int
  account      Account  @relation(fields: [accountId], references: [id], onDelete: Restrict)
  currencyCode String   @db.Char(3)
  currency     Currency @relation(fields: [currencyCode], references: [code], onDelete: Restrict, onUpdate: Cascade)
}
`,
      },
    ],
  },
});

/** Prisma cascades updates unless told otherwise. */
function isStated({ origins: [origin] }: ForeignKey): boolean {
  return origin.kind !== "prisma" || origin.parts?.["onUpdate"] !== undefined;
}

function isGenerated(column: Column | undefined): boolean {
  if (column === undefined) return false;
  if (column.identity !== undefined || (column.clientDefault !== undefined && column.clientDefault !== "updatedAt")) return true;
  return column.default !== undefined && generates.test(column.default.text);
}

const generates = /\b(?:nextval|gen_random_uuid|uuidv[47]|uuid_generate_v\d\w*)\s*\(/i;
