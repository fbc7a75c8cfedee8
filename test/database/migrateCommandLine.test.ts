/** `database-architect migrate apply`, `status`, `down`, `to`, `resolve` on a real PostgreSQL, as they are typed. */
import assert from "node:assert/strict";
import { type Ended, run } from "../support/commandLine.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const history = {
  "001_users.up.sql": "CREATE TABLE users (id int PRIMARY KEY);\n",
  "001_users.down.sql": "DROP TABLE users;\n",
  "002_phone.up.sql": "ALTER TABLE users ADD COLUMN phone text;\nCREATE INDEX users_phone ON users (phone);\n",
  "002_phone.down.sql": "DROP INDEX users_phone;\nALTER TABLE users DROP COLUMN phone;\n",
};

describe("migrate on the command line, on a database", function () {
  this.timeout(240_000);
  let database: TestDatabase;
  beforeEach(async () => {
    database = await (await sharedPostgres(15)).createDatabase();
  });
  afterEach(() => database.drop());

  const migrate = (folder: string, ...given: readonly string[]): Promise<Ended> => run(folder, "migrate", ...given, "--url", database.url);
  const inFolder = (files: Readonly<Record<string, string>>): string => temporaryFolder(Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/${name}`, text])));
  const firstWords = (text: string): readonly string[] => text.split("\n").filter((line) => /^\d{3}_/.test(line)).map((line) => line.split(/\s\s+/).slice(0, 2).join(" "));

  it("says what it would do, does it, and says where each migration stands", async () => {
    const folder = inFolder(history);
    const before = await migrate(folder, "status");
    assert.deepEqual([before.status, firstWords(before.stdout)], [1, ["001_users pending", "002_phone pending"]]);
    const dry = await migrate(folder, "apply", "--dry-run");
    assert.equal(dry.status, 0, dry.stderr);
    assert.match(dry.stdout, /^apply 001_users: 1 statement, all or nothing\napply 002_phone: 2 statements, all or nothing$/m);
    assert.match(dry.stdout, /A dry run: nothing was changed\.\n$/);
    const applied = await migrate(folder, "apply");
    assert.deepEqual([applied.status, applied.stdout], [0, "2 migrations applied.\n"]);
    assert.match(applied.stderr, /^ {2}2\/2 line 2: CREATE INDEX users_phone ON users \(phone\)$/m);
    const after = await migrate(folder, "status");
    assert.deepEqual([after.status, firstWords(after.stdout)], [0, ["001_users applied", "002_phone applied"]]);
    assert.match(after.stdout, /2 applied; history in database_architect\.migrations\.$/m);
    assert.deepEqual(await migrate(folder, "apply"), { status: 0, stdout: (await migrate(folder, "apply", "--dry-run")).stdout, stderr: "" });
  });

  it("goes to a migration and back, and asks before values go", async () => {
    const folder = inFolder(history);
    await migrate(folder, "apply");
    const client = await database.client();
    await client.query("INSERT INTO users VALUES (1, '+49')");
    await client.end();
    const asked = await migrate(folder, "to", "001_users");
    assert.equal(asked.status, 1);
    assert.match(asked.stdout, /Asks: Data goes for good\. line 2: public\.users\.phone \(1 value\)\. Say --accept-data-loss if that is meant\.\nNothing was changed\.\n$/);
    const down = await migrate(folder, "to", "1", "--accept-data-loss", "--no-prove");
    assert.deepEqual([down.status, down.stdout], [0, "1 migration undone.\n"], down.stderr);
    assert.deepEqual(firstWords((await migrate(folder, "status")).stdout), ["001_users applied", "002_phone rolled back"]);
    assert.deepEqual((await migrate(folder, "to", "2")).stdout, "1 migration applied.\n");
  });

  it("ends with 1 where a migration fails, in JSON too", async () => {
    const folder = inFolder({ ...history, "003_bad.up.sql": "SELECT 1;\nSELECT nothing;\n" });
    const ended = await migrate(folder, "apply", "--format", "json");
    const value: { readonly outcome: { readonly ok: boolean; readonly done: readonly string[]; readonly failure: { readonly line: number; readonly sqlState: string } } } = JSON.parse(ended.stdout);
    assert.deepEqual([ended.status, ended.stderr, value.outcome.done, value.outcome.failure.line, value.outcome.failure.sqlState], [1, "", ["001_users", "002_phone"], 2, "42703"]);
  });

  it("wants the name of a database that is taken for production", async () => {
    const folder = inFolder(history);
    const asked = await migrate(folder, "apply", "--environment", "production", "--yes");
    assert.equal(asked.status, 1);
    assert.match(asked.stdout, new RegExp(`is taken for production: its connection says so\\. Say --confirm ${database.name} if that is meant\\.`));
    assert.equal((await migrate(folder, "apply", "--environment", "production", "--confirm", database.name)).stdout, "2 migrations applied.\n");
  });

  it("takes a database that was there before its history for what it is", async () => {
    const folder = inFolder(history);
    const client = await database.client();
    await client.query("CREATE TABLE users (id int PRIMARY KEY)");
    await client.end();
    const stopped = await migrate(folder, "apply");
    assert.equal(stopped.status, 1);
    assert.match(stopped.stdout, /holds exactly what the migrations up to 001_users make\. Mark these as applied: migrate resolve --applied 001_users --all\./);
    assert.deepEqual((await migrate(folder, "resolve", "--applied", "001_users", "--all")).stdout, "001_users is marked as applied; nothing ran.\n");
    assert.equal((await migrate(folder, "apply")).stdout, "1 migration applied.\n");
  });

  it("says what is wrong with its arguments, and which database is missing", async () => {
    const folder = inFolder(history);
    for (const [given, message] of [
      [["down", "x"], /migrate down takes how many to undo/],
      [["apply", "--count"], /Unknown option '--count'/],
      [["to"], /takes the name of the migration that is to be the last/],
      [["resolve", "--all"], /--all goes with --applied/],
    ] as const) {
      const ended = await run(folder, "migrate", ...given);
      assert.deepEqual([ended.status, message.test(ended.stderr)], [2, true], ended.stderr);
    }
    assert.match((await run(folder, "migrate", "apply")).stderr, /Which database\? Say --url/);
    writeFiles(folder, { ".env": `DATABASE_URL="${database.url}"\n` });
    assert.equal((await run(folder, "migrate", "apply")).stdout, "2 migrations applied.\n");
    assert.match((await run(folder, "migrate", "apply", "--help")).stdout, /migrate resolve \[<name>\]/);
  });
});
