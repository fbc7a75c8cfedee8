/** How Prisma Migrate knows a migration again: by a digest of its text. */
import { createHash } from "node:crypto";

/**
 * SHA-256 of the text in UTF-8, in lower-case hexadecimal digits: the column `checksum` of `_prisma_migrations`.
 * test/database/prismaHistory.test.ts holds it to what Prisma's own schema engine writes (7.10).
 */
export function checksumOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
