/**
 * Databases that a person has made known: what client and server say to each other about them. The client keeps the
 * profiles, and the passwords in the editor's own store; the server connects.
 *
 * Invariant: no message holds a password in the clear. A secret crosses sealed, for the server's key of this start, so a
 * trace of the messages holds none (`test/database/secrets.test.ts`).
 */

/** What a query is explained on, a migration is run against, and so on. */
export type ConnectionTarget = { readonly kind: "scratch" } | { readonly kind: "connection"; readonly id: string };

export type DatabaseEnvironment = "development" | "staging" | "production";

/** `none`: not encrypted. `unverified`: encrypted, but to whoever answers. */
export type ConnectionTls = "none" | "verified" | "unverified";

/** Everything about a database that may be shown; the password stands elsewhere. */
export interface ConnectionProfile extends AddressFacts {
  /** Never changes, and says nothing. */
  readonly id: string;
  /** For people; one of a kind. */
  readonly name: string;
  readonly environment: DatabaseEnvironment;
  /** A person said so. Otherwise it is a guess, and `environmentBecause` says what it rests on. */
  readonly isConfirmedEnvironment: boolean;
  /** A person has agreed to a connection that others could read or answer. */
  readonly allowsUnverified: boolean;
  readonly source: ConnectionSource;
}

/** What an address says, without its password. */
export interface AddressFacts {
  /** Host name, IP address, or folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: ConnectionTls;
  /** Files in PEM form. */
  readonly certificates: { readonly ca?: string | undefined; readonly cert?: string | undefined; readonly key?: string | undefined };
  /** A pooler in transaction mode seems to stand between: migrations fail through one. */
  readonly isPooled: boolean;
  /** Prisma's `?schema=`: where its tables are. */
  readonly schema?: string | undefined;
  /** For a person, such as "it runs on this machine". */
  readonly environmentBecause: string;
}

/** Where the address comes from; of a file, the password is read there each time and kept nowhere. */
export type ConnectionSource =
  | { readonly kind: "pasted" }
  | { readonly kind: "typed" }
  /** A variable of an `.env` file. */
  | { readonly kind: "env"; readonly uri: string; readonly variable: string }
  /** `url` or `directUrl` of a Prisma configuration or datasource, as text in it; what it reads from a variable is `env`. */
  | { readonly kind: "prisma"; readonly uri: string; readonly property: string };

/** Of something that may fail for reasons a person can do something about; whole sentences. */
export interface ConnectionRefusal {
  readonly ok: false;
  readonly reason: string;
  /** What to do next. */
  readonly hint?: string | undefined;
}

// ---------------------------------------------------------------------------------------------------- server to client

/** Server to client: all profiles. */
export const listConnections = "databaseArchitect/connections/list";

/** Server to client, each time a connection is opened: the profile and its secret. The server keeps neither. */
export const connectionCredentials = "databaseArchitect/connections/credentials";

export interface CredentialsParams {
  readonly id: string;
  /** Of the server, for sealing; see `connectionKey`. */
  readonly key: string;
}

export type Credentials =
  | { readonly ok: true; readonly profile: ConnectionProfile; /** Null: none is needed, or the server reads it from `source`. */ readonly sealedPassword: string | null }
  | ConnectionRefusal;

// ---------------------------------------------------------------------------------------------------- client to server

/** Client to server: the public key that secrets are sealed for, made at each start (`sealing.ts`). */
export const connectionKey = "databaseArchitect/connections/key";

/** Client to server: profiles were changed or removed; what is open or known of them is let go. */
export const connectionsChanged = "databaseArchitect/connections/changed";

export interface ConnectionsChangedParams {
  readonly ids: readonly string[];
}

/** Client to server: what an address that somebody pasted or typed says. */
export const readAddress = "databaseArchitect/connections/readAddress";

export interface ReadAddressParams {
  readonly sealedAddress: string;
  /** Of the client: the password in the address comes back sealed for it. */
  readonly key: string;
}

export type ReadAddress =
  | {
      readonly ok: true;
      readonly facts: AddressFacts;
      readonly environment: DatabaseEnvironment;
      readonly sealedPassword: string | null;
      /** What an address says that has no effect here, or another one than it seems. Whole sentences. */
      readonly notes: readonly string[];
    }
  | ConnectionRefusal;

/** Client to server: addresses in `.env` files and Prisma configurations of the workspace, which nobody has agreed to yet. */
export const findAddresses = "databaseArchitect/connections/find";

export type FoundAddress = FoundUsable | FoundUnusable;

export interface FoundUsable {
  readonly source: ConnectionSource;
  /** Of the file, relative to its workspace folder. */
  readonly file: string;
  /** Such as DATABASE_URL. */
  readonly variable: string;
  readonly facts: AddressFacts;
  readonly environment: DatabaseEnvironment;
  readonly notes: readonly string[];
}

export interface FoundUnusable {
  readonly file: string;
  readonly variable: string;
  /** A whole sentence. */
  readonly problem: string;
}

/** Client to server: connects, looks, and hangs up. */
export const testConnection = "databaseArchitect/connections/test";

export interface ConnectionParams {
  readonly id: string;
}

export type TestedConnection =
  | {
      readonly ok: true;
      /** Such as "15.18". */
      readonly version: string;
      readonly milliseconds: number;
      readonly isEncrypted: boolean;
      /** What is worth knowing: a superuser, a standby, a pooler. Whole sentences. */
      readonly notes: readonly string[];
    }
  | ConnectionRefusal;

/** Client to server: one level of what a database holds. */
export const connectionTree = "databaseArchitect/connections/tree";

export type TreePlace =
  | { readonly at: "database" }
  | { readonly at: "schema"; readonly schema: string }
  | { readonly at: "table"; readonly schema: string; readonly table: string }
  | { readonly at: "statements" };

export interface TreeParams {
  readonly id: string;
  readonly place: TreePlace;
  /** Ask the database again, whatever is known. */
  readonly refresh?: boolean | undefined;
}

export type TreeAnswer = { readonly ok: true; readonly rows: readonly TreeRow[] } | ConnectionRefusal;

export type TreeRow =
  | { readonly row: "schema"; readonly name: string; readonly tables: number; readonly bytes: number }
  | { readonly row: "table"; readonly schema: string; readonly name: string; readonly kind: TableKind; readonly bytes: number; /** As PostgreSQL estimates; null: it was never counted. */ readonly rows: number | null; readonly indexes: number }
  | IndexRow
  | { readonly row: "column"; readonly name: string; readonly type: string; readonly nullable: boolean; readonly isKey: boolean }
  | { readonly row: "statements" }
  | StatementRow
  /** What a person should know where rows are missing. */
  | { readonly row: "note"; readonly text: string; readonly detail?: string | undefined };

export type TableKind = "table" | "partitioned" | "partition" | "foreign" | "view" | "materialised";

export interface IndexRow {
  readonly row: "index";
  readonly name: string;
  readonly definition: string;
  readonly bytes: number;
  /** Since the statistics were reset. */
  readonly scans: number;
  /** ISO date and time; null: they never were, or the server does not say. */
  readonly statisticsSince: string | null;
  readonly isUnique: boolean;
  readonly isPrimary: boolean;
  readonly isValid: boolean;
}

export interface StatementRow {
  readonly row: "statement";
  readonly text: string;
  readonly calls: number;
  readonly totalMilliseconds: number;
  readonly meanMilliseconds: number;
  readonly rows: number;
}

/** Client to server: how many rows a table has, counted. */
export const countRows = "databaseArchitect/connections/countRows";

export interface CountRowsParams {
  readonly id: string;
  readonly schema: string;
  readonly table: string;
}

export type CountedRows = { readonly ok: true; readonly rows: number; readonly milliseconds: number } | ConnectionRefusal;
