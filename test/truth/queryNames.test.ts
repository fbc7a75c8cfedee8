/**
 * What PostgreSQL prepares mentions nothing undefined, and what it refuses for a name is found at that name: for the
 * queries of the samples and of the histories, as they are and with names misspelt. Where a schema leaves doubt, slips
 * may be missed; how many is shown.
 */
import assert from "node:assert/strict";
import pg from "pg";
import { NameHistory } from "../../server/src/editing/nameHistory.ts";
import { undefinedNames } from "../../server/src/editing/undefinedNames.ts";
import { foldSql } from "../../server/src/model/fromSql.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { referencesOf } from "../../server/src/sql/references.ts";
import type { Problem } from "../../server/src/text/problem.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { corpusHistory, type History, sampleHistories } from "../support/histories.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { crm, crmLegacy } from "../support/samples.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

/** Of one query, so many names are misspelt: each is a round trip. */
const mostSlips = 12;
const mostQueries = 150;

/** undefined_table, undefined_column, undefined_object: a missing FROM-clause entry is a 42P01 too. */
const aboutNames: ReadonlySet<string> = new Set(["42P01", "42703", "42704"]);

describe("Names in queries", function () {
  this.timeout(180_000);
  before(loadSqlParser);

  const queries = new Map([crm, crmLegacy].map((sample) => [sample.name, sample.queries.map(({ text }) => text)]));
  for (const history of sampleHistories()) {
    it(`of ${history.id} are undefined where PostgreSQL says so`, async () => {
      const own = [...queries].find(([name]) => history.id.endsWith(name))?.[1] ?? [];
      const { accepted, found, silent } = await check(history, own);
      assert.ok(accepted > 0 && silent * 50 <= found, `${silent} missed, ${found} found`);
    });
  }
  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length > 0)
      it(`of ${corpus.id} are undefined where PostgreSQL says so`, async () => void (await check(corpusHistory(corpus), [])));
  });
});

async function check(
  history: History,
  further: readonly string[],
): Promise<{ readonly accepted: number; readonly found: number; readonly silent: number }> {
  const files = history.files.map(({ uri, text }) => parseSql(uri, text));
  const { schema } = foldSql(files);
  const names = new NameHistory(files);
  const inFiles = files.flatMap(({ statements }) =>
    statements
      .filter(({ tree }) => /^(?:Select|Insert|Update|Delete|Merge)Stmt$/.test(Object.keys(tree ?? {})[0] ?? ""))
      .map(({ text }) => text),
  );
  const texts = [...further.flatMap((text) => parseSql("file:///q.sql", text).statements.map((statement) => statement.text))];
  texts.push(...[...new Set([...[...schema.views.values()].map(({ query }) => query), ...inFiles])].slice(0, mostQueries));
  const database = await (await sharedPostgres()).createDatabase();
  const counts = { accepted: 0, refused: 0, slips: 0, found: 0, silent: 0 };
  try {
    const client = await filled(database, history);
    for (const text of texts) {
      const problems = problemsOf(text, schema, names);
      if ((await refusal(client, text)) !== undefined) {
        counts.refused++;
        continue;
      }
      counts.accepted++;
      assert.deepEqual(
        problems.map(({ message }) => message),
        [],
        text,
      );
      for (const { slip, at } of slipsOf(text)) {
        const refused = await refusal(client, slip);
        const said = problemsOf(slip, schema, names);
        counts.slips++;
        if (refused === undefined)
          assert.deepEqual(
            said.map(({ message }) => message),
            [],
            slip,
          );
        else if (aboutNames.has(refused) && said.some(({ span }) => span.start === at)) {
          counts.found++;
          for (const problem of said) {
            const mended = withInstead(slip, problem);
            if (mended !== undefined) assert.notEqual(await refusal(client, mended), "42601", `a syntax error: ${mended}`);
          }
        } else if (aboutNames.has(refused)) {
          counts.silent++;
          if (process.env["SHOW"] !== undefined) console.log(`${slip.slice(0, 300)}\n   at ${slip.slice(at, at + 40)}`);
        }
      }
    }
    await client.end();
  } finally {
    await database.drop();
  }
  const { accepted, refused, slips, found, silent } = counts;
  console.log(`      ${accepted} queries prepared, ${refused} refused; of ${slips} slips ${found} found at their place, ${silent} not`);
  return counts;
}

/** With as much of the history as this server takes. */
async function filled(database: TestDatabase, history: History): Promise<pg.Client> {
  const client = await database.client();
  await client.query("SET check_function_bodies = off; SET client_min_messages = error");
  for (const { uri, text } of history.files) {
    for (const statement of parseSql(uri, text).statements) {
      if (statement.kind === "sql" && statement.section === "up") await client.query(statement.text).catch(() => undefined);
    }
  }
  await client.query("ROLLBACK").catch(() => undefined);
  return client;
}

/** SQLSTATE; undefined when PostgreSQL prepares it. */
async function refusal(client: pg.Client, text: string): Promise<string | undefined> {
  try {
    await client.query(`PREPARE checked AS ${text}`);
    await client.query("DEALLOCATE checked");
    return undefined;
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.code ?? "") : assert.fail(String(error));
  }
}

/** With what is offered in place of a name; undefined when nothing is. */
function withInstead(text: string, { span, instead }: Problem): string | undefined {
  return instead === undefined ? undefined : `${text.slice(0, span.start)}${instead}${text.slice(span.end)}`;
}

function problemsOf(text: string, schema: Schema, history: NameHistory): readonly Problem[] {
  const work = undefinedNames(parseSql("file:///query.sql", text), schema, { history });
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value.problems;
  }
}

/** The text with one of its names misspelt at a time: tables, columns and types, evenly from all over it. */
function slipsOf(text: string): readonly { readonly slip: string; readonly at: number }[] {
  const [statement] = parseSql("file:///query.sql", text).statements;
  const uses = (statement === undefined ? [] : referencesOf(statement)).filter(
    ({ kind, role, isLocal }) => role === "uses" && !isLocal && (kind === "relation" || kind === "column" || kind === "type"),
  );
  const step = Math.max(1, Math.ceil(uses.length / mostSlips));
  return uses.flatMap(({ nameSpan: { start, end } }, i) => {
    const written = text.slice(start, end);
    const last = written.endsWith('"') ? end - 1 : end;
    return i % step > 0 || end <= start ? [] : [{ slip: `${text.slice(0, last)}q${text.slice(last)}`, at: start }];
  });
}
