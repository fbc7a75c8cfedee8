/**
 * Where things that are not imported lie: the scripts of the worker threads, and `package.json`. In the bundles they
 * stand beside the bundle; in the sources, in their rooms.
 */
import { readFileSync } from "node:fs";

const here = new URL(import.meta.url);
const isBundle = here.pathname.endsWith(".js");

/** Runs Prisma's schema engine. */
export const prismaWorker: URL = isBundle ? new URL("prismaWorker.js", here) : new URL("../prisma/engineWorker.ts", here);

/** Runs PostgreSQL's parser on statements that are too large for the main thread. */
export const sqlWorker: URL = isBundle ? new URL("sqlWorker.js", here) : new URL("../sql/parseWorker.ts", here);

/** The thread with Prisma's schema engine, which writes the SQL between two schemas. */
export const schemaEngineWorker: URL = isBundle ? new URL("schemaEngineWorker.js", here) : new URL("../prisma/schemaEngineWorker.ts", here);

/** The thread with Prisma's query compiler, which writes the SQL of a call of Prisma Client. */
export const queryCompilerWorker: URL = isBundle ? new URL("queryCompilerWorker.js", here) : new URL("../calls/compilerWorker.ts", here);

/** The thread with the embedded PostgreSQL. */
export const scratchWorker: URL = isBundle ? new URL("scratchWorker.js", here) : new URL("../scratch/scratchWorker.ts", here);

/** Where these three find what they load. In the sources it is there after the first build, `npm run build`. */
export const scratchAssets: URL = isBundle ? new URL("./", here) : new URL("../../../dist/", here);

/**
 * Clusters with rows for the sample projects, by the statements of their history. They are made in a checkout only
 * (`npm start`); where the folder is missing, a scratch database has a schema and no rows, as anywhere else.
 */
export const seededClusters: URL = new URL(`${isBundle ? "../" : "../../../"}node_modules/.cache/database-architect/seeded/`, here);

/** Arranges diagrams. */
export const layoutWorker: URL = isBundle ? new URL("layoutWorker.js", here) : new URL("../lsp/erd/layoutWorker.ts", here);

/** The product's version, as `package.json` says it; `0.0.0` where that file is missing. */
export function productVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL(isBundle ? "../package.json" : "../../../package.json", here), "utf8"));
    return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "0.0.0";
  } catch {
    // Only a bundle that was copied out of its package has none.
    return "0.0.0";
  }
}
