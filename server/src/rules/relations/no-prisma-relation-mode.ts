/** Relations that Prisma Client keeps, where PostgreSQL could. */
import { defineRule } from "../rule.ts";

export const noPrismaRelationMode = defineRule({
  id: "no-prisma-relation-mode",
  aliases: ["relation-mode-prisma"],
  group: "schema",
  category: "relations",
  severity: "warning",
  languages: ["prisma"],
  since: "0.1.0",
  summary: "Let PostgreSQL keep relations, by foreign keys.",
  why: `With relationMode = "prisma" the client checks relations by queries of its own. Two transactions can pass each other
there, raw SQL and every other program are not checked at all, and nothing in the database says what belongs together. The
mode is for databases without foreign keys.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/relation-mode",
  ],
  *checkSchema(schema) {
    for (const { emulatesRelations } of schema.sources) {
      if (emulatesRelations === undefined) continue;
      yield {
        at: emulatesRelations,
        subject: "relationMode",
        message: 'relationMode = "prisma" leaves every relation without a foreign key.',
        fix: {
          title: "Let the database enforce relations",
          safety: "review",
          intent: { do: "enforceRelations", stated: emulatesRelations },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
//               ^^^^^^^^ relationMode = "prisma" leaves every relation without a foreign key.
}

model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)

  @@index([accountId])
}
`,
        fixed: `datasource db {
  provider     = "postgresql"
}

model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)

  @@index([accountId])
}
`,
      },
    ],
    good: [
      {
        title: "Said, and the default",
        prisma: `datasource db {
  provider     = "postgresql"
  relationMode = "foreignKeys"
}

model Account {
  id Int @id
}
`,
      },
    ],
  },
});
