import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { locatePrismaProjects, type PrismaProject } from "../../../server/src/prisma/locate.ts";
import { pathOfUri } from "../../../server/src/prisma/fileUris.ts";
import { nodeFiles } from "../../../server/src/workspace/nodeFiles.ts";

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n';
const old = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n';
const model = "model A {\n  id Int @id\n}\n";

describe("locatePrismaProjects", () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "database-architect-locate-")));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  function locate(): readonly PrismaProject[] {
    return locatePrismaProjects(nodeFiles(), [root]);
  }

  /** The only project, with paths relative to the workspace folder. */
  function only(): { root: string; schema: string; files: string[]; major: number; migrations: string; problems: string[] } {
    const projects = locate();
    assert.equal(projects.length, 1, JSON.stringify(projects, undefined, 1));
    const project = projects[0];
    assert.ok(project);
    return {
      root: relative(root, project.root),
      schema: relative(root, project.schemaPath),
      files: project.schemaFiles.map((file) => relative(root, file)),
      major: project.major,
      migrations: relative(root, project.migrationsPath),
      problems: project.problems.map(({ message }) => message.replaceAll(root, "ROOT")),
    };
  }

  const prisma = (version: string): string => JSON.stringify({ devDependencies: { prisma: version } });

  describe("as Prisma 7 does", () => {
    it("takes the schema folder and the migrations of prisma.config.ts", () => {
      write({
        "package.json": prisma("^7.10.0"),
        "prisma.config.ts": 'import "dotenv/config";\nimport { defineConfig, env } from "prisma/config";\nexport default defineConfig({\n  schema: "db/schema",\n  migrations: { path: "db/migrations", seed: "tsx seed.ts" },\n  datasource: { url: env("DATABASE_URL") },\n});\n',
        "db/schema/main.prisma": datasource,
        "db/schema/models/a.prisma": model,
        "db/schema/z.prisma": "",
        "db/schema/readme.md": "",
      });
      assert.deepEqual(only(), {
        root: "",
        schema: "db/schema",
        files: ["db/schema/main.prisma", "db/schema/models/a.prisma", "db/schema/z.prisma"],
        major: 7,
        migrations: "db/migrations",
        problems: [],
      });
    });

    it("finds schema.prisma before prisma/schema.prisma, and ignores package.json's key", () => {
      write({ "package.json": JSON.stringify({ devDependencies: { prisma: "7.0.0" }, prisma: { schema: "elsewhere.prisma" } }), "schema.prisma": datasource });
      assert.deepEqual([only().schema, only().migrations], ["schema.prisma", "migrations"]);
      write({ "prisma/schema.prisma": datasource });
      assert.deepEqual(locate().map((project) => relative(root, project.schemaPath)), ["prisma/schema.prisma", "schema.prisma"], "the other one is a schema of its own");
    });

    it("takes prisma7.config before prisma.config, which then is Prisma 8's", () => {
      write({
        "package.json": prisma("8.0.0-rc.19"),
        "prisma7.config.ts": 'export default { schema: "seven.prisma" };',
        "prisma.config.ts": 'export default { contract: "eight.prisma" };',
        "seven.prisma": datasource,
      });
      assert.deepEqual([only().schema, only().major], ["seven.prisma", 7]);
    });

    it("looks into .config, from where paths count", () => {
      write({ "package.json": prisma("7"), ".config/prisma.ts": 'export default { schema: "../db.prisma" };', "db.prisma": datasource });
      assert.deepEqual([only().root, only().schema], ["", "db.prisma"]);
    });
  });

  describe("as Prisma 5 and 6 do", () => {
    it("takes package.json's key", () => {
      write({ "package.json": JSON.stringify({ dependencies: { "@prisma/client": "~5.22.0" }, prisma: { schema: "./db/my.prisma" } }), "db/my.prisma": old });
      assert.deepEqual(only(), { root: "", schema: "db/my.prisma", files: ["db/my.prisma"], major: 5, migrations: "db/migrations", problems: [] });
    });

    it("keeps migrations beside the file with the datasource", () => {
      write({ "package.json": prisma("^6.0.0"), "prisma/schema/base/main.prisma": old, "prisma/schema/a.prisma": model });
      assert.deepEqual([only().schema, only().migrations], ["prisma/schema", "prisma/schema/base/migrations"]);
    });

    it("knows a schema with a connection URL for Prisma 6 when no package.json tells", () => {
      write({ "schema.prisma": old });
      assert.equal(only().major, 6);
      write({ "schema.prisma": datasource });
      assert.equal(only().major, 7);
    });
  });

  it("believes the installed version before the declared one, here before further up", () => {
    write({
      "package.json": prisma("^5.0.0"),
      "packages/db/package.json": prisma("catalog:"),
      "packages/db/node_modules/prisma/package.json": '{"version":"6.19.3"}',
      "packages/db/prisma/schema.prisma": old,
    });
    assert.deepEqual([only().root, only().major], ["packages/db", 6]);
    write({ "packages/db/node_modules/prisma/package.json": '{"version":"8.1.0-dev.3"}' });
    assert.equal(only().major, 7, "a development build of the 7 line");
  });

  it("finds several projects in one workspace", () => {
    write({
      "package.json": "{}",
      "apps/a/package.json": prisma("7.1.0"),
      "apps/a/prisma/schema.prisma": datasource,
      "apps/b/package.json": prisma("6.1.0"),
      "apps/b/prisma/schema.prisma": 'datasource db {\n  provider     = "mysql"\n  relationMode = "prisma"\n}\n',
    });
    const projects = locate();
    assert.deepEqual(
      projects.map(({ root: at, major, provider, relationMode }) => [relative(root, at), major, provider, relationMode]),
      [
        ["apps/a", 7, "postgresql", "foreignKeys"],
        ["apps/b", 6, "mysql", "prisma"],
      ],
    );
    assert.deepEqual(locatePrismaProjects(nodeFiles(), [root, join(root, "apps", "a")]).length, 2, "nested workspace folders give no doubles");
  });

  it("makes projects of loose files: those of one folder with one datasource together, others apart", () => {
    write({
      "one/schema/main.prisma": datasource,
      "one/schema/a.prisma": model,
      "one/schema/deep/b.prisma": model,
      "two/x.prisma": datasource,
      "two/y.prisma": datasource,
      "three/z.prisma": model,
      "node_modules/p/schema.prisma": datasource,
      ".hidden/schema.prisma": datasource,
    });
    assert.deepEqual(
      locate().map(({ schemaPath, schemaFiles }) => [relative(root, schemaPath), schemaFiles.map((file) => relative(root, file))]),
      [
        ["one/schema", ["one/schema/a.prisma", "one/schema/deep/b.prisma", "one/schema/main.prisma"]],
        ["three/z.prisma", ["three/z.prisma"]],
        ["two/x.prisma", ["two/x.prisma"]],
        ["two/y.prisma", ["two/y.prisma"]],
      ],
    );
  });

  describe("with paths that leave the workspace folder", () => {
    for (const [what, path, reason] of [
      ["..", "../../etc/schema.prisma", "it leads out of the workspace folder ROOT"],
      ["an absolute path", "/etc/schema.prisma", "it leads out of the workspace folder ROOT"],
      ["another machine", "\\\\\\\\server\\\\share\\\\schema.prisma", "it names another machine"],
      ["another machine, with slashes", "//server/share/schema.prisma", "it names another machine"],
      ["a NUL", "a\\0b.prisma", "it contains a NUL character"],
      ["a link", "link/schema.prisma", "a symbolic link leads out of the workspace folder ROOT"],
    ] as const) {
      it(`refuses ${what} with a problem at the path`, () => {
        const outside = mkdtempSync(join(tmpdir(), "database-architect-outside-"));
        writeFileSync(join(outside, "schema.prisma"), datasource);
        symlinkSync(outside, join(root, "link"));
        const config = `export default { schema: "${path}" };`;
        write({ "prisma.config.ts": config });
        const project = only();
        assert.deepEqual(project.files, []);
        assert.equal(project.problems.length, 1);
        assert.ok(project.problems[0]?.endsWith(`is not used: ${reason}.`), project.problems[0]);
        const problem = locate()[0]?.problems[0];
        assert.equal(config.slice(problem?.span.start, problem?.span.end), `"${path}"`);
        assert.equal(pathOfUri(problem?.uri ?? ""), join(root, "prisma.config.ts"));
        rmSync(outside, { recursive: true });
      });
    }

    it("takes .. that stays inside", () => {
      write({ "apps/a/prisma.config.ts": 'export default { schema: "../../shared/db.prisma" };', "shared/db.prisma": datasource });
      assert.deepEqual([only().root, only().schema], ["apps/a", "shared/db.prisma"]);
    });

    it("refuses package.json's path and migrations too", () => {
      write({ "package.json": JSON.stringify({ prisma: { schema: "../x.prisma" } }), "b/prisma.config.js": 'module.exports = { schema: "b.prisma", migrations: { path: "/var/m" } };', "b/b.prisma": datasource });
      const [b, first] = locate();
      assert.match(b?.problems[0]?.message ?? "", /"migrations.path"/);
      assert.equal(relative(root, b?.migrationsPath ?? ""), "b/migrations");
      assert.match(first?.problems[0]?.message ?? "", /^The path of "schema", "\.\.\/x\.prisma", is not used/);
    });
  });

  it("survives links in circles, dangling links, unreadable folders and folders named like files", () => {
    write({ "db/schema.prisma": datasource, "locked/schema.prisma": datasource });
    symlinkSync(root, join(root, "db", "circle"));
    symlinkSync(join(root, "nowhere"), join(root, "db", "dangling.prisma"));
    symlinkSync("self", join(root, "self"));
    mkdirSync(join(root, "folder.prisma"));
    mkdirSync(join(root, "package.json"));
    mkdirSync(join(root, "prisma.config.ts"));
    chmodSync(join(root, "locked"), 0);
    const schemas = locate().map(({ schemaPath }) => relative(root, schemaPath));
    chmodSync(join(root, "locked"), 0o755);
    assert.ok(schemas.includes("db/schema.prisma"));
    assert.deepEqual(schemas.filter((schema) => schema !== "locked/schema.prisma"), ["db/schema.prisma"]);
  });

  it("does not list a file twice that a link leads to", () => {
    write({ "prisma.config.ts": 'export default { schema: "db" };', "db/a/main.prisma": datasource });
    symlinkSync("a", join(root, "db", "b"));
    assert.deepEqual(only().files, ["db/a/main.prisma"]);
  });

  describe("with Prisma 8", () => {
    it("leaves a project with a contract alone, in one clear sentence", () => {
      write({ "prisma.config.ts": 'import { defineConfig } from "@prisma/config";\nexport default defineConfig({ contract: "./prisma/contract.prisma" });', "prisma/contract.prisma": "types {\n}\n" });
      const project = only();
      assert.deepEqual([project.major, project.files], [8, []]);
      assert.match(project.problems.join("\n"), /^This project uses Prisma 8/);
    });

    it("leaves a project alone that depends on it, and says nothing of packages without a schema", () => {
      write({ "package.json": prisma("8.0.0"), "schema.prisma": "model A {\n}\n", "packages/ui/package.json": "{}" });
      assert.deepEqual([only().major, only().files], [8, []]);
    });
  });

  it("says what is wrong with a configuration that names no schema, or one that is missing", () => {
    write({ "prisma.config.ts": "export default {};" });
    assert.deepEqual(only().problems, ["This configuration names no schema, and there is neither schema.prisma nor prisma/schema.prisma beside it."]);
    write({ "prisma.config.ts": 'export default { schema: "gone.prisma" };' });
    assert.deepEqual(only().problems, ["The schema ROOT/gone.prisma does not exist."]);
    write({ "prisma.config.ts": 'export default { schema: "empty" };' });
    mkdirSync(join(root, "empty"));
    assert.deepEqual(only().problems, ["The schema ROOT/empty holds no .prisma file."]);
  });

  it("says which part of a configuration only running it could tell, and looks in the usual places", () => {
    write({ "prisma.config.ts": "export default { schema: process.env.SCHEMA };", "prisma/schema.prisma": datasource });
    assert.deepEqual(only().files, ["prisma/schema.prisma"]);
    assert.deepEqual(only().problems, ['"schema" depends on the environment. Database Architect does not run configuration files; write the path as a string.']);
  });

  it("finds nothing in an empty folder, a missing one, or a file", () => {
    assert.deepEqual(locate(), []);
    write({ file: "" });
    assert.deepEqual(locatePrismaProjects(nodeFiles(), [join(root, "missing"), join(root, "file")]), []);
  });
});
