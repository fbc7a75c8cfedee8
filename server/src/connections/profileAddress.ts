/** A profile as the address that the driver's side reads. The password is no part of it. */
import type { ConnectionProfile } from "../../../protocol/src/connections.ts";

export function addressOf({ host, port, user, database, tls, certificates }: ConnectionProfile): string {
  const isSocket = host.startsWith("/") || host.startsWith("@");
  const parameters = new URLSearchParams({ sslmode: sslmodes[tls] });
  if (isSocket) parameters.set("host", host);
  if (certificates.ca !== undefined) parameters.set("sslrootcert", certificates.ca);
  if (certificates.cert !== undefined) parameters.set("sslcert", certificates.cert);
  if (certificates.key !== undefined) parameters.set("sslkey", certificates.key);
  const name = isSocket ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `postgresql://${encodeURIComponent(user)}@${name}:${port}/${encodeURIComponent(database)}?${parameters}`;
}

const sslmodes = { none: "disable", verified: "verify-full", unverified: "no-verify" } as const;
