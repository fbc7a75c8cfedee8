/** Runs in words, for a terminal and for an editor alike. */
import { holdersText } from "./advisoryLock.ts";
import { type LockNote, sizeText } from "./flight.ts";
import type { RunEvent } from "./runFile.ts";

/** One line, without a capital at the beginning and a full stop at the end. */
export function eventWords(event: RunEvent): string {
  switch (event.kind) {
    case "waiting":
      return `waiting for another run: ${holdersText(event.holders)}`;
    case "began":
      return `${event.direction === "up" ? "applying" : "undoing"} ${event.migration}`;
    case "statement":
      return `${event.index + 1}/${event.statements} line ${event.line}: ${oneLine(event.text)}`;
    case "blocked":
      return `line ${event.line} waits for ${holdersText(event.holders)}`;
    case "notice":
      return `${event.severity}: ${event.message}`;
    case "cleaned":
      return `removed the invalid index ${event.index}${event.isRetried ? ", and tries again" : ""}`;
    case "done":
      return `${event.direction === "up" ? "applied" : "undid"} ${event.migration} in ${durationWords(event.ms)}`;
    case "emptied":
      return `emptied ${event.schemas.join(", ")}`;
    case "skipped":
      return `${event.migration}: somebody else was faster`;
  }
}

export function lockWords({ table, mode, blocks, work, rows, bytes }: LockNote): string {
  return `${mode} on ${table} (${sizeText({ rows, bytes })}): holds up ${blocks}${work.length === 0 ? "" : `, ${work.join(" and ")}`}`;
}

export function durationWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Cut where it is longer than a line of a terminal. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
