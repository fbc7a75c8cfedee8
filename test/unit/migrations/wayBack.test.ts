/** Ways back written for migrations of others: what each statement is undone by. */
import assert from "node:assert/strict";
import { wayBackOf } from "../../../server/src/migrations/wayBack.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";

describe("a way back", () => {
  before(loadSqlParser);

  const history = `CREATE SCHEMA crm;
CREATE TABLE crm.people (id int PRIMARY KEY, email text);
CREATE INDEX people_email ON crm.people (email);
CREATE VIEW crm.emails AS SELECT email FROM crm.people;
COMMENT ON COLUMN crm.people.email IS 'as typed';
GRANT SELECT, INSERT ON crm.people TO app;
`;
  const undone = (migration: string): { readonly statements: readonly string[]; readonly gaps: readonly string[] } => {
    const { text, gaps } = wayBackOf(parseSql("up.sql", migration), [parseSql("history.sql", history)], {}, "message");
    const statements = text.split("\n").filter((line) => line !== "" && !line.startsWith("--") && !line.startsWith("SET LOCAL"));
    return { statements, gaps };
  };

  for (const [title, migration, statements] of [
    ["brings back the comment that there was", "COMMENT ON COLUMN crm.people.email IS '@pii';", [`COMMENT ON COLUMN "crm"."people"."email" IS 'as typed';`]],
    ["takes away a comment where there was none", "COMMENT ON TABLE crm.people IS 'who we know';", [`COMMENT ON TABLE "crm"."people" IS NULL;`]],
    ["knows comments on whatever has one", "COMMENT ON INDEX crm.people_email IS 'i'; COMMENT ON VIEW crm.emails IS 'v'; COMMENT ON CONSTRAINT people_pkey ON crm.people IS 'k';", [`COMMENT ON CONSTRAINT "people_pkey" ON "crm"."people" IS NULL;`, `COMMENT ON INDEX "crm"."people_email" IS NULL;`, `COMMENT ON VIEW "crm"."emails" IS NULL;`]],
  ] as const) {
    it(title, () => {
      const back = undone(migration);
      assert.deepEqual(back.statements.toSorted(), statements.toSorted());
      assert.deepEqual(back.gaps, []);
    });
  }

  it("gives rows a plain value where a column must have one and its own is gone, if nothing else has a say in it", () => {
    const table = "CREATE TABLE deal (id int PRIMARY KEY, title text NOT NULL, code text NOT NULL UNIQUE, amount numeric NOT NULL CHECK (amount > 0));";
    const back = (column: string): string => wayBackOf(parseSql("up.sql", `ALTER TABLE deal DROP COLUMN ${column};`), [parseSql("history.sql", table)], {}, "message").text;
    assert.match(back("title"), /-- Rows that are there get '' in public\.deal\.title: their own values are gone\.\nALTER TABLE "deal" ADD COLUMN "title" text NOT NULL DEFAULT '';\n\n-- AlterTable\nALTER TABLE "deal" ALTER COLUMN "title" DROP DEFAULT;/);
    for (const column of ["code", "amount"]) assert.match(back(column), new RegExp(`adding it fails as soon as the table has a row[^]*ADD COLUMN "${column}" \\w+ NOT NULL;`));
  });

  it("takes away privileges that were given, and gives back those that were taken", () => {
    assert.deepEqual(undone("GRANT UPDATE ON crm.people TO app;").statements, [`REVOKE UPDATE ON TABLE "crm"."people" FROM "app";`]);
    assert.deepEqual(undone("REVOKE INSERT ON crm.people FROM app;").statements, [`GRANT INSERT ON TABLE "crm"."people" TO "app";`]);
    assert.deepEqual(undone("GRANT USAGE ON SCHEMA crm TO app;").statements, [`REVOKE USAGE ON SCHEMA "crm" FROM "app";`]);
    assert.deepEqual(undone("ALTER DEFAULT PRIVILEGES IN SCHEMA crm GRANT SELECT ON TABLES TO app;").statements, [`ALTER DEFAULT PRIVILEGES IN SCHEMA "crm" REVOKE SELECT ON TABLES FROM "app";`]);
  });
});
