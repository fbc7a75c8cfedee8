/**
 * Clusters that were built once, by what they were built from: replaying a long history takes seconds, reading it back a
 * fraction of one. What cannot be read is as good as not there; nothing here fails.
 */
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StatementOutcome } from "./messages.ts";

export interface KeptCluster {
  readonly file: string;
  readonly outcomes: readonly StatementOutcome[];
}

/** A cluster takes one to two megabytes. */
const most = 20;

/** Undefined when there is none of this key. */
export async function keptCluster(folder: string, key: string): Promise<KeptCluster | undefined> {
  const file = join(folder, `${key}.tar.br`);
  try {
    const outcomes: unknown = JSON.parse(await readFile(join(folder, `${key}.json`), "utf8"));
    const now = new Date();
    await utimes(file, now, now);
    return Array.isArray(outcomes) && outcomes.every(isOutcome) ? { file, outcomes } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what `write` puts into the file it is given; seen only when whole. The least used go. */
export async function keepCluster(folder: string, key: string, outcomes: readonly StatementOutcome[], write: (file: string) => Promise<boolean>): Promise<void> {
  const draft = join(folder, `${key}.${process.pid}.draft`);
  try {
    await mkdir(folder, { recursive: true });
    if (!(await write(draft))) return;
    await rename(draft, join(folder, `${key}.tar.br`));
    await writeFile(draft, JSON.stringify(outcomes));
    await rename(draft, join(folder, `${key}.json`));
    await removeLeastUsed(folder);
  } catch {
    // A full or read-only disk: the next start builds it again.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Ends a cluster that could not be used. */
export async function forgetCluster({ file }: KeptCluster): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}

async function removeLeastUsed(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".tar.br"));
  const used = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  for (const { name } of used.sort((a, b) => b.at - a.at).slice(most)) {
    await rm(join(folder, name), { force: true });
    await rm(join(folder, name.replace(".tar.br", ".json")), { force: true });
  }
}

export function isOutcome(value: unknown): value is StatementOutcome {
  return typeof value === "object" && value !== null && "kind" in value && /^(?:done|refused|lacksExtension|notTried)$/.test(String(value.kind));
}
