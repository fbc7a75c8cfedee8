/**
 * What the rules say about real schemas and histories equals what an independent query says about the same in a real
 * PostgreSQL. Where a rule is finer than the query, the difference is listed here, one by one, with its reason.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
import { join } from "../../server/src/model/join.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { runRules } from "../../server/src/rules/run.ts";
import { defaultRuleSettings } from "../../server/src/rules/settings.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { type Corpus, corporaFolder, forEachCorpus } from "../support/corpora.ts";
import { corpusHistory, type History } from "../support/histories.ts";
import { replayed } from "../support/replays.ts";
import { truthQueries } from "../support/truthQueries.ts";

before(() => loadSqlParser());

describe("rules say what PostgreSQL's catalog says", () => {
  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length > 0) {
      it(`about the history of ${corpus.id}`, () => check(corpus.id, historySchema(corpus)));
    }
    if (corpus.schemaFiles.length > 0) {
      it(`about the Prisma schema of ${corpus.id}`, () => check(`${corpus.id}.schema`, prismaSchema(corpus)));
    }
  });
});

/**
 * The same for rules whose truth is asked of the catalog after the replay: for each layer, and for what the two make
 * together. There a column of the Prisma schema is what the schema says, any other what the history has made of it.
 */
describe("rules say what queries of a replayed history say", function () {
  this.timeout(120_000);
  const reports: string[] = [];

  forEachCorpus((corpus) => {
    it(`about ${corpus.id}`, async () => {
      const history = corpus.sqlFiles.length === 0 ? undefined : await replayed(corpusHistory(corpus));
      const derived = corpus.derivedSql === undefined ? undefined : await replayed(derivedHistory(corpus, corpus.derivedSql));
      const sql = history === undefined ? undefined : fromSql(history.files);
      const prisma = corpus.schemaFiles.length === 0 ? undefined : prismaSchema(corpus);
      for (const rule of Object.keys(truthQueries)) {
        const [made, stated] = [history?.truths.get(rule) ?? [], derived?.truths.get(rule) ?? []];
        if (sql !== undefined) reports.push(compareTo(made, sql, rule, corpus.id));
        if (prisma !== undefined) reports.push(compareTo(stated, prisma, rule, `${corpus.id}, Prisma schema`));
        if (sql === undefined || prisma === undefined) continue;
        const columns = new Set([...prisma.tables.values()].flatMap(({ key, columns: all }) => [...all.keys()].map((name) => `${key}(${name})`)));
        const both = [...stated, ...made.filter((subject) => !columns.has(subject))];
        reports.push(compareTo(both, join([prisma, sql]), rule, `${corpus.id}, joined`));
      }
    });
  });

  after(() => console.log(["", ...reports, ""].join("\n")));
});

/** Fails unless the findings are the expected ones; says how many there are. */
function compareTo(expected: readonly string[], schema: Schema, rule: string, about: string): string {
  const findings = runRules(schema, {
    settings: defaultRuleSettings,
    log: (id, error) => {
      throw new Error(`${id} threw`, { cause: error });
    },
  });
  const found = unique(findings.flatMap((finding) => (finding.rule === rule ? [finding.subject] : [])));
  assert.deepEqual(found, unique(expected), `${rule} in ${about}`);
  return `    ${rule.padEnd(24)} ${about.padEnd(32)} ${found.length} found of ${unique(expected).length}, none beside`;
}

function derivedHistory(corpus: Corpus, path: string): History {
  return { id: `${corpus.id}.schema`, corpus: undefined, files: [{ uri: pathToFileURL(path).href, text: readFileSync(path, "utf8") }] };
}

/** Subjects that a rule reports and the query does not, or the other way round. */
interface Exception {
  readonly only: "rule" | "query";
  readonly rule: string;
  readonly subjects: readonly string[];
  readonly reason: string;
}

const exceptions: Readonly<Record<string, readonly Exception[]>> = {
  "supabase-auth": [
    {
      only: "rule",
      rule: "no-redundant-index",
      subjects: ["auth.users.users_instance_id_idx"],
      reason: "The query leaves out every index with an expression. (instance_id) does lead (instance_id, lower(email)).",
    },
  ],
  adventureworks: [
    {
      only: "rule",
      rule: "require-index-on-foreign-key",
      subjects: ["production.productreview(productid)"],
      reason: "The rows of this corpus violate the foreign key, so the server that the query ran on refused it.",
    },
  ],
};

function check(id: string, schema: Schema): void {
  const truth = v.parse(truthFile, JSON.parse(readFileSync(joinPath(corporaFolder, "truth", `${id}.json`), "utf8")));
  const schemas = new Set(truth.schemas);
  const findings = runRules(schema, {
    settings: defaultRuleSettings,
    log: (rule, error) => {
      throw new Error(`${rule} threw`, { cause: error });
    },
  });
  const found = (rule: string): string[] => {
    const subjects = findings.filter((finding) => finding.rule === rule).map(({ subject }) => subject);
    return unique(subjects.filter((subject) => schemas.has(subject.slice(0, subject.indexOf(".")))));
  };
  const compare = (rule: string, expected: readonly string[]): void => {
    const excused = (only: Exception["only"]): ReadonlySet<string> =>
      new Set(
        (exceptions[id] ?? []).flatMap((exception) => (exception.only === only && exception.rule === rule ? exception.subjects : [])),
      );
    const [ours, theirs] = [excused("rule"), excused("query")];
    for (const subject of ours)
      assert.ok(found(rule).includes(subject) && !expected.includes(subject), `${subject} is no exception any more`);
    for (const subject of theirs)
      assert.ok(!found(rule).includes(subject) && expected.includes(subject), `${subject} is no exception any more`);
    assert.deepEqual(
      found(rule).filter((subject) => !ours.has(subject)),
      unique(expected.filter((subject) => !theirs.has(subject))),
      rule,
    );
  };

  compare(
    "require-index-on-foreign-key",
    truth.unindexed_fks_strict.map(({ table, columns }) => `${table}(${columns.join(", ")})`),
  );
  compare("require-primary-key", truth.no_primary_key);
  // Of a group of equal indexes one stays. The query names them all, and calls all but the oldest redundant besides.
  const duplicates = found("no-duplicate-index");
  compare(
    "no-duplicate-index",
    truth.duplicate_indexes.flatMap(({ table, indexes }) =>
      leaveOneOut(
        indexes.map((index) => `${table}.${index}`),
        duplicates,
      ),
    ),
  );
  const redundant = truth.redundant_indexes.map(({ table, index }) => `${table}.${index}`);
  compare(
    "no-redundant-index",
    redundant.filter((subject) => !duplicates.includes(subject)),
  );
}

/** The group without the one that stays, which the rule chooses; all of it when the rule found none or all of them. */
function leaveOneOut(group: readonly string[], found: readonly string[]): readonly string[] {
  const kept = group.filter((subject) => !found.includes(subject));
  return kept.length === 1 ? group.filter((subject) => subject !== kept[0]) : group;
}

function unique(subjects: readonly string[]): string[] {
  return [...new Set(subjects)].sort();
}

function historySchema(corpus: Corpus): Schema {
  return fromSql(corpusHistory(corpus).files.map(({ uri, text }) => parseSql(uri, text)));
}

function prismaSchema(corpus: Corpus): Schema {
  return fromPrisma(corpus.schemaFiles.map((path) => parsePrisma(pathToFileURL(path).href, readFileSync(path, "utf8"))));
}

const truthFile = v.object({
  schemas: v.nullable(v.array(v.string()), []),
  unindexed_fks_strict: v.array(v.object({ table: v.string(), columns: v.array(v.string()) })),
  no_primary_key: v.array(v.string()),
  duplicate_indexes: v.array(v.object({ table: v.string(), indexes: v.array(v.string()) })),
  redundant_indexes: v.array(v.object({ table: v.string(), index: v.string() })),
});
