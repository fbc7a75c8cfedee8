/**
 * An embedded PostgreSQL (PGlite): one database, one session, no network. The cluster comes ready-made, initdb never runs.
 * Nothing here has a time limit, for PostgreSQL's own is not heeded in WebAssembly: whoever asks ends the process.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, brotliDecompress, type BrotliOptions, constants } from "node:zlib";
import { type Extension, PGlite, protocol } from "@electric-sql/pglite";
import { archiveOf } from "./extensions.ts";
import type { DescribedColumn, Description, ResizedFile, ScratchReply, ScratchRequest, ScratchStart, SqlFailure } from "./messages.ts";

/** The part of the global that is used here; its types come with the DOM library, which this code does without. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
};

/** Enough for schemas and their tests: the defaults would take another hundred megabytes, and keep logs that nobody reads. */
const memory = ["-c", "shared_buffers=8MB", "-c", "min_wal_size=2MB"];

/** Without PGlite's search path, which is no server's: with PostgreSQL's own, plans say nothing of it. */
function ownDefaults(params: readonly string[]): readonly string[] {
  const at = params.findIndex((param) => param.startsWith("search_path="));
  return at < 0 ? params : params.toSpliced(at - 1, 2);
}

/** The planner as on a server: it considers parallel plans, though no worker will ever run. */
const plannerSettings = "SET max_parallel_workers = 8; SET max_parallel_workers_per_gather = 2; SET max_parallel_maintenance_workers = 2";

export async function startPostgres({ assets, extensions, cluster: kept, folder: dataDir, settings = {} }: ScratchStart): Promise<PGlite> {
  const folder = new URL(assets);
  const unpacked = async (name: string | URL): Promise<Uint8Array<ArrayBuffer>> => whole(await unpack(await readFile(new URL(name, folder)), { chunkSize: 1 << 22 }));
  const [wasm, support, cluster] = await Promise.all([
    unpacked("postgres.wasm.br").then((bytes) => WebAssembly.compile(bytes)),
    unpacked("postgres.data.br"),
    dataDir === undefined || !existsSync(join(dataDir, "PG_VERSION")) ? unpacked(kept === undefined ? "postgresCluster.tar.br" : pathToFileURL(kept)) : undefined,
  ]);
  const created = await PGlite.create({
    pgliteWasmModule: wasm,
    initdbWasmModule: await WebAssembly.compile(emptyModule),
    fsBundle: new InMemory(support),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(cluster === undefined ? {} : { loadDataDir: new InMemory(cluster) }),
    extensions: Object.fromEntries(extensions.map((name) => [name, extension(name, folder)])),
    startParams: [...ownDefaults(PGlite.defaultStartParams), ...memory, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
  });
  await created.exec(plannerSettings);
  return created;
}

/** In threads of its own, so that one is unpacked while another is compiled. */
const unpack = promisify<Uint8Array, BrotliOptions, Buffer>(brotliDecompress);

function whole({ buffer, byteOffset, byteLength }: Buffer): Uint8Array<ArrayBuffer> {
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : Uint8Array.from(Buffer.from(buffer, byteOffset, byteLength));
}

/** PGlite asks for its files as blobs, which would copy them twice. */
class InMemory extends Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    super([]);
    this.#bytes = bytes;
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    return Promise.resolve(byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength));
  }
}

/** In the place of initdb, which PGlite would load and not use. */
const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function extension(name: string, folder: URL): Extension {
  return { name, setup: async () => ({ bundlePath: new URL(`extensions/${archiveOf(name)}`, folder) }) };
}

/** Never rejects. */
export async function answer(database: PGlite, request: ScratchRequest): Promise<ScratchReply> {
  try {
    switch (request.kind) {
      case "replay":
        return { kind: "replayed", failures: await replay(database, request.texts, request.goesOn) };
      case "describe":
        return { kind: "described", description: await describe(database, request.text) };
      case "explain":
        return await explain(database, request);
      case "keep":
        await keep(database, request.file);
        return { kind: "kept" };
      case "resize":
        return { kind: "resized", blocks: resizeFiles(database, request.files) };
      case "query":
        return { kind: "rows", rows: (await database.query<object>(request.text, [...request.values])).rows };
    }
  } catch (error) {
    return { kind: "failed", failure: failureOf(error, "text" in request ? request.text : "") };
  }
}

async function replay(database: PGlite, texts: readonly string[], goesOn: boolean): Promise<(SqlFailure | undefined)[]> {
  const failures: (SqlFailure | undefined)[] = [];
  for (const text of texts) {
    const failure = await database.exec(text).then(
      () => undefined,
      (error: unknown) => failureOf(error, text),
    );
    failures.push(failure);
    if (failure !== undefined && !goesOn) break;
  }
  // A transaction that was left open, or that an error has ended, must not swallow what comes next.
  await database.exec("ROLLBACK");
  return failures;
}

async function keep(database: PGlite, file: string): Promise<void> {
  await database.exec("CHECKPOINT");
  const tar = await (await database.dumpDataDir("none")).arrayBuffer();
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
  await writeFile(file, brotliCompressSync(Buffer.from(tar), { params }));
}

/** Parse and describe of the extended protocol: nothing is planned or run, and there can be one statement only. */
async function describe(database: PGlite, text: string): Promise<Description> {
  const found = await prepared(database, text);
  if (found.columns === undefined && found.parameters.length === 0) return { parameters: [], columns: undefined };
  const types = new TypeNames();
  for (const oid of found.parameters) types.want(oid, -1);
  for (const column of found.columns ?? []) types.want(column.type, column.modifier);
  await types.look(database);
  const sources = await sourcesOf(database, found.columns ?? []);
  return {
    parameters: found.parameters.map((oid) => types.name(oid, -1)),
    columns: found.columns?.map((column): DescribedColumn => {
      const source = sources.get(`${column.table}.${column.number}`);
      return { name: column.name, type: types.name(column.type, column.modifier), source };
    }),
  };
}

interface RawColumn {
  readonly name: string;
  readonly type: number;
  readonly modifier: number;
  readonly table: number;
  readonly number: number;
}

async function prepared(database: PGlite, text: string): Promise<{ parameters: readonly number[]; columns: readonly RawColumn[] | undefined }> {
  const { serialize } = protocol;
  let parameters: readonly number[] = [];
  let columns: readonly RawColumn[] | undefined;
  try {
    for (const message of [serialize.parse({ text }), serialize.describe({ type: "S" })]) {
      for (const reply of (await database.execProtocol(message)).messages) {
        if (reply instanceof protocol.messages.ParameterDescriptionMessage) parameters = reply.dataTypeIDs;
        if (reply instanceof protocol.messages.RowDescriptionMessage) {
          columns = reply.fields.map((field) => ({
            name: field.name,
            type: field.dataTypeID,
            modifier: field.dataTypeModifier,
            table: field.tableID,
            number: field.columnID,
          }));
        }
      }
    }
  } finally {
    await database.execProtocol(serialize.sync());
  }
  return { parameters, columns };
}

/** Names of types by their numbers, asked for in one query. */
class TypeNames {
  readonly #names = new Map<string, string>();

  want(oid: number, modifier: number): void {
    this.#names.set(`${oid}:${modifier}`, "");
  }

  async look(database: PGlite): Promise<void> {
    const keys = [...this.#names.keys()];
    const { rows } = await database.query<{ key: string; name: string }>(
      `SELECT key, format_type(split_part(key, ':', 1)::oid, split_part(key, ':', 2)::int) AS name FROM unnest($1::text[]) AS key`,
      [keys],
    );
    for (const { key, name } of rows) this.#names.set(key, name);
  }

  name(oid: number, modifier: number): string {
    return this.#names.get(`${oid}:${modifier}`) ?? "";
  }
}

async function sourcesOf(database: PGlite, columns: readonly RawColumn[]): Promise<Map<string, NonNullable<DescribedColumn["source"]>>> {
  const found = new Map<string, NonNullable<DescribedColumn["source"]>>();
  const tables = [...new Set(columns.map((column) => column.table))].filter((oid) => oid !== 0);
  if (tables.length === 0) return found;
  const { rows } = await database.query<{ key: string; schema: string; table: string; column: string; notNull: boolean }>(
    `SELECT a.attrelid || '.' || a.attnum AS key, n.nspname AS schema, c.relname AS table, a.attname AS column, a.attnotnull AS "notNull"
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attrelid = ANY ($1::oid[])`,
    [tables],
  );
  for (const { key, ...source } of rows) found.set(key, source);
  return found;
}

/** In a transaction that is rolled back, or at a savepoint of the one under way. Without values a statement with parameters gets its generic plan. */
async function explain(database: PGlite, { text, values, analyze, isWithin = false }: Extract<ScratchRequest, { kind: "explain" }>): Promise<ScratchReply> {
  await database.exec(isWithin ? "SAVEPOINT explaining" : "BEGIN");
  let shift = 0;
  try {
    // Refuses several statements, before the simple protocol below would run them.
    const { parameters } = await describe(database, text);
    const isGeneric = parameters.length > 0 && values === undefined;
    const prefix = `EXPLAIN (FORMAT JSON, VERBOSE, SETTINGS${isGeneric ? ", GENERIC_PLAN" : analyze ? ", ANALYZE, BUFFERS" : ""}) `;
    shift = prefix.length;
    const rows = isGeneric
      ? ((await database.exec(prefix + text))[0]?.rows ?? [])
      : (await database.query<object>(prefix + text, [...(values ?? [])], { serializers: asTheyAre })).rows;
    return { kind: "explained", plan: JSON.stringify(Object.values(rows[0] ?? {})[0] ?? null), parameters };
  } catch (error) {
    return { kind: "failed", failure: failureOf(error, text, shift) };
  } finally {
    await database.exec(isWithin ? "ROLLBACK TO explaining; RELEASE explaining" : "ROLLBACK");
  }
}

/**
 * The planner goes by the length of a table's files, and takes no figure in the catalog for it. They are in memory, where a
 * length costs nothing. PGlite's file system is no public interface, so what is missing of it is an error.
 */
function resizeFiles({ Module: { FS } }: PGlite, files: readonly ResizedFile[]): number[] {
  const blocksOf = (path: string): number => Number(Reflect.get(fileNode(FS.lookupPath(path, {})), "usedBytes")) / blockBytes;
  return files.map(({ path, blocks }) => {
    const file = `/pglite/data/${path}`;
    let before = 0;
    // A file holds 1 GB; what is more goes into further ones.
    for (let segment = 0, left = Math.max(0, Math.round(blocks)); ; segment++, left -= segmentBlocks) {
      const part = segment === 0 ? file : `${file}.${segment}`;
      const isThere = FS.analyzePath(part).exists;
      if (isThere) before += blocksOf(part);
      if (left <= 0 && segment > 0) {
        if (!isThere) return before;
        FS.unlink(part);
        continue;
      }
      if (!isThere) FS.writeFile(part, new Uint8Array(0));
      Reflect.set(fileNode(FS.lookupPath(part, {})), "usedBytes", Math.min(Math.max(0, left), segmentBlocks) * blockBytes);
    }
  });
}

function fileNode(found: unknown): object {
  const node: unknown = typeof found === "object" && found !== null ? Reflect.get(found, "node") : undefined;
  if (typeof node !== "object" || node === null || typeof Reflect.get(node, "usedBytes") !== "number") throw new Error("The embedded PostgreSQL keeps its files in another way.");
  return node;
}

const blockBytes = 8_192;
const segmentBlocks = 131_072;

/** Values come in PostgreSQL's own text form, which PGlite takes for every type but bytea (17). */
const asTheyAre = { 17: String };

/** `shift`: characters that were sent before the text. */
function failureOf(error: unknown, text: string, shift = 0): SqlFailure {
  const field = (name: string): string | undefined => {
    const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const position = Number(field("position")) - 1 - shift;
  return {
    message: field("message") ?? String(error),
    sqlState: field("code") ?? "",
    at: position >= 0 ? utf16Offset(text, position) : undefined,
    detail: field("detail"),
    hint: field("hint"),
  };
}

/** PostgreSQL counts characters (code points). */
function utf16Offset(text: string, characters: number): number {
  let offset = 0;
  for (let seen = 0; seen < characters && offset < text.length; seen++) offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}
