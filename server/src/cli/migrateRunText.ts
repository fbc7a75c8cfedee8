/** What is said of runs of migrations, in lines for a terminal. */
import { relative } from "node:path";
import type { Diagnosis } from "../migrations/run/diagnose.ts";
import { holdersText } from "../migrations/run/advisoryLock.ts";
import type { LockNote, Obstacle, Question } from "../migrations/run/flight.ts";
import type { RunPlan } from "../migrations/run/plan.ts";
import type { RunOutcome } from "../migrations/run/run.ts";
import type { RunEvent } from "../migrations/run/runFile.ts";
import type { Situation } from "../migrations/run/situation.ts";
import { durationWords, eventWords, lockWords, oneLine } from "../migrations/run/words.ts";

export function statusLines({ facts, standings, drift, driftDoubts, diagnoses, running, table, hasTable, strangers, otherSchemas }: Situation): readonly string[] {
  const width = Math.max(0, ...standings.map(({ name }) => name.length));
  const lines = standings.map(({ name, state, finishedAt, durationMs, isOutOfOrder, hasDown, lastFailure }) => {
    const when = finishedAt === undefined ? "" : `  ${finishedAt.toISOString().replace("T", " ").slice(0, 19)} UTC${durationMs === undefined ? "" : `, ${durationWords(durationMs)}`}`;
    const notes = [isOutOfOrder ? "older than what ran" : "", hasDown || state === "missing" ? "" : "no way back", lastFailure === undefined ? "" : `failed: ${oneLine(lastFailure)}`].filter((note) => note !== "");
    return `${name.padEnd(width)}  ${state.padEnd(11)}${when}${notes.length === 0 ? "" : `  (${notes.join("; ")})`}`;
  });
  const count = (state: string): number => standings.filter((each) => each.state === state).length;
  const counts = ["applied", "pending", "failed", "edited", "missing", "rolled back"].flatMap((state) => (count(state) === 0 ? [] : [`${count(state)} ${state}`]));
  lines.push(...(lines.length === 0 ? [] : [""]), `${facts.target}, PostgreSQL ${versionText(facts.version)}, ${facts.environment} (${facts.because}), role ${facts.role}. ${counts.length === 0 ? "No migrations" : counts.join(", ")}; history in ${table}${hasTable ? "" : ", which is not there yet"}.`);
  if (running.length > 0) lines.push(`A run is under way: ${holdersText(running)}.`);
  const unseen = otherSchemas.filter((schema) => facts.canCreateIn.has(schema) && schema !== table.split(".", 1)[0]);
  if (unseen.length > 0) lines.push(`Not looked at, because no migration has to do with ${unseen.length === 1 ? "it: the schema" : "them: the schemas"} ${unseen.join(", ")}.`);
  if (strangers.length > 0) lines.push(`The database has no history, and holds ${strangers.length === 1 ? "1 object" : `${strangers.length} objects`} already: ${strangers.slice(0, 3).join(", ")}${strangers.length > 3 ? ", …" : ""}.`);
  for (const diagnosis of diagnoses) lines.push("", ...diagnosisLines(diagnosis));
  if (drift.length > 0) lines.push("", `Drift, ${drift.length === 1 ? "1 object" : `${drift.length} objects`}:`, ...drift.map(({ text }) => `  ${text}`), ...driftDoubts.map((doubt) => `  ${doubt}`));
  return lines;
}

export function diagnosisLines({ summary, statements, evidence }: Diagnosis): readonly string[] {
  const states = statements.map(({ line, text, state }) => `  line ${String(line).padEnd(4)} ${state.padEnd(13)} ${oneLine(text)}`);
  return [`${summary}${evidence === "catalog" ? " (Found out from the catalog.)" : ""}`, ...states];
}

export function planLines(plan: RunPlan, folder: string): readonly string[] {
  const { direction, migrations, obstacles, questions, locks, notes, situation } = plan;
  const lines: string[] = [`${situation.facts.target}, PostgreSQL ${versionText(situation.facts.version)}, ${situation.facts.environment} (${situation.facts.because})`];
  if (migrations.length === 0) lines.push(direction === "up" ? "Nothing is pending." : "There is nothing to undo.");
  for (const { name, statements, isOne, proof } of migrations) {
    const count = statements.length === 1 ? "1 statement" : `${statements.length} statements`;
    lines.push(`${direction === "up" ? "apply" : "undo"} ${name}: ${count}${isOne ? ", all or nothing" : ", one after the other"}${proof === undefined ? "" : `; ${proof}`}`);
  }
  lines.push(...locks.map((note) => `  ${lockLine(note, folder)}`));
  lines.push(...notes.map((note) => `Note: ${note}`), ...obstacles.map((obstacle) => `Stops it: ${obstacleText(obstacle, folder)}`), ...questions.map((question) => `Asks: ${question.message} ${answerTo(question)}`));
  return lines;
}

export function obstacleText({ path, line, message }: Obstacle, folder: string): string {
  return path === undefined ? message : `${relative(folder, path)}${line === undefined ? "" : `:${line}`} ${message}`;
}

function lockLine(note: LockNote, folder: string): string {
  return `${relative(folder, note.path)}:${note.line} ${lockWords(note)}`;
}

/** How a yes is said on the command line. */
export function answerTo(question: Question): string {
  switch (question.ask) {
    case "production":
      return `Say --confirm ${question.database} if that is meant.`;
    case "loss":
      return "Say --accept-data-loss if that is meant.";
    case "otherObjects":
    case "unproven":
      return "Say --yes if that is meant.";
  }
}

/** What belongs to a migration stands below it. */
export function eventLine(event: RunEvent): string {
  const isBelow = event.kind === "statement" || event.kind === "blocked" || event.kind === "notice" || event.kind === "cleaned";
  return `${isBelow ? "  " : ""}${eventWords(event)}`;
}

export function outcomeLines(outcome: RunOutcome, folder: string): readonly string[] {
  if (outcome.ok) return [];
  const { path, line, message, sqlState, state, next } = outcome.failure;
  return [`${relative(folder, path)}:${line} ${message}${sqlState === undefined ? "" : ` (${sqlState})`}`, state, next];
}

function versionText(version: number): string {
  return `${Math.floor(version / 10_000)}.${version % 10_000}`;
}
