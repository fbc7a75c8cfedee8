/**
 * A history folded again after an edit equals that history folded from nothing, and most edits of a single statement
 * are folded without the rest. The edits are random, and the same in every run.
 */
import assert from "node:assert/strict";
import { type FoldedSql, foldSql } from "../../server/src/model/fromSql.ts";
import { isEqual } from "../../server/src/model/isEqual.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import type { SqlFile } from "../../server/src/sql/syntax.ts";
import { corpusHistories, fixtureHistories, type History, sampleHistories } from "../support/histories.ts";
import { randomOf } from "../support/random.ts";
import { typed } from "../support/typing.ts";

/** Torn texts say little: after some edits it begins again with the whole one. */
const rounds = 5;
const editsOfOneRound = 8;
/** Of a corpus, whose histories are long. */
const editsOfOneCorpus = 12;

describe("a history folded again after an edit", function () {
  this.timeout(120_000);

  before(() => loadSqlParser());

  for (const history of corpusHistories()) {
    it(`${history.id} equals one folded from nothing`, () => {
      holdsAfterEdits(history, typed, 1, editsOfOneCorpus);
    });
  }

  for (const history of [...sampleHistories(), ...fixtureHistories()]) {
    it(`${history.id} equals one folded from nothing`, () => {
      for (let round = 1; round <= rounds; round++) holdsAfterEdits(history, typed, round, editsOfOneRound);
    });
  }

  for (const history of sampleHistories()) {
    it(`${history.id}: what a new column does not concern stays the same object`, () => {
      const kept = holdsAfterEdits(history, withColumn, 1, editsOfOneCorpus);
      assert.ok(kept > editsOfOneCorpus / 2, `${kept} of ${editsOfOneCorpus} edits`);
    });
  }
});

type Edit = (text: string, random: (below: number) => number) => string;

/** How many of the edits kept the elements that they did not concern. */
function holdsAfterEdits(history: History, edit: Edit, seed: number, edits: number): number {
  const random = randomOf(seed);
  let files = history.files.map(({ uri, text }) => complete(parseSql(uri, text)));
  let folded = foldSql(files);
  let kept = 0;
  for (let n = 0; n < edits; n++) {
    const at = random(files.length);
    files = files.map((file, i) => (i === at ? reparsed(file, edit(file.text, random)) : file));
    const again = foldSql(files, {}, folded);
    const fresh = foldSql(files);
    for (const facet of ["schema", "problems", "changes"] as const)
      if (!isEqual(again[facet], fresh[facet]))
        assert.deepEqual(again[facet], fresh[facet], `${facet} after edit ${n + 1}, of ${files[at]?.uri}`);
    if (sharesTables(folded, again)) kept++;
    folded = again;
  }
  return kept;
}

function sharesTables(before: FoldedSql, after: FoldedSql): boolean {
  return [...after.schema.tables].some(([key, table]) => before.schema.tables.get(key) === table);
}

/** A line is added below the beginning of a random CREATE TABLE; one that was added before goes. */
function withColumn(text: string, random: (below: number) => number): string {
  const column = `\n  added_${random(3)} integer NOT NULL,`;
  if (text.includes(column)) return text.replace(column, "");
  const tables = [...text.matchAll(/^CREATE TABLE [^(]+\(/gm)];
  const table = tables[random(Math.max(tables.length, 1))];
  if (table === undefined) return text;
  const at = table.index + table[0].length;
  return text.slice(0, at) + column + text.slice(at);
}

function reparsed(file: SqlFile, text: string): SqlFile {
  return complete(parseSql(file.uri, text, file));
}

function complete(file: SqlFile): SqlFile {
  let read = file;
  for (let left = file.pending.length + 1; read.pending.length > 0 && read.pending.length < left; ) {
    left = read.pending.length;
    read = parseSql(read.uri, read.text, read);
  }
  return read;
}
