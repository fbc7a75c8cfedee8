import assert from "node:assert/strict";
import { nextMigration } from "../../../server/src/workspace/placement.ts";

const now = new Date("2026-05-06T07:08:09.500Z");
const numbered = (...names: readonly string[]): string =>
  nextMigration({ kind: "numbered", root: "/m", uris: names.map((name) => `file:///m/${name}`) }, now);

describe("The next migration", () => {
  it("is a folder with a time in its name, for Prisma", () => {
    const uris = ["file:///m/20250101000000_init/migration.sql"];
    assert.equal(nextMigration({ kind: "prisma", root: "/m", uris }, now), "/m/20260506070809_database_architect_fixes/migration.sql");
  });

  it("is a file with a time in its name, for Supabase", () => {
    assert.equal(
      nextMigration({ kind: "supabase", root: "/m", uris: ["file:///m/20250101000000_init.sql"] }, now),
      "/m/20260506070809_database_architect_fixes.sql",
    );
  });

  it("runs after the last one even if that one is of the future", () => {
    const uris = ["file:///m/20991231235958_init/migration.sql"];
    assert.equal(nextMigration({ kind: "prisma", root: "/m", uris }, now), "/m/20991231235959_database_architect_fixes/migration.sql");
  });

  it("counts on in the form of the others", () => {
    assert.equal(numbered("0001_a.sql", "0009_b.sql"), "/m/0010_database_architect_fixes.sql");
    assert.equal(numbered("V7__add_users.sql"), "/m/V8__database_architect_fixes.sql");
    assert.equal(numbered("12-users.sql"), "/m/13-database_architect_fixes.sql");
    assert.equal(numbered("3.sql"), "/m/4_database_architect_fixes.sql");
    assert.equal(numbered("001_a.up.sql"), "/m/002_database_architect_fixes.up.sql");
    assert.equal(numbered("sub/099_x.sql"), "/m/sub/100_database_architect_fixes.sql");
  });
});
