/** What of an address may be shown and kept: everything but the password. */
import { isAbsolute, resolve } from "node:path";
import type { AddressFacts } from "../../../protocol/src/connections.ts";
import type { Address } from "../database/address.ts";

/** Certificates that are named by a relative path are looked for from `folder`, that of the file with the address. */
export function factsOf(address: Address, folder?: string): AddressFacts {
  const { ca, cert, key } = address.certificates;
  const path = (file: string): string => (folder === undefined || file === "system" || isAbsolute(file) ? file : resolve(folder, file));
  return {
    host: address.host,
    port: address.port,
    database: address.database ?? address.user ?? "",
    user: address.user ?? "",
    tls: address.tls,
    certificates: { ...(ca === undefined ? {} : { ca: path(ca) }), ...(cert === undefined ? {} : { cert: path(cert) }), ...(key === undefined ? {} : { key: path(key) }) },
    isPooled: address.isPooled,
    ...(address.schema === undefined ? {} : { schema: address.schema }),
    environmentBecause: address.guess.because,
  };
}

/** Whether somebody who agreed to one has agreed to the other: it is the same database, spoken to as the same user. How it is encrypted is the profile's. */
export function isSameDatabase(a: AddressFacts, b: AddressFacts): boolean {
  return a.host === b.host && a.port === b.port && a.database === b.database && a.user === b.user;
}
