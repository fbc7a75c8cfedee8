/** What it takes to connect: the address, its secret, and how long anything may take. */

export interface ConnectionSettings extends Partial<Timeouts> {
  /** `postgresql://user:password@host:port/database?…`; the password may stand apart. */
  readonly url: string;
  /** Wins over the one in `url`. */
  readonly password?: string | undefined;
  /** A person has agreed to a connection that anybody on the way can read or answer. */
  readonly allowsUnverified?: boolean | undefined;
}

export interface Timeouts {
  readonly connectTimeoutMs: number;
  /** Of each statement. */
  readonly statementTimeoutMs: number;
  /** How long a statement waits for locks that others hold. */
  readonly lockTimeoutMs: number;
}

/** The timeouts asked for, or what holds otherwise. */
export function timeoutsOf(settings: ConnectionSettings): Timeouts {
  return {
    connectTimeoutMs: settings.connectTimeoutMs ?? 10_000,
    statementTimeoutMs: settings.statementTimeoutMs ?? 15_000,
    lockTimeoutMs: settings.lockTimeoutMs ?? 500,
  };
}
