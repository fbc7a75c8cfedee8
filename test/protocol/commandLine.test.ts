/** The command line: what it prints, where, and what it ends with. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, rulesIn } from "../support/commandLine.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n';
const clean = `${datasource}\nmodel Account {\n  id BigInt @id\n}\n`;
/** The schema engine takes a second to start, and most of this is not about it. */
const withoutEngine = { ".vscode/settings.json": '{ "databaseArchitect.prismaValidation": "off" }' };
const configuration = "database-architect.jsonc";
const keyless = "CREATE TABLE log (at timestamptz);\n";

describe("The command line", function () {
  this.timeout(240_000);

  it("ends with 0 when there is nothing to report", async () => {
    const result = await run(temporaryFolder({ ...withoutEngine, "schema.prisma": clean }), "check");
    assert.deepEqual([result.status, result.stdout, result.stderr], [0, "No findings in 1 file.\n", ""]);
  });

  it("ends with 1 for a finding, and says where it is", async () => {
    const result = await run(temporaryFolder({ "db/schema.sql": keyless }), "check", "db");
    assert.equal(result.status, 1);
    assert.match(result.stdout, /^db\/schema\.sql:1:14 \w+ Table log has no primary key\. \(require-primary-key\)$/m);
    assert.equal(result.stderr, "");
  });

  it("ends with 1 for an error in a text, without any finding", async () => {
    const result = await run(temporaryFolder({ "schema.prisma": `${clean}\nmodel Broken {\n  id BigInt @id\n  x Nope\n}\n` }), "check");
    assert.equal(result.status, 1);
    assert.match(result.stdout, /schema\.prisma:\d+:\d+ error .*Nope/);
  });

  it("ends with 2 and a sentence when it could not run", async () => {
    const folder = temporaryFolder({ "readme.md": "" });
    for (const [given, expected] of [
      [["check"], /Nothing to check in .*schema\.prisma.*migrations/],
      [["check", "nowhere"], /nowhere does not exist/],
      [["check", "readme.md"], /neither a Prisma schema/],
      [["check", "--format", "xml"], /--format must be one of/],
      [["lint"], /There is no command/],
      [[], /A command is missing/],
    ] as const) {
      const result = await run(folder, ...given);
      assert.deepEqual([result.status, result.stdout], [2, ""], given.join(" "));
      assert.match(result.stderr, expected);
    }
  });

  it("prints help and version", async () => {
    const folder = temporaryFolder();
    assert.match((await run(folder, "--help")).stdout, /^Usage: database-architect check/);
    assert.equal((await run(folder, "--version")).stdout, "1.2.3\n");
  });

  it("reads only what lies below the paths it is given", async () => {
    const folder = temporaryFolder({
      ...withoutEngine,
      "package.json": "{}",
      "prisma/schema.prisma": clean,
      "prisma/migrations/20240101000000_a/migration.sql":
        'CREATE TABLE "Account" ("id" BIGINT NOT NULL, CONSTRAINT "Account_pkey" PRIMARY KEY ("id"));\n' + keyless,
    });
    const sources = async (...paths: readonly string[]): Promise<readonly string[]> => {
      const parsed: unknown = JSON.parse((await run(folder, "check", ...paths, "--format", "json")).stdout);
      return typeof parsed === "object" && parsed !== null && "sources" in parsed && Array.isArray(parsed.sources)
        ? parsed.sources.map((source: { layer: string }) => source.layer)
        : [];
    };
    assert.deepEqual(await sources("."), ["prisma", "sql"]);
    assert.deepEqual(await sources("prisma/schema.prisma"), ["prisma"]);
    assert.deepEqual(await sources("prisma/migrations"), ["sql"]);
    assert.deepEqual(await sources("prisma/schema.prisma", "prisma/migrations"), ["prisma", "sql"]);
  });

  it("holds the settings that the editor holds", async () => {
    const folder = temporaryFolder({
      "schema.sql": keyless,
      ".vscode/settings.json":
        '{\n  // the editor\'s\n  "editor.fontSize": 12,\n  "databaseArchitect.rules": { "require-primary-key": "off" },\n}',
    });
    assert.deepEqual(rulesIn(await run(folder, "check")), []);
    assert.deepEqual(rulesIn(await run(folder, "check", "schema.sql")), []);
  });

  it("holds the configuration file that lies above what it is to check, as far up as the current folder", async () => {
    const folder = temporaryFolder({ "packages/db/schema.sql": keyless, [configuration]: '{ "rules": { "require-primary-key": "off" } }' });
    for (const path of [".", "packages", "packages/db", "packages/db/schema.sql"]) assert.deepEqual(rulesIn(await run(folder, "check", path)), [], path);
    assert.deepEqual(rulesIn(await run(join(folder, "packages"), "check")), ["require-primary-key"]);
    assert.deepEqual(rulesIn(await run(join(folder, "packages"), "check", folder)), []);
  });

  it("holds the configuration file over the editor's settings", async () => {
    const settings = (severity: string): string => `{ "databaseArchitect.rules": { "require-primary-key": "${severity}" } }`;
    const folder = temporaryFolder({ "schema.sql": keyless, ".vscode/settings.json": settings("hint"), [configuration]: "{}" });
    assert.match((await run(folder, "check")).stdout, / hint Table log/);
    writeFiles(folder, { [configuration]: '{ "rules": { "require-primary-key": "error" } }' });
    assert.match((await run(folder, "check")).stdout, / error Table log/);
  });

  it("ends with 1 for a configuration file that is wrong, says where, and checks by the rest of it", async () => {
    const folder = temporaryFolder({ "schema.sql": keyless, [configuration]: '{\n  "rules": { "no-primary-key": "off", "nonsense": "off" }\n}\n' });
    const result = await run(folder, "check");
    assert.deepEqual([result.status, rulesIn(result)], [1, ["configuration"]]);
    assert.match(result.stdout, /^database-architect\.jsonc:2:39 error "nonsense" is no rule\. \(configuration\)$/m);
    assert.equal((await run(temporaryFolder({ [configuration]: "{" }), "check")).status, 2);
  });

  it("sets rules by its arguments over everything else", async () => {
    const folder = temporaryFolder({
      "schema.sql": "CREATE TABLE log (at timestamptz, total float8);\n",
      [configuration]: '{ "preset": "recommended", "rules": { "no-float-money": "hint" }, "overrides": [{ "files": ["*"], "rules": { "no-primary-key": "hint" } }] }',
    });
    const result = await run(folder, "check", "--rule", "no-float-money=off", "--rule", "require-primary-key=error");
    assert.match(result.stdout, / error Table log has no primary key/);
    assert.deepEqual(rulesIn(result), ["require-primary-key"]);
    const all = rulesIn(await run(folder, "check", "--preset", "all"));
    assert.ok(all.length > 2 && all.includes("no-float-money"), all.join());
  });

  it("says what it does not understand in the settings", async () => {
    const folder = temporaryFolder({
      "schema.prisma": clean,
      ".vscode/settings.json": '{ "databaseArchitect.debounce": "soon", "databaseArchitect.prismaValidation": "off" }',
    });
    const result = await run(folder, "check");
    assert.equal(result.status, 0);
    assert.match(result.stdout, /^warning The setting databaseArchitect\.debounce must be/);
  });

  it("leaves out what is less severe than asked for", async () => {
    const folder = temporaryFolder({
      "schema.sql":
        "CREATE TABLE a (id bigint PRIMARY KEY);\nCREATE TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a);\nCREATE INDEX ON b (a);\n",
    });
    assert.deepEqual(rulesIn(await run(folder, "check")), ["require-on-delete"]);
    const result = await run(folder, "check", "--severity", "warning");
    assert.deepEqual([result.status, rulesIn(result)], [0, []]);
  });

  it("reads a query that it is pointed at, for its syntax", async () => {
    const folder = temporaryFolder({ "queries/a.sql": "SELECT 1;\n", "queries/b.sql": "SELEC 1;\n" });
    assert.equal((await run(folder, "check", "queries/a.sql")).status, 0);
    const result = await run(folder, "check", "queries/b.sql");
    assert.equal(result.status, 1);
    assert.match(result.stdout, /^queries\/b\.sql:1:1 error/);
  });

  it("is a process that writes a whole report into a pipe, however large, and ends with its code", () => {
    const tables = Array.from({ length: 3000 }, (_, at) => `CREATE TABLE table_number_${at} (at timestamptz);`).join("\n");
    const repository = fileURLToPath(new URL("../../", import.meta.url));
    const cli = join(repository, "server/src/cli.ts");
    const given = ["--import", "tsx", cli, "check", temporaryFolder({ "schema.sql": tables }), "--format", "json"];
    const result = spawnSync(process.execPath, given, { cwd: repository, encoding: "utf8", maxBuffer: 1e8 });
    assert.equal(result.status, 1);
    assert.ok(result.stdout.length > 500_000);
    assert.doesNotThrow(() => JSON.parse(result.stdout));
  });
});
