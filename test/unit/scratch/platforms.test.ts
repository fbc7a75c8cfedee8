/** What tells that statements count on a hosting platform, and which extensions are its own. */
import assert from "node:assert/strict";
import { dropsLackingExtension, isOfPlatform, wantedExtensions } from "../../../server/src/scratch/extensions.ts";
import { wantedPlatform } from "../../../server/src/scratch/platforms.ts";

describe("what a hosting platform brings", () => {
  const counting = [
    "CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users (id))",
    'ALTER TABLE "public"."profiles" ADD CONSTRAINT a FOREIGN KEY (id) REFERENCES "auth"."users"("id")',
    "CREATE POLICY own ON profiles USING ((SELECT auth.uid()) = id)",
    "CREATE POLICY own ON profiles TO authenticated USING (true)",
    "GRANT SELECT ON profiles TO anon, authenticated;",
    "REVOKE ALL ON profiles FROM service_role",
    "INSERT INTO storage.buckets (id, name) VALUES ('a', 'a')",
    "SELECT realtime.send('{}', 'a', 'b')",
    'CREATE EXTENSION IF NOT EXISTS "supabase_vault" WITH SCHEMA "vault"',
    "ALTER PUBLICATION supabase_realtime ADD TABLE profiles",
  ];
  for (const text of counting) it(`is counted on by ${text}`, () => assert.equal(wantedPlatform(["SELECT 1", text])?.name, "Supabase"));

  const own = [
    ["CREATE TABLE users (id int)"],
    ["SELECT authenticated FROM logins"],
    ["CREATE TABLE my_auth.users_old (id int)"],
    ["-- the service itself\nCREATE TABLE IF NOT EXISTS auth.users (id uuid)", "SELECT auth.uid()"],
    ["CREATE SCHEMA auth", "CREATE TABLE notes (id int REFERENCES auth.sessions)"],
    ["CREATE TABLE auth.sessions (id uuid)", "CREATE TABLE notes (id uuid REFERENCES auth.sessions)"],
    ['CREATE ROLE "anon" NOLOGIN', "GRANT SELECT ON notes TO anon;"],
    ['CREATE TABLE "auth"."users" (id uuid)', "CREATE POLICY own ON profiles TO anon USING (true)"],
  ];
  for (const texts of own) it(`is not counted on by ${texts.join("; ")}`, () => assert.equal(wantedPlatform(texts), undefined));

  it("has extensions that need not be created, and others that are named as lacking", () => {
    assert.equal(isOfPlatform('CREATE EXTENSION IF NOT EXISTS "pg_net" WITH SCHEMA "extensions"'), true);
    assert.equal(isOfPlatform("CREATE EXTENSION pg_net"), false);
    assert.equal(isOfPlatform("CREATE EXTENSION IF NOT EXISTS pgcrypto"), false);
    assert.deepEqual(wantedExtensions(["CREATE EXTENSION IF NOT EXISTS pg_graphql", "CREATE EXTENSION IF NOT EXISTS http", "CREATE EXTENSION vector"]), { available: ["vector"], lacking: ["http"] });
  });

  it("sees the drop of an extension that was never there, and nothing else", () => {
    assert.equal(dropsLackingExtension('-- away\nDROP EXTENSION IF EXISTS "pg_net" CASCADE;'), true);
    assert.equal(dropsLackingExtension("DROP EXTENSION pgcrypto"), false);
    assert.equal(dropsLackingExtension("DROP EXTENSION http, pgcrypto"), false);
    assert.equal(dropsLackingExtension("DROP TABLE http"), false);
  });
});
