/** Databases that a person has made known, as the server talks about them with a client that keeps the profiles. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { CancellationTokenSource } from "vscode-languageserver-protocol/node";
import {
  connectionCredentials,
  connectionKey,
  type ConnectionProfile,
  connectionTree,
  countRows,
  type CredentialsParams,
  findAddresses,
  listConnections,
  readAddress,
  testConnection,
} from "../../protocol/src/connections.ts";
import { foundShape, readAddressShape, testedShape, treeAnswerShape } from "../../protocol/src/connectionsShapes.ts";
import { Seal, sealed } from "../../protocol/src/sealing.ts";
import { LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const secret = "canary-5up3r-s3cret";

describe("Connections", () => {
  let client: LspClient;
  const start = async (files: Readonly<Record<string, string>> = {}, options: object = {}): Promise<string> => {
    const folder = temporaryFolder({ "schema.sql": "CREATE TABLE t (id int PRIMARY KEY);", ...files });
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { keepsConnections: true, ...options } });
    return folder;
  };
  afterEach(() => client.stop());

  const ask = async <T>(method: string, shape: v.GenericSchema<unknown, T>, params: object = {}): Promise<T> => v.parse(shape, await client.connection.sendRequest(method, params));

  it("come from an address that crosses sealed, as its password does on the way back", async () => {
    await start();
    const seal = new Seal();
    const wire: string[] = [];
    const answer = async (address: string): Promise<v.InferOutput<typeof readAddressShape>> => {
      const key = v.parse(v.string(), await client.connection.sendRequest(connectionKey, {}));
      const params = { sealedAddress: await sealed(address, key), key: await seal.publicKey() };
      const result: unknown = await client.connection.sendRequest(readAddress, params);
      wire.push(JSON.stringify(params), JSON.stringify(result));
      return v.parse(readAddressShape, result);
    };
    const read = await answer(`postgresql://me:${encodeURIComponent(`${secret}@/`)}@db.example.com/shop?schema=crm&shema=x`);
    assert.ok(read.ok);
    assert.equal(await seal.open(read.sealedPassword ?? ""), `${secret}@/`);
    assert.deepEqual([read.facts.host, read.facts.database, read.facts.schema, read.facts.tls, read.environment], ["db.example.com", "shop", "crm", "verified", "production"]);
    assert.equal(read.notes.length, 1);
    const mistaken = await answer(`mysql://me:${secret}@localhost/shop`);
    assert.deepEqual([mistaken.ok, "reason" in mistaken && mistaken.reason], [false, "This is an address of MySQL, and not of PostgreSQL."]);
    assert.ok(!wire.some((text) => text.includes(secret)), wire.join("\n"));
  });

  it("are found in .env files, Prisma configurations and datasources, without their passwords", async () => {
    const address = (host: string): string => `postgresql://me:${secret}@${host}/shop`;
    const folder = await start({
      ".env": `DATABASE_URL="${address("localhost")}"\nDIRECT_URL=${address("${HOST}")}\nHOST=10.0.0.5\nMYSQL_URL=mysql://a:${secret}@b/c\nBROKEN=postgresql://me:${secret}@h/\${NOWHERE}`,
      ".env.example": `DATABASE_URL=${address("example")}`,
      "packages/api/.env.production": `DATABASE_URL=${address("db.example.com")}`,
      "node_modules/x/.env": `DATABASE_URL=${address("elsewhere")}`,
      "prisma.config.ts": `import { defineConfig } from "prisma/config";\nrequire("fs").writeFileSync(__dirname + "/executed", "");\nexport default defineConfig({ schema: "schema.prisma", datasource: { url: "${address("literal")}", shadowDatabaseUrl: "${address("shadow")}" } });`,
      "old/schema.prisma": `datasource db {\n  provider = "postgresql"\n  url = "${address("older")}"\n  directUrl = env("DIRECT_URL")\n}\n`,
    });
    const found = await ask(findAddresses, foundShape);
    assert.ok(!JSON.stringify(found).includes(secret));
    assert.deepEqual(
      found.map((one) => `${one.file} ${one.variable} ${"facts" in one ? `${one.facts.host} ${one.environment}` : one.problem}`).sort(),
      [
        ".env BROKEN The address holds ${NOWHERE}, which stands for something else. Put in what it stands for; where it is part of a password, write %24 for $.",
        ".env DATABASE_URL localhost development",
        ".env DIRECT_URL 10.0.0.5 development",
        "old/schema.prisma url older development",
        "packages/api/.env.production DATABASE_URL db.example.com production",
        "prisma.config.ts url literal development",
      ],
    );
    assert.throws(() => client.text(pathToFileURL(join(folder, "executed")).href), /ENOENT/);
  });

  it("do not exist in a restricted workspace, whatever the client says", async () => {
    await start({ ".env": `DATABASE_URL=postgresql://me:${secret}@localhost/shop` }, { workspaceTrusted: false });
    let asked = 0;
    client.connection.onRequest(connectionCredentials, () => void asked++);
    client.connection.onRequest(listConnections, () => void asked++);
    assert.deepEqual(await ask(findAddresses, foundShape), []);
    const tested = await ask(testConnection, testedShape, { id: "1" });
    assert.match("reason" in tested ? tested.reason : "", /not trusted/);
    const tree = await ask(connectionTree, treeAnswerShape, { id: "1", place: { at: "database" } });
    assert.match("reason" in tree ? tree.reason : "", /not trusted/);
    assert.equal(asked, 0);
  });

  const profile = (source: ConnectionProfile["source"], port = 1): ConnectionProfile => ({
    id: "1",
    name: "shop",
    host: "127.0.0.1",
    port,
    database: "shop",
    user: "me",
    tls: "none",
    certificates: {},
    isPooled: false,
    environment: "development",
    environmentBecause: "it runs on this machine",
    isConfirmedEnvironment: false,
    allowsUnverified: false,
    source,
  });

  it("say what went wrong and what to do when nobody answers", async () => {
    await start();
    client.connection.onRequest(connectionCredentials, async ({ key }: CredentialsParams) => ({ ok: true, profile: profile({ kind: "pasted" }), sealedPassword: await sealed(secret, key) }));
    for (const [method, params] of [
      [connectionTree, { id: "1", place: { at: "database" } }],
      [countRows, { id: "1", schema: "public", table: "t" }],
      [testConnection, { id: "1" }],
    ] as const) {
      const answer = v.parse(v.object({ ok: v.literal(false), reason: v.string(), hint: v.string() }), await client.connection.sendRequest(method, params));
      assert.match(answer.reason, /^Could not connect to 127\.0\.0\.1:1\/shop: connect ECONNREFUSED/);
      assert.match(answer.hint, /^Is the server running/);
    }
    assert.ok(!client.messages.some((message) => message.includes(secret)));
  });

  it("are let go of at once when the person cancels, though the server says nothing", async () => {
    await start();
    const silent = createServer(() => undefined);
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = v.parse(v.object({ port: v.number() }), silent.address());
    client.connection.onRequest(connectionCredentials, () => ({ ok: true, profile: profile({ kind: "pasted" }, port), sealedPassword: null }));
    const arrived = once(silent, "connection");
    const source = new CancellationTokenSource();
    const asked = client.connection.sendRequest(connectionTree, { id: "1", place: { at: "database" } }, source.token);
    await arrived;
    const started = performance.now();
    source.cancel();
    assert.deepEqual(await asked, { ok: false, reason: "It was called off." });
    assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
    silent.close();
  });

  it("from a file are refused when the file names another database since, or is gone", async () => {
    const folder = await start({ ".env": `DATABASE_URL=postgresql://me:${secret}@evil.example/shop` });
    const uri = pathToFileURL(join(folder, ".env")).href;
    let variable = "DATABASE_URL";
    client.connection.onRequest(connectionCredentials, () => ({ ok: true, profile: profile({ kind: "env", uri, variable }), sealedPassword: null }));
    const changed = await ask(testConnection, testedShape, { id: "1" });
    assert.equal("reason" in changed && changed.reason, "DATABASE_URL in .env names another database than the one that was agreed to: evil.example:5432/shop instead of 127.0.0.1:1/shop.");
    variable = "NOTHING";
    const gone = await ask(testConnection, testedShape, { id: "1" });
    assert.equal("reason" in gone && gone.reason, "The address of shop is gone: there is no NOTHING in .env any more.");
  });

  it("are answered honestly when the client knows no such profile, or none at all", async () => {
    await start();
    client.connection.onRequest(connectionCredentials, () => ({ ok: false, reason: "There is no such connection." }));
    assert.deepEqual(await ask(testConnection, testedShape, { id: "gone" }), { ok: false, reason: "There is no such connection." });
    await client.stop();
    await start({}, { keepsConnections: false });
    const tested = await ask(testConnection, testedShape, { id: "1" });
    assert.equal("reason" in tested && tested.reason, "This editor keeps no connections.");
  });

  it("survive a client that answers something else", async () => {
    await start();
    client.connection.onRequest(connectionCredentials, () => ({ ok: true, profile: { host: 5 }, sealedPassword: "x" }));
    const tested = await ask(testConnection, testedShape, { id: "1" });
    assert.match("reason" in tested ? tested.reason : "", /There was a fault in the language server/);
  });
});
