/** Digests of texts, for pages that allow a script by what it says. */
import { createHash } from "node:crypto";

/** SHA-256 of a text in UTF-8, in Base64. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64");
}
