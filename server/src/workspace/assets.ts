/**
 * Where things that are not imported lie: the scripts of the worker threads, and `package.json`. In the bundles they
 * stand beside the bundle; in the sources, in their rooms.
 */
import { readFileSync } from "node:fs";
import process from "node:process";

const here = new URL(import.meta.url);
const isBundle = here.pathname.endsWith(".js");

/** The address of a folder with a build: `npm test` has just made one, whose workers start in half the time. */
const build = process.env["DATABASE_ARCHITECT_BUILD"];

function worker(built: string, source: string): URL {
  if (isBundle) return new URL(built, here);
  return build === undefined ? new URL(source, here) : new URL(built, build);
}

/** Runs Prisma's schema engine. */
export const prismaWorker: URL = worker("prismaWorker.js", "../prisma/engineWorker.ts");

/** Runs PostgreSQL's parser on statements that are too large for the main thread. */
export const sqlWorker: URL = worker("sqlWorker.js", "../sql/parseWorker.ts");

/** The thread with Prisma's schema engine, which writes the SQL between two schemas. */
export const schemaEngineWorker: URL = worker("schemaEngineWorker.js", "../prisma/schemaEngineWorker.ts");

/** The thread with Prisma's query compiler, which writes the SQL of a call of Prisma Client. */
export const queryCompilerWorker: URL = worker("queryCompilerWorker.js", "../calls/compilerWorker.ts");

/** The thread with the embedded PostgreSQL. */
export const scratchWorker: URL = worker("scratchWorker.js", "../scratch/scratchWorker.ts");

/** Where these three find what they load. In the sources it is there after the first build, `npm run build`. */
export const scratchAssets: URL = isBundle ? new URL("./", here) : new URL("../../../dist/", here);

/**
 * Clusters with rows for the sample projects, by the statements of their history. They are made in a checkout only
 * (`npm start`); where the folder is missing, a scratch database has a schema and no rows, as anywhere else.
 */
export const seededClusters: URL = new URL(`${isBundle ? "../" : "../../../"}node_modules/.cache/database-architect/seeded/`, here);

/** Reads large plans. */
export const planWorker: URL = worker("planWorker.js", "../explain/planWorker.ts");

/** Arranges diagrams. */
export const layoutWorker: URL = worker("layoutWorker.js", "../lsp/erd/layoutWorker.ts");

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
