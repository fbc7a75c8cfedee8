/**
 * The databases that a person has made known, for everybody in the server who talks to one. Profiles and passwords are the
 * client's: both are asked for when a connection is opened, and kept nowhere. In a restricted workspace there is none.
 */
import type { ConnectionProfile, ConnectionRefusal, ReadAddress, ReadAddressParams } from "../../../protocol/src/connections.ts";
import { Seal } from "../../../protocol/src/sealing.ts";
import type * as Addresses from "./addresses.ts";
import type { Connections, ConnectionsHost, LiveSchema, LiveSizes, OpenedSettings } from "./connections.ts";
import type * as Live from "./live.ts";

export class KnownConnections implements Connections {
  readonly seal = new Seal();
  readonly #host: ConnectionsHost;
  #live: Promise<Live.LiveDatabases> | undefined;

  constructor(host: ConnectionsHost) {
    this.#host = host;
  }

  async settingsOf(id: string, signal: AbortSignal): Promise<OpenedSettings> {
    if (!this.#host.isTrusted()) return restricted;
    const given = await this.#host.credentials(id, await this.seal.publicKey(), signal);
    if (!given.ok) return given;
    const { settingsFrom }: typeof Addresses = await import("./addresses.ts");
    return settingsFrom(given, this.seal, this.#host);
  }

  async profiles(): Promise<readonly ConnectionProfile[]> {
    return this.#host.isTrusted() ? this.#host.listProfiles() : [];
  }

  async schema(id: string, signal: AbortSignal, refresh = false): Promise<LiveSchema> {
    return this.#host.isTrusted() ? (await this.live()).schema(id, signal, refresh) : restricted;
  }

  async sizes(id: string, signal: AbortSignal): Promise<LiveSizes> {
    return this.#host.isTrusted() ? (await this.live()).sizes(id, signal) : restricted;
  }

  /** What is asked of databases themselves; loaded when first wanted. In a restricted workspace it connects to none. */
  live(): Promise<Live.LiveDatabases> {
    this.#live ??= import("./live.ts").then(({ LiveDatabases }: typeof Live) => new LiveDatabases((id, signal) => this.settingsOf(id, signal)));
    return this.#live;
  }

  /** What an address says, without its password: that comes sealed for `key`. */
  async readAddress(params: ReadAddressParams): Promise<ReadAddress> {
    const { readSealedAddress }: typeof Addresses = await import("./addresses.ts");
    return readSealedAddress(params, this.seal);
  }

  /** The profiles changed or are gone. */
  async forget(ids: readonly string[]): Promise<void> {
    if (this.#live !== undefined) await (await this.#live).forget(ids);
  }

  async dispose(): Promise<void> {
    if (this.#live !== undefined) await (await this.#live).dispose();
  }
}

const restricted: ConnectionRefusal = {
  ok: false,
  reason: "This workspace is not trusted, so no database is contacted.",
  hint: "Trust the workspace first: “Workspaces: Manage Workspace Trust”.",
};
