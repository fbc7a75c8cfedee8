/**
 * No password anywhere: every message between client and server, every line of the log, every answer of a run with
 * failures of many kinds, every file that is kept, and all that the command line writes, is searched for it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import * as v from "valibot";
import { Trace } from "vscode-languageserver-protocol/node";
import { connectionCredentials, connectionKey, type ConnectionProfile, connectionTree, countRows, type CredentialsParams, findAddresses, readAddress, testConnection } from "../../protocol/src/connections.ts";
import { planAdvise, planExplain, planSave, planValues } from "../../protocol/src/plan.ts";
import { answerShape } from "../../protocol/src/planShapes.ts";
import { Seal, sealed } from "../../protocol/src/sealing.ts";
import { LaterLabs } from "../../server/src/lsp/labs.ts";
import { run } from "../support/commandLine.ts";
import { LspClient } from "../support/lspClient.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

/** Percent-encoded it is another text, and so it is in a regular expression. */
const canary = "ca/na@ry 9vX?";

describe("A password", function () {
  this.timeout(240_000);
  const told: string[] = [];
  let client: LspClient;
  let hostile: Server;
  before(async () => {
    hostile = createServer((socket: Socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(Buffer.from("R\0\0\0\x08\0\0")));
    });
    hostile.listen(0, "127.0.0.1");
    await once(hostile, "listening");
  });
  after(() => hostile.close());
  let hasStopped = false;
  afterEach(() => (hasStopped ? undefined : client.stop()));

  it("is in no message, no log, no error and no trace of a run in which much goes wrong", async () => {
    const server = await sharedPostgres();
    const database = await server.createDatabase();
    const admin = await database.client();
    await admin.query(`DROP ROLE IF EXISTS canary; CREATE ROLE canary LOGIN PASSWORD '${canary}'; CREATE TABLE hidden (id int PRIMARY KEY, name text); GRANT SELECT ON hidden TO canary`);
    const { port } = new URL(database.url);
    const address = (place: string): string => `postgresql://canary:${encodeURIComponent(canary)}@${place}`;
    const cacheFolder = temporaryFolder({});
    const folder = temporaryFolder({
      "package.json": "{}",
      "migrations/0001_hidden.sql": "CREATE TABLE hidden (id int PRIMARY KEY, name text);\n",
      "queries/hidden.sql": "SELECT id FROM hidden WHERE id = $1;\n",
      ".env": `DATABASE_URL=${address(`127.0.0.1:${port}/${database.name}`)}\nOTHER=postgresql://canary:${canary}@localhost/shop\nHALF=postgresql://canary:${canary}`,
      "schema.prisma": `datasource db {\n  provider = "postgresql"\n  url = "${address("127.0.0.1:1/shop")}"\n}\n`,
    });
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { keepsConnections: true, explainsQueries: true, cacheFolder } }, { labs: new LaterLabs(join(cacheFolder, "scratch")) });
    await client.connection.trace(Trace.Verbose, { log: (first: unknown, second?: unknown) => void told.push(String(first), String(second ?? "")) });
    const uri = pathToFileURL(join(folder, ".env")).href;
    const schemaUri = pathToFileURL(join(folder, "schema.prisma")).href;
    const profile = (id: string, change: Partial<ConnectionProfile> = {}): ConnectionProfile => ({
      ...{ id, name: id, host: "127.0.0.1", port: Number(port), database: database.name, user: "canary", tls: "none", certificates: {}, isPooled: false },
      ...{ environment: "development", environmentBecause: "it runs on this machine", isConfirmedEnvironment: false, allowsUnverified: false, source: { kind: "pasted" } },
      ...change,
    });
    const hostilePort = v.parse(v.object({ port: v.number() }), hostile.address()).port;
    const profiles = [
      profile("right"),
      profile("from a file", { source: { kind: "env", uri, variable: "DATABASE_URL" } }),
      profile("from another variable", { source: { kind: "env", uri, variable: "OTHER" } }),
      profile("from half an address", { source: { kind: "env", uri, variable: "HALF" } }),
      profile("from a schema", { port: 1, database: "shop", source: { kind: "prisma", uri: schemaUri, property: "url" } }),
      profile("wrong password", { user: "postgres" }),
      profile("no such user", { user: "nobody" }),
      profile("no such database", { database: "nowhere" }),
      profile("nobody listens", { port: 1 }),
      profile("speaks nonsense", { port: hostilePort }),
      profile("does not encrypt", { tls: "verified" }),
      profile("unknown host", { host: "db.invalid", tls: "verified" }),
      profile("needs consent", { host: "db.invalid", tls: "none" }),
      profile("no certificate there", { tls: "verified", certificates: { ca: "/nowhere/ca.pem" } }),
    ];
    client.connection.onRequest(connectionCredentials, async ({ id, key }: CredentialsParams) => {
      const found = profiles.find((one) => one.id === id);
      return { ok: true, profile: found, sealedPassword: found?.source.kind === "pasted" ? await sealed(canary, key) : null };
    });
    const outcomes = new Map<string, string>();
    const explained: string[] = [];
    const ask = async (method: string, params: object): Promise<unknown> => {
      const answer: unknown = await client.connection.sendRequest(method, params).catch((error: unknown) => error);
      told.push(inspect(answer, { depth: 9 }));
      return answer;
    };
    for (const { id } of profiles) {
      const tested = v.parse(v.object({ ok: v.boolean(), reason: v.optional(v.string(), "") }), await ask(testConnection, { id }));
      outcomes.set(id, tested.ok ? "connected" : tested.reason);
      await ask(connectionTree, { id, place: { at: "database" } });
      await ask(countRows, { id, schema: "public", table: "hidden" });
      const asked = { id, subject: { kind: "query", uri: pathToFileURL(join(folder, "queries/hidden.sql")).href, start: 0 }, target: { kind: "connection", id }, consent: [] };
      const plans = v.safeParse(answerShape, await ask(planExplain, { ...asked, analyze: false }));
      const sheet = plans.success && plans.output.kind === "plans" ? plans.output.statements[0]?.plans[0] : undefined;
      explained.push(...(sheet === undefined ? [] : [id]));
      for (const format of sheet === undefined ? [] : ["text", "json", "markdown"]) await ask(planSave, { source: sheet?.source ?? "", query: "SELECT id FROM hidden WHERE id = $1", format });
      if (sheet !== undefined) await ask(planValues, { ...asked, statement: 0, source: sheet.source });
      if (id === "right" || id === "wrong password") await ask(planAdvise, { ...asked, statement: 0 });
    }
    for (const url of [address(`127.0.0.1:${port}/${database.name}`), address("127.0.0.1:1/shop"), address(`127.0.0.1:${port}/nowhere`)]) {
      for (const args of [["explain", "queries/hidden.sql", "--url", url], ["explain", "queries/hidden.sql", "--url", url, "--format", "json"], ["explain", "queries/hidden.sql", "--url", `${url}?sslmode=verify-full`], ["advise", "queries/hidden.sql", "--url", url], ["migrate", "status", "--url", url]]) {
        const { stdout, stderr } = await run(folder, ...args);
        assert.ok(stdout.length + stderr.length > 0, args.join(" "));
        told.push(stdout, stderr);
      }
    }
    await ask(findAddresses, {});
    const key = v.parse(v.string(), await client.connection.sendRequest(connectionKey, {}));
    for (const text of [address("localhost/shop"), `mysql://a:${canary}@b/c`, `postgresql://a:${canary}#@b/c`, `host=h password='${canary}'`, `postgresql://a:${canary}@h1,h2/c`]) {
      await ask(readAddress, { sealedAddress: await sealed(text, key), key: await new Seal().publicKey() });
    }
    await ask(readAddress, { sealedAddress: canary.slice(0, 0), key });
    told.push(...client.messages);

    await client.stop();
    hasStopped = true;
    const kept = [...filesIn(cacheFolder), ...filesIn(folder).filter((path) => !/\.env$|schema\.prisma$/.test(path))];
    for (const path of kept) told.push(readFileSync(path, "latin1"));

    assert.deepEqual(explained, ["right", "from a file"]);
    assert.ok(kept.some((path) => path.startsWith(cacheFolder)), "nothing was kept that could be searched");
    assert.equal(outcomes.get("right"), "connected");
    assert.equal(outcomes.get("from a file"), "connected");
    const failures: Readonly<Record<string, RegExp>> = {
      "from another variable": /cannot be used|names another database/,
      "from half an address": /cannot be used/,
      "from a schema": /ECONNREFUSED/,
      "wrong password": /password authentication failed/,
      "no such user": /password authentication failed/,
      "no such database": /does not exist/,
      "nobody listens": /ECONNREFUSED/,
      "speaks nonsense": /Could not connect/,
      "does not encrypt": /does not support SSL/,
      "unknown host": /ENOTFOUND|EAI_AGAIN/,
      "needs consent": /without encryption/,
      "no certificate there": /certificate file \/nowhere\/ca\.pem/,
    };
    for (const [id, reason] of Object.entries(failures)) assert.match(outcomes.get(id) ?? "", reason, id);
    assert.ok(told.join("\n").includes("sealedPassword"), "the trace has the messages");
    for (const form of [canary, encodeURIComponent(canary), canary.replaceAll("/", "\\/"), "na@ry", "9vX"]) assert.deepEqual(told.filter((text) => text.includes(form)), []);
    await admin.query("DROP OWNED BY canary; DROP ROLE canary");
    await database.drop();
  });
});

/** With those in folders below. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
}
