/**
 * What worker threads need beside their code: PostgreSQL, Prisma's schema engine and its query compiler as WebAssembly,
 * PostgreSQL's support files and an empty cluster, all compressed with Brotli (a third smaller than what a .vsix does,
 * whose window is too small to see repetitions between files), and extensions as PGlite packs them. And the font of
 * diagrams as PDF. Made once for each version and kept.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const require = createRequire(import.meta.url);
const pglite = dirname(require.resolve("@electric-sql/pglite"));
const schemaEngine = dirname(require.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
const queryCompiler = require.resolve("@prisma/client/runtime/query_compiler_small_bg.postgresql.wasm-base64.js");
/** Extensions that PGlite has in packages of their own: small ones that schemas ask for (PostGIS would be twenty megabytes). */
const more = ["pgmq", "pgvector", "pg_uuidv7"].map((name) => dirname(require.resolve(`@electric-sql/pglite-${name}`)));
const clusterScript = fileURLToPath(new URL("scratchCluster.mjs", import.meta.url));
const kept = fileURLToPath(new URL("../../node_modules/.cache/database-architect", import.meta.url));

/** Names of what is made, and what from; the cluster is made by PostgreSQL itself. */
const compressed = {
  "postgres.wasm.br": join(pglite, "pglite.wasm"),
  "postgres.data.br": join(pglite, "pglite.data"),
  "schemaEngine.wasm.br": join(schemaEngine, "schema_engine_bg.wasm"),
};
const clusterName = "postgresCluster.tar.br";

/** Modules for a server's own needs, which a schema never asks for. */
const leftOut = /^(?:auto_explain|passwordcheck|pg_logicalinspect|pg_overexplain|pg_walinspect|pg_surgery)\./;

/**
 * The folder with everything in it, made now if need be (about 15 seconds).
 *
 * @returns {Promise<string>}
 */
export async function scratchAssets() {
  const folder = join(kept, `scratch-${await version()}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  await mkdir(join(draft, "extensions"), { recursive: true });
  const compiler = compressBytes(Buffer.from(require(queryCompiler).wasm, "base64"), join(draft, "queryCompiler.wasm.br"));
  const font = compressBytes(shapesOf(await readFile(require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"))), join(draft, "diagramFont.ttf.br"));
  await Promise.all([...Object.entries(compressed).map(([name, source]) => compress(source, join(draft, name))), compiler, font, makeCluster(draft)]);
  for (const source of [pglite, ...more]) {
    for (const name of await readdir(source)) {
      if (name.endsWith(".tar.gz") && !leftOut.test(name)) await copyFile(join(source, name), join(draft, "extensions", name));
    }
  }
  // Seen only when whole; another process may have been faster.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  return folder;
}

/** Of a font what draws its letters: tables for hints, kerning and names are a fifth of it. */
function shapesOf(font) {
  const wanted = new Set(["cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"]);
  const entries = Array.from({ length: font.readUInt16BE(4) }, (_, i) => font.subarray(12 + 16 * i, 28 + 16 * i)).filter((entry) => wanted.has(entry.toString("latin1", 0, 4)));
  const directory = Buffer.alloc(12 + 16 * entries.length);
  font.copy(directory, 0, 0, 4);
  directory.writeUInt16BE(entries.length, 4);
  const parts = [directory];
  let offset = directory.length;
  entries.forEach((entry, i) => {
    const [from, length] = [entry.readUInt32BE(8), entry.readUInt32BE(12)];
    entry.copy(directory, 12 + 16 * i);
    directory.writeUInt32BE(offset, 12 + 16 * i + 8);
    parts.push(font.subarray(from, from + length), Buffer.alloc(-length & 3));
    offset += length + (-length & 3);
  });
  return Buffer.concat(parts);
}

/** Of everything that the result depends on. */
async function version() {
  const hash = createHash("sha256");
  const packages = [...[pglite, ...more].map((dist) => join(dist, "..")), schemaEngine, join(dirname(queryCompiler), ".."), dirname(require.resolve("dejavu-fonts-ttf/package.json"))];
  for (const folder of packages) hash.update(await readFile(join(folder, "package.json")));
  for (const file of [clusterScript, fileURLToPath(import.meta.url)]) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

async function makeCluster(folder) {
  const tar = join(folder, "cluster.tar");
  const { NODE_OPTIONS: _, ...environment } = process.env;
  await promisify(execFile)(process.execPath, [clusterScript, tar], { env: environment, timeout: 120_000 });
  await compress(tar, join(folder, clusterName));
  await rm(tar);
}

async function compress(source, target) {
  await compressBytes(await readFile(source), target);
}

async function compressBytes(bytes, target) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9, // a tenth larger than the best, in a tenth of the time
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  await writeFile(target, await promisify(brotliCompress)(bytes, { params }));
}
