/**
 * Prisma's own schema engine as an oracle on a real database: the SQL that `prisma migrate dev` would still want to run
 * to bring the database to a schema. Reads the catalog and nothing else; its connection refuses to change anything.
 */
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { type ColumnType, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import type pg from "pg";
import { blankConnectionUrls } from "../../server/src/prisma/blankUrls.ts";
import type { TestDatabase } from "./postgres.ts";
import { engineFor, type SchemaFile } from "./schemaEngine.ts";

/** Undefined when the database is what the schema says, else the engine's script. */
export async function driftOf(database: TestDatabase, files: readonly SchemaFile[]): Promise<string | undefined> {
  const client = await database.client();
  const engine = await engineFor(readingFrom(client));
  const schema = files.map((file) => ({ path: file.uri, content: blankConnectionUrls(file.text) }));
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files: schema, configDir: "." },
      to: { tag: "schemaDatamodel", files: schema },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return exitCode === 0 ? undefined : (stdout ?? "");
  } finally {
    engine.free();
    await client.end();
  }
}

/** @prisma/adapter-pg cannot read "char" columns of the catalog and takes the main database for the shadow one. */
function readingFrom(client: pg.Client): SqlMigrationAwareDriverAdapterFactory {
  const refuse = (): never => {
    throw new Error("A comparison must not change the database.");
  };
  // The engine takes a 64-bit number as text.
  client.setTypeParser(oid, (text) => text);
  const connection: SqlDriverAdapter = {
    provider: "postgres",
    adapterName: "reading",
    queryRaw: async ({ sql, args }) => {
      const { fields, rows } = await client.query<unknown[]>({ text: sql, values: args, rowMode: "array" });
      return { columnNames: fields.map((field) => field.name), columnTypes: fields.map(columnType), rows };
    },
    executeRaw: async () => refuse(),
    executeScript: async () => refuse(),
    startTransaction: async () => refuse(),
    getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
  return {
    provider: "postgres",
    adapterName: "reading",
    connect: async () => connection,
    connectToShadowDb: async () => refuse(),
  };
}

const oid = 26;

/** By type OID: what the engine's catalog queries return. */
const columnTypes: ReadonlyMap<number, ColumnType> = new Map([
  [16, ColumnTypeEnum.Boolean],
  [18, ColumnTypeEnum.Character],
  [19, ColumnTypeEnum.Text],
  [20, ColumnTypeEnum.Int64],
  [21, ColumnTypeEnum.Int32],
  [23, ColumnTypeEnum.Int32],
  [25, ColumnTypeEnum.Text],
  [oid, ColumnTypeEnum.Int64],
  [1002, ColumnTypeEnum.CharacterArray],
  [1003, ColumnTypeEnum.TextArray],
  [1005, ColumnTypeEnum.Int32Array],
  [1007, ColumnTypeEnum.Int32Array],
  [1009, ColumnTypeEnum.TextArray],
  [1016, ColumnTypeEnum.Int64Array],
  [1043, ColumnTypeEnum.Text],
]);

function columnType(field: pg.FieldDef): ColumnType {
  const type = columnTypes.get(field.dataTypeID);
  if (type === undefined) throw new Error(`The schema engine asked for ${field.name}, of a type unknown here: OID ${field.dataTypeID}.`);
  return type;
}
