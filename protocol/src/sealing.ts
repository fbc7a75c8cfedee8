/**
 * Secrets between client and server: an editor writes their messages to its output when asked to, and no secret may stand
 * there. Whoever wants to receive one makes a key pair; what is sealed for it can be opened by nobody else.
 */

const curve = { name: "ECDH", namedCurve: "P-256" } as const;
const cipher = { name: "AES-GCM", length: 256 } as const;
const purpose = new TextEncoder().encode("database-architect sealed secret 1");

/** A key pair that lives as long as the process, made when first asked for. */
export class Seal {
  #pair: Promise<CryptoKeyPair> | undefined;

  /** What others seal with, in base64. */
  async publicKey(): Promise<string> {
    return exported((await this.#keys()).publicKey);
  }

  /** @throws Error, without any of the text, when it was not sealed for this key. */
  async open(sealed: string): Promise<string> {
    const [theirs = "", nonce = "", text = ""] = sealed.split(".");
    try {
      const key = await sharedKey((await this.#keys()).privateKey, await imported(theirs));
      return new TextDecoder().decode(await crypto.subtle.decrypt({ name: cipher.name, iv: bytes(nonce) }, key, bytes(text)));
    } catch {
      throw new Error("A secret arrived that was not sealed for this process.");
    }
  }

  #keys(): Promise<CryptoKeyPair> {
    this.#pair ??= newPair();
    return this.#pair;
  }
}

/** @throws Error when `publicKey` is none. */
export async function sealed(secret: string, publicKey: string): Promise<string> {
  const ours = await newPair();
  const key = await sharedKey(ours.privateKey, await imported(publicKey));
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const text = await crypto.subtle.encrypt({ name: cipher.name, iv: nonce }, key, new TextEncoder().encode(secret));
  return [await exported(ours.publicKey), base64(nonce), base64(new Uint8Array(text))].join(".");
}

type CryptoKeyPair = Awaited<ReturnType<typeof newPair>>;
type Key = CryptoKeyPair["publicKey"];

function newPair() {
  return crypto.subtle.generateKey(curve, true, ["deriveBits"]);
}

async function sharedKey(privateKey: Key, publicKey: Key): Promise<Key> {
  const bits = await crypto.subtle.deriveBits({ name: curve.name, public: publicKey }, privateKey, 256);
  const base = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: purpose }, base, cipher, false, ["encrypt", "decrypt"]);
}

async function exported(key: Key): Promise<string> {
  return base64(new Uint8Array(await crypto.subtle.exportKey("raw", key)));
}

function imported(publicKey: string): Promise<Key> {
  return crypto.subtle.importKey("raw", bytes(publicKey), curve, true, []);
}

function base64(data: Uint8Array): string {
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
