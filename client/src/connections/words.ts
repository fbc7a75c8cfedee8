/** How databases are spoken of: environments, sizes, counts. Words everywhere; icons and colours only beside them. */
import { ThemeColor, ThemeIcon } from "vscode";
import type { AddressFacts, ConnectionProfile, DatabaseEnvironment } from "../../../protocol/src/connections.ts";

export const environments: readonly DatabaseEnvironment[] = ["development", "staging", "production"];

/** Where there is little room. */
export const shortEnvironment: Readonly<Record<DatabaseEnvironment, string>> = { development: "dev", staging: "staging", production: "PRODUCTION" };

export const environmentCodicon: Readonly<Record<DatabaseEnvironment, string>> = { development: "database", staging: "server-environment", production: "flame" };

export function environmentIcon(environment: DatabaseEnvironment): ThemeIcon {
  const colours = { development: "charts.green", staging: "charts.yellow", production: "charts.red" } as const;
  return new ThemeIcon(environmentCodicon[environment], new ThemeColor(colours[environment]));
}

/** "production (guessed)" */
export function environmentWords({ environment, isConfirmedEnvironment }: ConnectionProfile): string {
  return isConfirmedEnvironment ? environment : `${environment} (guessed)`;
}

/** "localhost:5432/shop"; a folder for a socket. */
export function placeWords({ host, port, database }: AddressFacts): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}/${database}`;
}

export function tlsWords({ tls, host }: AddressFacts): string {
  if (tls === "verified") return "encrypted, and the server's certificate is checked";
  if (tls === "unverified") return "encrypted, but nobody knows who answers";
  return isThisMachine(host) ? "not encrypted: it stays on this machine" : "not encrypted: everybody on the way can read it";
}

/** No more than what `server/src/database/environment.ts` takes for it: there it is decided. */
export function isThisMachine(host: string): boolean {
  return host.startsWith("/") || host === "localhost" || host.endsWith(".localhost") || host === "::1" || host === "host.docker.internal" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

export function sourceWords({ source }: ConnectionProfile): string {
  switch (source.kind) {
    case "pasted":
      return "a pasted address";
    case "typed":
      return "typed";
    case "env":
      return `${source.variable} in ${fileName(source.uri)}`;
    case "prisma":
      return `“${source.property}” in ${fileName(source.uri)}`;
  }
}

export function fileName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}

/** "8 kB", "1.2 MB": as PostgreSQL counts, 1024 to the next. */
export function sizeWords(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value < 10 && unit > 1 ? value.toFixed(1) : Math.round(value).toString()} ${units[unit] ?? ""}`;
}

export function countWords(count: number, noun: string): string {
  return `${count.toLocaleString("en-US", { maximumFractionDigits: 0 })} ${noun}${count === 1 ? "" : "s"}`;
}

/** "820 µs", "4.5 ms", "2.1 s", "3 min" */
export function timeWords(milliseconds: number): string {
  if (milliseconds < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
  if (milliseconds < 120_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000).toLocaleString("en-US")} min`;
}
