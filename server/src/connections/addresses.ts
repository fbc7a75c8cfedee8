/** What has to do with the texts of addresses; loaded when somebody first adds or opens a connection. */
import type { Credentials, ReadAddress, ReadAddressParams } from "../../../protocol/src/connections.ts";
import { type Seal, sealed } from "../../../protocol/src/sealing.ts";
import { parseAddress } from "../database/address.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { factsOf } from "./addressFacts.ts";
import type { ConnectionsHost, OpenedSettings } from "./connections.ts";
import { isInFile, passwordInFile } from "./passwordInFile.ts";
import { addressOf } from "./profileAddress.ts";

/** From what the client gave, and for an address in a file from what stands there now. */
export async function settingsFrom({ profile, sealedPassword }: Extract<Credentials, { ok: true }>, seal: Seal, host: ConnectionsHost): Promise<OpenedSettings> {
  const sealedOne = sealedPassword === null ? undefined : await seal.open(sealedPassword);
  const secret = isInFile(profile.source) ? passwordInFile(profile, host) : ({ ok: true, password: sealedOne } as const);
  if (!secret.ok) return secret;
  return { ok: true, profile, settings: { url: addressOf(profile), password: secret.password, allowsUnverified: profile.allowsUnverified } };
}

/** What an address says, without its password: that comes sealed for `key`. */
export async function readSealedAddress({ sealedAddress, key }: ReadAddressParams, seal: Seal): Promise<ReadAddress> {
  try {
    const address = parseAddress(await seal.open(sealedAddress));
    const { password, guess, notes } = address;
    const sealedPassword = password === undefined ? null : await sealed(password, key);
    return { ok: true, facts: factsOf(address), environment: guess.environment, sealedPassword, notes };
  } catch (error) {
    if (error instanceof DatabaseError) return { ok: false, reason: error.message.replace(/^The address of the database is not usable\. /, ""), hint: error.hint };
    throw error;
  }
}
