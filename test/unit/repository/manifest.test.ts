import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { rulePageAddress } from "../../../protocol/src/documentation.ts";
import { assistantTools, editorToolName, mcpServerProvider } from "../../../protocol/src/assistant.ts";
import { defaultSettings, settingsSection } from "../../../protocol/src/settings.ts";
import { root } from "../../../scripts/support/paths.ts";

describe("package.json", () => {
  const manifest = record(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const contributes = record(manifest["contributes"]);
  const commands = list(contributes["commands"]).map(record);
  const sections = list(contributes["configuration"]).map(record);
  const settings = sections.flatMap((section) => Object.entries(record(section["properties"])));

  it("contributes exactly the settings the server reads, with the same defaults", () => {
    const contributed = Object.fromEntries(settings.map(([key, setting]) => [key, record(setting)["default"]]));
    delete contributed[`${settingsSection}.trace.server`]; // the language client's own
    const read = Object.fromEntries(Object.entries(defaultSettings).map(([key, value]) => [`${settingsSection}.${key}`, value]));
    assert.deepEqual(contributed, read);
  });

  it("gives every setting a scope, an order and a short description, in sections with titles", () => {
    for (const section of sections) assert.equal(typeof section["title"], "string");
    for (const [key, value] of settings) {
      const setting = record(value);
      assert.match(String(setting["scope"]), /^(resource|window|machine|machine-overridable|application)$/, key);
      assert.equal(typeof setting["order"], "number", key);
      const description = String(setting["markdownDescription"] ?? "");
      assert.ok(description.length > 0 && description.length <= 200, `${key}: ${description.length} characters`);
    }
  });

  it("contributes exactly the commands the client has", async () => {
    const folder = join(root, "client/src/commands");
    const implemented = (await readdir(folder)).flatMap((file) => {
      const [, id] = /\bid: "(databaseArchitect\.\w+)"/.exec(readFileSync(join(folder, file), "utf8")) ?? [];
      return id === undefined ? [] : [id];
    });
    assert.deepEqual(commands.map((command) => command["command"]).toSorted(), implemented.toSorted());
  });

  it("contributes exactly the tools and the MCP server that the client registers", () => {
    const tools = list(contributes["languageModelTools"]).map(record);
    assert.deepEqual(tools.map(({ name }) => name), assistantTools.map(editorToolName));
    assert.equal(new Set(tools.map(({ toolReferenceName }) => toolReferenceName)).size, tools.length);
    for (const { modelDescription } of tools) assert.match(String(modelDescription), /changes nothing|no rows/);
    assert.deepEqual(contributes["mcpServerDefinitionProviders"], [{ id: mcpServerProvider, label: manifest["displayName"] }]);
  });

  it("names the product in every command, and offers at most 40 in the palette", () => {
    for (const command of commands) assert.equal(command["category"], "Database Architect", String(command["command"]));
    // The others are about a row of a view.
    const hidden = list(record(contributes["menus"])["commandPalette"]).map(record).flatMap(({ command, when }) => (when === "false" ? [command] : []));
    assert.ok(commands.filter(({ command }) => !hidden.includes(command)).length <= 40);
  });

  it("uses only context keys that VS Code or the client sets", async () => {
    const conditions = [...JSON.stringify(contributes).matchAll(/"(?:when|enablement)":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => String(JSON.parse(text)));
    const keys = new Set(conditions.flatMap((condition) => condition.replaceAll(/\/(?:[^/\\]|\\.)*\/|'[^']*'|== *[\w.]+/g, "").match(/[A-Za-z][\w.]*/g) ?? []));
    const known = new Set(["editorLangId", "resourceLangId", "resourceExtname", "resourceFilename", "explorerResourceIsFolder", "isWorkspaceTrusted", "view", "viewItem", "false", "in", "not"]);
    const client = (await sources(join(root, "client/src"))).join("\n");
    assert.ok(keys.size > 0);
    for (const key of keys) {
      assert.ok(known.has(key) || client.includes(`"setContext", "${key}"`), `nothing sets ${key}, used in ${conditions.join(" | ")}`);
    }
  });

  it("waits for a reason to start", () => {
    const events = list(manifest["activationEvents"]);
    assert.ok(events.length > 0);
    assert.ok(!events.includes("*") && !events.includes("onStartupFinished"));
  });

  it("says what works in an untrusted and in a virtual workspace, and runs where the files are", () => {
    const capabilities = record(manifest["capabilities"]);
    assert.equal(record(capabilities["untrustedWorkspaces"])["supported"], "limited");
    assert.equal(record(capabilities["virtualWorkspaces"])["supported"], "limited");
    assert.deepEqual(manifest["extensionKind"], ["workspace"]);
  });

  it("names only files that are there", () => {
    const paths = [...JSON.stringify(contributes).matchAll(/"(\.\/[^"]+)"/g)].map(([, path = ""]) => path);
    assert.ok(paths.length > 0);
    for (const path of [...paths, String(manifest["icon"]), "LICENSE", "README.md", "CHANGELOG.md"]) assert.ok(existsSync(join(root, path)), path);
  });

  it("names the repository that links to the pages of rules lead to, or there are no such links", () => {
    assert.equal(rulePageAddress("no-float-money") !== undefined, manifest["repository"] !== undefined);
  });

  it("pins every dependency exactly", () => {
    for (const [name, version] of Object.entries({ ...record(manifest["dependencies"]), ...record(manifest["devDependencies"]) })) {
      assert.match(String(version), /^(npm:[\w-]+@)?\d+\.\d+\.\d+[\w.-]*$/, name);
    }
  });
});

async function sources(folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
  return files.map((file) => readFileSync(join(folder, file), "utf8"));
}

function record(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), JSON.stringify(value));
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown): unknown[] {
  assert.ok(Array.isArray(value));
  return value;
}
