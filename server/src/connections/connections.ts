/**
 * The databases that a person has made known, for everybody in the server who talks to one. Profiles and passwords are the
 * client's: both are asked for when a connection is opened, and kept nowhere. In a restricted workspace there is none.
 */
import type { ConnectionProfile, ConnectionRefusal, Credentials } from "../../../protocol/src/connections.ts";
import { Seal } from "../../../protocol/src/sealing.ts";
import type { ConnectionSettings } from "../database/connectionSettings.ts";
import type { Schema } from "../model/schema.ts";
import { isInFile, passwordInFile } from "./passwordInFile.ts";
import { addressOf } from "./profileAddress.ts";

/** What the client and the workspace tell this room. */
export interface ConnectionsHost {
  isTrusted(): boolean;
  listProfiles(): Promise<readonly ConnectionProfile[]>;
  /** `key` is what the client seals the password with. */
  credentials(id: string, key: string, signal: AbortSignal): Promise<Credentials>;
  /** Of a file that an address comes from, by its URI; undefined when it cannot be read. */
  readFile(uri: string): string | undefined;
  log(what: string, error: unknown): void;
}

export type OpenedSettings = { readonly ok: true; readonly settings: ConnectionSettings; readonly profile: ConnectionProfile } | ConnectionRefusal;

/** What the rest of the server asks of this room. None of it throws for what a person can mend. */
export interface Connections {
  /** What it takes to connect now; asked for anew each time, never kept. */
  settingsOf(id: string, signal: AbortSignal): Promise<OpenedSettings>;
  /** All profiles, without secrets. None in a restricted workspace. */
  profiles(): Promise<readonly ConnectionProfile[]>;
  /** The live catalog; read again when `refresh` is set, or when it is a few minutes old. */
  schema(id: string, signal: AbortSignal, refresh?: boolean): Promise<LiveSchema>;
}

export type LiveSchema = { readonly ok: true; readonly schema: Schema; readonly profile: ConnectionProfile; /** When the catalog was read. */ readonly readAt: Date } | ConnectionRefusal;

export class KnownConnections implements Connections {
  readonly seal = new Seal();
  readonly #host: ConnectionsHost;

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

  schema(_id: string, _signal: AbortSignal, _refresh?: boolean): Promise<LiveSchema> {
    return Promise.resolve({ ok: false, reason: "Live catalogs are not read yet." });
  }

  /** The profiles changed or are gone. */
  forget(_ids: readonly string[]): void {}

  async dispose(): Promise<void> {}
}

const restricted: ConnectionRefusal = {
  ok: false,
  reason: "This workspace is not trusted, so no database is contacted.",
  hint: "Trust the workspace first: “Workspaces: Manage Workspace Trust”.",
};
