/**
 * A cluster with the rows of `examples/crm/seed` in the schema of its migrations, analyzed: with it the sample's scratch
 * database has plans worth looking at. Made once for each content, into node_modules/.cache; the extension finds it there
 * by the statements of the history and takes it instead of replaying them. It is no part of what is shipped.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterLoading, beforeLoading, seedTables } from "../../examples/crm/seed/seed.ts";
import { madeOf } from "../../server/src/lab/made.ts";
import { answer, startPostgres } from "../../server/src/scratch/embeddedPostgres.ts";
import { wantedExtensions } from "../../server/src/scratch/extensions.ts";
import type { StatementOutcome } from "../../server/src/scratch/messages.ts";
import { contentKey } from "../../server/src/scratch/scratchDatabase.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { seededClusters } from "../../server/src/workspace/assets.ts";
import { root } from "./paths.ts";
import { scratchAssets } from "./scratchAssets.mjs";

const sample = join(root, "examples/crm");

/** The cluster's folder, made now if need be: that takes about half a minute. */
export async function seededSample(): Promise<string> {
  const texts = historyOf(join(sample, "prisma/migrations"));
  const folder = fileURLToPath(seededClusters);
  const key = contentKey(texts);
  const cluster = join(folder, key);
  const assets = await scratchAssets();
  // The rows change without the schema, and so may PostgreSQL.
  const stamp = createHash("sha256").update(assets).update(seedText()).digest("hex").slice(0, 16);
  const stampFile = join(folder, `${key}.${stamp}`);
  if (existsSync(cluster) && existsSync(stampFile)) return cluster;
  const draft = `${cluster}.${process.pid}.draft`;
  mkdirSync(draft, { recursive: true });
  const start = { assets: pathToFileURL(`${assets}/`).href, extensions: wantedExtensions(texts).available, cluster: undefined, folder: draft };
  const database = await startPostgres(start);
  try {
    const replayed = await answer(database, { kind: "replay", texts, goesOn: true });
    if (replayed.kind !== "replayed") throw new Error(`The sample's migrations gave ${JSON.stringify(replayed)}.`);
    const outcomes = replayed.failures.map((failure): StatementOutcome => (failure === undefined ? { kind: "done" } : { kind: "refused", failure }));
    await database.transaction(async (transaction) => {
      await transaction.exec(beforeLoading);
      for (const table of seedTables()) await transaction.query(table.copyStatement("'/dev/blob'"), [], { blob: new Blob([table.copyText()]) });
      await transaction.exec(afterLoading);
    });
    await database.exec("VACUUM ANALYZE");
    await database.exec("CHECKPOINT");
    const { rows } = await database.query<{ name: string }>("SELECT pg_walfile_name(pg_current_wal_lsn()) AS name");
    await database.close();
    // Of the log, the end and what the shutdown added to it; the rest is old, or laid in for later.
    const log = readdirSync(join(draft, "pg_wal")).filter((name) => /^[0-9A-F]{24}$/.test(name)).sort();
    const end = log.indexOf(rows[0]?.name ?? "");
    for (const name of [...log.slice(0, Math.max(0, end)), ...log.slice(end + 2)]) rmSync(join(draft, "pg_wal", name));
    writeFileSync(`${cluster}.json`, JSON.stringify(outcomes));
    rmSync(cluster, { recursive: true, force: true });
    renameSync(draft, cluster);
    writeFileSync(stampFile, "");
    return cluster;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function historyOf(folder: string): readonly string[] {
  const migrations = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  const files = migrations.map((name) => parseSql(join(folder, name, "migration.sql"), readFileSync(join(folder, name, "migration.sql"), "utf8")));
  return madeOf(files).map(({ text }) => text);
}

function seedText(): string {
  const folder = join(sample, "seed");
  return readdirSync(folder).sort().map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}
