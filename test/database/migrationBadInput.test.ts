/**
 * Migrations, servers and roles that are not as they should be: what is said names file, line and what to do, and the
 * database is exactly as before, or exactly what is said of it.
 */
import assert from "node:assert/strict";
import { createServer, connect as connectTo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { catalogLines } from "../support/catalogFingerprint.ts";
import { type Ended, run } from "../support/commandLine.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { contextFor } from "../support/runHistory.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";
import { valueOf } from "../support/valueOf.ts";
import { planApply } from "../../server/src/migrations/run/plan.ts";
import { carryOut } from "../../server/src/migrations/run/run.ts";

const base = { "20240101000000_base/migration.sql": "CREATE TABLE users (id int PRIMARY KEY, email text);\n", "20240101000000_base/down.sql": "DROP TABLE users;\n" };

describe("a run that must not go well", function () {
  this.timeout(240_000);
  let database: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    database = await (await sharedPostgres(15)).createDatabase();
    folder = temporaryFolder(inFolder(base));
    assert.equal((await migrate("apply")).status, 0);
  });
  afterEach(() => database.drop());

  function inFolder(files: Readonly<Record<string, string>>, root = "prisma/migrations"): Record<string, string> {
    return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${root}/${name}`, text]));
  }
  function migrate(...given: readonly string[]): Promise<Ended> {
    return run(folder, "migrate", ...given, ...(given.includes("--url") ? [] : ["--url", database.url]));
  }
  async function sql<T extends object>(text: string): Promise<readonly T[]> {
    const client = await database.client();
    const { rows } = await client.query<T>(text);
    await client.end();
    return rows;
  }
  const write = (files: Readonly<Record<string, string>>): void => writeFiles(folder, inFolder(files));

  /** What is said; fails when anything but the history has changed. */
  async function refused(...given: readonly string[]): Promise<string> {
    const before = await catalogLines(database);
    const { status, stdout, stderr } = await migrate(...given);
    assert.notEqual(status, 0, stdout);
    assert.deepEqual(await catalogLines(database), before);
    return `${stdout}${stderr}`;
  }

  it("a syntax error is found before anything runs", async () => {
    write({ "20240102000000_ok/migration.sql": "CREATE TABLE fine (id int);\n", "20240103000000_bad/migration.sql": "CREATE TABLE a (id int);\n\nCRATE TABLE b (id int);\n" });
    assert.match(await refused("apply"), /^Stops it: prisma\/migrations\/20240103000000_bad\/migration\.sql:3 syntax error at or near "CRATE"/m);
  });

  it("commands and variables of psql are named, with the line", async () => {
    write({ "20240102000000_psql/migration.sql": "SELECT 1;\n\\i other.sql\n" });
    assert.match(await refused("apply"), /20240102000000_psql\/migration\.sql:2 \\i is a command of psql and no SQL: what runs these migrations fails here\. Write what that file holds in its place\./);
    write({ "20240102000000_psql/migration.sql": "SELECT 1;\nCREATE TABLE :name (id int);\n" });
    assert.match(await refused("apply"), /20240102000000_psql\/migration\.sql:2 :name is left to what sends the file, such as psql with -v, and nothing gives it a value here\. Write the value itself\./);
  });

  it("a transaction of its own that is never ended is refused; one that is ended is run as it stands, and told", async () => {
    write({ "20240102000000_own/migration.sql": "SELECT 1;\nBEGIN;\nCREATE TABLE a (id int);\n" });
    assert.match(await refused("apply"), /20240102000000_own\/migration\.sql:2 BEGIN without COMMIT/);
    write({ "20240102000000_own/migration.sql": "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nCREATE TABLE b (id int);\nSELECT nothing;\n" });
    const failed = await migrate("apply");
    assert.equal(failed.status, 1);
    assert.match(failed.stdout, /20240102000000_own\/migration\.sql:5 column "nothing" does not exist \(42703\)\n3 of 5 statements are done for good\. The one that failed has left nothing\./);
    assert.deepEqual(await sql("SELECT to_regclass('a')::text AS a, to_regclass('b') AS b"), [{ a: "a", b: null }]);
    const told = await migrate("resolve");
    assert.match(told.stdout, /3 of its 5 statements are done; it can go on at line 4\.\n {2}line 1 +done +BEGIN\n {2}line 2 +done +CREATE TABLE a \(id int\)\n {2}line 3 +done +COMMIT\n {2}line 4 +not done +CREATE TABLE b \(id int\)/);
    write({ "20240102000000_own/migration.sql": "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nCREATE TABLE b (id int);\nSELECT 1;\n" });
    assert.match((await migrate("resolve", "--yes")).stdout, /20240102000000_own is applied\./);
    assert.equal((await migrate("status")).status, 0);
  });

  it("edited after apply, deleted after apply: said, and no way back is guessed", async () => {
    write({ "20240101000000_base/migration.sql": "CREATE TABLE users (id int PRIMARY KEY, email text, phone text);\n", "20240102000000_next/migration.sql": "CREATE TABLE a (id int);\n" });
    assert.match((await migrate("apply")).stderr, /Note: 20240101000000_base was edited after it ran\. Restore its text, and put the change into a new migration\./);
    assert.match(await refused("down"), /20240102000000_next has no way back\. Write one beside it \(down\.sql\)/);
    folder = temporaryFolder(inFolder({ "20240101000000_base/migration.sql": base["20240101000000_base/migration.sql"] }));
    assert.match((await migrate("status")).stdout, /^20240102000000_next +missing /m);
    assert.match(await refused("down"), /20240102000000_next ran in this database, and its file is not there, so its way back is not known\. Restore the file from version control\./);
  });

  it("two with one number, and a folder without migration.sql", async () => {
    write({ "20240102000000_empty/notes.txt": "" });
    assert.match(await refused("apply"), /prisma\/migrations\/20240102000000_empty The folder has no migration\.sql, and Prisma stops here \(P3015\)|Nothing is pending/);
    write({ "20240103000000_next/migration.sql": "SELECT 1;\n" });
    assert.match(await refused("apply"), /prisma\/migrations\/20240102000000_empty The folder has no migration\.sql, and Prisma stops here \(P3015\)\. Restore the file/);
    folder = temporaryFolder(inFolder({ "001_a.sql": "CREATE TABLE a (id int);\n", "001_b.sql": "CREATE TABLE b (id int);\n" }, "migrations"));
    assert.match(await refused("apply", "--yes"), /migrations\/001_b\.sql The migration has the same number as 001_a/);
  });

  it("a database with other objects in it is asked about, and they stay", async () => {
    await sql("DROP TABLE _prisma_migrations; DROP TABLE users; CREATE TABLE stray (id int)");
    assert.match(await refused("apply"), /Asks: .* has no history, and holds what no migration makes: public\.stray\. Say --yes if that is meant\./);
    await sql("CREATE TABLE users (name text)");
    assert.match(await refused("apply", "--yes"), /public\.users of the migrations is there already\. If it was made by these migrations, mark those that ran as applied/);
  });

  it("a read-only server is told from a writable one", async () => {
    write({ "20240102000000_next/migration.sql": "CREATE TABLE a (id int);\n" });
    await sql(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
    assert.match(await refused("apply"), /takes no changes: it is a replica, or read-only\. Use the address of the primary server\./);
  });

  it("a pooler between us and the server is noticed", async () => {
    write({ "20240102000000_next/migration.sql": "CREATE TABLE a (id int);\n" });
    const pooler = await fakePooler(database.url);
    try {
      assert.match(await refused("apply", "--url", pooler.url), /stands a pooler such as PgBouncer, which gives each transaction another session: locks and settings of a run would be lost\. Use the direct address/);
    } finally {
      await pooler.close();
    }
  });

  it("a role without rights is told which, by file and line; one that may not create databases needs not", async () => {
    write({ "20240102000000_next/migration.sql": "SELECT 1;\nCREATE TABLE a (id int);\nALTER TABLE users ADD COLUMN phone text;\n" });
    const role = `poor_${database.name}`;
    await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT ALL ON _prisma_migrations TO ${role}; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = "x";
      const told = await refused("apply", "--url", url.href);
      assert.match(told, new RegExp(`20240102000000_next/migration\\.sql:3 The role ${role} may not change public\\.users, which belongs to postgres\\. Run the migration as postgres`));
      assert.match(told, new RegExp(`20240102000000_next/migration\\.sql:2 The role ${role} may not create public\\.a\\. .* GRANT CREATE ON SCHEMA public TO ${role}\\.`));
      await sql(`GRANT CREATE ON SCHEMA public TO ${role}; ALTER TABLE users OWNER TO ${role}`);
      assert.equal((await migrate("apply", "--url", url.href)).status, 0);
    } finally {
      await sql(`REASSIGN OWNED BY ${role} TO postgres; DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it("a full disk, in the words of what to do", async () => {
    write({ "20240102000000_full/migration.sql": "CREATE TABLE a (id int);\nDO $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;\n" });
    assert.match(await refused("apply"), /20240102000000_full\/migration\.sql:2 could not extend file: No space left on device The disk of the server is full: make room there, then run it again\. \(53100\)\nThe database is as it was before this migration\./);
  });

  it("a table that others hold is not waited for for ever, and who holds it is said", async () => {
    write({ "20240102000000_next/migration.sql": "CREATE TABLE a (id int);\nALTER TABLE users ADD COLUMN phone text;\n" });
    const holder = await database.client();
    await holder.query("SET application_name = 'somebody''s psql'; BEGIN; SELECT FROM users");
    const told = await refused("apply", "--lock-timeout", "1.5");
    await holder.end();
    assert.match(told, /line 2 waits for process \d+ \(somebody's psql, role postgres, idle in transaction, connected since/);
    assert.match(told, /migration\.sql:2 canceling statement due to lock timeout\. It is held by process \d+ \(somebody's psql/);
  });

  it("CREATE INDEX CONCURRENTLY that fails leaves no invalid index; one that was left is built again", async () => {
    write({ "20240102000000_index/migration.sql": "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n" });
    await sql("INSERT INTO users VALUES (1, 'a'), (2, 'a')");
    const told = await refused("apply");
    assert.match(told, /removed the invalid index "public"\."users_email"/);
    assert.match(told, /migration\.sql:1 could not create unique index "users_email" Key \(email\)=\(a\) is duplicated\. \(23505\)\nThe database is as it was before this migration\./);
    const client = await database.client();
    await client.query("CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email)").catch(() => undefined);
    await client.query("DELETE FROM users WHERE id = 2");
    await client.end();
    assert.equal((await migrate("apply")).status, 0);
    assert.deepEqual(await sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_email'::regclass"), [{ indisvalid: true }]);
  });

  it("CREATE INDEX CONCURRENTLY that is called off in the middle leaves nothing, and is built by the next run", async () => {
    write({ "20240102000000_index/migration.sql": "CREATE INDEX CONCURRENTLY users_email ON users (email);\n" });
    const before = await catalogLines(database);
    // Building waits for transactions that began before it.
    const holder = await database.client();
    await holder.query("BEGIN; INSERT INTO users VALUES (1, 'a')");
    const building = "SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY users_email%' AND state = 'active' AND wait_event_type = 'Lock'";
    const begun = "SELECT FROM pg_index WHERE indexrelid = to_regclass('users_email') AND NOT indisvalid";
    const context = await contextFor(`${folder}/prisma/migrations`, database.url);
    const stop = new AbortController();
    const running = carryOut(context, valueOf(await planApply(context)), {}, { signal: stop.signal });
    while ((await sql(building)).length === 0 || (await sql(begun)).length === 0) await delay(20);
    stop.abort();
    // What removes it waits for the others as well.
    while ((await sql(building)).length > 0) await delay(20);
    await holder.query("ROLLBACK");
    await holder.end();
    const ran = valueOf(await running);
    assert.ok(!ran.ok && ran.failure.wasCalledOff, JSON.stringify(ran));
    assert.deepEqual(await catalogLines(database), before);
    assert.equal((await migrate("apply")).status, 0);
    assert.deepEqual(await sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_email'::regclass"), [{ indisvalid: true }]);
  });

  it("a server on which no database can be made for a proof says which right is missing, and is left alone", async () => {
    const role = `proofless_${database.name}`;
    await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = "x";
      assert.match(await refused("prove", "--url", url.href), /20240101000000_base: not proven: No database can be made for the proof: PostgreSQL refuses it: permission denied to create database\. The role needs CREATEDB; without an address the embedded PostgreSQL proves it\./);
    } finally {
      await sql(`DROP ROLE ${role}`);
    }
  });

  it("called off, the server stops at once and nothing stays", async () => {
    write({ "20240102000000_slow/migration.sql": "CREATE TABLE a (id int);\nSELECT pg_sleep(30);\n" });
    const before = await catalogLines(database);
    const context = await contextFor(`${folder}/prisma/migrations`, database.url);
    const stop = new AbortController();
    const plan = valueOf(await planApply(context));
    const began = performance.now();
    const ran = valueOf(await carryOut(context, plan, {}, { signal: stop.signal, onEvent: (event) => event.kind === "statement" && event.index === 1 && void delay(200).then(() => stop.abort()) }));
    assert.ok(!ran.ok);
    assert.deepEqual([ran.failure.wasCalledOff, ran.failure.isUndone, ran.failure.line, ran.failure.message], [true, true, 2, "It was called off."]);
    assert.ok(performance.now() - began < 10_000);
    assert.deepEqual(await catalogLines(database), before);
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()"), [{ n: 0 }]);
  });

  it("a session that is ended from elsewhere is told as that", async () => {
    write({ "20240102000000_slow/migration.sql": "CREATE TABLE a (id int);\nSELECT pg_terminate_backend(pg_backend_pid());\n" });
    assert.match(await refused("apply"), /20240102000000_slow\/migration\.sql:2 .*\nThe connection is gone; what was not committed by then is undone\.\nmigrate status says/);
    assert.match((await migrate("status")).stdout, /^20240102000000_slow +pending/m);
  });

  it("no server, and a wrong password, without the password in the message", async () => {
    const url = new URL(database.url);
    url.password = "secret-wrong";
    const wrong = await migrate("apply", "--url", url.href);
    assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /password authentication failed.* Check the user name and the password\./);
    assert.ok(!wrong.stderr.includes("secret-wrong"));
    url.port = "1";
    assert.match((await migrate("status", "--url", url.href)).stderr, /Is the server running, and does it listen on this host and port\?/);
  });
});

/** Passes everything on, and gives itself out for another process than the server's, as PgBouncer does. */
async function fakePooler(to: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<{ destroy(): unknown }>();
  const server = createServer((client) => {
    const upstream = connectTo(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => void (client.destroy(), upstream.destroy()));
    }
    client.pipe(upstream);
    upstream.on("data", (chunk) => {
      // BackendKeyData: K, length 12, process, secret.
      const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
      if (at >= 0) chunk.writeInt32BE(424_242, at + 5);
      client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(to);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
