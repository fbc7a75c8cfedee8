/** What helps while reading is asked about texts that are half typed and names that nobody should use: it never throws. */
import { dataSheet } from "../../server/src/editing/dataSheet.ts";
import { hintsInPrisma, hintsInSql } from "../../server/src/editing/hints.ts";
import { nameHistoryOf } from "../../server/src/editing/nameHistory.ts";
import { objectInPrisma, objectInSql } from "../../server/src/editing/objectAt.ts";
import { PrismaNames } from "../../server/src/editing/prismaNames.ts";
import { NameResolver } from "../../server/src/editing/resolve.ts";
import { tablesInPrisma, tablesInSql } from "../../server/src/editing/tableLines.ts";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
import { Places } from "../../server/src/model/places.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";

const all = { actions: true, types: "all", indexes: true } as const;

const prisma = `datasource db { provider = "postgresql" }
enum E { A @map("a'b") B }
model A {
  id   Int @id @map("a\\"b 💥")
  e    E[] @default([A])
  bs   B[] @relation("x")
  @@map("selECT")
}
model B {
  a    A   @relation("x", fields: [aId], references: [id])
  aId  Int @unique(map: "\u202e")
  @@index([aId(sort: Desc), nowhere])
}
view V { id Int @unique }
`;

const sql = `CREATE TYPE "e💥" AS ENUM ('a''b');
CREATE TABLE "a""b" ("x y" int PRIMARY KEY, e "e💥" DEFAULT 'a''b', CHECK ("x y" > 0));
CREATE TABLE c (d int REFERENCES "a""b" ("x y") ON DELETE SET NULL (d), UNIQUE (d));
ALTER TABLE c RENAME COLUMN d TO "select";
CREATE VIEW v AS WITH q AS (SELECT * FROM c) SELECT q."select" FROM q JOIN "a""b" z ON z."x y" = q."select";
CREATE POLICY p ON c USING (EXISTS (SELECT 1 FROM v WHERE v."select" = c."select"));
DO $$ BEGIN ALTER TABLE c ADD COLUMN f int; EXECUTE 'x'; END $$;
UPDATE c SET "select" = 1 FROM "a""b" WHERE "x y" = 1 RETURNING *;
`;

describe("Help while reading half-typed text", function () {
  this.timeout(60_000);
  before(loadSqlParser);

  it("never fails over a Prisma schema, at any place", () => {
    for (let end = 0; end <= prisma.length; end += 3) {
      const file = parsePrisma("file:///schema.prisma", prisma.slice(0, end));
      const schema = fromPrisma([file], { major: 7 });
      const names = new PrismaNames(schema, [file]);
      const places = new Places([file]);
      hintsInPrisma(file, { start: 0, end }, names, all);
      tablesInPrisma(file, names);
      for (let offset = Math.max(0, end - 40); offset <= end; offset += 4) {
        const under = objectInPrisma(file, offset, names);
        if (under !== undefined) dataSheet(under.object, schema, places);
      }
    }
  });

  it("never fails over SQL, at any place", () => {
    for (let end = 0; end <= sql.length; end += 3) {
      const file = parseSql("file:///a.sql", sql.slice(0, end));
      const files = [file];
      const schema = fromSql(files);
      const resolver = new NameResolver(schema, { history: nameHistoryOf(files) });
      const places = new Places(files);
      hintsInSql(file, { start: 0, end }, schema, places, all);
      tablesInSql(file, resolver);
      for (let offset = Math.max(0, end - 40); offset <= end; offset += 4) {
        const under = objectInSql(file, offset, resolver);
        if (under !== undefined) dataSheet(under.object, schema, places);
      }
    }
  });
});
