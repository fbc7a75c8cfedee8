/** What a run will do, before it does anything: which files, what stands against it, what is to be asked, whom it will hold up. */
import type { MigrationSession } from "../../database/migrationSession.ts";
import { foldSql } from "../../model/fromSql.ts";
import type { Schema } from "../../model/schema.ts";
import { findMigration, lineOf, type MigrationFile } from "../history.ts";
import { proveMigration } from "../prove.ts";
import { verdictText } from "../proof.ts";
import { asFile } from "./diagnose.ts";
import { driftBetween } from "./drift.ts";
import { countRows, type ServerFacts } from "./facts.ts";
import { foresee, type LockNote, type Loss, type Obstacle, obstacleOfFailed, obstaclesOfFiles, obstaclesOfServer, type Question, questionOfProduction } from "./flight.ts";
import type { Direction } from "./records.ts";
import { type Answer, foldOptionsFor, type RunContext, withTarget } from "./runContext.ts";
import { statementsOf } from "./runFile.ts";
import { type Situation, situationOf } from "./situation.ts";
import { appliedOf, isInDatabase, pendingOf } from "./standing.ts";
import { replacedBy } from "./squash.ts";
import { unitsOf } from "./units.ts";

export interface RunPlan {
  readonly direction: Direction;
  readonly situation: Situation;
  /** In the order they run; undoing goes from the newest. */
  readonly migrations: readonly PlannedMigration[];
  readonly obstacles: readonly Obstacle[];
  readonly questions: readonly Question[];
  readonly locks: readonly LockNote[];
  /** What is good to know, in sentences. */
  readonly notes: readonly string[];
}

export interface PlannedMigration {
  readonly name: string;
  /** Of the file that runs. */
  readonly path: string;
  /** All or nothing. */
  readonly isOne: boolean;
  readonly statements: readonly { readonly line: number; readonly text: string }[];
  /** What is known of its way back: `proven up and down, …`; undefined for one that goes up. */
  readonly proof: string | undefined;
}

/** What a person has said yes to. */
export interface Consent {
  /** The database's name, as it was typed. */
  readonly production?: string | undefined;
  readonly loss?: boolean | undefined;
  readonly otherObjects?: boolean | undefined;
  readonly unproven?: boolean | undefined;
}

/** The questions that nobody has said yes to. */
export function unanswered({ questions }: Pick<RunPlan, "questions">, consent: Consent): readonly Question[] {
  return questions.filter((question) => (question.ask === "production" ? consent.production !== question.database : consent[question.ask] !== true));
}

/** `to`: the last one to run, by name or number; all of them without it. */
export function planApply(context: RunContext, { to }: { readonly to?: string | undefined } = {}): Promise<Answer<RunPlan>> {
  return withTarget(context, async (target) => {
    const situation = await situationOf(target, context);
    const last = to === undefined ? undefined : findMigration(context.history, to);
    if (to !== undefined && last === undefined) return { ok: false, reason: noSuch(to, context) };
    const pending = pendingOf(situation.standings);
    const files = last === undefined ? pending : pending.filter((each) => context.history.migrations.indexOf(each) <= context.history.migrations.indexOf(last));
    return { ok: true, value: await planUp(target.session, files, situation, context) };
  });
}

async function planUp(session: MigrationSession, files: readonly MigrationFile[], situation: Situation, context: RunContext): Promise<RunPlan> {
  const { facts, standings } = situation;
  const applied = appliedOf(standings).flatMap(({ migration }) => migration ?? []);
  const foldOptions = foldOptionsFor(context);
  const all = [...applied, ...files].map(({ file }) => file);
  const foreseen = foresee(all, files.map((migration) => ({ migration, path: migration.path, uri: migration.file.uri, statements: migration.file.statements })), facts, foldOptions, situation.live);
  const after = foldSql(all, { ...foldOptions, changesIn: new Set() }).schema;
  const baseline = files.length === 0 ? undefined : baselineOf(situation, context);
  return {
    direction: "up",
    situation,
    migrations: files.map((migration) => plannedOf(migration, "up", undefined)),
    obstacles: [...commonObstacles(situation, context, files, "up"), ...foreseen.rights, ...rightsToCreate(situation, after, files), ...squashedObstacles(situation, files), ...(baseline?.obstacles ?? [])],
    questions: files.length === 0 ? [] : [...questionOfProduction(facts), ...(await lossQuestion(session, foreseen.losses)), ...(baseline?.questions ?? [])],
    locks: foreseen.locks,
    notes: [...notesOf(situation), ...warningsOf(context, files)],
  };
}

/** Either so many of the newest, or all that are newer than one that stays. */
export type DownRange = { readonly count: number } | { readonly after: string };

export function planDown(context: RunContext, range: DownRange, proving: { readonly isProven: boolean } = { isProven: true }): Promise<Answer<RunPlan>> {
  return withTarget(context, async (target) => {
    const situation = await situationOf(target, context);
    const applied = appliedOf(situation.standings);
    let from = "count" in range ? Math.max(0, applied.length - range.count) : 0;
    if ("after" in range) {
      const stays = findMigration(context.history, range.after);
      if (stays === undefined) return { ok: false, reason: noSuch(range.after, context) };
      const at = applied.findIndex(({ migration }) => migration === stays);
      if (at < 0) return { ok: false, reason: `${stays.name} is not in this database, so it cannot be gone back to. migrate status says what is.` };
      from = at + 1;
    }
    const going = applied.slice(from).reverse();
    const { facts } = situation;
    const obstacles: Obstacle[] = [];
    const questions: Question[] = [];
    const files: MigrationFile[] = [];
    for (const { name, state, migration } of going) {
      if (migration === undefined) {
        obstacles.push({ code: "missing-file", message: `${name} ran in this database, and its file is not there, so its way back is not known. Restore the file from version control.`, path: undefined, line: undefined });
        continue;
      }
      files.push(migration);
      if (migration.down === undefined) obstacles.push({ code: "no-way-back", message: `${name} has no way back. Write one beside it (${context.history.place.kind === "prisma" ? "down.sql" : "the same name with .down.sql"}), and prove it with migrate prove.`, path: migration.path, line: undefined });
      else if (state === "edited") questions.push({ ask: "unproven", message: `${name} was edited after it ran: its way back may be for another migration than the one that ran.` });
    }
    const order = context.history.migrations;
    const proofs = new Map<MigrationFile, string>();
    for (const migration of obstacles.length > 0 || !proving.isProven ? [] : files) {
      const earlier = order.slice(0, order.indexOf(migration)).filter((each) => situation.standings.some((standing) => standing.migration === each && isInDatabase(standing)));
      const proof = await proveMigration(migration, earlier, { scratch: context.scratch, foldOptions: foldOptionsFor(context) });
      proofs.set(migration, verdictText(proof));
      if (proof.verdict === "failed") obstacles.push({ code: "unproven", message: `${migration.name}: ${verdictText(proof)}. The way back does not lead back: mend it first.`, path: migration.down?.path ?? migration.path, line: undefined });
      else if (proof.verdict !== "proven") questions.push({ ask: "unproven", message: `${migration.name}: ${verdictText(proof)}.` });
    }
    const applied0 = applied.flatMap(({ migration }) => migration ?? []);
    const downs = files.flatMap((migration) => (migration.down === undefined ? [] : [{ migration, down: migration.down, file: asFile(migration.down.file, migration.down.statements, "down") }]));
    const folded = [...applied0.map(({ file }) => file), ...downs.map(({ file }) => file)];
    const foreseen = foresee(folded, downs.map(({ migration, down, file }) => ({ migration, path: down.path, uri: file.uri, statements: file.statements })), facts, foldOptionsFor(context), situation.live);
    return {
      ok: true,
      value: {
        direction: "down",
        situation,
        migrations: downs.map(({ migration }) => plannedOf(migration, "down", proofs.get(migration))),
        obstacles: [...commonObstacles(situation, context, files, "down"), ...obstacles, ...foreseen.rights],
        questions: files.length === 0 ? [] : [...questionOfProduction(facts), ...(await lossQuestion(target.session, foreseen.losses)), ...questions],
        locks: foreseen.locks,
        notes: notesOf(situation),
      },
    };
  });
}

/** Whether going to a migration is up or down, and what it takes. */
export async function planTo(context: RunContext, name: string): Promise<Answer<RunPlan>> {
  const wanted = findMigration(context.history, name);
  if (wanted === undefined) return { ok: false, reason: noSuch(name, context) };
  const up = await planApply(context, { to: wanted.name });
  if (!up.ok) return up;
  const standing = up.value.situation.standings.findIndex(({ migration }) => migration === wanted);
  const newer = up.value.situation.standings.slice(standing + 1).some(isInDatabase);
  if (!newer) return up;
  const at = up.value.situation.standings[standing];
  if (at === undefined || !isInDatabase(at)) return { ok: false, reason: `${wanted.name} is not in this database, and later ones are. Apply it first, or go to one that is there.` };
  return planDown(context, { after: wanted.name });
}

export function noSuch(name: string, { history }: Pick<RunContext, "history">): string {
  const last = history.migrations.at(-1);
  return last === undefined ? `There is no migration in ${history.place.root}.` : `There is no migration ${JSON.stringify(name)}. The last one is ${last.name}; migrate status lists them all.`;
}

function plannedOf(migration: MigrationFile, direction: Direction, proof: string | undefined): PlannedMigration {
  const { file, path, statements } = statementsOf(migration, direction);
  const units = unitsOf(statements, migration.sending);
  return { name: migration.name, path, isOne: units.length <= 1, statements: statements.map((each) => ({ line: lineOf(file, each.span.start), text: each.text })), proof };
}

function commonObstacles(situation: Situation, context: RunContext, files: readonly MigrationFile[], direction: Direction): readonly Obstacle[] {
  const { kind, root } = context.history.place;
  const isHistory = kind !== "schema" && kind !== "loose";
  const unfit: readonly Obstacle[] = isHistory ? [] : [{ code: "not-a-history", message: `${root} holds SQL files without an order: number them (001_users.sql), so that it is known which runs first.`, path: root, line: undefined }];
  return [...unfit, ...obstaclesOfServer(situation.facts), ...obstacleOfFailed(situation.standings), ...obstaclesOfFiles(context.history, files, direction)];
}

function notesOf({ standings, drift, driftDoubts, facts }: Situation): readonly string[] {
  const notes = standings.flatMap(({ name, state, isOutOfOrder }) => {
    if (state === "edited") return [`${name} was edited after it ran. Restore its text, and put the change into a new migration.`];
    if (state === "missing") return [`${name} ran in this database, and its file is missing.`];
    return isOutOfOrder ? [`${name} is older than migrations that ran already, and runs after them here. Rename it to come last if it needs what they made.`] : [];
  });
  if (drift.length > 0) notes.push(`The database differs from its ${driftDoubts.length > 0 ? "history as it is now" : "history"} in ${drift.length === 1 ? "1 object" : `${drift.length} objects`}: ${drift.slice(0, 3).map(({ text }) => text).join("; ")}${drift.length > 3 ? "; …" : ""}.`);
  if (facts.version < 140_000) notes.push("PostgreSQL 13 does not notice when we are gone: what it is doing then, it finishes.");
  return notes;
}

function warningsOf({ history }: RunContext, files: readonly MigrationFile[]): readonly string[] {
  const names = new Map(files.map(({ path, name }) => [path, name]));
  return history.complaints.flatMap(({ severity, path, line, message }) => (severity === "warning" && names.has(path) ? [`${names.get(path)}${line === undefined ? "" : `, line ${line}`}: ${message}`] : []));
}

/** A database without a history: whose first migrations it has already, or what else is in it. */
function baselineOf(situation: Situation, context: RunContext): { readonly obstacles: readonly Obstacle[]; readonly questions: readonly Question[] } | undefined {
  const { strangers, live, table, facts } = situation;
  if (strangers.length === 0) return undefined;
  const foldOptions = foldOptionsFor(context);
  const { migrations } = context.history;
  const store = { table, schema: "" };
  const isLike = (count: number): boolean => driftBetween(foldSql(migrations.slice(0, count).map(({ file }) => file), { ...foldOptions, changesIn: new Set() }).schema, live, store, situation.otherSchemas).length === 0;
  const began = performance.now();
  // Looking at every beginning of a long history would take longer than anybody waits.
  for (let count = migrations.length; count > 0 && (migrations.length - count < 20 || performance.now() - began < 3_000); count--) {
    const last = migrations[count - 1];
    if (last === undefined || !isLike(count)) continue;
    const which = count === migrations.length ? "all of the migrations make" : `the migrations up to ${last.name} make`;
    return { obstacles: [{ code: "not-a-history", message: `${facts.target} has no history (${table} is missing), and holds exactly what ${which}. Mark these as applied: migrate resolve --applied ${last.name} --all.`, path: undefined, line: undefined }], questions: [] };
  }
  const kept = facts.foreignHistories.length > 0 ? ` Its history seems to be kept in ${facts.foreignHistories.join(", ")} by another tool: run that one.` : "";
  const made = foldSql(migrations.map(({ file }) => file), { ...foldOptions, changesIn: new Set() }).schema;
  const both = strangers.filter((key) => made.tables.has(key) || made.views.has(key));
  const some = `${strangers.slice(0, 3).join(", ")}${strangers.length > 3 ? `, and ${strangers.length - 3} more` : ""}`;
  if (both.length > 0)
    return { obstacles: [{ code: "not-a-history", message: `${facts.target} has no history (${table} is missing), and ${both.slice(0, 3).join(", ")} of the migrations ${both.length === 1 ? "is" : "are"} there already.${kept} If it was made by these migrations, mark those that ran as applied: migrate resolve --applied <name> --all. Else use an empty database.`, path: undefined, line: undefined }], questions: [] };
  return { obstacles: [], questions: [{ ask: "otherObjects", message: `${facts.target} has no history, and holds what no migration makes: ${some}.${kept}` }] };
}

/** A migration that stands for others which ran here must not run. */
function squashedObstacles({ standings }: Situation, files: readonly MigrationFile[]): readonly Obstacle[] {
  return files.flatMap((migration): readonly Obstacle[] => {
    const ran = replacedBy(migration).filter((name) => standings.some((standing) => standing.name === name && standing.state === "missing"));
    return ran.length === 0 ? [] : [{ code: "not-a-history", message: `${migration.name} stands for ${ran.length === 1 ? ran[0] : `${ran.length} migrations`} that ran in this database. Mark it as applied: migrate resolve --applied ${migration.name}.`, path: migration.path, line: undefined }];
  });
}

/** Where new objects are to stand, and may not. */
function rightsToCreate(situation: Situation, after: Schema, files: readonly MigrationFile[]): readonly Obstacle[] {
  const { facts, expected, hasTable, table, schema } = situation;
  const found = new Map<string, Obstacle>();
  const add = (where: string, obstacle: Obstacle): void => void (found.has(where) || found.set(where, obstacle));
  const all = (of: Schema): readonly { readonly key: string; readonly schema: string; readonly origins: readonly object[] }[] => [...of.tables.values(), ...of.views.values(), ...of.enums.values()].map((each) => ({ key: `${each.schema}.${each.name}`, schema: each.schema, origins: each.origins }));
  const before = new Set(all(expected).map(({ key }) => key));
  for (const { key, schema: where, origins } of all(after)) {
    if (before.has(key) || facts.canCreateIn.get(where) !== false) continue;
    add(where, { code: "no-rights", message: mayNotCreate(facts, where, key), ...placeIn(files, origins) });
  }
  for (const [name, { origins }] of after.namespaces) {
    if (expected.namespaces.has(name) || facts.canCreateIn.has(name) || facts.canCreateSchemas) continue;
    add(`schema ${name}`, { code: "no-rights", message: `The role ${facts.role} may not create the schema ${name}. Have the owner run it, or GRANT CREATE ON DATABASE ${facts.database} TO ${facts.role}.`, ...placeIn(files, origins) });
  }
  if (!hasTable && files.length > 0 && facts.canCreateIn.get(schema) === false && table.startsWith(`${schema}.`)) add(schema, { code: "no-rights", message: mayNotCreate(facts, schema, table), path: undefined, line: undefined });
  return [...found.values()];
}

function mayNotCreate(facts: ServerFacts, schema: string, what: string): string {
  return `The role ${facts.role} may not create ${what}. Have the owner of the schema run it, or GRANT CREATE ON SCHEMA ${schema} TO ${facts.role}.`;
}

function placeIn(files: readonly MigrationFile[], origins: readonly object[]): { readonly path: string | undefined; readonly line: number | undefined } {
  for (const origin of origins) {
    const anchor: unknown = "anchor" in origin ? origin.anchor : undefined;
    for (const { path, file } of files) {
      const statement = file.statements.find((each) => each.anchor === anchor);
      if (statement !== undefined) return { path, line: lineOf(file, statement.span.start) };
    }
  }
  return { path: undefined, line: undefined };
}

async function lossQuestion(session: MigrationSession, losses: ReturnType<typeof foresee>["losses"]): Promise<readonly Question[]> {
  const counted: Loss[] = [];
  for (const { path, line, what, ...endangered } of losses) {
    const rows = await countRows(session, endangered);
    if (rows !== 0) counted.push({ path, line, what, rows });
  }
  if (counted.length === 0) return [];
  const told = counted.map(({ what, rows, line }) => `line ${line}: ${what} (${rows === undefined ? "not counted" : rows === 1 ? "1 value" : `${rows.toLocaleString("en-US")} values`})`);
  return [{ ask: "loss", losses: counted, message: `Data goes for good. ${told.join("; ")}.` }];
}
