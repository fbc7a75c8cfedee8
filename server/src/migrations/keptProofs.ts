/**
 * What came of proofs, by the text that was proven: another text is not proven. Kept in memory and, where there is a folder,
 * for the next start.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import type { FileHost } from "../text/fileHost.ts";
import { checksumOf } from "./checksum.ts";
import { downPaths } from "../sql/downPaths.ts";
import { type Proof, proofMarkdown, verdictText } from "./proof.ts";

const keptSchema = v.object({
  verdict: v.picklist(["proven", "up only", "failed", "not run"]),
  /** `proven up and down, 2 locks, no data lost`. */
  text: v.string(),
  markdown: v.string(),
});

export type KeptProof = Readonly<v.InferOutput<typeof keptSchema>>;

export class KeptProofs {
  readonly #folder: string | undefined;
  readonly #host: FileHost;
  readonly #changed: () => void;
  /** Undefined: it was looked for and is not there. */
  readonly #known = new Map<string, KeptProof | undefined>();

  /** `folder`: absolute; nothing is written without one. `changed`: something was proven. */
  constructor(folder: string | undefined, host: FileHost, changed: () => void = () => undefined) {
    this.#changed = changed;
    this.#folder = folder;
    this.#host = host;
  }

  keep(proof: Proof): void {
    const key = keyOf(proof.checksum, proof.downChecksum);
    const kept: KeptProof = { verdict: proof.verdict, text: verdictText(proof), markdown: proofMarkdown(proof) };
    this.#known.set(key, kept);
    this.#changed();
    const path = this.#path(key);
    if (path === undefined) return;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify(kept));
    } catch {
      // A full or read-only disk: it is known until the end of the session.
    }
  }

  /** Of the migration with this text, at this absolute path; undefined when that was not proven, or not with the way back there is. */
  find(path: string, text: string): KeptProof | undefined {
    const checksum = checksumOf(text);
    for (const candidate of downPaths(path)) {
      const read = this.#host.readText(candidate);
      if (read.ok) return this.#get(keyOf(checksum, checksumOf(read.text)));
    }
    // The way back stands in the same file, or there is none.
    return this.#get(keyOf(checksum, checksum)) ?? this.#get(keyOf(checksum, undefined));
  }

  #get(key: string): KeptProof | undefined {
    if (this.#known.has(key)) return this.#known.get(key);
    const found = this.#read(key);
    this.#known.set(key, found);
    return found;
  }

  #read(key: string): KeptProof | undefined {
    const path = this.#path(key);
    const read = path === undefined ? undefined : this.#host.readText(path);
    if (read?.ok !== true) return undefined;
    try {
      const parsed = v.safeParse(keptSchema, JSON.parse(read.text));
      return parsed.success ? parsed.output : undefined;
    } catch {
      return undefined;
    }
  }

  #path(key: string): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, `${key}.json`);
  }
}

function keyOf(checksum: string, downChecksum: string | undefined): string {
  return createHash("sha256").update(`${checksum} ${downChecksum ?? ""}`).digest("hex").slice(0, 32);
}
