/**
 * One connection to a PostgreSQL server. Promises that every statement goes by the extended protocol, that whatever fails
 * is a `DatabaseError` without secrets in it, and that a server which stops answering is given up.
 *
 * Invariant: no file outside of this room imports this one, so SQL text has no way in from there (`session.test.ts`).
 */
import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { type Address, needsConsent, parseAddress, tlsOptions } from "./address.ts";
import type { CancelKey } from "./cancelRequest.ts";
import { type ConnectionSettings, timeoutsOf } from "./connectionSettings.ts";
import { type Slot, takeSlot } from "./connectionSlots.ts";
import { DatabaseError, redact, toDatabaseError } from "./databaseError.ts";

/** How the session is called in `pg_stat_activity`. */
export const applicationName = "Database Architect";

/** Of one answer. A catalog of a thousand tables has a few megabytes; what never ends must not fill our memory. */
const answerLimitBytes = 256_000_000;

/** How much longer than the server's own timeout we wait before we take the server for gone. */
const graceMs = 5_000;

/** One `pg` client, its socket and its secrets. */
export class Connection {
  /** For messages: host, port and database, no user and no password. */
  readonly target: string;
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #received: Received;
  readonly #secrets: readonly string[];
  readonly #slot: Slot | undefined;

  constructor(client: pg.Client, socket: Socket, received: Received, secrets: readonly string[], slot: Slot | undefined) {
    this.#client = client;
    this.#socket = socket;
    this.#received = received;
    this.#secrets = secrets;
    this.#slot = slot;
    // However it ends, also when the server hangs up.
    socket.once("close", () => slot?.release());
    this.target = `${client.host}:${client.port}/${client.database ?? ""}`;
    // Without a listener, a connection lost between two queries would end the process. The next query reports it.
    client.on("error", () => undefined);
  }

  /** What the server says beside its answers: `RAISE NOTICE`, warnings. Secrets are blotted out. */
  onNotice(listen: (severity: string, message: string) => void): void {
    this.#client.on("notice", ({ severity, message }) => listen(severity ?? "NOTICE", redact(message ?? "", this.#secrets)));
  }

  /** The process that the server named when the connection began; a pooler that stands between names another one. */
  get announcedProcess(): number | undefined {
    const process: unknown = Reflect.get(this.#client, "processID");
    return typeof process === "number" ? process : undefined;
  }

  /** What it takes to have the server stop what it does for this session; undefined before it is open. */
  get cancelKey(): CancelKey | undefined {
    const secret: unknown = Reflect.get(this.#client, "secretKey");
    return this.announcedProcess === undefined || typeof secret !== "number" ? undefined : { process: this.announcedProcess, secret };
  }

  /** Somebody waits for a connection to this target: who does nothing with this one should close it. */
  onWanted(listener: () => void): void {
    this.#slot?.onWanted(listener);
  }

  async open(): Promise<void> {
    try {
      await this.#client.connect();
    } catch (error) {
      this.drop();
      throw toDatabaseError(error, `Could not connect to ${this.target}`, this.#secrets);
    }
  }

  /** Extended protocol only: there a text can hold one statement, so nothing can be smuggled in behind another. */
  query(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    return this.#send({ text, values: [...values], queryMode: "extended" });
  }

  /** As `query`; all values of the rows are left in PostgreSQL's text form. */
  queryText(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    return this.#send({ text, values: [...values], queryMode: "extended", types: { getTypeParser: () => String } });
  }

  /** As `query`, with the columns' names and types, and rows as lists. */
  async queryTable(text: string, values: readonly unknown[]): Promise<ResultTable> {
    const query: ExtendedQuery & { readonly rowMode: "array" } = { text, values: [...values], queryMode: "extended", rowMode: "array" };
    const { fields, rows } = await this.#guarded(() => this.#client.query<unknown[]>(query));
    return { columns: fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })), rows };
  }

  async #send(query: ExtendedQuery): Promise<readonly unknown[]> {
    return (await this.#guarded(() => this.#client.query<Record<string, unknown>>(query))).rows;
  }

  async #guarded<T>(ask: () => Promise<T>): Promise<T> {
    this.#received.bytes = 0;
    try {
      return await ask();
    } catch (error) {
      const doing = error instanceof pg.DatabaseError ? "PostgreSQL refuses it" : `${this.target} did not answer`;
      const known = toDatabaseError(error, doing, this.#secrets);
      if (known.isOutage) this.drop();
      throw known;
    }
  }

  /** Ends the connection without a word to the server. */
  drop(): void {
    this.#socket.destroy();
  }

  async close(): Promise<void> {
    const ended = this.#client.end().catch(() => undefined);
    if (!(await settlesWithin(ended, 1_000))) this.drop();
  }
}

export interface ResultTable {
  /** `type`: OID. */
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  readonly rows: readonly (readonly unknown[])[];
}

interface ExtendedQuery {
  readonly text: string;
  readonly values: unknown[];
  readonly queryMode: "extended";
  readonly types?: { readonly getTypeParser: () => (value: string) => string };
}

export interface ConnectOptions {
  /** Goes beyond the target's connections: to end what occupies them. */
  readonly isUrgent?: boolean;
  /** While it waits for its turn, or for the server to let it in. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a connection, when there are fewer than two to the same database.
 *
 * @throws DatabaseError when the address is not usable, or the server cannot be reached or refuses.
 */
export async function connect(settings: ConnectionSettings, { isUrgent = false, signal }: ConnectOptions = {}): Promise<Connection> {
  const { connectTimeoutMs, statementTimeoutMs } = timeoutsOf(settings);
  const address = parseAddress(settings.url);
  const password = settings.password ?? address.password;
  const secrets = secretsOf(settings, address);
  if (needsConsent(address) && settings.allowsUnverified !== true) throw unverified(address);
  const place = `${address.host}:${address.port}/${address.database ?? address.user ?? ""}`;
  const slot = isUrgent ? undefined : await takeSlot(place, place, connectTimeoutMs + statementTimeoutMs, signal);
  const socket = new Socket();
  let client: pg.Client;
  try {
    client = new pg.Client({
      host: address.host,
      port: address.port,
      user: address.user,
      database: address.database,
      ssl: tlsOptions(address),
      // Named like any other session of ours, whatever the address asks for; and none of its startup options.
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + graceMs,
      keepAlive: true,
      stream: () => socket,
      ...(password === undefined ? {} : { password }),
    });
  } catch (error) {
    slot?.release();
    throw toDatabaseError(error, "The address of the database is not usable", secrets);
  }
  const received = containFaults(client);
  const connection = new Connection(client, socket, received, secrets, slot);
  const stop = (): void => connection.drop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await connection.open();
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  return connection;
}

/** What came since the last question. */
interface Received {
  bytes: number;
}

/**
 * The driver reads messages inside of an event and throws at those it does not know, where nobody can catch it: a server
 * gone wrong would end our process. It also keeps whatever it is sent. Both end the connection instead
 * (`hostileServer.test.ts`).
 */
function containFaults(client: pg.Client): Received {
  const received: Received = { bytes: 0 };
  const connection: unknown = Reflect.get(client, "connection");
  if (typeof connection !== "object" || connection === null) throw new Error("The driver has no connection of this name any more.");
  const attach: unknown = Reflect.get(connection, "attachListeners");
  if (typeof attach !== "function") throw new Error("The driver has no listeners of this name any more.");
  Reflect.set(connection, "attachListeners", (stream: Socket): void => {
    const emit = stream.emit.bind(stream);
    stream.emit = (event: string | symbol, ...values: unknown[]): boolean => {
      if (event !== "data") return Reflect.apply(emit, stream, [event, ...values]);
      const [data] = values;
      received.bytes += data instanceof Uint8Array ? data.length : 0;
      if (received.bytes > answerLimitBytes) {
        stream.destroy(new Error(`it sent more than ${answerLimitBytes / 1_000_000} MB for one answer`));
        return true;
      }
      try {
        return Reflect.apply(emit, stream, [event, ...values]);
      } catch (error) {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
        return true;
      }
    };
    Reflect.apply(attach, connection, [stream]);
  });
  return received;
}

function unverified({ tls, host }: Address): DatabaseError {
  const how = tls === "none" ? "without encryption (sslmode=disable)" : "without knowing who answers (sslmode=no-verify)";
  return new DatabaseError(`The address asks to speak to ${host} ${how}, which is not this machine.`, {
    hint: "Take sslmode out of the address, give the certificate of its authority in sslrootcert, or allow it for this connection.",
  });
}

/** Every form of the password that may turn up in a message. */
function secretsOf(settings: ConnectionSettings, { password }: Address): readonly string[] {
  const raw = URL.canParse(settings.url) ? new URL(settings.url).password : "";
  return [settings.password ?? "", password ?? "", raw].flatMap((secret) => [secret, decoded(secret)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the promise settles in time; it must not reject. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = Symbol();
  try {
    return (await Promise.race([promise, delay(ms, late, { signal: timer.signal })])) !== late;
  } finally {
    timer.abort();
  }
}
