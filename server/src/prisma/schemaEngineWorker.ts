/**
 * The script of the thread that holds Prisma's schema engine: two schemas come in, the SQL between them goes out. The
 * engine asks its connection for the server's version and nothing else; no database is there. Or a database is read into a
 * schema: its questions go out too, and whoever asked has them answered.
 */
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { brotliDecompressSync } from "node:zlib";
import { bindMigrationAwareSqlAdapterFactory, type ColumnType, ColumnTypeEnum, type SqlDriverAdapter, type SqlResultSet } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import { blankForPrisma7 } from "./blankUrls.ts";

/** Name and text of each file of a schema. */
export type PrismaSchemaFiles = readonly (readonly [string, string])[];

export type SchemaEngineRequest =
  | { readonly kind: "script"; readonly from: PrismaSchemaFiles | undefined; readonly to: PrismaSchemaFiles | undefined }
  /** The files as the database has it; what the schema says beside that stays. */
  | { readonly kind: "introspect"; readonly files: PrismaSchemaFiles; readonly schemaName: string; readonly namespaces: readonly string[] | undefined }
  | ({ readonly kind: "table"; readonly id: number } & TableReply);

/** What came of a query that the thread had asked for. */
export type TableReply = { readonly ok: true; readonly table: QueriedTable } | { readonly ok: false; readonly reason: string };

export interface QueriedTable {
  /** `type`: OID. */
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  readonly rows: readonly (readonly unknown[])[];
}

export type SchemaEngineReply =
  | { readonly kind: "script"; readonly sql: string }
  | { readonly kind: "introspected"; readonly files: PrismaSchemaFiles; readonly warnings: string | undefined }
  /** The thread has no database: who asked it sends this query, and answers with a table. */
  | { readonly kind: "query"; readonly id: number; readonly sql: string; readonly values: readonly unknown[] }
  /** A schema is not valid. */
  | { readonly kind: "refused"; readonly reason: string }
  /** There is no answer, and the thread must end. */
  | { readonly kind: "lost"; readonly reason: string };

/** The part of the global that is used here; its types come with the DOM library, which this code does without. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
};

if (parentPort === null) throw new Error("schemaEngineWorker runs in a worker thread only.");
const port = parentPort;

let panic: string | undefined;
// The engine reports a panic here before it stops.
Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => (panic = message) } });

const ready = load(new URL("schemaEngine.wasm.br", String(workerData)));
const withoutDatabase = ready.then(() => engineOver({ name: "no-database", schemaName: "public", query: async (sql) => (sql.includes("numeric_version") ? version : refuse()) }));
const asked = new Map<number, (reply: TableReply) => void>();

port.on("message", (request: SchemaEngineRequest) => {
  if (request.kind === "table") asked.get(request.id)?.(request);
  else void answer(request).then((reply) => port.postMessage(reply));
});

async function answer(request: Exclude<SchemaEngineRequest, { kind: "table" }>): Promise<SchemaEngineReply> {
  try {
    return request.kind === "script" ? await script(request) : await introspect(request);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(engineStack, "");
    return panic === undefined ? { kind: "refused", reason } : { kind: "lost", reason: `The schema engine gave up: ${panic}` };
  }
}

async function script({ from, to }: Extract<SchemaEngineRequest, { kind: "script" }>): Promise<SchemaEngineReply> {
  const { stdout } = await (await withoutDatabase).diff({
    from: target(from),
    to: target(to),
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  const sql = stdout ?? "";
  return { kind: "script", sql: sql.trim() === "-- This is an empty migration." ? "" : sql };
}

async function introspect({ files, schemaName, namespaces }: Extract<SchemaEngineRequest, { kind: "introspect" }>): Promise<SchemaEngineReply> {
  await ready;
  let refusal: string | undefined;
  const query = async (sql: string, values: readonly unknown[]): Promise<SqlResultSet> => {
    const reply = await asks(sql, values);
    if (reply.ok) return resultOf(reply.table);
    refusal ??= reply.reason;
    throw new Error(reply.reason);
  };
  const texts = files.map(([path, text]) => ({ path, content: blankForPrisma7(text) }));
  const engine = await engineOver({ name: "asking", schemaName, query });
  try {
    const { schema, warnings } = await engine.introspect({ schema: { files: texts }, baseDirectoryPath: "/", force: false, compositeTypeDepth: -1, namespaces: namespaces === undefined ? null : [...namespaces] });
    return { kind: "introspected", files: schema.files.map(({ path, content }) => [path, content]), warnings: warnings ?? undefined };
  } catch (error) {
    // The engine keeps to itself what its connection said.
    throw refusal === undefined ? error : new Error(refusal);
  } finally {
    engine.free();
  }
}

let count = 0;

function asks(sql: string, values: readonly unknown[]): Promise<TableReply> {
  count += 1;
  const id = count;
  return new Promise((resolve) => {
    asked.set(id, (reply) => {
      asked.delete(id);
      resolve(reply);
    });
    port.postMessage({ kind: "query", id, sql, values } satisfies SchemaEngineReply);
  });
}

/** The engine adds where in its own source it stood. */
const engineStack = /\s+0: schema_engine_wasm::[^]*$/;

function target(files: PrismaSchemaFiles | undefined): glue.DiffTarget {
  if (files === undefined) return { tag: "empty" };
  // Before Prisma 7 the address stands in the schema; this engine takes it for a mistake.
  return { tag: "schemaDatamodel", files: files.map(([path, text]) => ({ path, content: blankForPrisma7(text) })) };
}

async function load(file: URL): Promise<void> {
  const module = await WebAssembly.compile(brotliDecompressSync(await readFile(file)));
  const instance = await WebAssembly.instantiate(module, { "./schema_engine_bg.js": { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports["__wbindgen_start"];
  if (typeof start === "function") start();
}

interface Asking {
  readonly name: string;
  readonly schemaName: string;
  query(sql: string, values: readonly unknown[]): Promise<SqlResultSet>;
}

/** An engine that can read and nothing else. */
function engineOver({ name, schemaName, query }: Asking): Promise<glue.SchemaEngine> {
  const connection: SqlDriverAdapter = {
    provider: "postgres",
    adapterName: name,
    queryRaw: ({ sql, args }) => query(sql, args),
    executeRaw: async () => refuse(),
    executeScript: async () => refuse(),
    startTransaction: async () => refuse(),
    getConnectionInfo: () => ({ schemaName, supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
  const connect = async (): Promise<SqlDriverAdapter> => connection;
  return glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, bindMigrationAwareSqlAdapterFactory({ provider: "postgres", adapterName: name, connect, connectToShadowDb: connect }));
}

function resultOf({ columns, rows }: QueriedTable): SqlResultSet {
  const types = columns.map(({ type }) => columnTypes.get(type) ?? ColumnTypeEnum.Text);
  return {
    columnNames: columns.map(({ name }) => name),
    columnTypes: types,
    // The engine takes 64-bit numbers as text.
    rows: rows.map((row) => row.map((value, i) => (types[i] === ColumnTypeEnum.Int64 && typeof value === "number" ? String(value) : value))),
  };
}

/** By type OID: what the engine's catalog queries return. */
const columnTypes: ReadonlyMap<number, ColumnType> = new Map([
  [16, ColumnTypeEnum.Boolean],
  [18, ColumnTypeEnum.Character],
  [19, ColumnTypeEnum.Text],
  [20, ColumnTypeEnum.Int64],
  [21, ColumnTypeEnum.Int32],
  [23, ColumnTypeEnum.Int32],
  [25, ColumnTypeEnum.Text],
  [26, ColumnTypeEnum.Int64],
  [1002, ColumnTypeEnum.CharacterArray],
  [1003, ColumnTypeEnum.TextArray],
  [1005, ColumnTypeEnum.Int32Array],
  [1007, ColumnTypeEnum.Int32Array],
  [1009, ColumnTypeEnum.TextArray],
  [1016, ColumnTypeEnum.Int64Array],
]);

const version = {
  columnNames: ["exists", "version", "numeric_version"],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, "PostgreSQL 15.0", 150000]],
};

function refuse(): never {
  throw new Error("Nothing but a question may go to the database.");
}
