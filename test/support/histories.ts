/**
 * SQL histories for the truth tests: the corpora's, the fixtures under `test/fixtures/sql`, and the samples under
 * `examples`. Each is a list of texts in the order they run.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { corpora, type Corpus, wantedIds } from "./corpora.ts";
import type { PostgresMajor } from "./postgres.ts";

export interface History {
  readonly id: string;
  readonly files: readonly HistoryFile[];
  /** The corpus it comes from, if any. */
  readonly corpus: Corpus | undefined;
  /** The versions it is for when not all; a fixture that begins with `-- PostgreSQL 15 only` says what 18 does differently. */
  readonly majors?: readonly PostgresMajor[];
}

export interface HistoryFile {
  readonly uri: string;
  readonly text: string;
}

/** With what the history expects to find in front, and with placeholders filled in. */
export function corpusHistory(corpus: Corpus): History {
  const files = corpus.sqlFiles.map((file) => readHistoryFile(join(corpus.folder, file)));
  return {
    id: corpus.id,
    corpus,
    files: [...preludeOf(corpus), ...files.map((file) => ({ ...file, text: withoutPlaceholders(file.text, corpus) }))],
  };
}

/** The corpora that have SQL; throws when the folder is missing. */
export function corpusHistories(): readonly History[] {
  return corpora()
    .filter((corpus) => corpus.sqlFiles.length > 0)
    .map(corpusHistory);
}

/** One history for each file of `test/fixtures/sql`, named after it. */
export function fixtureHistories(): readonly History[] {
  const folder = fileURLToPath(new URL("../fixtures/sql/", import.meta.url));
  return wanted(
    namesIn(folder, ".sql").map((name): History => {
      const file = readHistoryFile(join(folder, name));
      const history = { id: name.slice(0, -4), corpus: undefined, files: [file] };
      return file.text.startsWith("-- PostgreSQL 15 only") ? { ...history, majors: [15] } : history;
    }),
  );
}

/** One history for each project under `examples` that has migrations. */
export function sampleHistories(): readonly History[] {
  const folder = fileURLToPath(new URL("../../examples/", import.meta.url));
  return wanted(
    namesIn(folder, "").flatMap((id) => {
      const migrations = join(folder, id, "prisma", "migrations");
      const files = namesIn(migrations, "")
        .map((name) => join(migrations, name, "migration.sql"))
        .filter((file) => existsSync(file));
      return files.length === 0 ? [] : [{ id, corpus: undefined, files: files.map(readHistoryFile) }];
    }),
  );
}

function wanted(histories: readonly History[]): readonly History[] {
  const ids = wantedIds();
  return ids === undefined ? histories : histories.filter((history) => ids.has(history.id));
}

function namesIn(folder: string, ending: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .sort()
    : [];
}

function readHistoryFile(path: string): HistoryFile {
  return { uri: pathToFileURL(path).href, text: readFileSync(path, "utf8") };
}

function preludeOf(corpus: Corpus): readonly HistoryFile[] {
  const prelude = corpus.prelude === undefined ? [] : [readHistoryFile(corpus.prelude)];
  return corpus.setup === "" ? prelude : [...prelude, { uri: `setup:${corpus.id}`, text: corpus.setup }];
}

function withoutPlaceholders(text: string, corpus: Corpus): string {
  return corpus.template.reduce((filled, { pattern, replacement }) => filled.replaceAll(pattern, replacement), text);
}
