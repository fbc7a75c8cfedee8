/**
 * What went wrong between us and a server: thrown where it happens, shown once at the command. Promises that neither the
 * message nor the cause holds a password.
 */

export interface DatabaseErrorFields {
  /** Five characters; undefined when the server did not answer. https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlState?: string | undefined;
  /** Of the operating system or the driver, for example `ECONNREFUSED`. */
  readonly systemCode?: string | undefined;
  readonly detail?: string | undefined;
  /** What to do next: the server's own hint, or ours. */
  readonly hint?: string | undefined;
  /** Character (code point) of the statement the error is at, from 1. */
  readonly position?: number | undefined;
}

export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly sqlState: string | undefined;
  readonly systemCode: string | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: number | undefined;

  constructor(message: string, fields: DatabaseErrorFields = {}, cause?: Error) {
    super(message, cause === undefined ? undefined : { cause });
    this.sqlState = fields.sqlState;
    this.systemCode = fields.systemCode;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.position = fields.position;
  }

  /** Whether the connection is gone, or never was: class 08, an end of the server (57P), or no answer at all. */
  get isOutage(): boolean {
    return this.sqlState === undefined || this.sqlState.startsWith("08") || this.sqlState.startsWith("57P");
  }

  /** Whether the statement was stopped on request or ran into `statement_timeout`; PostgreSQL gives both one code. */
  get isCanceled(): boolean {
    return this.sqlState === "57014";
  }
}

/**
 * Anything thrown by the driver or the operating system, as a `DatabaseError`. `doing` begins the message, for example
 * `Could not connect to db.example.com:5432/shop`. `secrets` are blotted out of everything that is kept.
 */
export function toDatabaseError(thrown: unknown, doing: string, secrets: readonly string[]): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const clean = (text: string | undefined): string | undefined => (text === undefined ? undefined : redact(text, secrets));
  const told = firstOf(thrown);
  const code = textOf(told, "code");
  const sqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code) && textOf(told, "severity") !== undefined ? code : undefined;
  const reason = told instanceof Error ? told.message : String(told);
  const position = Number(textOf(told, "position"));
  const fields = {
    sqlState,
    systemCode: sqlState === undefined ? code : undefined,
    detail: clean(textOf(told, "detail")),
    hint: clean(textOf(told, "hint")) ?? (code === undefined ? hintFor(reason) : hints.get(code)),
    position: Number.isInteger(position) && position > 0 ? position : undefined,
  };
  // The original may hold the address with the password in a property, as Node's ERR_INVALID_URL does: only its text goes on.
  const cause = new Error(redact(reason, secrets));
  if (told instanceof Error && told.stack !== undefined) cause.stack = redact(told.stack, secrets);
  return new DatabaseError(redact(`${doing}: ${reason}`, secrets), fields, cause);
}

/**
 * The text without passwords: neither the given secrets, in plain or URL-encoded form, nor whatever stands where addresses and
 * connection strings have one.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const forms = secrets.flatMap((secret) => [secret, encoded(secret)]).filter((form) => form !== "");
  // Longer ones first, so that no rest of one survives where another is its beginning.
  forms.sort((a, b) => b.length - a.length);
  const withoutSecrets = forms.reduce((rest, form) => rest.replaceAll(form, blot), text);
  return withoutSecrets
    .replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/]*@/gi, `$1:${blot}@`)
    .replaceAll(/(\bpassword\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&;]+)/gi, `$1${blot}`);
}

const blot = "***";

const unknownAuthority =
  "The server's certificate is signed by an authority that is not known here: give its certificate in sslrootcert of the address.";

const hints: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "Is the server running, and does it listen on this host and port?"],
  ["ENOTFOUND", "The host name is unknown: check its spelling and the network."],
  ["EAI_AGAIN", "The host name could not be looked up: check the network."],
  ["ETIMEDOUT", "Check the network, a firewall, and that the host and port are right."],
  ["SELF_SIGNED_CERT_IN_CHAIN", unknownAuthority],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", unknownAuthority],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", unknownAuthority],
  ["UNABLE_TO_GET_ISSUER_CERT", unknownAuthority],
  ["CERT_HAS_EXPIRED", "The server's certificate has expired: whoever runs it has to renew it."],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "The server's certificate is for another host: use the name it is for in the address."],
  ["ECONNRESET", "The connection was cut: the server may have restarted. Try again."],
  ["57P01", "The server was shut down or ended this session. Try again."],
  ["57P03", "The server is starting or shutting down. Try again in a moment."],
  ["28P01", "Check the user name and the password."],
  ["28000", "The server does not let this user in from here: check pg_hba.conf, or whether it wants TLS (sslmode=require)."],
  ["3D000", "Check the database name at the end of the address."],
  ["42501", "The user of this connection may not do it: GRANT SELECT on what is read, or take another user."],
  ["53300", "The server has no connection left: close one, or raise max_connections."],
  ["55P03", "Another session holds a lock on it: try again when that has ended."],
]);

/** For what the driver says without a code. */
function hintFor(reason: string): string | undefined {
  if (/does not support SSL/.test(reason)) return "The server does not encrypt: only sslmode=disable, allowed for this connection, gets through.";
  if (/connection terminated unexpectedly/i.test(reason)) return hints.get("ECONNRESET");
  if (/timeout/i.test(reason)) return hints.get("ETIMEDOUT");
  return undefined;
}

/** Node reports several attempts (IPv6, IPv4) as one AggregateError without a message; the last attempt tells the most. */
function firstOf(thrown: unknown): unknown {
  return thrown instanceof AggregateError ? (thrown.errors.at(-1) ?? thrown) : thrown;
}

function textOf(thrown: unknown, property: string): string | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const value: unknown = Reflect.get(thrown, property);
  return typeof value === "string" ? value : undefined;
}

function encoded(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // A lone surrogate has no encoded form.
    return "";
  }
}
