/** Addresses as the server reads them; they go there sealed, and so does their password on the way back. */
import * as v from "valibot";
import { connectionKey, findAddresses, type FoundAddress, readAddress, type ReadAddress } from "../../../protocol/src/connections.ts";
import { foundShape, readAddressShape } from "../../../protocol/src/connectionsShapes.ts";
import { Seal, sealed } from "../../../protocol/src/sealing.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "../webviews/parsing.ts";

export type UnderstoodAddress =
  | (Omit<Extract<ReadAddress, { ok: true }>, "sealedPassword"> & { readonly password: string | undefined })
  | Extract<ReadAddress, { ok: false }>;

export class Addresses {
  readonly #server: ServerSession;
  readonly #seal = new Seal();

  constructor(server: ServerSession) {
    this.#server = server;
  }

  async read(address: string): Promise<UnderstoodAddress> {
    const serverKey = await this.#server.ask(connectionKey, {}, parsing(v.string()));
    const params = { sealedAddress: await sealed(address, serverKey), key: await this.#seal.publicKey() };
    const answer = await this.#server.ask(readAddress, params, parsing(readAddressShape));
    if (!answer.ok) return answer;
    const { sealedPassword, ...rest } = answer;
    return { ...rest, password: sealedPassword === null ? undefined : await this.#seal.open(sealedPassword) };
  }

  /** In the files of the workspace. */
  found(): Promise<readonly FoundAddress[]> {
    return this.#server.ask(findAddresses, {}, parsing(foundShape));
  }
}
