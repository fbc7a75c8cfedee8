/**
 * A connection URL taken apart into exactly what the driver is told; nothing of it is left to the driver's own reading.
 * TLS is verified wherever the server is not this machine, unless a person has agreed to less for this connection.
 */
import { readFileSync } from "node:fs";
import { addressNotes } from "./addressNotes.ts";
import { readAddressText } from "./addressText.ts";
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
  /** Prisma's `schema`: where its tables are. */
  readonly schema: string | undefined;
  readonly guess: EnvironmentGuess;
  /** What a person should hear of: parameters without effect, or with another one. Whole sentences. */
  readonly notes: readonly string[];
}

/** @throws DatabaseError without any part of the text in it when it is no address of PostgreSQL. */
export function parseAddress(text: string): Address {
  const read = readAddressText(text);
  if (!read.ok) throw new DatabaseError(`The address of the database is not usable. ${read.reason}`, { hint: read.hint });
  const { url } = read;
  const parameter = (name: string): string | undefined => url.searchParams.get(name) || undefined;
  const socketFolder = parameter("host");
  const host = socketFolder ?? (decoded(url.hostname).replace(/^\[|\]$/g, "") || "localhost");
  const port = portOf(url.port || parameter("port") || "5432");
  const database = decoded(url.pathname.slice(1)) || parameter("dbname");
  return {
    host,
    port,
    user: decoded(url.username) || parameter("user"),
    database,
    password: decoded(url.password) || parameter("password"),
    tls: tlsMode(host, parameter("sslmode"), parameter("sslaccept")),
    certificates: certificatesOf(parameter),
    isPooled: parameter("pgbouncer") === "true" || port === 6543 || /-pooler\./.test(host),
    schema: parameter("schema"),
    guess: guessEnvironment(host, database ?? ""),
    notes: addressNotes(url.searchParams, host),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new DatabaseError("The address of the database is not usable. Its port is not between 1 and 65535.");
}

/** Prisma gives the authority's certificate as `sslcert`, which for everybody else is the client's and needs a key. */
function certificatesOf(parameter: (name: string) => string | undefined): Address["certificates"] {
  const [ca, cert, key] = [parameter("sslrootcert"), parameter("sslcert"), parameter("sslkey")];
  return key === undefined ? { ca: ca ?? cert, cert: undefined, key: undefined } : { ca, cert, key };
}

/**
 * What the address asks for, but never less than verified without saying so: libpq's `prefer`, `require` and `verify-ca`
 * leave the server's name or its certificate unchecked. https://www.postgresql.org/docs/18/libpq-ssl.html
 */
function tlsMode(host: string, sslmode: string | undefined, sslaccept: string | undefined): TlsMode {
  // Prisma's word for it.
  if (sslaccept === "accept_invalid_certs" && sslmode !== "disable" && !sslmode?.startsWith("verify-")) return "unverified";
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
