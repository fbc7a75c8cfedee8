/**
 * Clusters that were made with rows in them, by what they were built from, as folders. A database works on a copy of its own,
 * which lies among the system's temporary files and is removed with its process; one that a crash left goes the next time.
 */
import { constants, existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { isOutcome } from "./keptClusters.ts";
import type { StatementOutcome } from "./messages.ts";

export interface SeededCluster {
  /** The copy. */
  readonly folder: string;
  readonly outcomes: readonly StatementOutcome[];
}

const prefix = "database-architect-rows-";

/** A copy of the cluster of this key; undefined when there is none, or no room for it. */
export async function seededCluster(clusters: string, key: string): Promise<SeededCluster | undefined> {
  const original = join(clusters, key);
  if (!existsSync(original)) return undefined;
  await removeAbandoned();
  try {
    const outcomes: unknown = JSON.parse(await readFile(`${original}.json`, "utf8"));
    if (!Array.isArray(outcomes) || !outcomes.every(isOutcome)) return undefined;
    const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
    await cp(original, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
    return { folder, outcomes };
  } catch {
    // A full disk: the database is built without rows.
    return undefined;
  }
}

export async function removeCopy({ folder }: SeededCluster): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

/** Copies of processes that are no more. */
async function removeAbandoned(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(owner) && !isAlive(owner)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
