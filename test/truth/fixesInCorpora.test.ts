/**
 * Fixes on real schemas and histories: for each rule and corpus the first few are written, the text is read again, the
 * rule is silent about what it found, and the facts differ by what the intent says and nothing else.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { lint } from "@prisma/prisma-schema-wasm";
import { renderIntent } from "../../server/src/edits/render.ts";
import type { RenderContext } from "../../server/src/edits/renderContext.ts";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
import { join } from "../../server/src/model/join.ts";
import { Places } from "../../server/src/model/places.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { blankForPrisma7 } from "../../server/src/prisma/blankUrls.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { type Finding, type Fix, fixIn } from "../../server/src/rules/rule.ts";
import { runRules } from "../../server/src/rules/run.ts";
import { defaultRuleSettings } from "../../server/src/rules/settings.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { applyEdits, type FileEdit } from "../../server/src/text/edit.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { differenceOf, unexplained } from "../support/facts.ts";
import { corpusHistory, type HistoryFile } from "../support/histories.ts";

/** Of each rule in each corpus; all of them take minutes and say the same. */
const fixesOfARule = 2;

const newMigration = { kind: "newMigration", uri: "file:///new/migration.sql" } as const;
const inPlace = { kind: "inPlace" } as const;

/** What a new migration is right to refuse: a type below a view, and what the database does anyway. */
const refusals = /^The view .* may read the column|^The database already has/;

describe("fixes on real schemas", function () {
  this.timeout(120_000);

  before(() => loadSqlParser());

  forEachCorpus((corpus) => {
    if (corpus.schemaFiles.length > 0) {
      it(`change the Prisma schema of ${corpus.id} as they say`, () => {
        const files = corpus.schemaFiles.map((path) => ({ uri: pathToFileURL(path).href, text: readFileSync(path, "utf8") }));
        check(files, prismaSchema, newMigration, prismaProblems, corpus.derivedSql);
      });
    }
    // One of the histories is for MySQL.
    if (corpus.sqlFiles.length === 0 || corpus.id === "saas-stripe") return;
    it(`change the history of ${corpus.id} by a new migration as they say`, () =>
      check(corpusHistory(corpus).files, sqlSchema, newMigration, sqlProblems));
    if (corpus.sqlFiles.length > 1) return;
    it(`change the SQL of ${corpus.id} where it stands as they say`, () =>
      check(corpusHistory(corpus).files, sqlSchema, inPlace, sqlProblems));
  });
});

function check(
  files: readonly HistoryFile[],
  readAll: (files: readonly HistoryFile[]) => PlacedSchema,
  placement: ReturnType<RenderContext["sqlPlacement"]>,
  problemsIn: (text: string) => number,
  derivedSql?: string,
): void {
  const texts = new Map(files.map(({ uri, text }) => [uri, text]));
  const { schema: before, places } = readAll(files);
  for (const finding of firstOfEachRule(before)) {
    const { rule, subject } = finding;
    const fix = fixIn(before, finding);
    if (fix === undefined) continue;
    const edits = renderIntent(fix.intent, { places, readText: (uri) => texts.get(uri), sqlPlacement: () => placement });
    if ("ok" in edits) {
      assert.match(edits.reason, placement.kind === "inPlace" ? /^$/ : refusals, `${rule} ${subject}`);
      continue;
    }
    const created = edits.flatMap((edit) => (edit.kind === "create" ? [edit.text] : []));
    if (derivedSql !== undefined && created.length === edits.length) {
      checkMigration(readFileSync(derivedSql, "utf8"), created.join(""), before, finding, fix);
      continue;
    }
    const changed = applied(files, edits);
    for (const { uri, text } of changed) {
      const was = texts.get(uri);
      if (was !== text) assert.ok(problemsIn(text) <= (was === undefined ? 0 : problemsIn(was)), `${rule} ${subject} breaks ${uri}`);
    }
    const after = readAll(changed).schema;
    // What Prisma leaves to SQL changes both texts; one schema does not show it.
    if (edits.length === 1 || placement.kind === "inPlace")
      assert.deepEqual(unexplained(differenceOf(before, after), fix.intent), [], `${rule} ${subject}`);
    assert.ok(!findingsIn(after).some((finding) => finding.rule === rule && finding.subject === subject), `${rule} still finds ${subject}`);
  }
}

/** What Prisma leaves to SQL alone: the database that the schema describes has it once the migration has run, and both together show it. */
function checkMigration(derived: string, migration: string, prisma: Schema, { rule, subject }: Finding, { intent }: Fix): void {
  const base = { uri: "file:///derived.sql", text: derived };
  const after = sqlSchema([base, { uri: newMigration.uri, text: migration }]).schema;
  assert.equal(sqlProblems(migration), 0, `${rule} ${subject}`);
  assert.deepEqual(unexplained(differenceOf(sqlSchema([base]).schema, after), intent), [], `${rule} ${subject}`);
  const found = findingsIn(join([prisma, after]));
  assert.ok(!found.some((finding) => finding.rule === rule && finding.subject === subject), `${rule} still finds ${subject}`);
}

function firstOfEachRule(schema: Schema): readonly Finding[] {
  const counts = new Map<string, number>();
  return findingsIn(schema).filter((finding) => {
    const { rule } = finding;
    if (fixIn(schema, finding) === undefined) return false;
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= fixesOfARule;
  });
}

function findingsIn(schema: Schema): readonly Finding[] {
  return runRules(schema, {
    settings: defaultRuleSettings,
    log: (rule, error) => {
      throw new Error(`${rule} threw`, { cause: error });
    },
  });
}

function applied(files: readonly HistoryFile[], edits: readonly FileEdit[]): readonly HistoryFile[] {
  const isPrisma = files.some(({ uri }) => uri.endsWith(".prisma"));
  const created = edits.flatMap((edit) => (edit.kind === "create" && !isPrisma ? [edit] : []));
  const changed = files.map((file) => {
    const own = edits.flatMap((edit) => (edit.kind === "change" && edit.uri === file.uri ? edit.edits : []));
    return { uri: file.uri, text: applyEdits(file.text, own) };
  });
  return [...changed, ...created.map(({ uri, text }) => ({ uri, text }))];
}

interface PlacedSchema {
  readonly schema: Schema;
  readonly places: Places;
}

function prismaSchema(files: readonly HistoryFile[]): PlacedSchema {
  const trees = files.map(({ uri, text }) => parsePrisma(uri, text));
  return { schema: fromPrisma(trees), places: new Places(trees) };
}

function sqlSchema(files: readonly HistoryFile[]): PlacedSchema {
  const trees = files.map(({ uri, text }) => parseSql(uri, text));
  return { schema: fromSql(trees), places: new Places(trees) };
}

function sqlProblems(text: string): number {
  return parseSql("file:///a.sql", text).problems.length;
}

function prismaProblems(text: string): number {
  const found: unknown = JSON.parse(lint(JSON.stringify([["schema.prisma", blankForPrisma7(text)]])));
  assert.ok(Array.isArray(found));
  return found.filter((item: { is_warning: boolean }) => !item.is_warning).length;
}
