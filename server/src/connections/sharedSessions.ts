/**
 * One read-only session a database, for whoever only looks: opened when first asked for, one user after the other, closed
 * when nobody has looked for a minute or when somebody else waits for a connection.
 */
import type { ConnectionProfile, ConnectionRefusal } from "../../../protocol/src/connections.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { openReadOnly, type Session } from "../database/session.ts";
import type { OpenedSettings } from "./connections.ts";
import { refusalOf } from "./refusals.ts";

/** Milliseconds without a question after which a session is closed. */
export const idleMilliseconds = 60_000;

export type Looked<T> = { readonly ok: true; readonly value: T } | ConnectionRefusal;

export interface SharedSessionsOptions {
  settingsOf(id: string, signal: AbortSignal): Promise<OpenedSettings>;
  readonly idleMs?: number;
}

export class SharedSessions {
  readonly #settingsOf: SharedSessionsOptions["settingsOf"];
  readonly #idleMs: number;
  readonly #lines = new Map<string, Line>();

  constructor({ settingsOf, idleMs = idleMilliseconds }: SharedSessionsOptions) {
    this.#settingsOf = settingsOf;
    this.#idleMs = idleMs;
  }

  /** What `use` gives, or why there is nothing; never throws for what the database or the network did. */
  async use<T>(id: string, signal: AbortSignal, use: (session: Session, profile: ConnectionProfile) => Promise<T>): Promise<Looked<T>> {
    const line = this.#lines.get(id) ?? new Line(this.#idleMs);
    this.#lines.set(id, line);
    try {
      return await line.inTurn(signal, async () => {
        const wasOpen = line.open !== undefined;
        try {
          return await this.#used(id, line, signal, use);
        } catch (error) {
          // A session that waited may have ended meanwhile: the server was restarted, or a laptop slept.
          if (!wasOpen || !(error instanceof DatabaseError) || !error.isOutage || signal.aborted) throw error;
          return await this.#used(id, line, signal, use);
        }
      });
    } catch (error) {
      return refusalOf(error, signal);
    }
  }

  /** Lets go of the sessions of these profiles, or of all. */
  async close(ids: readonly string[] = [...this.#lines.keys()]): Promise<void> {
    await Promise.all(ids.map((id) => this.#lines.get(id)?.close()));
  }

  async #used<T>(id: string, line: Line, signal: AbortSignal, use: (session: Session, profile: ConnectionProfile) => Promise<T>): Promise<Looked<T>> {
    const opened = line.open ?? (await this.#opened(id, line, signal));
    if ("ok" in opened) return opened;
    const { session, profile } = opened;
    const stop = (): void => void session.cancel();
    signal.addEventListener("abort", stop, { once: true });
    try {
      signal.throwIfAborted();
      return { ok: true, value: await use(session, profile) };
    } catch (error) {
      if (error instanceof DatabaseError && error.isOutage) await line.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #opened(id: string, line: Line, signal: AbortSignal): Promise<Open | ConnectionRefusal> {
    const given = await this.#settingsOf(id, signal);
    if (!given.ok) return given;
    const session = await openReadOnly(given.settings, signal);
    line.open = { session, profile: given.profile };
    session.onWanted(() => line.giveWay());
    return line.open;
  }
}

interface Open {
  readonly session: Session;
  readonly profile: ConnectionProfile;
}

/** Those who want to use the session of one database, one behind the other. */
class Line {
  open: Open | undefined;
  readonly #idleMs: number;
  #users = 0;
  #isWanted = false;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  async inTurn<T>(signal: AbortSignal, use: () => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    this.#users++;
    const turn = this.#last.then(() => {
      signal.throwIfAborted();
      return use();
    });
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#users--;
      if (this.#users === 0) this.#rest();
    }
  }

  /** Now, or when the one who uses it is done. */
  giveWay(): void {
    this.#isWanted = true;
    if (this.#users === 0) void this.close();
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const { open } = this;
    this.open = undefined;
    this.#isWanted = false;
    await open?.session.close();
  }

  #rest(): void {
    if (this.#isWanted) void this.close();
    else this.#idle = setTimeout(() => void this.close(), this.#idleMs).unref();
  }
}
