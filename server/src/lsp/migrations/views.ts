/** What migrations, plans and runs are like, in the words of the protocol and for people. Pure. */
import type {
  CheckedMigrations,
  DriftRow,
  MigrationProgress,
  MigrationRefusal,
  MigrationRow,
  MigrationStatus,
  MigrationVerdict,
  RunFailureView,
  RunPlanView,
} from "../../../../protocol/src/migrations.ts";
import type { Preview } from "../../migrations/create.ts";
import type { Complaint, MigrationFile, MigrationHistory } from "../../migrations/history.ts";
import type { KeptProof } from "../../migrations/keptProofs.ts";
import { holdersText } from "../../migrations/run/advisoryLock.ts";
import type { Obstacle } from "../../migrations/run/flight.ts";
import type { RunPlan } from "../../migrations/run/plan.ts";
import type { ResetPlan } from "../../migrations/run/reset.ts";
import type { RunEvent, RunFailure } from "../../migrations/run/runFile.ts";
import type { Situation } from "../../migrations/run/situation.ts";
import { eventWords, lockWords, oneLine } from "../../migrations/run/words.ts";
import { uriOfPath } from "../../prisma/fileUris.ts";
import { requireMigration } from "../../rules/changes/require-migration.ts";
import type { Finding } from "../../rules/rule.ts";
import { codeSpan } from "../../text/markdown.ts";
import { changedSinceMerge } from "../../workspace/merged.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { finishInSlices } from "../../workspace/steps.ts";

export function refusalOf({ reason }: { readonly reason: string }): MigrationRefusal {
  return { ok: false, reason };
}

export function statusView(history: MigrationHistory, situation: Situation | undefined, proofOf: (migration: MigrationFile) => KeptProof | undefined): MigrationStatus {
  const rows = situation === undefined ? history.migrations.map((migration): MigrationRow => ({ ...unasked, name: migration.name, ...filesOf(migration) })) : rowsOf(situation);
  const byName = new Map(history.migrations.map((migration) => [migration.name, migration]));
  const own = new Map(history.migrations.map(({ name, path, down }) => [name, new Set([path, ...(down === undefined ? [] : [down.path])])]));
  const claimed = new Set([...own.values()].flatMap((paths) => [...paths]));
  return {
    ok: true,
    migrations: rows.map((row) => ({
      ...row,
      proof: verdictOf(byName.get(row.name), proofOf),
      complaints: history.complaints.filter(({ path }) => own.get(row.name)?.has(path) === true).map(complaintText),
    })),
    notes: [...history.complaints.filter(({ path }) => !claimed.has(path)).map(({ path, message }) => `${path}: ${message}`), ...(situation === undefined ? [] : notesOf(situation))],
    ...(situation === undefined
      ? {}
      : { database: { target: situation.facts.target, environment: situation.facts.environment, drift: situation.drift.map(({ id, what, text, on }): DriftRow => ({ id, what, text, on: on ?? null })), doubts: situation.driftDoubts } }),
  };
}

const unasked: Omit<MigrationRow, "name" | "uri" | "downUri"> = { state: "unknown", finishedAt: null, durationMs: null, isOutOfOrder: false, failure: null, statements: [], proof: null, complaints: [] };

function filesOf(migration: MigrationHistory["migrations"][number] | undefined): Pick<MigrationRow, "uri" | "downUri"> {
  return { uri: migration?.uri ?? null, downUri: migration?.down === undefined ? null : uriOfPath(migration.down.path) };
}

function rowsOf({ standings, diagnoses }: Situation): readonly MigrationRow[] {
  return standings.map(({ name, state, migration, finishedAt, durationMs, isOutOfOrder, lastFailure }) => {
    const diagnosis = diagnoses.find((each) => each.migration === name);
    const failure = [lastFailure, diagnosis?.summary].filter((part) => part !== undefined).join(" ");
    const statements = (diagnosis?.statements ?? []).map(({ line, text, state: of }) => `line ${line}: ${of}, ${text.replaceAll(/\s+/g, " ").slice(0, 60)}`);
    return { ...unasked, statements, name, state, ...filesOf(migration), finishedAt: finishedAt?.toISOString() ?? null, durationMs: durationMs ?? null, isOutOfOrder, failure: failure === "" ? null : failure };
  });
}

function notesOf({ running, strangers, hasTable, table }: Situation): readonly string[] {
  const notes: string[] = [];
  if (running.length > 0) notes.push(`A run is under way: ${holdersText(running)}.`);
  if (strangers.length > 0) notes.push(`The database has no history, and holds ${strangers.length === 1 ? "1 object" : `${strangers.length} objects`} already: ${strangers.slice(0, 3).join(", ")}${strangers.length > 3 ? ", …" : ""}.`);
  else if (!hasTable) notes.push(`Nothing ran here as yet: ${table} is not there.`);
  return notes;
}

function verdictOf(migration: MigrationFile | undefined, proofOf: (migration: MigrationFile) => KeptProof | undefined): MigrationVerdict | null {
  const kept = migration === undefined ? undefined : proofOf(migration);
  return kept === undefined ? null : { verdict: kept.verdict, text: kept.text };
}

function complaintText({ line, message }: Complaint): string {
  return line === undefined ? message : `Line ${line}: ${message}`;
}

export function planView(plan: RunPlan): RunPlanView {
  const { direction, migrations, obstacles, questions, locks, notes, situation } = plan;
  const locksText = locks.map(lockWords);
  return {
    direction,
    target: situation.facts.target,
    environment: situation.facts.environment,
    migrations: migrations.map(({ name, path, statements, isOne, proof }) => ({ name, uri: uriOfPath(path), statements: statements.length, isOne, proof: proof ?? null })),
    obstacles: obstacles.map(obstacleView),
    questions: questions.map((question) => (question.ask === "production" ? { ask: question.ask, message: question.message, database: question.database } : { ask: question.ask, message: question.message })),
    locks: locksText,
    notes,
    markdown: planMarkdown(plan, locksText),
  };
}

export function resetView({ situation, schemas, migrations, obstacles, question, notes }: ResetPlan): RunPlanView {
  const { facts } = situation;
  const lines = [`# Reset ${codeSpan(facts.target)}`, "", question.message, ...section("Stops it", obstacles.map(({ message }) => message)), ...section("Good to know", notes), ...section("Runs then", migrations.map(codeSpan))];
  return {
    direction: "reset",
    target: facts.target,
    environment: facts.environment,
    migrations: migrations.map((name) => ({ name, uri: "", statements: 0, isOne: true, proof: null })),
    obstacles: obstacles.map(obstacleView),
    questions: [{ ask: "reset", message: question.message, database: question.database }],
    locks: [],
    notes: [`Emptied: ${schemas.join(", ")}.`, ...notes],
    markdown: `${lines.join("\n")}\n`,
  };
}

function obstacleView({ message, path, line }: Obstacle): RunPlanView["obstacles"][number] {
  return { message, uri: path === undefined ? null : uriOfPath(path), line: line === undefined ? null : line - 1 };
}

function planMarkdown({ direction, migrations, obstacles, questions, notes, situation }: RunPlan, locks: readonly string[]): string {
  const { facts } = situation;
  const lines = [`# ${direction === "up" ? "Apply" : "Roll back"} on ${codeSpan(facts.target)}`, "", `PostgreSQL ${Math.floor(facts.version / 10_000)}, **${facts.environment}** (${facts.because}), role ${codeSpan(facts.role)}.`];
  if (migrations.length === 0) lines.push("", direction === "up" ? "Nothing is pending." : "There is nothing to roll back.");
  lines.push(...section("Stops it", obstacles.map(({ path, line, message }) => `${path === undefined ? "" : `${codeSpan(`${path}${line === undefined ? "" : `:${line}`}`)} `}${message}`)));
  lines.push(...section("Will be asked", questions.map(({ message }) => message)), ...section("Holds up", locks), ...section("Good to know", notes));
  for (const { name, statements, isOne, proof } of migrations) {
    lines.push("", `## ${name}`, "", `${statements.length === 1 ? "1 statement" : `${statements.length} statements`}, ${isOne ? "all or nothing" : "one after the other"}${proof === undefined ? "" : `; ${proof}`}.`, "", "```sql", ...statements.map(({ text }) => `${text.replaceAll("```", "` ` `")};`), "```");
  }
  return `${lines.join("\n")}\n`;
}

function section(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ["", `## ${title}`, "", ...items.map((item) => `- ${item}`)];
}

export function failureView({ migration, path, line, message, sqlState, state, next, wasCalledOff }: RunFailure): RunFailureView {
  return { migration, uri: uriOfPath(path), line: line - 1, message: sqlState === undefined ? message : `${message} (${sqlState})`, state, next, wasCanceled: wasCalledOff };
}

/** `plan`: for how much of all is done. Statements pass by; the rest is worth keeping. */
export function progressOf(event: RunEvent, plan?: RunPlan): Omit<MigrationProgress, "operation"> {
  if (event.kind !== "statement") return { message: eventWords(event), isLasting: true };
  return { message: `${event.migration}, ${event.index + 1} of ${event.statements}: ${oneLine(event.text)}`, done: shareOf(event.migration, event.index, plan) };
}

/** By statements, all counted alike. */
function shareOf(migration: string, index: number, plan: RunPlan | undefined): number | undefined {
  if (plan === undefined) return undefined;
  const all = plan.migrations.reduce((sum, { statements }) => sum + statements.length, 0);
  const at = plan.migrations.findIndex(({ name }) => name === migration);
  const before = plan.migrations.slice(0, Math.max(0, at)).reduce((sum, { statements }) => sum + statements.length, 0);
  return all === 0 ? undefined : (before + index) / all;
}

export function previewSql({ files, renames, risks, gaps }: Preview): string {
  if (files.length === 0) return "-- The migrations make what the schema says: there is nothing to do.\n";
  const head = [
    ...renames.map(({ kind, from, to }) => `-- Taken for a rename, and asked about: ${kind} ${from} is ${to}.`),
    ...risks.map(({ kind, message }) => `-- ${kind === "loses data" ? "Loses data: " : ""}${message}`),
    ...gaps.map((gap) => `-- ${gap}`),
  ].map((line) => line.replaceAll(/[\r\n]+/g, " "));
  const parts = files.map(({ suffix, up }, i) => (files.length === 1 ? up : `-- File ${i + 1} of ${files.length}${suffix === "" ? "" : `, ${suffix}`}\n\n${up}`));
  return `${[...head, ...(head.length === 0 ? [] : [""]), parts.join("\n")].join("\n")}`;
}

export async function checkMarkdown({ migrations, complaints: own, place }: MigrationHistory, schemaUris: readonly string[], snapshot: Snapshot): Promise<CheckedMigrations> {
  const lines: string[] = [];
  const merged = await changedSinceMerge(place.root, migrations.map(({ path }) => path));
  const complaints: MigrationHistory["complaints"] = [...merged.map((each) => ({ ...each, line: undefined })), ...own];
  let found = complaints.length;
  const unclaimed = complaints.filter(({ path }) => migrations.every((migration) => migration.path !== path && migration.down?.path !== path));
  lines.push(...unclaimed.map(({ path, message }) => `- ${codeSpan(path)} ${message}`));
  for (const uri of schemaUris) {
    const report = await finishInSlices(snapshot.report(uri), () => false);
    const behind = (report?.findings ?? []).filter(({ finding }) => finding.rule === requireMigration.id);
    found += behind.length;
    lines.push(...behind.map(({ finding, span }) => findingLine(uri, (report?.file.lines.position(span.start).line ?? 0) + 1, finding)));
  }
  for (const { name, uri, path, down } of migrations) {
    const report = await finishInSlices(snapshot.report(uri), () => false);
    const findings = (report?.findings ?? []).map(({ finding, span }) => ({ line: (report?.file.lines.position(span.start).line ?? 0) + 1, finding }));
    const about = complaints.filter((complaint) => complaint.path === path || complaint.path === down?.path);
    found += findings.length;
    if (findings.length + about.length === 0) continue;
    lines.push("", `## ${name}`, "", ...about.map((complaint) => `- **${complaint.severity}** ${complaintText(complaint)}`));
    lines.push(...findings.map(({ line, finding }) => findingLine(uri, line, finding)));
  }
  const count = migrations.length === 1 ? "1 migration" : `${migrations.length} migrations`;
  return { ok: true, found, markdown: `# Migrations in ${place.root}\n\n${found === 0 ? `Nothing to say about ${count}.` : `${found} found in ${count}.`}\n${lines.join("\n")}\n` };
}

function findingLine(uri: string, line: number, { severity, message, rule }: Finding): string {
  return `- **${severity}** [line ${line}](${uri}#${line}) ${message} (${codeSpan(rule)})`;
}
