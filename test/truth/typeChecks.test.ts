/**
 * What a server prepares is never reported by the type check: for the queries of the samples, TPC-H and of the histories,
 * over the scratch database of their project. What the server refuses is counted: with which SQLSTATE, and whether it is shown.
 */
import assert from "node:assert/strict";
import pg from "pg";
import { Labs } from "../../server/src/lab/labs.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { queriesIn, type Query } from "../../server/src/sql/queries/query.ts";
import { schemaKey } from "../../server/src/workspace/schemaKey.ts";
import { finish } from "../../server/src/workspace/steps.ts";
import { isChecked, type TypeCheck } from "../../server/src/workspace/typeChecks.ts";
import { described } from "../../server/src/lab/describe.ts";
import { schemaEngineWorker } from "../../server/src/workspace/assets.ts";
import { tpchCases, tpchSql } from "../support/advice/tpch.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { corpusHistory, type History, sampleHistories } from "../support/histories.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { crm, crmLegacy } from "../support/samples.ts";
import { scratchOptions } from "../support/scratch.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { TestWorkspace } from "../support/workspaceOf.ts";

const mostQueries = 120;
const path = "queries/all.sql";

describe("The type check of queries", function () {
  this.timeout(180_000);

  let labs: Labs;
  before(async () => {
    await loadSqlParser();
    const scratch = await scratchOptions();
    labs = new Labs({ scratch: { ...scratch, deadline: 120_000 }, schemaEngine: { worker: schemaEngineWorker, assets: scratch.assets } });
  });
  after(() => labs.close());

  const queries = new Map([crm, crmLegacy].map((sample) => [sample.name, sample.queries.map(({ text }) => text)]));
  for (const history of sampleHistories()) {
    it(`of ${history.id} reports nothing that a server prepares, and what it refuses`, async () => {
      const own = [...queries].find(([name]) => history.id.endsWith(name))?.[1] ?? [];
      const { accepted, shown, silent } = await check(history, own, labs);
      assert.ok(accepted > 0 && shown > 10 * silent, `${shown} shown, ${silent} not`);
    });
  }
  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length > 0) it(`of ${corpus.id} reports nothing that a server prepares`, async () => void (await check(corpusHistory(corpus), [], labs)));
  });
  it("of TPC-H's 22 queries reports nothing that a server prepares, and what it refuses", async () => {
    const history: History = { id: "tpch-queries", corpus: undefined, files: tpchSql.map((text, i) => ({ uri: `file:///tpch/${i}.sql`, text })) };
    const own = tpchCases.map(([, text]) => text);
    const { accepted, shown, silent } = await check(history, own, labs);
    assert.ok(accepted >= 22 && shown > 10 * silent, `${accepted} accepted; ${shown} shown, ${silent} not`);
  });
});

async function check(history: History, further: readonly string[], labs: Labs): Promise<{ accepted: number; shown: number; silent: number }> {
  const workspace = await TestWorkspace.of(Object.fromEntries(history.files.map(({ text }, i) => [`migrations/${String(i + 1).padStart(4, "0")}_part.sql`, text])));
  const [project] = finish(workspace.workspace.snapshot().projects());
  if (project === undefined) {
    assert.ok(history.files.every(({ uri, text }) => parseSql(uri, text).statements.every(({ tree }) => tree === undefined || !("CreateStmt" in tree))), "PostgreSQL's tables make a project");
    return { accepted: 0, shown: 0, silent: 0 };
  }
  const checked = finish(workspace.workspace.snapshot().check(project));
  const lab = await labs.database(checked);
  assert.ok(lab.ok, JSON.stringify(lab));
  const views = [...checked.schema.views.values()].map(({ query }) => query);
  const written = checked.sqlFiles.flatMap(({ statements }) => statements.filter(({ tree }) => /^(?:Select|Insert|Update|Delete|Merge)Stmt$/.test(Object.keys(tree ?? {})[0] ?? "")).map(({ text }) => text));
  const whole = [...further, ...[...new Set([...views, ...written])].slice(0, mostQueries)].map((text) => text.replace(/\s*;\s*$/, "")).flatMap((text) => parseSql("file:///q.sql", text).statements.map((statement) => statement.text));
  const texts = [...whole, ...whole.slice(0, 60).flatMap(faulty)];
  const client = await filled(history);
  const counts = { accepted: 0, refused: 0, shown: 0, silent: 0 };
  try {
    for (const text of texts) {
      workspace.open(path, `${text};\n`);
      const [query, ...others] = queriesIn({ uri: workspace.uri(path), text: `${text};\n` }).filter(isChecked);
      if (query === undefined || others.length > 0) continue;
      const answers = new Map<string, TypeCheck>([[query.text, await described(lab, query.text, new AbortController().signal)]]);
      workspace.workspace.applyChange({ kind: "typeChecked", project: project.id, typeChecked: { key: schemaKey(checked), answers, isLacking: lab.lacking.length > 0, isUnavailable: false, notices: [] } });
      const said = workspace.report(path)?.problems ?? [];
      const refused = await refusal(client.client, query);
      const own = said.filter(({ source }) => source === "PostgreSQL");
      if (refused === undefined) {
        counts.accepted++;
        assert.deepEqual(own.map(({ code, message }) => `${code} ${message}`), [], text);
        continue;
      }
      counts.refused++;
      for (const { code, span } of own) {
        assert.ok(span.start >= query.span.start && span.end <= query.span.end && span.start < span.end, text);
        if (code !== refused) console.log(`      ${code} here, ${refused} on the server: ${text.slice(0, 200)}`);
      }
      if (said.length > 0) counts.shown++;
      else {
        counts.silent++;
        if (process.env["SHOW"] !== undefined) console.log(`      silent: ${refused} ${JSON.stringify(answers.get(query.text)).slice(0, 150)} ${text.slice(0, 150)}`);
      }
      workspace.close(path);
    }
  } finally {
    await client.close();
  }
  console.log(`      ${counts.accepted} accepted, ${counts.refused} refused: ${counts.shown} shown, ${counts.silent} not; ${lab.lacking.length} things lacking`);
  return counts;
}

/** The same with one fault: a type that does not fit, a function and a column that are not there. */
function faulty(text: string): readonly string[] {
  const where = /\bWHERE\b/i.exec(text);
  if (where === null) return [];
  const at = where.index + where[0].length;
  const end = text.slice(at);
  return [`${text.slice(0, at)} now() = 5 AND ${end}`, `${text.slice(0, at)} no_such_function(1) AND ${end}`, `${text.slice(0, at)} no_such_column = 1 AND ${end}`];
}

/** With as much of the history as this server takes. */
async function filled(history: History): Promise<{ readonly client: pg.Client; close(): Promise<void> }> {
  const database: TestDatabase = await (await sharedPostgres()).createDatabase();
  const client = await database.client();
  await client.query("SET check_function_bodies = off; SET client_min_messages = error");
  for (const { uri, text } of history.files) {
    for (const statement of parseSql(uri, text).statements) if (statement.kind === "sql" && statement.section === "up") await client.query(statement.text).catch(() => undefined);
  }
  await client.query("ROLLBACK").catch(() => undefined);
  return {
    client,
    async close() {
      await client.end();
      await database.drop();
    },
  };
}

/** SQLSTATE; undefined when PostgreSQL prepares it. */
async function refusal(client: pg.Client, { text }: Query): Promise<string | undefined> {
  try {
    await client.query(`PREPARE checked AS ${text}`);
    await client.query("DEALLOCATE checked");
    return undefined;
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.code ?? "") : assert.fail(String(error));
  }
}
