import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { explain } from "../../server/src/cli/explain.ts";
import { insightsOf } from "../../server/src/plan/insights/insights.ts";
import { readPlan } from "../../server/src/plan/readPlan.ts";
import { planText } from "../../server/src/plan/savePlan.ts";
import { ScratchDatabase } from "../../server/src/scratch/scratchDatabase.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { numberedParameters } from "../../server/src/sql/placeholders.ts";
import { nextPiece } from "../../server/src/sql/split.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";
import { run } from "../support/commandLine.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { crm, crmLegacy } from "../support/samples.ts";
import { scratchOptions } from "../support/scratch.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const goldens = fileURLToPath(new URL("../fixtures/plans/samples/", import.meta.url));

describe("the queries of the samples, on a scratch database", function () {
  this.timeout(120_000);
  before(loadSqlParser);

  for (const sample of [crm, crmLegacy]) {
    it(`${sample.name}: each is explained and shown, and tells what is kept`, async () => {
      const scratch = new ScratchDatabase(await scratchOptions(), sample.migrations.flatMap(({ text }) => statementsOf(text)));
      const told: Record<string, readonly string[]> = {};
      try {
        for (const { name, text } of sample.queries) {
          for (const [i, statement] of statementsOf(text).entries()) {
            const query = numberedParameters(statement).text;
            const result = await scratch.explain(query);
            assert.ok(result.ok, `${name}: ${result.ok ? "" : JSON.stringify(result.why)}`);
            const read = readPlan(result.value.plan);
            assert.ok(read.ok, name);
            assert.ok(planText(read.plan).length > 0);
            told[`${name} ${i + 1}`] = insightsOf(read.plan).map(({ id }) => id);
          }
        }
      } finally {
        await scratch.close();
      }
      const file = `${goldens}${sample.name}.json`;
      if (process.env["UPDATE_GOLDENS"] === "1") {
        mkdirSync(goldens, { recursive: true });
        writeFileSync(file, `${JSON.stringify(told, undefined, 2)}\n`);
      }
      assert.ok(existsSync(file));
      assert.deepEqual(told, JSON.parse(readFileSync(file, "utf8")));
    });
  }
});

describe("database-architect explain", function () {
  this.timeout(240_000);

  const folder = temporaryFolder({
    "migrations/001_init.sql": "CREATE TABLE people (id int PRIMARY KEY, name text);\nCREATE INDEX people_name ON people (name);",
    "nothing.sql": "-- nothing\n",
    "windows.sql": "\ufeffSELECT id FROM people;\r\n\r\nSELECT id\r\nFROM people WHERE nome = 1;\r\n",
    "unclosed.sql": "SELECT 'never\n",
    "queries.sql": "-- one\nSELECT * FROM people WHERE name = :name;\n\n-- two\nSELECT *\nFROM people\nWHERE nome = ?;\n\nSELECT pg_sleep(60);\nDELETE FROM people;",
  });

  writeFileSync(join(folder, "powershell.sql"), Buffer.from("\ufeffSELECT nome FROM people;", "utf16le"));
  writeFileSync(join(folder, "bare16.sql"), Buffer.from("SELECT id FROM people;", "utf16le"));

  it("explains the statement under a line on a scratch database, with placeholders", async () => {
    const { status, stdout, stderr } = await run(folder, "explain", "queries.sql:1");
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.match(stdout, /^queries\.sql:2 on scratch, for no values in particular\n\n.*people/);
  });

  it("takes values, runs, and writes JSON", async () => {
    const { status, stdout } = await run(folder, "explain", "queries.sql:2", "scratch", "--analyze", "--value", "Ada", "--format", "json");
    assert.equal(status, 0);
    const value: unknown = JSON.parse(stdout);
    assert.ok(typeof value === "object" && value !== null && "parameters" in value && "plan" in value);
    assert.deepEqual(value.parameters, [{ number: 1, name: "name", style: ":name" }]);
    const read = readPlan(JSON.stringify(value.plan));
    assert.ok(read.ok && read.plan.isAnalyzed);
  });

  it("says PostgreSQL's error at its place in the file", async () => {
    const { status, stderr } = await run(folder, "explain", "queries.sql:6");
    assert.equal(status, 2);
    assert.match(stderr, /^database-architect: queries\.sql:7:7: column "nome" does not exist/);
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no file", [], /takes a file/],
    ["a file that is missing", ["none.sql"], /cannot be read: missing/],
    ["several statements and no line", ["queries.sql"], /4 statements in it: say which by a line/],
    ["a line without a statement", ["queries.sql:99"], /no statement on line 99/],
    ["analyze without values", ["queries.sql:1", "--analyze"], /values are needed for \$1 \(name\)/],
    ["too many values", ["queries.sql:1", "--value", "a", "--value", "b"], /has 1 parameters, \$1 \(name\), and there are 2 values/],
    ["a file without a statement", ["nothing.sql"], /there is no statement in it/],
    ["line 0", ["queries.sql:0"], /no statement on line 0/],
    ["a line between statements, with a mark and line ends of Windows", ["windows.sql:2"], /no statement on line 2/],
    ["an error behind line ends of Windows", ["windows.sql:3"], /^database-architect: windows\.sql:4:19: column "nome" does not exist/],
    ["a quote that nobody closed", ["unclosed.sql"], /unclosed\.sql:1:8: unterminated quoted string/],
    ["UTF-16 with its mark, as PowerShell writes it", ["powershell.sql"], /powershell\.sql:1:8: column "nome" does not exist/],
    ["UTF-16 without its mark", ["bare16.sql"], /bare16\.sql holds NUL characters, as UTF-16 without its mark does: save it as UTF-8/],
    ["a folder", ["migrations"], /cannot be read: not a file/],
    ["an unknown format", ["queries.sql:1", "--format", "svg"], /--format must be one of text, json, markdown/],
    ["a DDL statement", ["migrations/001_init.sql:1"], /CREATE has no plan/],
    ["a server that is not there", ["queries.sql:2", "--url", "postgresql://u:s3cret@127.0.0.1:1/x"], /ECONNREFUSED.*Is the server running/],
  ];
  for (const [what, given, expected] of wrong) {
    it(`ends with 2 and a sentence for ${what}`, async () => {
      const { status, stdout, stderr } = await run(folder, "explain", ...given);
      assert.equal(stdout, "");
      assert.match(stderr, expected);
      assert.ok(!stderr.includes("s3cret"));
      assert.equal(status, 2);
    });
  }

  describe("on a server", () => {
    let database: TestDatabase;
    before(async () => {
      database = await (await sharedPostgres(15)).createDatabase();
      const client = await database.client();
      await client.query("CREATE TABLE people (id int PRIMARY KEY, name text); INSERT INTO people SELECT g, 'n' || g FROM generate_series(1, 20000) g; ANALYZE people");
    });
    after(() => database.drop());

    it("shows what the plan tells, and ends with 1 for a warning", async () => {
      const { status, stdout } = await run(folder, "explain", "queries.sql:2", "--url", database.url, "--analyze", "--value", "n7");
      assert.match(stdout, /warning: Seq Scan on people: people is read whole for 1 row; 19,999 rows are thrown away/);
      assert.match(stdout, /CREATE INDEX CONCURRENTLY ON people \(name\);/);
      assert.equal(status, 1);
    });

    it("asks before it changes rows, and changes none", async () => {
      const asked = await run(folder, "explain", "queries.sql:10", "--url", database.url, "--analyze");
      assert.match(asked.stderr, /If that is right, say --allow writes/);
      assert.equal(asked.status, 2);
      const ran = await run(folder, "explain", "queries.sql:10", "--url", database.url, "--analyze", "--allow", "writes");
      assert.match(ran.stdout, /Delete on people/);
      const client = await database.client();
      const { rows } = await client.query("SELECT count(*)::int AS n FROM people");
      assert.deepEqual(rows, [{ n: 20_000 }]);
    });

    it("ends the server's work when it is interrupted", async () => {
      const slow = temporaryFolder({ "slow.sql": "SELECT count(*) FROM people a, people b, people c WHERE a.name > b.name || c.name" });
      const interruption = new AbortController();
      const given = explainOf("slow.sql", database.url);
      const work = explain(given, { folder: slow, host: nodeFiles(), version: "1", signal: interruption.signal, log: () => undefined });
      const client = await database.client();
      const running = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'EXPLAIN (FORMAT JSON%' AND state = 'active'";
      const count = async (): Promise<number> => (await client.query<{ n: number }>(running)).rows[0]?.n ?? 0;
      for (let i = 0; i < 1_000 && (await count()) === 0; i++) await delay(20);
      assert.equal(await count(), 1);
      interruption.abort();
      const ended = await work;
      assert.ok(!ended.ok && /Canceled/.test(ended.reason));
      assert.equal(await count(), 0);
    });
  });
});

function statementsOf(text: string): readonly string[] {
  const statements: string[] = [];
  for (let piece = nextPiece(text, 0); piece !== undefined; piece = nextPiece(text, piece.next)) statements.push(text.slice(piece.start, piece.end));
  return statements;
}

function explainOf(target: string, url: string): Parameters<typeof explain>[0] {
  return { command: "explain", target, format: "text", analyze: true, url, values: undefined, allowed: [] };
}
