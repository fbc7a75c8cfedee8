/** How many rows a migration would lose or stumble over, counted in a database as it is now. Nothing is changed. */
import * as v from "valibot";
import type { ConnectionSettings } from "../../database/connectionSettings.ts";
import { DatabaseError } from "../../database/databaseError.ts";
import { type MigrationSession, openForMigrations } from "../../database/migrationSession.ts";
import type { Risk } from "../writing.ts";

export interface CountedRisk {
  readonly risk: Risk;
  /** Rows, or groups of rows that are the same; a sentence where they cannot be counted. */
  readonly count: bigint | string;
}

export type CountedLoss = { readonly ok: true; readonly counted: readonly CountedRisk[] } | { readonly ok: false; readonly reason: string };

/** Of those risks that can be counted. */
export async function countLoss(settings: ConnectionSettings, risks: readonly Risk[]): Promise<CountedLoss> {
  const counted: CountedRisk[] = [];
  let session: MigrationSession | undefined;
  try {
    session = await openForMigrations(settings);
    for (const risk of risks) if (risk.count !== undefined) counted.push({ risk, count: await countIn(session, risk.count) });
    return { ok: true, counted };
  } catch (error) {
    if (error instanceof DatabaseError) return { ok: false, reason: error.message };
    throw error;
  } finally {
    await session?.close();
  }
}

const countSchema = v.tuple([v.object({ count: v.union([v.string(), v.number()]) })]);

/** A table that is not there as yet, or may not be read, spoils no other's count. */
async function countIn(session: MigrationSession, sql: string): Promise<bigint | string> {
  await session.send("BEGIN READ ONLY");
  try {
    const [row] = v.parse(countSchema, await session.rows(sql));
    return BigInt(row.count);
  } catch (error) {
    if (error instanceof DatabaseError && !error.isOutage) return error.message;
    throw error;
  } finally {
    await session.send("ROLLBACK");
  }
}

/** `2 rows now`, or why nobody knows. */
export function countText({ count }: CountedRisk): string {
  if (typeof count === "string") return `rows could not be counted: ${count}`;
  return count === 1n ? "1 row now" : `${count} rows now`;
}
