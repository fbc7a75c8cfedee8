/** Proofs in the embedded PostgreSQL. */
import { wantedExtensions } from "../scratch/extensions.ts";
import { scratchCatalog } from "../scratch/scratchCatalog.ts";
import { ScratchDatabase, type ScratchOptions } from "../scratch/scratchDatabase.ts";
import type { ProofPlace } from "./proofDatabase.ts";

export function embeddedPlace(scratch: ScratchOptions): ProofPlace {
  return {
    version: 18,
    what: "embedded",
    cache: scratch.cache,
    lacking: (texts) => wantedExtensions(texts).lacking,
    async open(base, foresees, options) {
      const database = new ScratchDatabase({ deadline: 20_000, ...scratch, foresees }, base);
      const built = await database.build(options);
      if (!built.ok) {
        await database.close();
        const { why } = built;
        return { ok: false, reason: `The embedded PostgreSQL did not start: ${why.kind === "refused" ? why.failure.message : why.kind === "crashed" ? why.message : why.kind}` };
      }
      return {
        ok: true,
        outcomes: built.value,
        database: {
          query: (text, values, more) => database.query(text, values, more),
          alone: (use) => database.alone((query) => use(query)),
          describe: (text) => database.describe(text),
          catalog: () => scratchCatalog(database),
          settle: (texts) => database.settle(texts),
          close: () => database.close(),
        },
      };
    },
  };
}
