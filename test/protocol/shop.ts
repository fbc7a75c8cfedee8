/** A small workspace with one finding: a foreign key without an index, stated in Prisma and in a migration. */
const schema = "prisma/schema.prisma";
const migration = "prisma/migrations/20240101000000_a/migration.sql";
const query = "queries/deals.sql";

export const shop = {
  schema,
  migration,
  query,
  files: {
    "package.json": "{}",
    [schema]: `datasource db {
  provider = "postgresql"
}

model Account {
  id    BigInt    @id
  deals Deal[]
}

model Deal {
  id        BigInt     @id
  accountId BigInt

  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
}
`,
    [migration]: `CREATE TABLE "Account" ("id" BIGINT NOT NULL, CONSTRAINT "Account_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Deal" ("id" BIGINT NOT NULL, "accountId" BIGINT NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY ("id"));
ALTER TABLE "Deal" ADD CONSTRAINT "Deal_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- end
`,
    [query]: `SELECT * FROM "Deal" WHERE "accountId" = $1;\n`,
  } satisfies Readonly<Record<string, string>>,
} as const;
