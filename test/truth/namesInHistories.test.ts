/**
 * Histories that PostgreSQL accepts mention nothing that does not exist: whatever the resolver calls missing in them is a
 * mistake of ours. What it cannot tell is counted and shown.
 */
import assert from "node:assert/strict";
import { NameHistory } from "../../server/src/editing/nameHistory.ts";
import { NameResolver } from "../../server/src/editing/resolve.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { referencesOf } from "../../server/src/sql/references.ts";
import { corpora, forEachCorpus } from "../support/corpora.ts";
import { corpusHistory, fixtureHistories, type History, sampleHistories } from "../support/histories.ts";

describe("Names in histories", function () {
  this.timeout(120_000);
  before(loadSqlParser);

  for (const history of [...sampleHistories(), ...fixtureHistories()]) it(`of ${history.id} all mean something`, () => check(history));
  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length > 0) it(`of ${corpus.id} all mean something`, () => check(corpusHistory(corpus)));
  });

  it("include those of the corpora", () => assert.ok(corpora().length > 0));
});

function check(history: History): void {
  const files = history.files.map(({ uri, text }) => parseSql(uri, text));
  const schema = fromSql(files);
  const resolver = new NameResolver(schema, { history: new NameHistory(files) });
  const missing: string[] = [];
  let found = 0;
  let unknown = 0;
  for (const file of files) {
    for (const statement of file.statements) {
      if (statement.section === "down" || /\bif exists\b/i.test(statement.text)) continue;
      for (const reference of referencesOf(statement)) {
        const resolution = resolver.resolve(reference, statement.anchor);
        if (resolution.kind === "found") found++;
        else if (resolution.kind === "unknown" && ["relation", "column", "type"].includes(reference.kind)) unknown++;
        if (resolution.kind === "missing")
          missing.push(
            `${reference.kind} ${reference.path.join(".")} in ${file.uri.split("/").at(-1)}: ${statement.text.slice(0, 90).replaceAll(/\s+/g, " ")}`,
          );
      }
    }
  }
  console.log(`      ${found} names found, ${unknown} of relations, columns and types unknown, ${missing.length} called missing`);
  assert.deepEqual(missing, []);
}
