/** Reset, seed, pull and squash, as they are typed, on a real PostgreSQL. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ended, run } from "../support/commandLine.ts";
import { driftOf } from "../support/databaseDrift.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const schema = `// The heart of it.
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

/// Somebody who signs in.
model User {
  id    Int    @id
  email String @unique

  @@map("users")
}
`;
const prisma = {
  "package.json": '{ "devDependencies": { "prisma": "6.19.3" } }',
  "prisma/schema.prisma": schema,
  "prisma/migrations/20240101000000_users/migration.sql": 'CREATE TABLE "users" ("id" INTEGER NOT NULL, "email" TEXT NOT NULL, CONSTRAINT "users_pkey" PRIMARY KEY ("id"));\n',
  "prisma/migrations/20240101000000_users/down.sql": 'DROP TABLE "users";\n',
  "prisma/migrations/20240102000000_email/migration.sql": 'CREATE UNIQUE INDEX "users_email_key" ON "users"("email");\n',
  "prisma/migrations/20240102000000_email/down.sql": 'DROP INDEX "users_email_key";\n',
  "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
};

describe("the upkeep of a history and its database", function () {
  this.timeout(90_000);
  let database: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    database = await (await sharedPostgres(15)).createDatabase();
    folder = temporaryFolder(prisma);
  });
  afterEach(() => database.drop());

  const migrate = (...given: readonly string[]): Promise<Ended> => run(folder, "migrate", ...given, "--url", database.url);
  async function sql<T extends object>(text: string): Promise<readonly T[]> {
    const client = await database.client();
    const { rows } = await client.query<T>(text);
    await client.end();
    return rows;
  }

  it("reset empties a development database, keeps what is not the migrations', and wants its name", async () => {
    await migrate("apply");
    await sql("INSERT INTO users VALUES (1, 'a'); CREATE TABLE stray (id int); CREATE SCHEMA other; CREATE TABLE other.kept (id int); GRANT USAGE ON SCHEMA public TO pg_monitor; CREATE EXTENSION citext SCHEMA public");
    const asked = await migrate("reset");
    assert.equal(asked.status, 1);
    assert.match(asked.stdout, new RegExp(`^Everything in public of 127\\.0\\.0\\.1:\\d+/${database.name} goes: 3 tables, about .*\\nStays as it is: the schema other\\.\\nThen 2 migrations run\\.\\nSay --confirm ${database.name} if that is meant\\.\\nNothing was changed\\.\\n$`));
    const refused = await migrate("reset", "--environment", "staging", "--confirm", database.name);
    assert.match(refused.stdout, /is no development database \(staging: its connection says so\), and a reset empties it/);
    assert.equal((await sql("SELECT FROM users")).length, 1);
    const done = await migrate("reset", "--confirm", database.name);
    assert.deepEqual([done.status, done.stdout], [0, `${database.name} is empty and built again: 2 migrations applied.\n`], done.stderr);
    assert.deepEqual(await sql("SELECT (SELECT count(*)::int FROM users) AS users, to_regclass('stray') AS stray, to_regclass('other.kept')::text AS kept, has_schema_privilege('pg_monitor', 'public', 'USAGE') AS granted, (SELECT count(*)::int FROM pg_extension WHERE extname = 'citext') AS extension, (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public') AS owner"), [{ users: 0, stray: null, kept: "other.kept", granted: true, extension: 1, owner: "pg_database_owner" }]);
    assert.equal((await migrate("status")).status, 1);
  });

  it("seed runs the command that the project names, or seed.sql beside the migrations", async () => {
    await migrate("apply");
    assert.match((await migrate("seed")).stderr, /The project names no seed/);
    writeFiles(folder, { "prisma/seed.sql": "INSERT INTO users VALUES (1, 'a');\nINSERT INTO users VALUES (2, 'a');\n" });
    assert.match((await migrate("seed")).stderr, /seed\.sql:2 duplicate key value .* Nothing was changed\./);
    assert.deepEqual(await sql("SELECT FROM users"), []);
    writeFiles(folder, { "package.json": JSON.stringify({ devDependencies: { prisma: "6.19.3" }, prisma: { seed: "node 'prisma/the seed.mjs' one" } }), "prisma/the seed.mjs": "console.log(process.argv.slice(2).join(), process.env.DATABASE_URL === undefined ? 'none' : 'database');\n" });
    const seeded = await migrate("seed", "two");
    assert.deepEqual([seeded.status, seeded.stdout, /^one,two database$/m.test(seeded.stderr)], [0, "Seeded.\n", true], seeded.stderr);
    writeFiles(folder, { "package.json": JSON.stringify({ devDependencies: { prisma: "6.19.3" }, prisma: { seed: "node seed.mjs && rm -rf x" } }) });
    assert.match((await migrate("seed")).stderr, /needs a shell: put it into a script/);
    assert.match((await migrate("seed", "--environment", "production")).stdout, /is taken for production/);
  });

  it("pull brings the schema as the database has it, and keeps what only the schema says", async () => {
    await migrate("apply");
    await sql("ALTER TABLE users ADD COLUMN phone varchar(20); CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int NOT NULL REFERENCES users, tags text[])");
    const pulled = await migrate("pull");
    assert.equal(pulled.status, 0, pulled.stderr);
    for (const part of ['// The heart of it.\ndatasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}', "/// Somebody who signs in.\nmodel User {", '@@map("users")', "phone  String?  @db.VarChar(20)", "model orders {"]) assert.ok(pulled.stdout.includes(part), `${part}\n---\n${pulled.stdout}`);
    assert.equal(await driftOf(database, [{ uri: "schema.prisma", text: pulled.stdout }]), undefined);
    assert.match((await migrate("pull", "--output", "prisma/schema.prisma")).stderr, /is there already\. Say --yes to write over it\./);
    assert.equal((await migrate("pull", "--output", "prisma/schema.prisma", "--yes")).status, 0);
    assert.equal(readFileSync(join(folder, "prisma/schema.prisma"), "utf8"), pulled.stdout);
    const text = await migrate("pull", "--output", "schema.sql");
    assert.deepEqual([text.status, text.stderr], [0, ""]);
    const other = await (await sharedPostgres(15)).createDatabase();
    const client = await other.client();
    await client.query(readFileSync(join(folder, "schema.sql"), "utf8"));
    const columns = "SELECT attrelid::regclass::text AS t, attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND relname <> '_prisma_migrations' AND relname NOT LIKE '\\_prisma%' ORDER BY 1, attnum";
    assert.deepEqual((await client.query(columns)).rows, await sql(columns));
    await client.end();
    await other.drop();
  });

  it("squash joins migrations into one that makes the same, and databases that have the old ones are told", async () => {
    await migrate("apply");
    writeFiles(folder, { "prisma/migrations/20240103000000_rows/migration.sql": "INSERT INTO users VALUES (1, 'first');\n" });
    const asked = await migrate("squash", "--to", "20240102000000_email");
    assert.equal(asked.status, 1, asked.stderr);
    assert.match(asked.stdout, /^20240102000000_squashed in place of 2 migrations\.\nwrites prisma\/migrations\/20240102000000_squashed\/migration\.sql\n[^]*Written anew, and proven to make the same catalog\.[^]*Say --yes to do that\. Nothing was changed\.\n$/);
    assert.equal((await migrate("squash", "--to", "20240102000000_email", "--yes")).status, 0);
    const migrations = join(folder, "prisma/migrations");
    assert.deepEqual([readdirSync(migrations), existsSync(join(migrations, "20240102000000_squashed/down.sql"))], [["20240102000000_squashed", "20240103000000_rows", "migration_lock.toml"], true]);
    assert.match((await migrate("apply")).stdout, /stands for 2 migrations that ran in this database\. Mark it as applied: migrate resolve --applied 20240102000000_squashed\./);
    assert.match((await migrate("resolve", "--applied", "20240102000000_squashed")).stdout, /stands for 2 migrations whose files are gone: they do not count any more/);
    assert.equal((await migrate("apply")).stdout, "1 migration applied.\n");
    const status = await migrate("status");
    assert.equal(status.status, 0, status.stdout);
    const all = await migrate("squash", "--dry-run");
    assert.match(all.stdout, /All statements as they were, because some write rows/);
  });
});
