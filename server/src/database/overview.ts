/** What the view of a database shows, asked of a session and checked on arrival. */
import * as v from "valibot";
import { DatabaseError } from "./databaseError.ts";
import type { OverviewQueryName } from "./overviewQueries.ts";
import type { Session } from "./session.ts";

const text = v.string();
const number = v.number();
const flag = v.boolean();

const shapes = {
  server: v.object({ version: text, isStandby: flag, isSuperuser: flag, backend: number }),
  schemas: v.object({ name: text, tables: number, bytes: number }),
  tables: v.object({ name: text, kind: text, isPartition: flag, bytes: number, rows: v.nullable(number), indexes: number }),
  columns: v.object({ name: text, type: text, nullable: flag, isKey: flag }),
  indexes: v.object({ name: text, definition: text, bytes: number, scans: number, statisticsSince: v.nullable(text), isUnique: flag, isPrimary: flag, isValid: flag }),
  statementsExtension: v.object({ schema: text, readsAll: flag }),
  statements: v.object({ text, calls: number, totalMilliseconds: number, meanMilliseconds: number, rows: number }),
  count: v.object({ rows: number }),
};
type Shapes = typeof shapes;
export type OverviewRow<Name extends keyof Shapes> = v.InferOutput<Shapes[Name]>;

/** The rows of one of them. `isEstimate`: sizes are guessed, because a table is locked by somebody. */
export interface Sized<Row> {
  readonly rows: readonly Row[];
  readonly isEstimate: boolean;
}

/** All of these throw a DatabaseError as `Session.looking` does, and when the server's answer has an unexpected shape. */
export async function serverFacts(session: Session): Promise<OverviewRow<"server"> | undefined> {
  return (await asked(session, "server", "server"))[0];
}

export function schemaRows(session: Session): Promise<Sized<OverviewRow<"schemas">>> {
  return sized(session, "schemas", "schemas", "estimatedSchemas", []);
}

export function tableRows(session: Session, schema: string): Promise<Sized<OverviewRow<"tables">>> {
  return sized(session, "tables", "tables", "estimatedTables", [schema]);
}

export function columnRows(session: Session, schema: string, table: string): Promise<readonly OverviewRow<"columns">[]> {
  return asked(session, "columns", "columns", [schema, table]);
}

/** `isEstimate`: their definitions are empty. */
export function indexRows(session: Session, schema: string, table: string): Promise<Sized<OverviewRow<"indexes">>> {
  return sized(session, "indexes", "indexes", "indexesOfLocked", [schema, table]);
}

/** Where pg_stat_statements is installed; undefined where it is not. */
export async function statementsExtension(session: Session): Promise<OverviewRow<"statementsExtension"> | undefined> {
  return (await asked(session, "statementsExtension", "statementsExtension"))[0];
}

export function statementRows(session: Session, extensionSchema: string): Promise<readonly OverviewRow<"statements">[]> {
  return asked(session, "statements", "statements", [], [extensionSchema]);
}

export async function countedRows(session: Session, schema: string, table: string): Promise<number> {
  return (await asked(session, "count", "count", [], [schema, table]))[0]?.rows ?? 0;
}

async function sized<Name extends keyof Shapes>(session: Session, shape: Name, exact: OverviewQueryName, estimate: OverviewQueryName, values: readonly string[]): Promise<Sized<OverviewRow<Name>>> {
  try {
    return { rows: await asked(session, shape, exact, values), isEstimate: false };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlState !== lockNotAvailable) throw error;
    return { rows: await asked(session, shape, estimate, values), isEstimate: true };
  }
}

const lockNotAvailable = "55P03";

async function asked<Name extends keyof Shapes>(session: Session, shape: Name, query: OverviewQueryName, values: readonly string[] = [], names: readonly string[] = []): Promise<readonly OverviewRow<Name>[]> {
  const rows = await session.looking(query, values, names);
  return rows.map((row) => {
    const parsed = v.safeParse(shapes[shape], row);
    if (parsed.success) return parsed.output;
    throw new DatabaseError(`The server answered “${query}” with another shape: is it PostgreSQL?`);
  });
}
