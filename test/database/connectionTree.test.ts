/** The view of a database and its live catalog, asked of the language server as the editor does, on real servers. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import * as v from "valibot";
import { connectionCredentials, type ConnectionProfile, connectionsChanged, connectionTree, countRows, type CredentialsParams, testConnection, type TreePlace, type TreeRow } from "../../protocol/src/connections.ts";
import { countedRowsShape, testedShape, treeAnswerShape } from "../../protocol/src/connectionsShapes.ts";
import { sealed } from "../../protocol/src/sealing.ts";
import { LspClient } from "../support/lspClient.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { postgresMajors } from "../support/postgresBinaries.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

for (const major of postgresMajors) {
  describe(`The view of a database on PostgreSQL ${major}`, () => {
    let database: TestDatabase;
    let other: pg.Client;
    let client: LspClient;
    let isRight: boolean;

    before(async () => {
      database = await (await sharedPostgres(major)).createDatabase();
      other = await database.client();
      await other.query(`
        CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, "E mail" varchar(80));
        CREATE INDEX customers_name ON customers (name);
        INSERT INTO customers SELECT i, 'n' || i FROM generate_series(1, 500) i;
        CREATE VIEW names AS SELECT name FROM customers;
        CREATE SCHEMA "we""ird";
        CREATE TABLE "we""ird"."ta""ble; DROP TABLE customers" (id int) PARTITION BY LIST (id);
        CREATE TABLE "we""ird".one PARTITION OF "we""ird"."ta""ble; DROP TABLE customers" FOR VALUES IN (1);
        CREATE SCHEMA empty;
      `);
      await other.query("ANALYZE customers");
    });
    after(() => database.drop());
    beforeEach(async () => {
      isRight = true;
      client = await LspClient.inProcess({ folders: [temporaryFolder({})], initializationOptions: { keepsConnections: true } });
      const url = new URL(database.url);
      const profile: ConnectionProfile = {
        ...{ id: "1", name: "shop", host: url.hostname, port: Number(url.port), database: database.name, user: url.username, tls: "none", certificates: {}, isPooled: false },
        ...{ environment: "development", environmentBecause: "it runs on this machine", isConfirmedEnvironment: false, allowsUnverified: false, source: { kind: "pasted" } },
      };
      client.connection.onRequest(connectionCredentials, async ({ key }: CredentialsParams) => ({ ok: true, profile, sealedPassword: await sealed(isRight ? url.password : "wrong", key) }));
    });
    afterEach(() => client.stop());

    const tree = async (place: TreePlace): Promise<v.InferOutput<typeof treeAnswerShape>> => v.parse(treeAnswerShape, await client.connection.sendRequest(connectionTree, { id: "1", place }));
    const rows = async (place: TreePlace): Promise<readonly TreeRow[]> => {
      const answer = await tree(place);
      assert.ok(answer.ok, JSON.stringify(answer));
      return answer.rows;
    };
    const backends = async (): Promise<number> => {
      const { rows: found } = await other.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'", [database.name]);
      return found[0]?.n ?? -1;
    };

    it("says which server it is, and what is worth knowing", async () => {
      const tested = v.parse(testedShape, await client.connection.sendRequest(testConnection, { id: "1" }));
      assert.ok(tested.ok);
      assert.match(tested.version, new RegExp(`^${major}\\.`));
      assert.deepEqual(tested.notes, ["The user is a superuser: one that may only read would be safer."]);
    });

    it("opens nothing before it is asked, and one session for all that is asked", async () => {
      assert.equal(await backends(), 0);
      await Promise.all([rows({ at: "database" }), rows({ at: "schema", schema: "public" }), rows({ at: "table", schema: "public", table: "customers" })]);
      assert.equal(await backends(), 1);
    });

    it("has schemas, tables with size and rows, columns, and indexes with use", async () => {
      const schemas = await rows({ at: "database" });
      assert.deepEqual(schemas.map((row) => ("name" in row ? `${row.name} ${"tables" in row ? row.tables : ""}` : row.row)), ["public 2", "empty 0", 'we"ird 2', "statements"]);
      const tables = await rows({ at: "schema", schema: "public" });
      assert.deepEqual(tables.map((row) => row.row === "table" && [row.name, row.kind, row.rows, row.indexes, row.bytes > 8192]), [
        ["customers", "table", 500, 2, true],
        ["names", "view", null, 0, false],
      ]);
      const inside = await rows({ at: "table", schema: "public", table: "customers" });
      assert.deepEqual(inside.map((row) => (row.row === "column" ? `${row.name} ${row.type} ${row.nullable} ${row.isKey}` : row.row === "index" ? `${row.name} ${row.isPrimary} ${row.isUnique} ${row.isValid}` : row.row)), [
        "id bigint false true",
        "name text false false",
        "E mail character varying(80) true false",
        "customers_pkey true true true",
        "customers_name false false true",
      ]);
      assert.deepEqual(await rows({ at: "schema", schema: "empty" }), [{ row: "note", text: "No tables or views." }]);
    });

    it("takes names as they are, whatever they look like", async () => {
      const tables = await rows({ at: "schema", schema: 'we"ird' });
      assert.deepEqual(tables.map((row) => row.row === "table" && [row.name, row.kind]), [["one", "partition"], ['ta"ble; DROP TABLE customers', "partitioned"]]);
      const counted = v.parse(countedRowsShape, await client.connection.sendRequest(countRows, { id: "1", schema: 'we"ird', table: 'ta"ble; DROP TABLE customers' }));
      assert.equal(counted.ok && counted.rows, 0);
      const all = v.parse(countedRowsShape, await client.connection.sendRequest(countRows, { id: "1", schema: "public", table: "customers" }));
      assert.equal(all.ok && all.rows, 500);
    });

    it("counts how often an index is used", async () => {
      await other.query("SET enable_seqscan = off");
      await other.query("SELECT * FROM customers WHERE name = 'n7'");
      await other.query("SELECT pg_stat_force_next_flush()");
      const scans = (await rows({ at: "table", schema: "public", table: "customers" })).map((row) => row.row === "index" && `${row.name} ${row.scans}`);
      assert.deepEqual(scans.filter(Boolean), ["customers_pkey 0", "customers_name 1"]);
    });

    it("says how to get what is not there", async () => {
      const [note] = await rows({ at: "statements" });
      assert.ok(note?.row === "note" && /not installed/.test(note.text) && /CREATE EXTENSION pg_stat_statements/.test(note.detail ?? ""));
      const [gone] = await rows({ at: "table", schema: "public", table: "nowhere" });
      assert.ok(gone?.row === "note" && /gone/.test(gone.text));
    });

    it("estimates sizes while somebody locks a table", async () => {
      await other.query("BEGIN; LOCK TABLE customers IN ACCESS EXCLUSIVE MODE");
      try {
        const tables = await rows({ at: "schema", schema: "public" });
        assert.deepEqual(tables.map((row) => (row.row === "note" ? row.text : "name" in row ? row.name : "")), ["customers", "names", "Sizes are estimates."]);
        assert.ok((await rows({ at: "table", schema: "public", table: "customers" })).length > 1);
        const counted = v.parse(countedRowsShape, await client.connection.sendRequest(countRows, { id: "1", schema: "public", table: "customers" }));
        assert.ok(!counted.ok && /lock timeout/.test(counted.reason) && /holds a lock/.test(counted.hint ?? ""), JSON.stringify(counted));
      } finally {
        await other.query("ROLLBACK");
      }
    });

    it("connects again when the server ended the session meanwhile", async () => {
      await rows({ at: "database" });
      await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()", [database.name]);
      assert.ok((await rows({ at: "database" })).length > 0);
    });

    it("lets go when the profile changes, and asks for the password anew", async () => {
      await rows({ at: "database" });
      isRight = false;
      await client.connection.sendNotification(connectionsChanged, { ids: ["1"] });
      const refused = await tree({ at: "database" });
      assert.ok(!refused.ok && /password authentication failed/.test(refused.reason), JSON.stringify(refused));
      assert.equal(refused.hint, "Check the user name and the password.");
      for (let i = 0; i < 1_000 && (await backends()) > 0; i++) await delay(20);
      assert.equal(await backends(), 0);
    });

    it("leaves no session behind when the server ends", async () => {
      await rows({ at: "database" });
      await client.connection.sendRequest("shutdown");
      for (let i = 0; i < 1_000 && (await backends()) > 0; i++) await delay(20);
      assert.equal(await backends(), 0);
    });
  });
}
