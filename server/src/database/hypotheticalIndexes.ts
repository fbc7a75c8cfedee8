/**
 * Indexes that exist in nobody's files: those of HypoPG, where it is installed. The planner of the server takes them into
 * account for EXPLAIN in this session alone; nothing is built, locked or written. https://hypopg.readthedocs.io/
 */
import { explainable } from "../sql/explainable.ts";
import { connect } from "./connection.ts";
import type { ConnectionSettings } from "./connectionSettings.ts";
import { DatabaseError } from "./databaseError.ts";
import type { Environment } from "./environment.ts";
import { type Consent, explainedWithin } from "./explain.ts";
import { ignoreDatabaseError, inTransaction, stopBackend } from "./transaction.ts";

export interface HypotheticalIndex {
  readonly oid: string;
  /** What plans call it. */
  readonly name: string;
  readonly sizeBytes: number;
}

export interface HypotheticalOptions {
  readonly environment: Environment;
  readonly consent?: Consent | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type HypotheticalAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export interface HypotheticalIndexes {
  /** `statement`: CREATE INDEX, made by us. Refused for kinds that HypoPG does not know. */
  create(statement: string): Promise<HypotheticalAnswer<HypotheticalIndex>>;
  drop(index: HypotheticalIndex): Promise<void>;
  /** PostgreSQL's JSON text. Behind the same gate as any plan; never run. */
  explain(text: string, values: readonly (string | null)[] | undefined): Promise<HypotheticalAnswer<string>>;
  /** By `schema.table`: as many rows as the server believes there are. */
  rows(tables: readonly { readonly schema: string; readonly name: string }[]): Promise<ReadonlyMap<string, number>>;
}

/**
 * Undefined where HypoPG is not installed. `signal` stops what runs on the server.
 *
 * @throws DatabaseError when the server cannot be reached, or is lost.
 */
export async function withHypotheticalIndexes<T>(settings: ConnectionSettings, { environment, consent, signal }: HypotheticalOptions, use: (indexes: HypotheticalIndexes) => Promise<T>): Promise<T | undefined> {
  signal?.throwIfAborted();
  const connection = await connect(settings, { signal });
  try {
    return await inTransaction(connection, settings, "readOnly", async ({ backend }) => {
      const [row] = await connection.query("SELECT n.nspname AS schema FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg'", []);
      const schema = field(row, "schema");
      if (schema === undefined) return undefined;
      const prefix = `"${schema.replaceAll('"', '""')}".`;
      /** What PostgreSQL refuses must not end the transaction. */
      const attempt = async <V>(act: () => Promise<V>): Promise<HypotheticalAnswer<V>> => {
        await connection.query("SAVEPOINT attempt", []);
        try {
          return { ok: true, value: await act() };
        } catch (error) {
          if (!(error instanceof DatabaseError) || error.isOutage) throw error;
          await connection.query("ROLLBACK TO attempt", []);
          return { ok: false, reason: error.message };
        }
      };
      await connection.query("SAVEPOINT attempt", []);
      const work = use({
        create: (statement) =>
          attempt(async () => {
            const [made] = await connection.query(`SELECT i.indexrelid::text AS oid, i.indexname AS name, ${prefix}hypopg_relation_size(i.indexrelid)::text AS size FROM ${prefix}hypopg_create_index($1) AS i`, [statement]);
            const [oid, name, size] = [field(made, "oid"), field(made, "name"), field(made, "size")];
            if (oid === undefined || name === undefined) throw new DatabaseError("HypoPG makes no such index.");
            return { oid, name, sizeBytes: Number(size) };
          }),
        drop: async ({ oid }) => void (await connection.query(`SELECT ${prefix}hypopg_drop_index($1::oid)`, [oid])),
        explain: async (text, values) => {
          const checked = explainable(text);
          if (!checked.ok) return checked;
          const answer = await attempt(() => explainedWithin(connection, checked.statement, { text, values, environment, consent }));
          if (!answer.ok) return answer;
          if (answer.value.kind === "plan") return { ok: true, value: answer.value.plan };
          return { ok: false, reason: answer.value.kind === "asks" ? answer.value.why : answer.value.reason };
        },
        rows: async (tables) => {
          const counted = await connection.query(
            `SELECT n.nspname || '.' || c.relname AS key, CASE WHEN c.relkind = 'p' THEN (SELECT coalesce(sum(greatest(p.reltuples, 0)), 0) FROM pg_catalog.pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class p ON p.oid = t.relid AND p.relkind = 'r') ELSE greatest(c.reltuples, 0) END::text AS rows
             FROM unnest($1::text[], $2::text[]) AS wanted (schema, name) JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name`,
            [tables.map((table) => table.schema), tables.map((table) => table.name)],
          );
          return new Map(counted.map((one) => [field(one, "key") ?? "", Number(field(one, "rows"))]));
        },
      });
      const stop = (): void => void stopBackend(settings, connection, backend, work.catch(() => undefined));
      if (signal?.aborted === true) stop();
      signal?.addEventListener("abort", stop, { once: true });
      try {
        return await work;
      } finally {
        signal?.removeEventListener("abort", stop);
        // They live in the session, which through a pooler goes to somebody else.
        await connection.query("ROLLBACK TO SAVEPOINT attempt", []).catch(ignoreDatabaseError);
        await connection.query(`SELECT ${prefix}hypopg_reset()`, []).catch(ignoreDatabaseError);
      }
    });
  } finally {
    await connection.close();
  }
}

function field(row: unknown, name: string): string | undefined {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined;
  return typeof value === "string" ? value : undefined;
}
