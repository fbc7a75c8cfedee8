/**
 * The same text for queries that differ only in their constants, white space and names of parameters: what plans of a query
 * are kept by. `loadSqlParser` must have been awaited. Never throws.
 */
import { fingerprintSync } from "libpg-query";
import { nextPiece } from "./split.ts";

/** Code units, and words or literals: the parser runs on this thread. */
const largest = { length: 1_000_000, tokens: 80_000 };

/** Sixteen hexadecimal digits; undefined for what is no statement, has an error in it or is too large. */
export function queryFingerprint(text: string): string | undefined {
  if (text.length > largest.length || /\0|\p{Surrogate}/u.test(text)) return undefined;
  const piece = nextPiece(text, 0);
  if (piece === undefined || piece.kind === "meta" || piece.tokens > largest.tokens) return undefined;
  try {
    const answer: string = fingerprintSync(text);
    // For an open quote the parser gives its complaint as if it were a fingerprint.
    return /^[0-9a-f]{16}$/.test(answer) ? answer : undefined;
  } catch {
    // An error in the statement, or one nested too deeply.
    return undefined;
  }
}
