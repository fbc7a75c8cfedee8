/** The database that `explain` asks: a server behind its gate, or a scratch database; what goes wrong in a terminal's words. */
import { parseAddress } from "../database/address.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { type ExplainedStatement, explainOn, type ExplainPlace } from "../explain/explainOn.ts";
import type { ExplainArguments } from "./explainArguments.ts";
import { openScratch } from "./explainScratch.ts";
import type { ExplainOptions } from "./explanation.ts";

export interface Place {
  /** For people. */
  readonly name: string;
  /** What it does without; whole sentences. */
  readonly complaints: readonly string[];
  explain(statement: Omit<ExplainedStatement, "consent">): Promise<PlaceAnswer>;
  close(): Promise<void>;
}

/** `at` is a UTF-16 offset in the statement. */
export type PlaceAnswer = { readonly ok: true; readonly plan: string; readonly isGeneric: boolean } | { readonly ok: false; readonly reason: string; readonly at?: number | undefined };

/** `path`: of the file with the query, whose project the scratch database is of. */
export async function openPlace(path: string, given: ExplainArguments, options: ExplainOptions): Promise<{ readonly ok: true; readonly place: Place } | { readonly ok: false; readonly reason: string }> {
  const { folder, host, log, signal, cacheFolder, seededClusters } = options;
  const ask = async (place: ExplainPlace, statement: Omit<ExplainedStatement, "consent">, complaints: readonly string[]): Promise<PlaceAnswer> => {
    const outcome = await explainOn(place, { ...statement, consent: given.allowed }, signal);
    switch (outcome.kind) {
      case "plan":
        return { ok: true, plan: outcome.plan, isGeneric: outcome.isGeneric };
      case "asks":
        return { ok: false, reason: `${outcome.why} If that is right, say --allow ${outcome.about}.` };
      case "failed":
        if (signal.aborted) return { ok: false, reason: place.kind === "server" ? "Canceled: the server has stopped the statement." : "Canceled." };
        return { ok: false, reason: [`${outcome.message}${outcome.hint === undefined ? "" : ` ${outcome.hint}`}`, ...complaints].join("\n"), at: outcome.at };
    }
  };
  if (given.url === undefined) {
    const opened = await openScratch(path, { paths: ["."], folder, host, log }, cacheFolder, signal, seededClusters);
    if (!opened.ok) return opened;
    const { database, complaints } = opened;
    return { ok: true, place: { name: "scratch", complaints, explain: (statement) => ask({ kind: "scratch", database }, statement, complaints), close: () => opened.close() } };
  }
  try {
    const { guess, host: server, port, database } = parseAddress(given.url);
    const place: ExplainPlace = { kind: "server", settings: { url: given.url }, environment: guess.environment };
    return { ok: true, place: { name: `${server}:${port}/${database ?? ""} (${guess.environment})`, complaints: [], explain: (statement) => ask(place, statement, []), close: async () => undefined } };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { ok: false, reason: [error.message, error.hint].filter((part) => part !== undefined).join(" ") };
  }
}
