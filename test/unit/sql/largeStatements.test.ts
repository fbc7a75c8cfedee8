import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { LargeStatementParser } from "../../../server/src/sql/largeStatements.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";

describe("Large statements", function () {
  this.timeout(60_000);
  let parser: LargeStatementParser;

  before(loadSqlParser);
  before(() => {
    parser = new LargeStatementParser({ deadline: 10_000 });
  });
  after(() => parser.dispose());

  it("are pending, then parsed in a thread, then found by parseSql", async () => {
    const text = `${table("big", 2_000)};\nSELECT 1;`;
    const first = parseSql("a.sql", text);
    assert.deepEqual(
      first.pending.map(({ text: pending }) => pending.slice(0, 16)),
      ["CREATE TABLE big"],
    );
    assert.deepEqual(first.problems, []);
    assert.equal(first.statements[0]?.tree, undefined);
    assert.notEqual(first.statements[1]?.tree, undefined);

    const whole = await parser.complete(first);
    assert.deepEqual(whole.pending, []);
    const { tree } = whole.statements[0] ?? {};
    assert.ok(tree !== undefined && "CreateStmt" in tree);
    assert.equal(tree.CreateStmt.tableElts?.length, 2_000);
    assert.equal(parseSql("b.sql", text).statements[0]?.tree, tree);
  });

  it("are told from those that define nothing, which nobody parses", () => {
    const file = parseSql("a.sql", `INSERT INTO t VALUES ${rows(5_000)}; COPY t FROM '${"x".repeat(600_000)}';`);
    assert.deepEqual(
      file.statements.map(({ tree }) => tree),
      [undefined, undefined],
    );
    assert.deepEqual([file.pending, file.problems], [[], []]);
  });

  it("with a syntax error give PostgreSQL's message, and what they swallowed", async () => {
    const text = `CREATE VIEW v AS SELECT ${rows(2_000)}\n\nCREATE TABLE after (id int);`;
    const file = await parser.complete(parseSql("a.sql", text));
    assert.deepEqual(
      file.statements.map(({ tree }) => tree !== undefined),
      [true, true],
    );
    assert.deepEqual(
      file.problems.map(({ message }) => message),
      ["A semicolon is missing here: another statement follows."],
    );
  });

  it("that nest too deeply are set aside, and the next one is parsed", async () => {
    const file = await parser.complete(
      parseSql("a.sql", `CREATE VIEW deep AS SELECT ${Array(30_000).fill("1").join("+")};\n${table("next", 2_001)}`),
    );
    assert.deepEqual(
      file.problems.map(({ code }) => code),
      ["file-set-aside"],
    );
    assert.match(file.problems[0]?.message ?? "", /nested too deeply/);
    assert.notEqual(file.statements[1]?.tree, undefined);
  });

  it("that take too long are set aside, and the next one is parsed", async () => {
    const hasty = new LargeStatementParser({ deadline: 1 });
    const slow = await hasty.parse(`CREATE VIEW slow AS SELECT ${Array(20_000).fill("a = 1").join(" AND ")}`);
    await hasty.dispose();
    assert.equal(slow.kind, "setAside");
    assert.match(slow.kind === "setAside" ? slow.reason : "", /took longer than 0.001 s/);
    assert.equal((await parser.parse(table("after_slow", 2_002))).kind, "tree");
  });

  it("are set aside when the thread cannot start", async () => {
    const broken = new LargeStatementParser({ worker: new URL("missing.js", import.meta.url) });
    const outcome = await broken.parse(table("unread", 2_003));
    await broken.dispose();
    assert.match(outcome.kind === "setAside" ? outcome.reason : "", /could not start/);
  });

  it("are parsed once when asked for twice", async () => {
    const text = table("twice", 2_004);
    const [first, second] = await Promise.all([parser.parse(text), parser.parse(text)]);
    assert.equal(first, second);
  });

  it("are parsed by the bundled thread, with the WebAssembly beside it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "database-architect-sql-"));
    try {
      const require = createRequire(import.meta.url);
      const entry = fileURLToPath(new URL("../../../server/src/sql/parseWorker.ts", import.meta.url));
      await build({
        entryPoints: [entry],
        bundle: true,
        format: "cjs",
        platform: "node",
        outfile: join(folder, "sqlWorker.cjs"),
        logLevel: "silent",
      });
      copyFileSync(join(dirname(require.resolve("libpg-query")), "libpg-query.wasm"), join(folder, "libpg-query.wasm"));
      const bundled = new LargeStatementParser({ worker: pathToFileURL(join(folder, "sqlWorker.cjs")), deadline: 10_000 });
      const outcome = await bundled.parse(table("bundled", 2_005));
      await bundled.dispose();
      assert.equal(outcome.kind, "tree");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("become pending, too, when one call would have to parse too much", async () => {
    const column = `c text DEFAULT '${"x".repeat(50_000)}'`;
    const file = parseSql("a.sql", Array.from({ length: 40 }, (_, i) => `CREATE TABLE much_${i} (${column});`).join("\n"));
    assert.ok(file.pending.length > 0 && file.pending.length < 40);
    const whole = await parser.complete(file);
    assert.ok(whole.statements.every(({ tree }) => tree !== undefined));
  });
});

function table(name: string, columns: number): string {
  return `CREATE TABLE ${name} (${Array.from({ length: columns }, (_, i) => `c${i} int`).join(", ")})`;
}

function rows(count: number): string {
  return Array(count).fill("(1, 2)").join(", ");
}
