/** What went wrong with a database, in sentences for a person: what happened, and what to do next. */
import type { ConnectionRefusal } from "../../../protocol/src/connections.ts";
import { DatabaseError } from "../database/databaseError.ts";

/** @throws what is no fault of a database, a network or a person. */
export function refusalOf(error: unknown, signal: AbortSignal): ConnectionRefusal {
  if (signal.aborted) return { ok: false, reason: "It was called off." };
  if (!(error instanceof DatabaseError)) throw error;
  const hint = error.hint ?? (error.sqlState === undefined ? undefined : hints[error.sqlState]);
  return { ok: false, reason: sentence(error.message), ...(hint === undefined ? {} : { hint: sentence(hint) }) };
}

/** Where PostgreSQL itself has none. */
const hints: Readonly<Record<string, string>> = {
  "42501": "The user of this connection has not been granted that: connect as one who has, or have it granted.",
  "57014": "It took too long, or was called off.",
  "55000": "Something on the server has to be set up first; its own words say what.",
  "25006": "That would have written, and nothing is written here.",
};

function sentence(text: string): string {
  return /[.!?…”]$/.test(text) ? text : `${text}.`;
}
