/**
 * A connection URL taken apart into exactly what the driver is told; nothing of it is left to the driver's own reading.
 * TLS is verified wherever the server is not this machine, unless a person has agreed to less for this connection.
 */
import { readFileSync } from "node:fs";
import { DatabaseError } from "./databaseError.ts";
import { type EnvironmentGuess, guessEnvironment, isLocalHost } from "./environment.ts";

/** `none`: not encrypted. `unverified`: encrypted, but to whoever answers. */
export type TlsMode = "none" | "verified" | "unverified";

export interface Address {
  /** Host name, IP address, or folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly password: string | undefined;
  readonly tls: TlsMode;
  /** Files in PEM form, as `sslrootcert`, `sslcert` and `sslkey` name them. */
  readonly certificates: { readonly ca: string | undefined; readonly cert: string | undefined; readonly key: string | undefined };
  /** Whether it looks like a pooler in transaction mode: migrations fail through one. */
  readonly isPooled: boolean;
  readonly guess: EnvironmentGuess;
}

/** @throws DatabaseError without any part of the text in it when it is no address of PostgreSQL. */
export function parseAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "postgresql:" && url.protocol !== "postgres:")) {
    throw new DatabaseError("The address of the database is not usable: it must look like postgresql://user@host:5432/database.");
  }
  const parameter = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  const socketFolder = parameter("host");
  const host = socketFolder ?? (decoded(url.hostname).replace(/^\[|\]$/g, "") || "localhost");
  const port = Number(url.port || parameter("port") || 5432);
  const database = decoded(url.pathname.slice(1)) || parameter("dbname");
  return {
    host,
    port,
    user: decoded(url.username) || parameter("user"),
    database,
    password: decoded(url.password) || parameter("password"),
    tls: tlsMode(host, parameter("sslmode")),
    certificates: { ca: parameter("sslrootcert"), cert: parameter("sslcert"), key: parameter("sslkey") },
    isPooled: parameter("pgbouncer") === "true" || port === 6543 || /-pooler\./.test(host),
    guess: guessEnvironment(host, database ?? ""),
  };
}

/**
 * What the address asks for, but never less than verified without saying so: libpq's `prefer`, `require` and `verify-ca`
 * leave the server's name or its certificate unchecked. https://www.postgresql.org/docs/18/libpq-ssl.html
 */
function tlsMode(host: string, sslmode: string | undefined): TlsMode {
  switch (sslmode) {
    case "disable":
      return "none";
    case "no-verify":
      return "unverified";
    case undefined:
    case "allow":
    case "prefer":
      return isLocalHost(host) ? "none" : "verified";
    default:
      return "verified";
  }
}

/** Whether a person has to agree: what is said to a server far away could be read or answered by somebody else. */
export function needsConsent({ tls, host }: Address): boolean {
  return tls !== "verified" && !isLocalHost(host);
}

export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** @throws DatabaseError when a certificate cannot be read. */
export function tlsOptions({ tls, certificates }: Address): TlsOptions | false {
  if (tls === "none") return false;
  const { ca, cert, key } = certificates;
  return {
    rejectUnauthorized: tls === "verified",
    ...(ca === undefined || ca === "system" ? {} : { ca: pem(ca) }),
    ...(cert === undefined ? {} : { cert: pem(cert) }),
    ...(key === undefined ? {} : { key: pem(key) }),
  };
}

function pem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new DatabaseError(`The certificate file ${file} of the address cannot be read.`);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
