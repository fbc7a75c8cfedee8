/**
 * Prisma's own schema engine (WebAssembly) as an oracle: the SQL that `prisma migrate` would write for a schema in an
 * empty database. No database takes part; the engine asks its connection one question, for the server's version.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import * as engine from "@prisma/schema-engine-wasm/schema_engine_bg";
import { blankForPrisma7 } from "../../server/src/prisma/blankUrls.ts";

export interface SchemaFile {
  /** Any name; the engine uses it in messages only. */
  readonly uri: string;
  readonly text: string;
}

/**
 * The engine's SQL from nothing to the schema.
 *
 * @throws Error with the engine's explanation when the schema is not valid.
 */
export async function createScript(files: readonly SchemaFile[], major = 7): Promise<string> {
  const instance = await openEngine();
  const { stdout } = await instance.diff({
    from: { tag: "empty" },
    to: {
      tag: "schemaDatamodel",
      files: files.map((file) => ({ path: file.uri, content: major < 7 ? blankForPrisma7(file.text) : file.text })),
    },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? "";
}

let opened: Promise<engine.SchemaEngine> | undefined;

/** The part of the global that is used here; its types come with the DOM library, which this code does without. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
};

/** The engine without a database; one a process is enough. */
function openEngine(): Promise<engine.SchemaEngine> {
  opened ??= engineFor(noDatabase());
  return opened;
}

/** An engine of its own over a connection; whoever opens it calls `free`. */
export async function engineFor(database: SqlMigrationAwareDriverAdapterFactory): Promise<engine.SchemaEngine> {
  loaded ??= load();
  await loaded;
  return engine.SchemaEngine.new({ datamodels: undefined }, () => undefined, bindMigrationAwareSqlAdapterFactory(database));
}

let loaded: Promise<void> | undefined;

/** Once a process: the generated glue keeps global state, among it the place where a panic leaves its message. */
async function load(): Promise<void> {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: panic } });
  const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const module = await WebAssembly.compile(await readFile(join(folder, "schema_engine_bg.wasm")));
  const instance = await WebAssembly.instantiate(module, { "./schema_engine_bg.js": { ...engine } });
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports["__wbindgen_start"];
  if (typeof start === "function") start();
}

function panic(message: string): never {
  throw new Error(`The schema engine gave up: ${message}`);
}

/** A connection that knows its server's version and nothing else. */
function noDatabase(): SqlMigrationAwareDriverAdapterFactory {
  const refuse = (): never => {
    throw new Error("This comparison must not need a database.");
  };
  const connection = {
    provider: "postgres" as const,
    adapterName: "no-database",
    queryRaw: async ({ sql }: { sql: string }) => {
      if (!sql.includes("numeric_version")) return refuse();
      return {
        columnNames: ["exists", "version", "numeric_version"],
        columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
        rows: [[true, "PostgreSQL 15.0", 150000]],
      };
    },
    executeRaw: async () => refuse(),
    executeScript: async () => refuse(),
    startTransaction: async () => refuse(),
    getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
  return {
    provider: "postgres",
    adapterName: "no-database",
    connect: async () => connection,
    connectToShadowDb: async () => connection,
  };
}
