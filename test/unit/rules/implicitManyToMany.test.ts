/**
 * The join table of an implicit many-to-many relation is Prisma's own: A leads its key, B has an index. No rule asks
 * anything of it, told by the schema, by the migrations, or by both.
 */
import assert from "node:assert/strict";
import { fromPrisma } from "../../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../../server/src/model/fromSql.ts";
import { isIndexedBy } from "../../../server/src/model/indexQueries.ts";
import { join } from "../../../server/src/model/join.ts";
import type { Schema } from "../../../server/src/model/schema.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import { runRules } from "../../../server/src/rules/run.ts";
import { presetSettings } from "../../../server/src/rules/settings.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";

const prisma = `model Post {
  id   Int   @id
  tags Tag[]
}

model Tag {
  id    Int    @id
  posts Post[]
}
`;

/** As Prisma 5 writes it, and since Prisma 6. */
const keys = {
  5: 'CREATE UNIQUE INDEX "_PostToTag_AB_unique" ON "_PostToTag"("A", "B");',
  6: 'ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A", "B");',
} as const;

const migration = (major: 5 | 6): string => `CREATE TABLE "Post" ("id" INTEGER NOT NULL, CONSTRAINT "Post_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Tag" ("id" INTEGER NOT NULL, CONSTRAINT "Tag_pkey" PRIMARY KEY ("id"));
CREATE TABLE "_PostToTag" ("A" INTEGER NOT NULL, "B" INTEGER NOT NULL);
${keys[major]}
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag"("B");
ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Post"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag"("id") ON DELETE CASCADE ON UPDATE CASCADE;
`;

before(() => loadSqlParser());

describe("the join table of an implicit relation", () => {
  for (const major of [5, 6] as const) {
    const schemas: readonly { readonly of: string; readonly schema: () => Schema; readonly isImplied: boolean }[] = [
      { of: "the schema", schema: () => ofPrisma(major), isImplied: true },
      { of: "the migrations", schema: () => ofSql(major), isImplied: false },
      { of: "both", schema: () => join([ofPrisma(major), ofSql(major)]), isImplied: true },
    ];
    for (const { of, schema, isImplied } of schemas) {
      it(`has both columns indexed, as ${of} of Prisma ${major} says`, () => {
        const table = schema().tables.get("public._PostToTag");
        assert.ok(table !== undefined);
        assert.deepEqual([isIndexedBy(table, ["A"]), isIndexedBy(table, ["B"])], [true, true]);
      });

      it(`gets no finding about its indexes, told by ${of} of Prisma ${major}`, () => {
        const found = runRules(schema(), { settings: presetSettings("all") }).filter(({ subject }) => subject.startsWith("public._PostToTag"));
        const rules = found.map(({ rule }) => rule);
        if (isImplied) assert.deepEqual(rules, []);
        else assert.ok(!rules.some((rule) => /index/.test(rule)), rules.join());
      });
    }
  }
});

function ofPrisma(major: 5 | 6): Schema {
  return fromPrisma([parsePrisma("file:///schema.prisma", prisma)], { major });
}

function ofSql(major: 5 | 6): Schema {
  return fromSql([parseSql("file:///migrations/1/migration.sql", migration(major))]);
}
