/**
 * Proofs on a real server: in a database of its own beside the one that the address names, which is made for the proof and
 * dropped after it. The database that the address names is never touched.
 */
import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { catalogQueries } from "../../database/catalogQueries.ts";
import { catalogRowsSchema } from "../../database/catalogRowSchemas.ts";
import type { ConnectionSettings } from "../../database/connectionSettings.ts";
import { DatabaseError } from "../../database/databaseError.ts";
import { type MigrationSession, openForMigrations } from "../../database/migrationSession.ts";
import { quoteIdentifier } from "../../model/names.ts";
import type { StatementOutcome } from "../../scratch/messages.ts";
import type { ScratchFailure, ScratchResult } from "../../scratch/scratchDatabase.ts";
import { type Platform, wantedPlatform } from "../../scratch/platforms.ts";
import type { AskSql, ProofDatabase, ProofPlace } from "../proofDatabase.ts";

export type OpenedServer = { readonly ok: true; readonly place: ProofPlace } | { readonly ok: false; readonly reason: string };

/** Asks the server for its version; makes nothing yet. */
export async function serverPlace(settings: ConnectionSettings): Promise<OpenedServer> {
  let session: MigrationSession;
  try {
    session = await openForMigrations(settings);
  } catch (error) {
    return { ok: false, reason: sentence(error) };
  }
  const version = Math.floor(session.serverVersion / 10_000);
  const { target } = session;
  await session.close();
  return { ok: true, place: { version, what: target, cache: undefined, lacking: () => [], open: (base, { foresees }) => open(settings, base, wantedPlatform([...base, ...foresees])) } };
}

async function open(settings: ConnectionSettings, base: readonly string[], platform: Platform | undefined): ReturnType<ProofPlace["open"]> {
  const name = `database_architect_proof_${randomBytes(6).toString("hex")}`;
  try {
    await once(settings, `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
  } catch (error) {
    const isForbidden = error instanceof DatabaseError && error.sqlState === "42501";
    return { ok: false, reason: `No database can be made for the proof: ${sentence(error).replace(/\.?$/, ".")}${isForbidden ? " The role needs CREATEDB; without an address the embedded PostgreSQL proves it." : ""}` };
  }
  try {
    // Sessions that come find the settings.
    for (const [setting, value] of Object.entries(platform?.settings ?? {})) await once(settings, `ALTER DATABASE ${quoteIdentifier(name)} SET ${setting} = ${value}`);
    const database = new ServerDatabase(settings, name, await openForMigrations({ ...settings, url: inDatabase(settings.url, name) }));
    const why = platform === undefined ? undefined : await database.bring(platform);
    if (why !== undefined) {
      await database.close();
      return { ok: false, reason: why };
    }
    return { ok: true, database, outcomes: await database.build(base) };
  } catch (error) {
    await drop(settings, name);
    return { ok: false, reason: sentence(error) };
  }
}

class ServerDatabase implements ProofDatabase {
  readonly #settings: ConnectionSettings;
  readonly #name: string;
  readonly #session: MigrationSession;

  constructor(settings: ConnectionSettings, name: string, session: MigrationSession) {
    this.#settings = settings;
    this.#name = name;
    this.#session = session;
  }

  /** Why it cannot be there. Roles are the server's: a proof makes none. */
  async bring({ name, roles, statements }: Platform): Promise<string | undefined> {
    const missing = await this.#session.rows("SELECT r AS name FROM unnest($1::text[]) AS r WHERE r NOT IN (SELECT rolname FROM pg_catalog.pg_roles) ORDER BY 1", [roles.slice(0, 3)]);
    if (missing.length > 0) return `The migrations count on what ${name} brings, and this server does not have its roles (${roles.slice(0, 3).join(", ")}). Prove them on a server of ${name}, or without an address in the embedded PostgreSQL.`;
    for (const text of statements) {
      const result = await this.query(text);
      if (!result.ok) return `What ${name} brings cannot be made on this server: ${result.why.kind === "refused" ? result.why.failure.message : result.why.kind}.`;
    }
    return undefined;
  }

  async build(base: readonly string[]): Promise<readonly StatementOutcome[]> {
    const outcomes: StatementOutcome[] = [];
    for (const text of base) {
      const result = await this.query(text);
      outcomes.push(result.ok ? { kind: "done" } : result.why.kind === "refused" ? { kind: "refused", failure: result.why.failure } : { kind: "notTried" });
    }
    await this.query("ROLLBACK");
    await this.#session.restoreSettings();
    return outcomes;
  }

  query: AskSql = async (text, values = []) => {
    try {
      return { ok: true, value: await this.#session.rows(text, values) };
    } catch (error) {
      return { ok: false, why: failureOf(error, text) };
    }
  };

  alone<T>(use: (query: AskSql) => Promise<T>): Promise<T> {
    return use(this.query);
  }

  async describe(text: string): Promise<ScratchResult<unknown>> {
    const prepared = await this.query(`PREPARE database_architect_query AS ${text}`);
    if (prepared.ok) await this.query("DEALLOCATE database_architect_query");
    return prepared;
  }

  async catalog(): ReturnType<ProofDatabase["catalog"]> {
    const raw: Record<string, readonly unknown[]> = {};
    for (const [name, { variants, isFiltered }] of Object.entries(catalogQueries)) {
      const variant = variants.find(({ since }) => since <= this.#session.serverVersion);
      if (variant === undefined) continue;
      const result = await this.query(variant.text, isFiltered ? [null, []] : []);
      if (!result.ok) return result;
      raw[name] = result.value;
    }
    const parsed = v.safeParse(catalogRowsSchema, raw);
    return parsed.success ? { ok: true, value: parsed.output } : { ok: false, why: { kind: "crashed", message: `The catalog has an unexpected shape: ${parsed.issues[0].message}` } };
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.#session.close();
    await drop(this.#settings, this.#name);
  }
}

async function once(settings: ConnectionSettings, text: string): Promise<void> {
  const session = await openForMigrations(settings);
  try {
    await session.send(text);
  } finally {
    await session.close();
  }
}

/** Whoever is still connected to it is ours. */
async function drop(settings: ConnectionSettings, name: string): Promise<void> {
  await once(settings, `DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`).catch(() => undefined);
}

function inDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${encodeURIComponent(name)}`;
  return address.href;
}

function failureOf(error: unknown, text: string): ScratchFailure {
  if (!(error instanceof DatabaseError) || error.isOutage) return { kind: "crashed", message: sentence(error) };
  const at = error.position === undefined ? undefined : [...text].slice(0, error.position - 1).join("").length;
  return { kind: "refused", failure: { message: error.message, sqlState: error.sqlState ?? "", at, detail: error.detail, hint: error.hint } };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
