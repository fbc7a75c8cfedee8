/** Guesses from an address what hangs on a database. Whatever may be production is taken for it, until a person says otherwise. */

export type Environment = "development" | "staging" | "production";

export interface EnvironmentGuess {
  readonly environment: Environment;
  /** For a person: what the guess rests on. */
  readonly because: string;
}

/** From host name and database name; an empty host is a local socket. */
export function guessEnvironment(host: string, database: string): EnvironmentGuess {
  const words = `${host} ${database}`.toLowerCase();
  const named = (pattern: RegExp): string | undefined => pattern.exec(words)?.[1];
  const production = named(/(?:^|[^a-z])(prod(?:uction)?|live|primary|master)(?![a-z])/);
  if (production !== undefined) return { environment: "production", because: `its address says "${production}"` };
  if (isLocalHost(host)) return { environment: "development", because: "it runs on this machine" };
  const staging = named(/(?:^|[^a-z])(stag(?:ing|e)?|uat|qa|preprod|preview|sandbox)(?![a-z])/);
  if (staging !== undefined) return { environment: "staging", because: `its address says "${staging}"` };
  const development = named(/(?:^|[^a-z])(dev(?:elopment)?|test(?:ing)?|ci)(?![a-z])/);
  if (isPrivateHost(host)) {
    const because = development === undefined ? "it is in a private network" : `it is in a private network, and its address says "${development}"`;
    return { environment: "development", because };
  }
  if (development !== undefined) return { environment: "staging", because: `its address says "${development}", but it is on a public network` };
  return { environment: "production", because: "it is on a public network, and nothing says that it is not production" };
}

/** This machine: a loopback address, a socket, or how a container calls its host. */
export function isLocalHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return (
    name === "" || name.startsWith("/") || name === "localhost" || name.endsWith(".localhost") || name === "::1" || name === "host.docker.internal" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(name)
  );
}

/** RFC 1918, link-local and unique local addresses, and names without a public domain, such as a container's. */
function isPrivateHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  if (/^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+$/.test(name)) return true;
  if (/^f[cd][0-9a-f]{2}:|^fe80:/.test(name)) return true;
  return /^[a-z][\w-]*$/.test(name) || /\.(?:local|internal\.test|test|home\.arpa)$/.test(name);
}
