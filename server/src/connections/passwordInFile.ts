/** The password of a profile whose address stands in a file of the workspace: read each time, and only if it is still that address. */
import type { ConnectionProfile, ConnectionRefusal, ConnectionSource } from "../../../protocol/src/connections.ts";
import { type Address, parseAddress } from "../database/address.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { factsOf, isSameDatabase } from "./addressFacts.ts";
import { addressAt } from "./addressSources.ts";

export function isInFile(source: ConnectionSource): boolean {
  return source.kind === "env" || source.kind === "prisma";
}

/** What somebody put into the file since then is no address that a person agreed to. */
export function passwordInFile(profile: ConnectionProfile, { readFile }: { readFile(uri: string): string | undefined }): { readonly ok: true; readonly password: string | undefined } | ConnectionRefusal {
  const { source, name } = profile;
  const place = source.kind === "env" ? `${source.variable} in ${fileName(source.uri)}` : source.kind === "prisma" ? `“${source.property}” in ${fileName(source.uri)}` : "";
  const text = addressAt(source, readFile);
  if (text === undefined) return { ok: false, reason: `The address of ${name} is gone: there is no ${place} any more.`, hint: "Put it back, or remove this connection." };
  const address = read(text);
  if (!("host" in address)) return { ok: false, reason: `${place} cannot be used: ${address.reason}`, hint: address.hint };
  if (isSameDatabase(factsOf(address), profile)) return { ok: true, password: address.password };
  return {
    ok: false,
    reason: `${place} names another database than the one that was agreed to: ${address.host}:${address.port}/${address.database ?? ""} instead of ${profile.host}:${profile.port}/${profile.database}.`,
    hint: "Remove this connection and add it again from the file.",
  };
}

function read(text: string): Address | ConnectionRefusal {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof DatabaseError) return { ok: false, reason: error.message, hint: error.hint };
    throw error;
  }
}

function fileName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}
