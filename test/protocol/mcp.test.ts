/** `database-architect mcp` as an assistant's editor starts it: a process, spoken to over its standard streams. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { assistantTools, editorToolName } from "../../protocol/src/assistant.ts";
import { root } from "../../scripts/support/paths.ts";
import { commandLineProgram } from "../support/entryPoints.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

/** The schema engine takes a second to start, and most of this is not about it. */
const withoutEngine = { ".vscode/settings.json": '{ "databaseArchitect.prismaValidation": "off" }' };

type Json = Readonly<Record<string, unknown>>;

/** Lines of JSON, written by hand: what the protocol's own library would hide is seen here. */
class McpClient {
  readonly process: ChildProcessWithoutNullStreams;
  /** Everything on the standard output that was no message. */
  readonly noise: string[] = [];
  complaints = "";
  readonly ended: Promise<number | null>;
  readonly #waiting = new Map<number, (message: Json) => void>();
  #rest = "";
  #last = 0;

  constructor(folder: string, ...given: readonly string[]) {
    this.process = spawn(process.execPath, [...commandLineProgram, "mcp", ...given], { cwd: folder });
    this.ended = new Promise((resolve) => this.process.once("close", resolve));
    this.process.stdout.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    this.process.stderr.setEncoding("utf8").on("data", (text: string) => (this.complaints += text));
  }

  async initialize(): Promise<Json> {
    const answer = await this.request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } });
    this.send({ method: "notifications/initialized" });
    return record(answer["result"]);
  }

  request(method: string, params: Json): Promise<Json> {
    const id = ++this.#last;
    this.send({ id, method, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** The answer's text. */
  async call(name: string, input?: Json): Promise<{ readonly text: string; readonly isError: boolean }> {
    const { result } = await this.request("tools/call", { name, ...(input === undefined ? {} : { arguments: input }) });
    const { content, isError } = record(result);
    return { text: String(record(list(content)[0])["text"]), isError: isError === true };
  }

  async value(name: string, input?: Json): Promise<Json> {
    const { text, isError } = await this.call(name, input);
    assert.equal(isError, false, text);
    return record(JSON.parse(text));
  }

  send(message: Json): void {
    this.process.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  async close(): Promise<number | null> {
    this.process.stdin.end();
    return this.ended;
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      try {
        const message = record(JSON.parse(line));
        this.#waiting.get(Number(message["id"]))?.(message);
      } catch {
        this.noise.push(line);
      }
    }
  }
}

describe("The MCP server", function () {
  this.timeout(240_000);
  let folder: string;
  let client: McpClient;
  before(async () => {
    folder = temporaryFolder({ ...withoutEngine, ...shop.files });
    client = new McpClient(folder);
    await client.initialize();
  });
  after(async () => {
    assert.equal(await client.close(), 0);
    assert.deepEqual([client.noise, client.complaints], [[], ""]);
  });

  it("offers tools that only read, with the inputs that package.json contributes", async () => {
    const { result } = await client.request("tools/list", {});
    const offered = list(record(result)["tools"]).map(record);
    assert.deepEqual(offered.map(({ name }) => name), assistantTools);
    const manifest = record(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    const contributed = list(record(manifest["contributes"])["languageModelTools"]).map(record);
    const inEditor = (value: unknown): unknown =>
      JSON.parse(assistantTools.reduce((text, name) => text.replaceAll(name, editorToolName(name)), JSON.stringify(value)));
    assert.deepEqual(
      offered.map(({ name, title, description, inputSchema }) => inEditor({ name, title, description, inputSchema })),
      contributed.map(({ name, displayName, modelDescription, inputSchema }) => ({ name, title: displayName, description: modelDescription, inputSchema })),
    );
    for (const { annotations } of offered) assert.equal(record(annotations)["readOnlyHint"], true);
  });

  it("answers from the files as they are when it is asked", async () => {
    const findings = async (): Promise<unknown> => record((await client.value("check_schema"))["findings"])["total"];
    const rulesOn = async (table: string): Promise<unknown> => list((await client.value("list_findings", { table }))["findings"]).map((one) => record(one)["rule"]);
    assert.equal(await findings(), 1);
    assert.deepEqual(await rulesOn("Deal"), ["require-index-on-foreign-key"]);
    writeFiles(folder, { [shop.schema]: shop.files[shop.schema].replace("account   Account", "@@index([accountId])\n  account   Account") });
    assert.deepEqual(await rulesOn("Deal"), ["require-migration"]);
    writeFiles(folder, { "prisma/migrations/20240201000000_b/migration.sql": "CREATE TABLE log (at timestamptz);\n" });
    assert.deepEqual(await rulesOn("log"), ["require-primary-key", "require-migration"]);
    writeFiles(folder, { "database-architect.jsonc": '{ "rules": { "require-primary-key": "off", "require-migration": "off" } }' });
    assert.equal(await findings(), 0);
    rmSync(join(folder, "prisma/migrations/20240201000000_b"), { recursive: true });
    assert.match((await client.call("describe_table", { name: "log" })).text, /no table or view "log"/);
    rmSync(join(folder, "database-architect.jsonc"));
    writeFiles(folder, shop.files);
    assert.equal(await findings(), 1);
    writeFiles(folder, { ".vscode/settings.json": '{ "databaseArchitect.prismaValidation": "off", "databaseArchitect.rules": { "require-index-on-foreign-key": "off" } }' });
    assert.equal(await findings(), 0);
    writeFiles(folder, withoutEngine);
    assert.equal(await findings(), 1);
  });

  it("answers a tool that is called wrongly with what to do", async () => {
    assert.deepEqual(await client.call("describe_table", { table: "Deal" }), {
      text: 'The input name is missing. There is no input "table". The inputs are name, schema, project.',
      isError: true,
    });
    assert.match((await client.call("drop_table", {})).text, /^There is no tool "drop_table"\. The tools are check_schema/);
  });

  it("answers what comes at once in its order, and goes on after what it cannot read", async () => {
    const calls = ["Account", "Deal", "Account"].map((name) => client.value("describe_table", { name }));
    client.process.stdin.write("{ this is no message\n");
    assert.deepEqual((await Promise.all(calls)).map(({ name }) => name), ["public.Account", "public.Deal", "public.Account"]);
  });

  it("speaks to clients of the protocol's newest revision too", async () => {
    const newest = new McpClient(folder, ".");
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const { result } = await newest.request("tools/call", { name: "describe_table", arguments: { name: "Deal" }, _meta: meta });
    assert.match(String(record(list(record(result)["content"])[0])["text"]), /"name": "public\.Deal"/);
    assert.equal(await newest.close(), 0);
  });

  it("ends with 2 and a sentence when it cannot start", async () => {
    for (const [given, expected] of [
      [["nowhere"], /nowhere does not exist/],
      [[shop.schema], /schema\.prisma is a file\. mcp takes folders\./],
      [["--format", "json"], /mcp takes no --format\./],
    ] as const) {
      const failing = new McpClient(folder, ...given);
      assert.equal(await failing.ended, 2);
      assert.match(failing.complaints, expected);
      assert.deepEqual(failing.noise, []);
    }
  });
});

function record(value: unknown): Json {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), JSON.stringify(value));
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown): readonly unknown[] {
  assert.ok(Array.isArray(value), JSON.stringify(value));
  return value;
}
