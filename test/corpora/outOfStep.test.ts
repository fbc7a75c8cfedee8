/** Whether Prisma schemas of real projects are what their migrations make: the rule says so where a new migration would have something to do. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { targetOf } from "../../server/src/migrations/target.ts";
import { changeText, differences } from "../../server/src/model/diff.ts";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { foldSql } from "../../server/src/model/fromSql.ts";
import { join } from "../../server/src/model/join.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { requireMigration } from "../../server/src/rules/changes/require-migration.ts";
import { runRules } from "../../server/src/rules/run.ts";
import { presetSettings } from "../../server/src/rules/settings.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { corpusHistory } from "../support/histories.ts";

/** Whether a list may be null, and what the tables between two models are like, is left to Prisma. */
const leftToPrisma = /^changed column \S+: notNull true -> false$|_AB_(?:pkey|unique)$/;

describe("require-migration over real projects", function () {
  this.timeout(120_000);

  before(() => loadSqlParser());

  forEachCorpus((corpus) => {
    if (corpus.schemaFiles.length === 0 || corpus.sqlFiles.length === 0) return;
    it(`says whether the schema of ${corpus.id} is what its migrations make`, () => {
      const files = corpusHistory(corpus).files.map(({ uri, text }) => parseSql(uri, text));
      const made = foldSql(files, { changesIn: new Set() }).schema;
      const stated = fromPrisma(corpus.schemaFiles.map((path) => parsePrisma(pathToFileURL(path).href, readFileSync(path, "utf8"))), { major: 6 });
      const joined = join([stated, made]);
      const found = runRules(joined, { settings: presetSettings("all"), rules: [requireMigration], log: (_, error) => assert.fail(String(error)) });
      // Of what was read in part, it is not known what is missing.
      const isWhole = joined.sources.every(({ complete }) => complete);
      const left = isWhole ? differences(made, targetOf(stated, made)).map(changeText).filter((text) => !leftToPrisma.test(text)) : [];
      assert.equal(found.length > 0, left.length > 0, `${found.map(({ message }) => message).join("\n")}\n---\n${left.join("\n")}`);
    });
  });
});
