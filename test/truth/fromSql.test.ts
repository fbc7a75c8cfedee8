import assert from "node:assert/strict";
import { fromSql } from "../../server/src/model/fromSql.ts";
import type { Schema, Unread } from "../../server/src/model/schema.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { compareSchemas, countByKind, type Difference, elementCounts, formatDifference } from "../support/compareSchemas.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { corpusHistory, fixtureHistories, type History, sampleHistories } from "../support/histories.ts";
import { inconsistencies } from "../support/inconsistencies.ts";
import type { PostgresMajor } from "../support/postgres.ts";
import { type Replay, replay, type Watch } from "../support/replay.ts";
import { replayed } from "../support/replays.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

/**
 * The one property that keeps the model honest: a history folded from its text equals the catalog that a real PostgreSQL
 * has after the same history.
 *
 *     CORPUS=umami npx mocha test/truth/fromSql.test.ts              one history (several: comma-separated)
 *     CORPUS=umami DETAILS=1 npx mocha test/truth/fromSql.test.ts    with every difference, not the first few
 */
describe("fromSql equals the catalog of the replayed history", function () {
  this.timeout(120_000);

  const reports: Report[] = [];
  const bothMajors: readonly PostgresMajor[] = [15, 18];
  const cases: (() => Promise<Replay>)[] = [];

  for (const history of [...fixtureHistories(), ...sampleHistories()]) {
    for (const major of history.majors ?? bothMajors) declare(history.id, major, () => history);
  }

  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length > 0) declare(corpus.id, 15, () => corpusHistory(corpus));
  });

  after(() => console.log(summary(reports)));

  /** The server works on the next case while this one is compared. */
  function declare(id: string, major: PostgresMajor, read: () => History): void {
    const number = cases.length;
    cases.push(startedWhenAsked(read, major));
    it(`${id} on PostgreSQL ${major}`, async () => {
      const truth = cases[number]?.();
      cases[number + 1]?.().catch(() => undefined);
      assert.ok(truth !== undefined);
      assertEqual(id, major, await truth);
    });
  }

  function assertEqual(id: string, major: PostgresMajor, truth: Replay): void {
    const effects = truth.watched.flatMap((each) => each.effects);
    const folded = fromSql(truth.files);
    assert.deepEqual(inconsistencies(folded), []);
    const all = compareSchemas(folded, truth.schema, { withoutFacts: ["index.valid"] }).filter(
      (each) => !isIdentityOfPartition(each, truth.schema),
    );
    const differences = all.filter((difference) => !isExcused(difference, effects));
    reports.push({ id: `${id} ${major}`, truth, differences, excused: all.length - differences.length });
    assert.ok(truth.watched.length <= (notRead.get(id) ?? 0), `${truth.watched.length} statements are not read`);
    const refused = truth.failures.map((failure) => `${failure.message}: ${failure.statement.text}`);
    if (!refusals.has(id)) assert.deepEqual(refused, []);
    if (differences.length > 0) assert.fail(details(differences));
  }
});

/** Histories that PostgreSQL itself does not take in full; `fromCatalog.test.ts` knows which files. */
const refusals: ReadonlySet<string> = new Set(["adventureworks", "hatchet", "saas-stripe"]);

/**
 * How many statements of a history `fromSql` may leave unread: hatchet makes its partitions by calling functions that put a
 * table name together, and from today's date; saas-stripe is written for MySQL; a block of supabase-auth counts indexes.
 */
const notRead: ReadonlyMap<string, number> = new Map([
  ["hatchet", 39],
  ["saas-stripe", 4],
  ["supabase-auth", 1],
]);

/** The replay of a history, run once; what a statement does that `fromSql` has not read is told apart. */
function startedWhenAsked(read: () => History, major: PostgresMajor): () => Promise<Replay> {
  const start = async (): Promise<Replay> => {
    await loadSqlParser();
    const history = read();
    const unread = unreadOf(fromSql(history.files.map(({ uri, text }) => parseSql(uri, text))));
    return unread.length === 0 ? replayed(history, major) : replay(history, await sharedPostgres(major), covering(unread));
  };
  let started: Promise<Replay> | undefined;
  return () => {
    started ??= start();
    return started;
  };
}

interface Report {
  readonly id: string;
  readonly truth: Replay;
  readonly differences: readonly Difference[];
  /** Differences that statements reported as not read brought about. */
  readonly excused: number;
}

function unreadOf(schema: Schema): readonly Unread[] {
  return schema.sources.flatMap((source) => source.unread);
}

function covering(unread: readonly Unread[]): Watch {
  return (uri, { span }) => unread.some((each) => each.uri === uri && each.span.start < span.end && span.start < each.span.end);
}

/** Partitions share the identity of their parent's column since PostgreSQL 17, and have none before: a text cannot know. */
function isIdentityOfPartition({ kind, subject, fact }: Difference, truth: Schema): boolean {
  return (
    kind === "column" && fact === "identity" && truth.tables.get(subject.slice(0, subject.lastIndexOf(".")))?.partitionOf !== undefined
  );
}

/**
 * What a statement did that `fromSql` says it did not read is no difference: the same fact of the same element, or anything
 * about a table or view that the statement made or dropped.
 */
function isExcused(difference: Difference, effects: readonly Difference[]): boolean {
  return effects.some((effect) => {
    if (effect.kind === difference.kind && effect.subject === difference.subject)
      return effect.fact === difference.fact || effect.fact === "presence";
    const isRelation = effect.fact === "presence" && (effect.kind === "table" || effect.kind === "view");
    return isRelation && difference.subject.startsWith(`${effect.subject}.`);
  });
}

function details(differences: readonly Difference[]): string {
  const shown = process.env["DETAILS"] === undefined ? differences.slice(0, 15) : differences;
  const rest = differences.length - shown.length;
  const more = rest > 0 ? `\n    … and ${rest} more (DETAILS=1 shows all)` : "";
  return `${differences.length} differences\n    ${shown.map(formatDifference).join("\n    ")}${more}`;
}

/** One line a history: elements compared, differences by kind, and what was left out on both sides. */
function summary(reports: readonly Report[]): string {
  const lines = reports.map(({ id, truth, differences, excused }) => {
    const elements = [...elementCounts(truth.schema).values()].reduce((sum, count) => sum + count, 0);
    const kinds = [...countByKind(differences)].map(([kind, count]) => `${kind} ${count}`).join(", ");
    const notes = [
      `${elements} elements`,
      differences.length === 0 ? "equal" : `${differences.length} differences (${kinds})`,
      ...(truth.watched.length > 0 ? [`${truth.watched.length} statements not read with ${excused} effects`] : []),
      ...(truth.failures.length > 0 ? [`${truth.failures.length} refused by the server`] : []),
      ...(truth.leftOut.length > 0 ? [`${truth.leftOut.length} left out`] : []),
    ];
    return `    ${id.padEnd(20)} ${notes.join(", ")}`;
  });
  const refused = reports.flatMap(({ id, truth }) =>
    truth.failures.map((failure) => `    ${id.padEnd(20)} refused: ${failure.message}: ${excerpt(failure.statement.text)}`),
  );
  const leftOut = reports.flatMap(({ id, truth }) =>
    truth.leftOut.map((statement) => `    ${id.padEnd(20)} left out: ${excerpt(statement.text)}`),
  );
  const notRead = reports.flatMap(({ id, truth }) =>
    truth.watched.map(({ statement, effects }) => `    ${id.padEnd(20)} not read, ${effects.length} effects: ${excerpt(statement.text)}`),
  );
  return ["", ...lines, "", ...refused, ...leftOut, ...notRead, ""].join("\n");
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}
