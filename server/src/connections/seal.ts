/**
 * Opens what the client sealed: secrets cross between two processes of one person, and a trace of their messages, which
 * an editor writes when asked to, must hold none. The key pair lives as long as this process.
 */
import { createDecipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, type KeyObject } from "node:crypto";

/** Said in both processes: `client/src/connections/sealing.ts`. */
const purpose = "database-architect sealed secret 1";

export class Seal {
  #keys: { readonly publicKey: string; readonly privateKey: KeyObject } | undefined;

  /** SPKI in DER, base64. */
  get publicKey(): string {
    return this.#pair().publicKey;
  }

  /** @throws Error, without any of the text, when it was not sealed for this process. */
  open(sealed: string): string {
    const [theirs = "", nonce = "", tag = "", text = ""] = sealed.split(".");
    try {
      const publicKey = createPublicKey({ key: Buffer.from(theirs, "base64"), format: "der", type: "spki" });
      const secret = diffieHellman({ privateKey: this.#pair().privateKey, publicKey });
      const key = Buffer.from(hkdfSync("sha256", secret, "", purpose, 32));
      const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
      decipher.setAuthTag(Buffer.from(tag, "base64"));
      return Buffer.concat([decipher.update(Buffer.from(text, "base64")), decipher.final()]).toString("utf8");
    } catch {
      throw new Error("A secret arrived that was not sealed for this start of the server.");
    }
  }

  #pair(): { readonly publicKey: string; readonly privateKey: KeyObject } {
    if (this.#keys === undefined) {
      const { publicKey, privateKey } = generateKeyPairSync("x25519");
      this.#keys = { publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64"), privateKey };
    }
    return this.#keys;
  }
}
