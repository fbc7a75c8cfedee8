/**
 * Rows that were made up once for a history, and what the catalog was then, beside the databases that are kept. What cannot be
 * read is as good as not there.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { fingerprintSchema } from "./fingerprint.ts";

const keptSchema = v.object({ inserts: v.array(v.string()), made: v.number(), complaints: v.array(v.string()), fingerprint: fingerprintSchema });

export interface KeptRows {
  readonly inserts: readonly string[];
  readonly made: number;
  readonly complaints: readonly string[];
  readonly fingerprint: readonly (readonly [string, string])[];
}

export async function keptRows(folder: string | undefined, key: string): Promise<KeptRows | undefined> {
  if (folder === undefined) return undefined;
  try {
    const parsed = v.safeParse(keptSchema, JSON.parse(await readFile(file(folder, key), "utf8")));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

export async function keepRows(folder: string, key: string, rows: KeptRows): Promise<void> {
  const draft = `${file(folder, key)}.${process.pid}.draft`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, JSON.stringify(rows));
    await rename(draft, file(folder, key));
  } catch {
    // A full or read-only disk: the next proof makes them again.
  }
}

function file(folder: string, key: string): string {
  return join(folder, `${key}.rows.json`);
}
