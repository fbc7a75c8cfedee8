/**
 * What the room `connections` asks of databases themselves. Loaded when somebody first looks at one: the driver is no part
 * of what the first diagnostics wait for.
 */
import type { CountedRows, CountRowsParams, TestedConnection, TreeAnswer, TreeParams } from "../../../protocol/src/connections.ts";
import { readCatalog } from "../database/catalog.ts";
import { countedRows, schemaRows, serverFacts, tableRows } from "../database/overview.ts";
import { fromCatalog } from "../model/fromCatalog.ts";
import { keyOf } from "../model/names.ts";
import type { LiveSchema, LiveSizes, OpenedSettings } from "./connections.ts";
import { SharedSessions } from "./sharedSessions.ts";
import { treeRows } from "./treeRows.ts";

/** Milliseconds after which a catalog is read again when somebody wants it. */
const freshMilliseconds = 5 * 60_000;
/** Catalogs kept; large ones take tens of megabytes. */
const mostKept = 2;

export class LiveDatabases {
  readonly #sessions: SharedSessions;
  readonly #schemas = new Map<string, Extract<LiveSchema, { ok: true }>>();

  constructor(settingsOf: (id: string, signal: AbortSignal) => Promise<OpenedSettings>) {
    this.#sessions = new SharedSessions({ settingsOf });
  }

  async test(id: string, signal: AbortSignal): Promise<TestedConnection> {
    // A session that is open proves nothing about the next one.
    await this.#sessions.close([id]);
    const started = performance.now();
    const looked = await this.#sessions.use(id, signal, async (session, { tls, isPooled }) => {
      const facts = await serverFacts(session);
      const notes = [
        ...(facts?.isStandby === true ? ["It is a standby: nothing can be changed there."] : []),
        ...(facts?.isSuperuser === true ? ["The user is a superuser: one that may only read would be safer."] : []),
        ...(isPooled ? ["A pooler stands between: run migrations at the direct address."] : []),
        ...(tls === "unverified" ? ["It is encrypted, but nobody knows who answers."] : []),
      ];
      return { version: (facts?.version ?? "").replace(/ .*/s, ""), isEncrypted: tls !== "none", notes };
    });
    return looked.ok ? { ok: true, ...looked.value, milliseconds: Math.round(performance.now() - started) } : looked;
  }

  async tree({ id, place, refresh }: TreeParams, signal: AbortSignal): Promise<TreeAnswer> {
    if (refresh === true) this.#schemas.delete(id);
    const looked = await this.#sessions.use(id, signal, (session) => treeRows(session, place));
    return looked.ok ? { ok: true, rows: looked.value } : looked;
  }

  async count({ id, schema, table }: CountRowsParams, signal: AbortSignal): Promise<CountedRows> {
    const started = performance.now();
    const looked = await this.#sessions.use(id, signal, (session) => countedRows(session, schema, table));
    return looked.ok ? { ok: true, rows: looked.value, milliseconds: Math.round(performance.now() - started) } : looked;
  }

  async schema(id: string, signal: AbortSignal, refresh: boolean): Promise<LiveSchema> {
    const known = this.#schemas.get(id);
    if (known !== undefined && !refresh && Date.now() - known.readAt.getTime() < freshMilliseconds) return known;
    const looked = await this.#sessions.use(id, signal, async (session, profile) => ({ rows: await readCatalog(session), profile }));
    if (!looked.ok) return looked;
    const live = { ok: true, schema: fromCatalog(looked.value.rows), profile: looked.value.profile, readAt: new Date() } as const;
    this.#schemas.delete(id);
    this.#schemas.set(id, live);
    for (const oldest of this.#schemas.keys()) if (this.#schemas.size > mostKept) this.#schemas.delete(oldest);
    return live;
  }

  /** A table that was never counted has none: no number is better than a wrong one. */
  async sizes(id: string, signal: AbortSignal): Promise<LiveSizes> {
    const looked = await this.#sessions.use(id, signal, async (session) => {
      const sizes = new Map<string, { readonly bytes: number; readonly rows: number }>();
      for (const { name: schema } of (await schemaRows(session)).rows) {
        for (const { name, kind, bytes, rows } of (await tableRows(session, schema)).rows) if (kind !== "v" && rows !== null) sizes.set(keyOf(schema, name), { bytes, rows });
      }
      return sizes;
    });
    return looked.ok ? { ok: true, sizes: looked.value } : looked;
  }

  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#schemas.delete(id);
    await this.#sessions.close(ids);
  }

  async dispose(): Promise<void> {
    this.#schemas.clear();
    await this.#sessions.close();
  }
}
