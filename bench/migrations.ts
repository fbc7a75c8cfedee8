/**
 * `migrate check --all` over the histories of the corpora beside squawk on the same files, and the proof of one migration
 * over a schema of a hundred tables: from nothing, with its database kept from the last time, and again in the same session.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { embeddedPlace, SpareDatabase } from "../server/src/migrations/embeddedProof.ts";
import { proveMigration } from "../server/src/migrations/prove.ts";
import { verdictText } from "../server/src/migrations/proof.ts";
import { loadSqlParser, parseSql } from "../server/src/sql/parse.ts";
import { corpora } from "../test/support/corpora.ts";
import { migrationFile } from "../test/support/migrationFiles.ts";
import { type Row, round, shown, summarize } from "./statistics.ts";

export async function migrationsBenchmark(repository: string, folder: string): Promise<Row[]> {
  await loadSqlParser();
  return [checked(repository, join(folder, "histories")), ...(await proven(repository, folder))];
}

const readingMilliseconds = 4_000;

/** Each history once with each, start-up included. */
function checked(repository: string, root: string): Row {
  let [ours, theirs, statements, count] = [0, 0, 0, 0];
  for (const corpus of corpora().filter(({ sqlFiles }) => sqlFiles.length > 1)) {
    const project = join(root, corpus.id);
    const files = corpus.sqlFiles.map((file, i) => {
      const target = join(project, "migrations", `${String(i + 1).padStart(5, "0")}_${basename(dirname(file))}_${basename(file)}`);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(corpus.folder, file), target);
      statements += parseSql("file:///a.sql", readFileSync(target, "utf8")).statements.length;
      return target;
    });
    count++;
    ours += timed(process.execPath, [join(repository, "dist/cli.js"), "migrate", "check", "--all", "--project", project, "--format", "json"]);
    theirs += timed(join(repository, "bench/peers/node_modules/.bin/squawk"), ["--reporter", "Gcc", ...files]);
  }
  const [own, other] = [statements / (ours / 1000), statements / (theirs / 1000)];
  return { what: `migrate check --all, ${count} histories, ${statements} statements`, ours: `${round(own)} statements/s`, peer: `squawk: ${round(other)} statements/s`, ratio: `${round(own / other)}×` };
}

function timed(command: string, given: readonly string[]): number {
  const start = performance.now();
  const { status, error } = spawnSync(command, given, { maxBuffer: 1 << 29 });
  if (error !== undefined || status === null) throw new Error(`${command} broke off: ${String(error)}`);
  return performance.now() - start;
}

async function proven(repository: string, folder: string): Promise<readonly Row[]> {
  const init = migrationFile(parseSql("file:///0/migration.sql", tables(100)), "0_init", "message");
  const assets = pathToFileURL(`${join(repository, "dist")}/`);
  const prove = async (cache: string, spare?: SpareDatabase): Promise<number> => {
    const up = 'ALTER TABLE "t42" ADD COLUMN "note" text;\nALTER TABLE "t43" ADD CONSTRAINT "t43_big" CHECK ("amount" < 1000000) NOT VALID;\nCREATE INDEX "t44_name_amount" ON "t44" ("name", "amount");\n';
    const down = 'DROP INDEX "t44_name_amount";\nALTER TABLE "t43" DROP CONSTRAINT "t43_big";\nALTER TABLE "t42" DROP COLUMN "note";\n';
    const migration = migrationFile(parseSql("file:///1/migration.sql", up), "1_change", "message", down);
    const scratch = { worker: new URL("scratchWorker.js", assets), assets, cache };
    const start = performance.now();
    const proof = await proveMigration(migration, [init], { scratch, place: embeddedPlace(scratch, spare), foldOptions: {} });
    if (proof.verdict !== "proven") throw new Error(verdictText(proof));
    return performance.now() - start;
  };
  const cold: number[] = [];
  const kept: number[] = [];
  const again: number[] = [];
  for (let i = 0; i < 5; i++) {
    const cache = join(folder, `proofs${i}`);
    cold.push(await prove(cache));
    kept.push(await prove(cache));
    const spare = new SpareDatabase();
    await prove(cache, spare);
    // Somebody reads the report, and edits.
    await delay(readingMilliseconds);
    again.push(await prove(cache, spare));
    await spare.close();
  }
  const row = (what: string, times: readonly number[]): Row => ({ what: `prove one migration over 100 tables, ${what}`, ours: shown(summarize(times)), peer: "–", ratio: "–" });
  return [row("from nothing", cold), row("database kept", kept), row("again in the same session", again)];
}

/** Tables that refer to each other, with checks, an enum and three indexes each. */
function tables(count: number): string {
  const all = Array.from({ length: count }, (_, i) => {
    const parent = i === 0 ? "" : `,\n  "t${i - 1}_id" bigint NOT NULL CONSTRAINT "t${i}_parent_fkey" REFERENCES "t${i - 1}" ON DELETE CASCADE`;
    return `CREATE TABLE "t${i}" (
  "id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "name" text NOT NULL CHECK (length("name") > 0), "email" text, "status" "status" NOT NULL DEFAULT 'new',
  "amount" numeric(12,2) NOT NULL DEFAULT 0 CHECK ("amount" >= 0), "starts_at" timestamptz NOT NULL DEFAULT now(), "ends_at" timestamptz, "data" jsonb${parent},
  CHECK ("ends_at" IS NULL OR "ends_at" > "starts_at"), UNIQUE ("name", "email")
);
CREATE INDEX "t${i}_status_idx" ON "t${i}" ("status", "starts_at");
CREATE INDEX "t${i}_open_idx" ON "t${i}" ("amount") WHERE "status" = 'new';
${i === 0 ? "" : `CREATE INDEX "t${i}_parent_idx" ON "t${i}" ("t${i - 1}_id");\n`}`;
  });
  return `CREATE TYPE "status" AS ENUM ('new', 'open', 'done');\n${all.join("")}`;
}
