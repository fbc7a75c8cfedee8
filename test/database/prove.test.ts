/** Migrations proven in the embedded PostgreSQL: what is said of them is what PostgreSQL did. */
import assert from "node:assert/strict";
import type { KnownQuery } from "../../server/src/migrations/clients.ts";
import { readHistory } from "../../server/src/migrations/history.ts";
import { proofMarkdown, type Proof, verdictText } from "../../server/src/migrations/proof.ts";
import { proveMigration } from "../../server/src/migrations/prove.ts";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { FileHost } from "../../server/src/text/fileHost.ts";
import { crm, crmLegacy, type Sample } from "../support/samples.ts";
import { scratchOptions } from "../support/scratch.ts";

const users = `CREATE TYPE stage AS ENUM ('lead', 'won');
CREATE TABLE organizations (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id bigint NOT NULL REFERENCES organizations,
  email text NOT NULL CHECK (email LIKE '%@%'), phone text, stage stage NOT NULL DEFAULT 'lead', won_at timestamptz,
  CHECK ((stage = 'won') = (won_at IS NOT NULL)), UNIQUE (organization_id, email)
);
`;

interface Texts {
  readonly up: string;
  readonly down?: string;
}

describe("the proof of a migration", function () {
  this.timeout(240_000);
  before(loadSqlParser);

  /** The last of the migrations, each with its way back or without. */
  function prove(...texts: readonly Texts[]): Promise<Proof> {
    return proveBeside([], texts);
  }

  async function proveBeside(queries: readonly KnownQuery[], texts: readonly Texts[]): Promise<Proof> {
    const files = new Map<string, string>(texts.flatMap(({ up, down }, i) => [[`/m/${i}/migration.sql`, up] as const, ...(down === undefined ? [] : [[`/m/${i}/down.sql`, down] as const])]));
    const host: FileHost = {
      readText: (path) => { const text = files.get(path); return text === undefined ? { ok: false, reason: "missing" } : { ok: true, text }; },
      list: () => [],
      realPath: (path) => path,
      stat: (path) => (files.has(path) ? "file" : "missing"),
    };
    const { migrations } = readHistory({ kind: "prisma", root: "/m", uris: texts.map((_, i) => uriOfPath(`/m/${i}/migration.sql`)) }, host, () => "message");
    const last = migrations.at(-1);
    assert.ok(last !== undefined);
    return proveMigration(last, migrations.slice(0, -1), { scratch: await scratchOptions(), foldOptions: {}, queries });
  }

  it("makes up rows that please every constraint, keeps them, and sees the locks", async () => {
    const proof = await prove({ up: users }, { up: "ALTER TABLE users ADD COLUMN city text;\nALTER TABLE organizations RENAME COLUMN name TO title;", down: "ALTER TABLE organizations RENAME COLUMN title TO name;\nALTER TABLE users DROP COLUMN city;" });
    assert.equal(verdictText(proof), "proven up and down, 2 locks, no data lost, breaks old clients");
    assert.deepEqual(proof.clients.broken, ['reading public.organizations with the columns it had: column "name" does not exist']);
    assert.deepEqual([proof.rows.made, proof.rows.complaints, proof.model, proof.order, proof.notRestored], [6, [], [], [], []]);
    assert.deepEqual(proof.locks.map(({ line, locks, disagreements }) => [line, locks, disagreements]), [
      [1, [{ table: "public.users", mode: "ACCESS EXCLUSIVE" }], []],
      [2, [{ table: "public.organizations", mode: "ACCESS EXCLUSIVE" }], []],
    ]);
    assert.match(proofMarkdown(proof), /^## 1\n\n\*\*proven up and down/);
  });

  it("counts what is lost, in rows and by column, and what the way back does not bring again", async () => {
    const proof = await prove({ up: users }, { up: "ALTER TABLE users DROP COLUMN phone;", down: "ALTER TABLE users ADD COLUMN phone text;" });
    assert.equal(verdictText(proof), "proven up and down, 1 lock, loses data of public.users.phone, breaks old clients");
    const phone = [{ column: "phone", kept: 0, lost: 3, changed: 0 }];
    assert.deepEqual([proof.rows.afterUp, proof.rows.afterDown].map((fates) => fates.find(({ table }) => table === "public.users")?.columns), [phone, phone]);
    assert.equal(proof.order.length, 1);
  });

  it("tells values that change from values that are lost", async () => {
    const proof = await prove({ up: users }, { up: "UPDATE users SET email = upper(email);\nUPDATE organizations SET name = name;" });
    assert.equal(proof.verdict, "up only");
    assert.deepEqual(proof.rows.afterUp.map(({ table, columns }) => [table, columns]), [["public.organizations", []], ["public.users", [{ column: "email", kept: 0, lost: 0, changed: 3 }]]]);
  });

  it("asks the workspace's queries before and after, and sees values that are of another kind", async () => {
    const queries = [
      { name: "old.sql:1", text: "SELECT phone FROM users WHERE email = $1" },
      { name: "new.sql:1", text: "SELECT mobile FROM users" },
      { name: "both.sql:1", text: "SELECT id FROM users" },
      { name: "neither.sql:1", text: "SELECT id FROM nobody" },
    ];
    const proof = await proveBeside(queries, [{ up: users }, { up: "ALTER TABLE users RENAME COLUMN phone TO mobile;\nALTER TABLE users ALTER COLUMN won_at TYPE date USING won_at::date;\nALTER TABLE users ALTER COLUMN email TYPE varchar(200);\nALTER TABLE users ALTER COLUMN mobile SET NOT NULL;" }]);
    assert.deepEqual(proof.clients, {
      broken: ["reading public.users: won_at was timestamp with time zone, and is date", 'reading public.users with the columns it had: column "phone" does not exist', 'writing to public.users: mobile may not be null any more', 'old.sql:1: column "phone" does not exist'],
      needed: ["new.sql:1"],
      described: 4,
    });
    assert.equal(verdictText(proof), "proven up, no way back, 1 lock, changes values of public.users.won_at, breaks old clients");
  });

  it("fails where the way back leaves something else, even what no model knows", async () => {
    const proof = await prove({ up: `${users}ALTER TABLE users ALTER phone SET STORAGE EXTERNAL, ALTER phone SET DEFAULT '-';` }, { up: "ALTER TABLE users DROP COLUMN phone;", down: "ALTER TABLE users ADD COLUMN phone text;" });
    assert.equal(proof.verdict, "failed");
    assert.match(proof.notRestored.join(), /^column public\.users\.phone was text '-'::text e, and is text x$/);
  });

  it("fails with line and SQLSTATE where PostgreSQL refuses, and says so of rows that are in the way", async () => {
    const refused = await prove({ up: users }, { up: "\n\nALTER TABLE users ADD COLUMN phone text;" });
    assert.equal(verdictText(refused), 'fails: up fails, line 3: column "phone" of relation "users" already exists (42701)');
    const required = await prove({ up: users }, { up: "ALTER TABLE users ADD COLUMN city text NOT NULL;" });
    assert.match(verdictText(required), /^fails: up fails, line 1: column "city" of relation "users" contains null values \(23502\)/);
    const down = await prove({ up: users }, { up: "ALTER TABLE users ADD COLUMN city text;", down: "ALTER TABLE users DROP COLUMN town;" });
    assert.match(verdictText(down), /^fails: down fails, line 1: column "town"/);
  });

  it("sends a file as its runner does: what cannot run in its transaction fails, what is alone runs outside", async () => {
    const together = await prove({ up: users }, { up: "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON users (phone);" });
    assert.match(verdictText(together), /line 2: CREATE INDEX CONCURRENTLY cannot run inside a transaction block \(25001\)/);
    const alone = await prove({ up: users }, { up: "CREATE INDEX CONCURRENTLY i ON users (phone);", down: "DROP INDEX CONCURRENTLY i;" });
    assert.deepEqual([alone.verdict, alone.locks.map(({ isOutside }) => isOutside)], ["proven", [true]]);
  });

  it("replays in a transaction what only means something in one", async () => {
    const locked = "LOCK TABLE users IN ACCESS EXCLUSIVE MODE;\nCREATE SCHEMA app;\nSET LOCAL search_path = app;\nCREATE TABLE notes (id int PRIMARY KEY);";
    const proof = await prove({ up: users }, { up: locked }, { up: "ALTER TABLE app.notes ADD COLUMN body text;", down: "ALTER TABLE app.notes DROP COLUMN body;" });
    assert.equal(verdictText(proof), "proven up and down, 1 lock, no data lost");
  });

  it("says where the history before it cannot be replayed", async () => {
    const proof = await prove({ up: "SELECT 1;\nCREATE TABLE t (a nothing);" }, { up: "SELECT 1;" });
    assert.equal(verdictText(proof), 'not proven: The history before it cannot be replayed: 0, line 2: type "nothing" does not exist.');
  });

  for (const sample of [crm, crmLegacy]) {
    it(`of the sample ${sample.name}'s last migration finds rows for its tables and the locks that the rules expect`, async () => {
      const proof = await prove(...sample.migrations.map(({ text }) => ({ up: text })));
      assert.equal(proof.verdict, "up only", verdictText(proof));
      assert.deepEqual([proof.model, proof.locks.flatMap(({ disagreements }) => disagreements)], [[], []]);
      assert.ok(proof.rows.made >= tablesOf(sample), `${proof.rows.made} rows; ${proof.rows.complaints.join("\n")}`);
    });
  }
});

function tablesOf({ migrations }: Sample): number {
  return migrations.flatMap(({ text }) => [...text.matchAll(/^CREATE TABLE/gm)]).length;
}
