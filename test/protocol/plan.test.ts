/** Plans as the server gives them out: on a scratch database, for values, brought along, side by side, and called off. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { CancellationTokenSource, CodeLensRequest } from "vscode-languageserver-protocol/node";
import { type PlanAnswer, planAdvise, planApply, planApplyAdvice, type PlanCompared, planCompare, planExplain, type PlanExplainParams, planProgress, planRead, planSave, planValues } from "../../protocol/src/plan.ts";
import { adviceShape, answerShape, comparedShape, planOutcomeShape, valuesShape } from "../../protocol/src/planShapes.ts";
import { root } from "../../scripts/support/paths.ts";
import { LaterLabs } from "../../server/src/lsp/labs.ts";
import { hostileNames } from "../support/hostileNames.ts";
import { LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const migration = `CREATE TABLE deals (id int PRIMARY KEY, status text NOT NULL, account int NOT NULL, about text);
INSERT INTO deals SELECT g, CASE WHEN g % 500 = 0 THEN 'lost' ELSE 'open' END, g % 900, repeat('x', 200) FROM generate_series(1, 20000) g;
CREATE INDEX deals_status ON deals (status);
CREATE TABLE calls (id int PRIMARY KEY);
CREATE SEQUENCE numbers;
ANALYZE;
`;
const queries = `-- those of an account
SELECT id FROM deals WHERE account = $1 ORDER BY id;

SELECT about FROM deals WHERE status = :status;

DELETE FROM deals WHERE account = 7;
SELECT nothing FROM nowhere;
VACUUM deals;
SELECT count(*) FROM deals a, deals b, deals c WHERE a.about < b.about AND b.about < c.about;
`;
const files = { "package.json": "{}", "migrations/0001_deals.sql": migration, "queries/deals.sql": queries };

describe("Plans", function () {
  this.timeout(240_000); // on a loaded machine; a scratch database starts, and ten megabytes are read
  let client: LspClient;
  let folder: string;
  let uri: string;
  const messages: string[] = [];
  before(async () => {
    folder = temporaryFolder(files);
    uri = pathToFileURL(join(folder, "queries/deals.sql")).href;
    client = await LspClient.inProcess({ folders: [folder] }, { labs: new LaterLabs(undefined) });
    client.connection.onNotification(planProgress, ({ message }: { message: string }) => void messages.push(message));
    await client.open(uri);
  });
  after(() => client.stop());

  const explain = async (at: string, more: Partial<PlanExplainParams> = {}, token?: CancellationTokenSource["token"]): Promise<PlanAnswer> => {
    const params: PlanExplainParams = { id: "1", subject: { kind: "query", uri, start: queries.indexOf(at) }, target: { kind: "scratch" }, analyze: false, consent: [], ...more };
    return v.parse(answerShape, await (token === undefined ? client.connection.sendRequest(planExplain, params) : client.connection.sendRequest(planExplain, params, token)));
  };
  const plans = async (at: string, more?: Partial<PlanExplainParams>): Promise<Extract<PlanAnswer, { kind: "plans" }>> => {
    const answer = await explain(at, more);
    assert.equal(answer.kind, "plans", JSON.stringify(answer));
    assert.ok(answer.kind === "plans");
    return answer;
  };
  const failure = async (at: string, more?: Partial<PlanExplainParams>): Promise<string> => {
    const answer = await explain(at, more);
    if (answer.kind === "failed") return answer.problem.message;
    assert.ok(answer.kind === "plans");
    return answer.statements[0]?.problem?.message ?? "no problem";
  };

  it("are made of the statement under the cursor, for no values first, on a database of the migrations", async () => {
    const answer = await plans("FROM deals WHERE account");
    assert.equal(answer.title, "deals.sql:2");
    assert.deepEqual(answer.target, { kind: "scratch", label: "scratch" });
    const [statement] = answer.statements;
    const [sheet] = statement?.plans ?? [];
    assert.ok(statement !== undefined && sheet !== undefined);
    assert.match(statement.fingerprint ?? "", /^[0-9a-f]{16}$/);
    assert.deepEqual(statement.parameters, [{ number: 1, type: "integer", suggestions: [] }]);
    assert.equal(sheet.isGeneric, true);
    assert.equal(sheet.isAnalyzed, false);
    assert.deepEqual(sheet.nodes.map(({ type, about, depth }) => `${depth} ${type} ${about ?? ""}`), ["0 Sort ", "1 Seq Scan on deals"]);
    const [scan] = sheet.insights.filter(({ id }) => id === "plan-seq-scan-selective");
    assert.deepEqual(scan?.step?.index, { schema: "public", table: "deals", columns: ["account"] });
    assert.ok(messages.some((message) => message === "Building a scratch database"), messages.join());
  });

  it("say which part of the query each node carries out", async () => {
    const [statement] = (await plans("FROM deals WHERE account")).statements;
    const parts = statement?.plans[0]?.nodes.map(({ spans = [] }) => spans.map(({ start, end }) => statement.text.slice(start, end)));
    assert.deepEqual(parts, [["ORDER BY id"], ["deals", "account = $1"]]);
  });

  it("are made by running the statement when that is asked, for values", async () => {
    const refused = await failure("FROM deals WHERE account", { analyze: true });
    assert.match(refused, /values for its parameters are needed/);
    const [statement] = (await plans("FROM deals WHERE account", { analyze: true, values: [["7"]] })).statements;
    const [sheet] = statement?.plans ?? [];
    assert.equal(sheet?.isAnalyzed, true);
    assert.equal(sheet?.title, "$1 = 7");
    assert.equal(sheet?.totals.rows, 23);
    assert.ok(sheet.measures.includes("time"));
    assert.equal(statement?.parameters[0]?.value, "7");
  });

  it("leave nothing behind in the scratch database", async () => {
    const count = async (): Promise<number | undefined> => (await plans("FROM deals WHERE account", { analyze: true, values: [["7"]] })).statements[0]?.plans[0]?.totals.rows;
    await plans("DELETE FROM deals", { analyze: true });
    assert.equal(await count(), 23);
  });

  it("come for a common and a rare value where these differ, with what the column holds", async () => {
    const at = "SELECT about FROM deals";
    const [statement] = (await plans(at)).statements;
    const source = statement?.plans[0]?.source ?? "";
    const params = { id: "2", subject: { kind: "query", uri, start: queries.indexOf(at) }, target: { kind: "scratch" }, consent: [], statement: 0, source };
    const values = v.parse(valuesShape, await client.connection.sendRequest(planValues, params));
    assert.deepEqual(values.parameters[0]?.suggestions.map(({ value, kind }) => [value, kind]), [["open", "common"], ["lost", "rare"]]);
    assert.equal(values.parameters[0]?.column, "deals.status");
    assert.equal(values.parameters[0]?.name, "status");
    assert.deepEqual(values.plans.map(({ title }) => title), ["common: status = 'open'", "rare: status = 'lost'"]);
    assert.notEqual(values.plans[0]?.nodes[0]?.type, values.plans[1]?.nodes[0]?.type);
    assert.equal(values.pairing?.isSameShape, false);
  });

  it("are refused with a reason and its place where there is none", async () => {
    const unknown = await explain("SELECT nothing");
    assert.ok(unknown.kind === "plans");
    assert.match(unknown.statements[0]?.problem?.message ?? "", /relation "nowhere" does not exist/);
    assert.equal(unknown.statements[0]?.problem?.at, "SELECT nothing FROM ".length);
    assert.match(await failure("VACUUM"), /has no plan: PostgreSQL explains SELECT/);
    const two = { kind: "query", uri, start: queries.indexOf("DELETE"), end: queries.indexOf("VACUUM") } as const;
    assert.match(await failure("", { subject: two }), /There are 2 statements here/);
    assert.match(await failure("", { subject: { kind: "text", text: "SELECT 'never closed" } }), /unterminated/);
    assert.match(await failure("", { subject: { kind: "text", text: "SELECT '\0'" } }), /NUL/);
    assert.match(await failure("", { subject: { kind: "text", text: `SELECT '${"x".repeat(1_100_000)}'` } }), /larger than 1 MB/);
    assert.match(await failure("", { subject: { kind: "query", uri: "file:///gone.sql", start: 0 } }), /gone\.sql cannot be read/);
    assert.match(await failure("FROM deals WHERE account", { target: { kind: "connection", id: "gone" } }), /\.$/);
  });

  it("are made of a notebook's SQL cells, which lie where the notebook does", async () => {
    const cell = `vscode-notebook-cell:${join(folder, "queries/book.ipynb")}#W2sZmlsZQ%3D%3D`;
    const text = "-- in a cell\nSELECT id FROM deals WHERE account = :account;\n";
    await client.connection.sendNotification("textDocument/didOpen", { textDocument: { uri: cell, languageId: "sql", version: 1, text } });
    const answer = await plans("", { subject: { kind: "query", uri: cell, start: text.indexOf("FROM") } });
    assert.match(answer.title, /book\.ipynb/);
    assert.equal(answer.statements[0]?.parameters[0]?.name, "account");
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: cell } });
  });

  it("stop where they run when the request is canceled", async () => {
    const cancel = new CancellationTokenSource();
    const started = Date.now();
    const running = explain("SELECT count(*) FROM deals a", { analyze: true }, cancel.token);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    cancel.cancel();
    const answer = await running.catch((error: unknown) => error);
    assert.ok(Date.now() - started < 60_000, "it went on");
    assert.match(JSON.stringify(answer), /called off|Canceled/);
    await plans("FROM deals WHERE account"); // and the next question is answered
  });

  it("follow the text: what was explained is found again when it moves", async () => {
    const text = "DELETE FROM deals WHERE account = 7";
    const at = queries.indexOf(text);
    await client.change(uri, "-- those of an account", "-- those of an account,\n-- by id");
    const answer = await plans(text, { subject: { kind: "query", uri, start: at - 40, text } });
    assert.equal(answer.statements[0]?.text, text);
  });

  describe("that somebody brings", () => {
    const read = async (text: string): Promise<PlanAnswer> => v.parse(answerShape, await client.connection.sendRequest(planRead, { text, title: "pasted" }));
    const goldens = join(root, "test/fixtures/plans");

    it("are read, each golden and each beginning of one, without a fault", async () => {
      const names = readdirSync(goldens).filter((name) => /^\d.*(?<!\.expected)\.json$/.test(name));
      for (const name of names) {
        const text = readFileSync(join(goldens, name), "utf8");
        assert.equal((await read(text)).kind, "plans", name);
        const torn = await read(text.slice(0, text.length / 2));
        assert.ok(torn.kind === "failed" && /ends too early/.test(torn.problem.hint ?? ""), name);
      }
    });

    it("of ten megabytes are read beside the editor's other questions, and say what they leave out", async () => {
      const leaf = { "Node Type": "Seq Scan", "Relation Name": "deals", "Plan Rows": 1, "Total Cost": 1, "Startup Cost": 0, "Plan Width": 1, Filter: "(account = 1) AND (status = 'x'::text)" };
      const plan = JSON.stringify([{ Plan: { "Node Type": "Append", "Total Cost": 100_000, Plans: Array.from({ length: 80_000 }, () => leaf) } }]);
      assert.ok(plan.length > 10_000_000);
      const answered: string[] = [];
      const reading = read(plan).finally(() => answered.push("plan"));
      const hover = client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line: 1, character: 2 } }).finally(() => answered.push("hover"));
      const answer = await reading;
      await hover;
      assert.deepEqual(answered, ["hover", "plan"], "the plan is read in a thread");
      assert.ok(answer.kind === "plans");
      assert.equal(answer.statements[0]?.plans[0]?.nodes.length, 10_000);
      assert.equal(answer.statements[0]?.plans[0]?.leftOut, 70_001);
    });

    it("of fifty megabytes are refused with the figure, and a little below it shown; nothing hangs meanwhile", async () => {
      const leaf = { "Node Type": "Seq Scan", "Relation Name": "deals", "Plan Rows": 1, "Total Cost": 1, "Startup Cost": 0, "Plan Width": 1, Filter: `(about = '${"x".repeat(900)}'::text)` };
      const text = (count: number): string => JSON.stringify([{ Plan: { "Node Type": "Append", "Total Cost": 100_000, Plans: Array.from({ length: count }, () => leaf) } }]);
      const [below, above] = [text(47_500), text(48_500)];
      assert.ok(below.length > 49_000_000 && below.length < 50_000_000 && above.length > 50_000_000, `${below.length} ${above.length}`);
      const refused = await read(above);
      assert.ok(refused.kind === "failed");
      assert.match(refused.problem.message, /This text has 50 MB; plans over 50 MB are not read/);
      const answered: string[] = [];
      const reading = read(below).finally(() => answered.push("plan"));
      await client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line: 1, character: 2 } });
      answered.push("hover");
      const answer = await reading;
      assert.deepEqual(answered, ["hover", "plan"]);
      assert.ok(answer.kind === "plans");
      assert.equal(answer.statements[0]?.plans[0]?.leftOut, 37_501);
    });

    it("keep hostile names as text", async () => {
      for (const name of hostileNames) {
        const answer = await read(JSON.stringify([{ "Query Text": `select ${name}`, Plan: { "Node Type": "Seq Scan", "Relation Name": name, Alias: name, "Total Cost": 1, "Plan Rows": 1 } }]));
        assert.equal(answer.kind, "plans", JSON.stringify(answer));
      }
    });

    it("are compared, node by node, and saved in three formats", async () => {
      const [before, after] = ["01-seq-scan-selective.json", "03-index-inefficient.json"].map((name) => readFileSync(join(goldens, name), "utf8"));
      const query = "SELECT id FROM visits WHERE kind = 'rare' AND id > 0";
      const compared: PlanCompared = v.parse(comparedShape, await client.connection.sendRequest(planCompare, { query, before: { title: "before", source: before }, after: { title: "after", source: after } }));
      assert.ok(compared.ok);
      assert.match(compared.pairing.pairs[0]?.changes[0] ?? "", /^Seq Scan on visits → Index Scan/);
      for (const [format, shape] of [["text", /^Seq Scan on visits/], ["json", /"Query Text": "SELECT id/], ["markdown", /\*\*Query plan\*\*[^]*```sql/]] as const) {
        const text = v.parse(v.string(), await client.connection.sendRequest(planSave, { source: before, query, format }));
        assert.match(text, shape);
      }
    });
  });

  it("are made of what a call of Prisma Client sends, each statement for itself, with what Prisma does in memory", async () => {
    const schema = 'datasource db {\n  provider = "postgresql"\n}\n\nmodel Account {\n  id Int @id\n  name String\n  deals Deal[]\n}\n\nmodel Deal {\n  id Int @id\n  status String\n  accountId Int\n  account Account @relation(fields: [accountId], references: [id])\n}\n';
    const program = 'export async function deals(prisma) {\n  return prisma.account.findMany({ where: { name: "Acme" }, include: { deals: true } });\n}\n';
    const own = temporaryFolder({ "package.json": "{}", "prisma/schema.prisma": schema, "src/deals.ts": program });
    const file = pathToFileURL(join(own, "src/deals.ts")).href;
    const start = (): Promise<LspClient> => LspClient.inProcess({ folders: [own], initializationOptions: { cacheFolder: join(own, "kept"), explainsQueries: true, settings: { prismaValidation: "off" } } }, { labs: new LaterLabs(undefined) });
    const lens = async (server: LspClient): Promise<readonly [number, string | undefined]> => {
      await server.open(file);
      const [found] = (await server.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: file } })) ?? [];
      return [found?.range.start.line ?? -1, found?.command?.title];
    };
    const prisma = await start();
    try {
      assert.deepEqual(await lens(prisma), [1, "Explain"]);
      const subject = { kind: "query", uri: file, start: program.indexOf("findMany") };
      const answer = v.parse(answerShape, await prisma.connection.sendRequest(planExplain, { id: "c", subject, target: { kind: "scratch" }, analyze: false, consent: [] }));
      assert.ok(answer.kind === "plans", JSON.stringify(answer));
      assert.equal(answer.title, "deals.ts:2");
      assert.equal(answer.statements.length, 2);
      assert.match(answer.statements[0]?.text ?? "", /FROM "public"\."Account"/);
      assert.equal(answer.statements[0]?.parameters[0]?.value, "Acme");
      assert.ok(answer.statements.every(({ plans: sheets }) => sheets.length === 1), JSON.stringify(answer.statements.map(({ problem }) => problem)));
      assert.match(answer.notes.join(" "), /This call sends 1 to 2 statements|This call sends 2 statements/);
      assert.match(answer.notes.join(" "), /joined in Node's memory/);
      const cost = answer.statements.reduce((sum, { plans: [sheet] }) => sum + (sheet?.totals.cost ?? Number.NaN), 0);
      assert.match((await lens(prisma))[1] ?? "", /^Explain \(last: cost [\d.,]+\)$/);
      assert.equal(Math.round(Number(/[\d.]+/.exec((await lens(prisma))[1] ?? "")?.[0])), Math.round(cost));
    } finally {
      await prisma.stop();
    }
    const again = await start();
    try {
      assert.match((await lens(again))[1] ?? "", /^Explain \(last: cost [\d.,]+\)$/, "kept for the next start");
    } finally {
      await again.stop();
    }
  });

  it("come with indexes that were tried, of which one is written", async () => {
    const params = { id: "a", subject: { kind: "query", uri, start: queries.indexOf("FROM deals WHERE account") + 10 }, target: { kind: "scratch" }, consent: [], statement: 0 };
    const advice = v.parse(adviceShape, await client.connection.sendRequest(planAdvise, params));
    const [item] = advice.items;
    assert.ok(item !== undefined, JSON.stringify(advice));
    assert.match(item.sql, /CREATE INDEX CONCURRENTLY .* ON "?deals"? .*account/);
    assert.ok(item.costAfter < item.costBefore);
    assert.deepEqual(v.parse(planOutcomeShape, await client.connection.sendRequest(planApplyAdvice, { uri, id: "never tried" })), { ok: false, reason: "This index is not known any more: try indexes again." });
    assert.deepEqual(v.parse(planOutcomeShape, await client.connection.sendRequest(planApplyAdvice, { uri, id: item.id })), { ok: true });
    const made = readdirSync(join(folder, "migrations")).filter((name) => name !== "0001_deals.sql");
    assert.match(made.map((name) => readFileSync(join(folder, "migrations", name), "utf8")).join(""), /CREATE INDEX CONCURRENTLY/);
    for (const name of made) rmSync(join(folder, "migrations", name));
  });

  it("lead to a new migration with the index that they ask for", async () => {
    const write = async (table: string, column: string): Promise<v.InferOutput<typeof planOutcomeShape>> =>
      v.parse(planOutcomeShape, await client.connection.sendRequest(planApply, { uri, index: { table, columns: [column] } }));
    assert.deepEqual(await write("nowhere", "x"), { ok: false, reason: `The schema of ${basename(folder)} has no table nowhere.` });
    assert.match(JSON.stringify(await write("deals", "status")), /has such an index already: deals_status/);
    assert.deepEqual(await write("deals", "account"), { ok: true });
    const made = readdirSync(join(folder, "migrations")).find((name) => name !== "0001_deals.sql");
    assert.ok(made !== undefined && existsSync(join(folder, "migrations", made)));
    assert.match(readFileSync(join(folder, "migrations", made), "utf8"), /CREATE INDEX (?:CONCURRENTLY )?.*ON "?deals"? \("?account"?\)/);
  });
});
