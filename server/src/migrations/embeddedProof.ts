/** Proofs in the embedded PostgreSQL. */
import { dropsLackingExtension, isOfPlatform, wantedExtensions } from "../scratch/extensions.ts";
import { wantedPlatform } from "../scratch/platforms.ts";
import { scratchCatalog } from "../scratch/scratchCatalog.ts";
import { contentKey, ScratchDatabase, type ScratchOptions } from "../scratch/scratchDatabase.ts";
import type { ProofDatabase, ProofPlace } from "./proofDatabase.ts";
import { rowsOf } from "./rows.ts";

/** `spare`: where there is a next time, it begins in what was started meanwhile. */
export function embeddedPlace(scratch: ScratchOptions, spare?: SpareDatabase): ProofPlace {
  return {
    version: 18,
    what: "embedded",
    cache: scratch.cache,
    lacking: (texts) => wantedExtensions(texts).lacking,
    async open(base, { foresees, isBegun, signal }) {
      const options: ScratchOptions = { deadline: 20_000, ...scratch, foresees, keepsSettled: isBegun };
      const database = spare?.take(options, base) ?? new ScratchDatabase(options, base);
      const built = await database.build({ signal });
      if (!built.ok) {
        await database.close();
        const { why } = built;
        return { ok: false, reason: `The embedded PostgreSQL did not start: ${why.kind === "refused" ? why.failure.message : why.kind === "crashed" ? why.message : why.kind}` };
      }
      let begun = base;
      return {
        ok: true,
        outcomes: built.value,
        database: {
          ...questionsTo(database),
          settle(texts) {
            begun = [...base, ...texts];
            return database.settle(texts);
          },
          async close() {
            await database.close();
            spare?.prepare(options, begun);
          },
        },
      };
    },
  };
}

/** Statements about extensions that are not to be had. */
function isOutOfReach(text: string): boolean {
  return isOfPlatform(text) || wantedExtensions([text]).lacking.length > 0 || dropsLackingExtension(text);
}

function questionsTo(database: ScratchDatabase): Omit<ProofDatabase, "settle" | "close"> {
  return {
    query: (text, values, more) => (isOutOfReach(text) ? Promise.resolve({ ok: true, value: [] }) : database.query(text, values, more)),
    alone: (use) => database.alone((query) => use(query)),
    describe: (text) => database.describe(text),
    catalog: () => scratchCatalog(database),
  };
}

/** A migration is proven, edited and proven again: this long a database waits for that, which holds two hundred megabytes. */
const spareMilliseconds = 60_000;

/** A database in which the last proof began, once more. It starts by itself, and its process ends when nobody comes for it. */
export class SpareDatabase {
  #waiting: { readonly key: string; readonly database: ScratchDatabase } | undefined;
  #isClosed = false;

  /** Asked once for what a proof asks first, it answers from its caches. */
  prepare(options: ScratchOptions, base: readonly string[]): void {
    if (this.#isClosed) return;
    void this.#waiting?.database.close();
    const database = new ScratchDatabase({ ...options, idle: spareMilliseconds }, base);
    this.#waiting = { key: keyOf(options, base), database };
    void database.build().then(() => database.alone((query) => rowsOf({ query })));
  }

  /** Undefined when there is none that begins so. Whoever takes it closes it. */
  take(options: ScratchOptions, base: readonly string[]): ScratchDatabase | undefined {
    const waiting = this.#waiting;
    if (waiting?.key !== keyOf(options, base)) return undefined;
    this.#waiting = undefined;
    return waiting.database;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#waiting?.database.close();
    this.#waiting = undefined;
  }
}

function keyOf({ foresees }: ScratchOptions, base: readonly string[]): string {
  return contentKey([...wantedExtensions(foresees ?? []).available, wantedPlatform([...base, ...(foresees ?? [])])?.name ?? "", ...base]);
}
