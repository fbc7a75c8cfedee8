/** What the rest of the server knows of databases that a person has made known; `KnownConnections` is what does it. */
import type { ConnectionProfile, ConnectionRefusal, Credentials } from "../../../protocol/src/connections.ts";
import type { ConnectionSettings } from "../database/connectionSettings.ts";
import type { Schema } from "../model/schema.ts";

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
  /** How large every table is, by key; estimates where a table is locked. */
  sizes(id: string, signal: AbortSignal): Promise<LiveSizes>;
}

export type LiveSizes = { readonly ok: true; readonly sizes: ReadonlyMap<string, { readonly bytes: number; readonly rows: number }> } | ConnectionRefusal;

export type LiveSchema = { readonly ok: true; readonly schema: Schema; readonly profile: ConnectionProfile; /** When the catalog was read. */ readonly readAt: Date } | ConnectionRefusal;
