/**
 * The databases that a person has made known, for everybody in the server who talks to one. Profiles and passwords are the
 * client's: both are asked for when a connection is opened, and kept nowhere. In a restricted workspace there is none.
 */
import type { ConnectionProfile, ConnectionRefusal, ReadAddress, ReadAddressParams } from "../../../protocol/src/connections.ts";
import { Seal, sealed } from "../../../protocol/src/sealing.ts";
import { parseAddress } from "../database/address.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { factsOf } from "./addressFacts.ts";
import type { Connections, ConnectionsHost, LiveSchema, LiveSizes, OpenedSettings } from "./connections.ts";
import type * as Live from "./live.ts";
import { isInFile, passwordInFile } from "./passwordInFile.ts";
import { addressOf } from "./profileAddress.ts";

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
    const { profile, sealedPassword } = given;
    const secret = isInFile(profile.source) ? passwordInFile(profile, this.#host) : { ok: true as const, password: sealedPassword === null ? undefined : await this.seal.open(sealedPassword) };
    if (!secret.ok) return secret;
    const { password } = secret;
    return { ok: true, profile, settings: { url: addressOf(profile), password, allowsUnverified: profile.allowsUnverified } };
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
  async readAddress({ sealedAddress, key }: ReadAddressParams): Promise<ReadAddress> {
    try {
      const address = parseAddress(await this.seal.open(sealedAddress));
      const { password, guess, notes } = address;
      const sealedPassword = password === undefined ? null : await sealed(password, key);
      return { ok: true, facts: factsOf(address), environment: guess.environment, sealedPassword, notes };
    } catch (error) {
      if (error instanceof DatabaseError) return { ok: false, reason: error.message.replace(/^The address of the database is not usable\. /, ""), hint: error.hint };
      throw error;
    }
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
