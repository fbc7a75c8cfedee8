/** The longest real migration history folded from cold, and again after one edited migration, in process. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { corpora } from "../test/support/corpora.ts";
import { foldSql } from "../server/src/model/fromSql.ts";
import { loadSqlParser, parseSql } from "../server/src/sql/parse.ts";
import { type Row, round, shown, summarize } from "./statistics.ts";

export async function foldBenchmark(): Promise<Row[]> {
  await loadSqlParser();
  const longest = [...corpora()].sort((a, b) => b.sqlFiles.length - a.sqlFiles.length)[0];
  if (longest === undefined) throw new Error("There is no corpus to fold.");
  const texts = longest.sqlFiles.map((file) => {
    const path = join(longest.folder, file);
    return { uri: pathToFileURL(path).href, text: readFileSync(path, "utf8") };
  });

  const start = performance.now();
  let files = texts.map(({ uri, text }) => parseSql(uri, text));
  // As the workspace does: what they do to a database in use is asked of the newest migrations.
  const options = { changesIn: new Set(files.slice(-3).map((file) => file.uri)) };
  let folded = foldSql(files, options);
  const cold = performance.now() - start;

  const times: number[] = [];
  const edited = Math.floor(files.length / 2);
  for (let edit = 0; edit < 30; edit++) {
    const before = performance.now();
    files = files.map((file, i) =>
      i === edited ? parseSql(file.uri, `${file.text}\nCREATE TABLE typed_${edit} (id uuid PRIMARY KEY);`, file) : file,
    );
    folded = foldSql(files, options, folded);
    times.push(performance.now() - before);
  }
  return [
    { what: `${longest.id}: ${files.length} migrations parsed and folded from cold`, ours: `${round(cold)} ms`, peer: "", ratio: "" },
    { what: `${longest.id}: folded again after one edited migration`, ours: shown(summarize(times)), peer: "", ratio: "" },
  ];
}
