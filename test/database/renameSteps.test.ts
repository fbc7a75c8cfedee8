/** Renames in steps on a real PostgreSQL: what clients of the old and the new version write, the others read. */
import assert from "node:assert/strict";
import type pg from "pg";
import { proveMigrations } from "../../server/src/migrations/prove.ts";
import { serverPlace } from "../../server/src/migrations/run/serverProof.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { migrationFile } from "../support/migrationFiles.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { proposalOf, type Scenario, usersHistory, usersSchema } from "../support/proposals.ts";
import { scratchOptions } from "../support/scratch.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

const column: Scenario = { title: "", schema: usersSchema.replace("email     String   @unique", "mail      String   @unique").replace("[age, email]", "[age, mail]"), answers: { renamed: [{ from: "User.email", to: "mail" }], inSteps: ["User.email"] } };
const numbered: Scenario = { title: "", schema: usersSchema.replace("age       Int      @default(1)", "years     Int      @default(1)").replace("[age, email]", "[years, email]"), answers: { renamed: [{ from: "User.age", to: "years" }], inSteps: ["User.age"] } };
const table: Scenario = { title: "", schema: usersSchema.replaceAll("User", "Person"), answers: { renamed: [{ from: "User", to: "Person" }], inSteps: ["User"] } };

describe("a rename in steps", function () {
  this.timeout(240_000);
  let database: TestDatabase;
  let client: pg.Client;
  before(loadSqlParser);
  beforeEach(async () => {
    database = await (await sharedPostgres(15)).createDatabase();
    client = await database.client();
    await client.query(usersHistory);
    await client.query(`INSERT INTO "User" (email) SELECT 'a' || i FROM generate_series(1, 20000) i`);
  });
  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  /** The files, the comments of which say what they are, sent one after the other. */
  async function send(scenario: Scenario, way: "up" | "down" = "up"): Promise<void> {
    const proposal = proposalOf(scenario);
    assert.ok(proposal.kind === "migration", JSON.stringify(proposal));
    for (const file of way === "up" ? proposal.files : proposal.files.toReversed()) await client.query(file[way]);
  }
  const value = async (sql: string): Promise<unknown> => Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];

  it("keeps the values of both names the same, whoever writes", async () => {
    await send(column);
    assert.equal(await value(`SELECT count(*)::int FROM "User" WHERE mail = email`), 20_000);
    await client.query(`INSERT INTO "User" (email) VALUES ('old'); INSERT INTO "User" (mail) VALUES ('new')`);
    assert.deepEqual([await value(`SELECT mail FROM "User" WHERE email = 'old'`), await value(`SELECT email FROM "User" WHERE mail = 'new'`)], ["old", "new"]);
    await client.query(`UPDATE "User" SET email = 'older' WHERE email = 'old'; UPDATE "User" SET mail = 'newer' WHERE mail = 'new'`);
    assert.deepEqual([await value(`SELECT mail FROM "User" WHERE email = 'older'`), await value(`SELECT email FROM "User" WHERE mail = 'newer'`)], ["older", "newer"]);
    await client.query(`INSERT INTO "User" (email, age) VALUES ('older', 5) ON CONFLICT (email) DO UPDATE SET age = 5`);
    await client.query(`INSERT INTO "User" (mail, age) VALUES ('older', 6) ON CONFLICT (mail) DO UPDATE SET mail = 'last', age = 6`);
    assert.deepEqual(await value(`SELECT json_build_array(email, mail, age) FROM "User" WHERE email = 'last'`), ["last", "last", 6]);
    await assert.rejects(client.query(`INSERT INTO "User" (mail) VALUES ('a1')`), { code: "23505" });
    await assert.rejects(client.query(`UPDATE "User" SET mail = NULL WHERE mail = 'a1'`), { code: "23502" });
    await send({ ...column, behind: column, answers: { ended: ["User.email"] } });
    assert.equal(await value(`SELECT count(*)::int FROM "User" WHERE mail IN ('last', 'newer', 'a1')`), 3);
    await assert.rejects(client.query(`SELECT email FROM "User"`), { code: "42703" });
    await send({ ...column, behind: column, answers: { ended: ["User.email"] } }, "down");
    await client.query(`UPDATE "User" SET mail = 'back' WHERE email = 'last'`);
    assert.equal(await value(`SELECT email FROM "User" WHERE mail = 'back'`), "back");
    await send(column, "down");
    assert.equal(await value(`SELECT count(*)::int FROM "User" WHERE email IN ('back', 'newer', 'a1')`), 3);
  });

  it("gives the default to who leaves the value out, by either name", async () => {
    await send(numbered);
    await client.query(`INSERT INTO "User" (email) VALUES ('x'); INSERT INTO "User" (email, years) VALUES ('y', 7); INSERT INTO "User" (email, age) VALUES ('z', 8)`);
    assert.deepEqual(await value(`SELECT json_agg(json_build_array(age, years) ORDER BY email) FROM "User" WHERE email IN ('x', 'y', 'z')`), [[1, 1], [7, 7], [8, 8]]);
  });

  it("that somebody has put out of step does not end by losing a value", async () => {
    await send(column);
    await client.query(`SET session_replication_role = replica; UPDATE "User" SET mail = 'other' WHERE email = 'a1'; RESET session_replication_role`);
    await assert.rejects(send({ ...column, behind: column, answers: { ended: ["User.email"] } }), /a row has another value by its old name than by its new one/);
  });

  it("of a table lets clients of the old version read, write and upsert through a view", async () => {
    await client.query(`DO $$ BEGIN CREATE ROLE reader_of_renames; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
    const granted = { ...table, sql: `GRANT SELECT ON "User" TO reader_of_renames;\n` };
    await client.query(granted.sql);
    await send(granted);
    await client.query(`INSERT INTO "User" (email) VALUES ('old') RETURNING id; INSERT INTO "Person" (email) VALUES ('new')`);
    await client.query(`INSERT INTO "User" (email, age) VALUES ('new', 9) ON CONFLICT (email) DO UPDATE SET age = 9`);
    await client.query(`UPDATE "User" SET age = 8 WHERE email = 'old'; DELETE FROM "User" WHERE email = 'a1'`);
    assert.deepEqual(await value(`SELECT json_agg(age ORDER BY email) FROM "Person" WHERE email IN ('old', 'new', 'a1')`), [9, 8]);
    await client.query("SET ROLE reader_of_renames");
    assert.equal(await value(`SELECT age FROM "User" WHERE email = 'old'`), 8);
    await client.query("RESET ROLE");
    await send({ ...granted, behind: granted, answers: { ended: ["User"] } });
    assert.equal(await value(`SELECT to_regclass('"User"')`), null);
    await send({ ...granted, behind: granted, answers: { ended: ["User"] } }, "down");
    await send(granted, "down");
    assert.equal(await value(`SELECT count(*)::int FROM "User"`), 20_001);
  });

  it("takes names, types and row security as they come, of a table and its columns in one", async () => {
    const long = "a".repeat(58);
    const model = (table: string, json: string, list: string): string => `model Odd {\n  id Int @id @map("i d")\n  doc Json? @db.Json @map("${json}")\n  list Stage[] @map("${list}")\n  @@index([id, doc], map: "odd")\n  @@map("${table}")\n}\n`;
    const sql = `CREATE TABLE "T'${long}" ("i d" int NOT NULL, "10% \\ ""x""" json, "${long}" "Stage"[], CONSTRAINT "T'${long}_pkey" PRIMARY KEY ("i d"));
CREATE INDEX odd ON "T'${long}" ("i d") WHERE "10% \\ ""x""" IS NOT NULL;
ALTER TABLE "T'${long}" ENABLE ROW LEVEL SECURITY;
`;
    const schema = usersSchema + model("new $$ table", "do c", `${long}_2`).replace('  @@index([id, doc], map: "odd")\n', "");
    const odd: Scenario = { title: "", sql, schema, answers: { renamed: [{ from: `T'${long}`, to: "new $$ table" }, { from: 'new $$ table.10% \\ "x"', to: "do c" }, { from: `new $$ table.${long}`, to: `${long}_2` }], inSteps: [`T'${long}`, 'new $$ table.10% \\ "x"', `new $$ table.${long}`] } };
    await client.query(sql);
    await client.query(`INSERT INTO "T'${long}" VALUES (1, '{"a": 1}', '{LEAD}')`);
    await send(odd);
    await client.query(`INSERT INTO "T'${long}" VALUES (2, '{"b": 1}', '{WON}'); UPDATE "new $$ table" SET "do c" = '[]', "${long}_2" = '{WON,LEAD}' WHERE "i d" = 1`);
    assert.deepEqual(await value(`SELECT json_agg(json_build_array("10% \\ ""x""", "${long}", "do c", "${long}_2") ORDER BY "i d") FROM "new $$ table"`), [[[], ["WON", "LEAD"], [], ["WON", "LEAD"]], [{ b: 1 }, ["WON"], { b: 1 }, ["WON"]]]);
    const ended: Scenario = { ...odd, behind: odd, answers: { ended: [`T'${long}`, 'new $$ table.10% \\ "x"', `new $$ table.${long}`] } };
    await send(ended);
    assert.deepEqual(await value(`SELECT json_agg(json_build_array("do c", "${long}_2") ORDER BY "i d") FROM "new $$ table"`), [[[], ["WON", "LEAD"]], [{ b: 1 }, ["WON"]]]);
    await send(ended, "down");
    await send(odd, "down");
    assert.deepEqual(await value(`SELECT json_agg("10% \\ ""x""" ORDER BY "i d") FROM "T'${long}"`), [[], { b: 1 }]);
  });

  it("breaks nobody until it ends, and that is proven", async () => {
    const old = [{ name: "old.ts:1", text: `SELECT "email" FROM "User"` }, { name: "old.ts:2", text: `INSERT INTO "User" ("email") VALUES ($1)` }];
    const queries = [{ name: "new.ts:1", text: `SELECT "mail" FROM "User"` }, { name: "new.ts:2", text: `INSERT INTO "User" ("mail") VALUES ($1)` }];
    const files = [usersHistory, ...[column, { ...column, behind: column, answers: { ended: ["User.email"] } }].flatMap((scenario) => {
      const proposal = proposalOf(scenario);
      return proposal.kind === "migration" ? proposal.files.map(({ up }) => up) : [];
    })].map((text, i) => migrationFile(parseSql(`file:///${i}.sql`, text), `${i}`, "message"));
    const opened = await serverPlace({ url: (await sharedPostgres(18)).url, allowsUnverified: true });
    assert.ok(opened.ok);
    const told: unknown[] = [];
    const options = { scratch: await scratchOptions(), place: opened.place, foldOptions: {}, queries, earlier: () => Promise.resolve({ commit: "abc", queries: old }) };
    for await (const proof of proveMigrations(files, new Set(files.slice(1)), options)) told.push([proof.clients.broken.map((line) => line.split(":")[0]), proof.clients.needed, proof.rows.afterUp.flatMap(({ columns }) => columns.filter(({ lost }) => lost > 0))]);
    assert.deepEqual(told.slice(0, -1), [[[], ["new.ts:1", "new.ts:2"], []], ...files.slice(3).map(() => [[], [], []])]);
    assert.deepEqual(told.at(-1), [["reading public.User with the columns it had", "old.ts", "old.ts"], [], []]);
  });
});
