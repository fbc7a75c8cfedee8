/** Diagrams of a live database, of its difference to the files, and with its sizes, asked of the language server as the editor does. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { connectionCredentials, type ConnectionProfile, type Credentials, type CredentialsParams } from "../../protocol/src/connections.ts";
import { erdPicture, type ErdPicture, type ErdSource, erdStates } from "../../protocol/src/erd.ts";
import { pictureShape, statesShape } from "../../protocol/src/erdShapes.ts";
import { sealed } from "../../protocol/src/sealing.ts";
import { LspClient } from "../support/lspClient.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const migration = "migrations/001_shop.sql";

describe("A diagram of a database", () => {
  let database: TestDatabase;
  let client: LspClient;
  let uri: string;

  before(async () => {
    database = await (await sharedPostgres()).createDatabase();
    const other = await database.client();
    await other.query(`
      CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, city text);
      CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers);
      INSERT INTO customers SELECT i, 'n' || i FROM generate_series(1, 500) i;
    `);
    await other.query("ANALYZE customers");
  });
  after(() => database.drop());
  beforeEach(async () => {
    const folder = temporaryFolder({ [migration]: "CREATE TABLE customers (id int PRIMARY KEY, name varchar(80) NOT NULL);\nCREATE TABLE invoices (id int PRIMARY KEY);\n" });
    uri = pathToFileURL(join(folder, migration)).href;
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { keepsConnections: true, showsErd: true } });
    const url = new URL(database.url);
    const profile: ConnectionProfile = {
      ...{ id: "1", name: "shop", host: url.hostname, port: Number(url.port), database: database.name, user: url.username, tls: "none", certificates: {}, isPooled: false },
      ...{ environment: "development", environmentBecause: "it runs on this machine", isConfirmedEnvironment: false, allowsUnverified: false, source: { kind: "pasted" } },
    };
    client.connection.onRequest<Credentials, never>(connectionCredentials, async ({ id, key }: CredentialsParams): Promise<Credentials> =>
      id === "1" ? { ok: true, profile, sealedPassword: await sealed(url.password, key) } : { ok: false, reason: "There is no such connection.", hint: "Add it first." },
    );
  });
  afterEach(() => client.stop());

  const picture = async (source: ErdSource): Promise<ErdPicture> => v.parse(pictureShape, await client.connection.sendRequest(erdPicture, { source, positions: {} }));

  it("has its tables, how large they are, and a place for each", async () => {
    const { diagram, positions } = await picture({ kind: "database", connection: "1" });
    assert.deepEqual([diagram.title, diagram.status], ["shop", { kind: "ok" }]);
    assert.deepEqual(diagram.tables.map(({ name, size }) => [name, size?.rows]), [["customers", 500], ["orders", undefined]]);
    assert.deepEqual(diagram.relations.map(({ hasIndex }) => hasIndex), [false]);
    assert.equal(Object.keys(positions).length, 2);
  });

  it("shows what differs between the files and the database, both ways", async () => {
    const [project, live] = [{ kind: "project", uri } as const, { kind: "database", connection: "1" } as const];
    const changes = ({ diagram: { tables } }: ErdPicture): unknown => tables.map(({ name, change, columns }) => [name, change, columns.flatMap((column) => (column.change === undefined ? [] : [`${column.name} ${column.change} ${column.changes?.join() ?? ""}`.trim()]))]);
    assert.deepEqual(changes(await picture({ kind: "difference", before: project, after: live })), [
      ["customers", "changed", ["name changed type: character varying(80) → text", "city added"]],
      ["invoices", "removed", []],
      ["orders", "added", []],
    ]);
    assert.deepEqual(changes(await picture({ kind: "difference", before: live, after: project })), [
      ["customers", "changed", ["name changed type: text → character varying(80)", "city removed"]],
      ["invoices", "added", []],
      ["orders", "removed", []],
    ]);
  });

  it("gives the diagram of the files its sizes", async () => {
    const { diagram } = await picture({ kind: "project", uri, sizesOf: "1" });
    const [customers, invoices] = diagram.tables;
    assert.equal(customers?.size?.rows, 500);
    assert.ok((customers?.size?.bytes ?? 0) > 8192);
    assert.equal(invoices?.size, undefined);
  });

  it("says why there is none, where the database cannot be asked", async () => {
    const { diagram } = await picture({ kind: "database", connection: "2" });
    assert.deepEqual(diagram.status, { kind: "empty", reason: "There is no such connection. Add it first." });
  });

  it("can be compared with every migration", async () => {
    const states = v.parse(statesShape, await client.connection.sendRequest(erdStates, { uri }));
    assert.deepEqual(states.migrations.map(({ name }) => name), ["001_shop.sql"]);
    assert.deepEqual(states.revisions, []);
  });
});
