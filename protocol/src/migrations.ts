/**
 * Histories of migrations, and what can be done with them: what client and server say to each other. The server plans and
 * runs; the client shows, and asks a person. Nothing runs without the consent that a plan asks for.
 */
import type { DatabaseEnvironment } from "./connections.ts";

/** An expected failure. Whole sentences: what happened and what to do. */
export interface MigrationRefusal {
  readonly ok: false;
  readonly reason: string;
}

export interface HistoryParams {
  /** Of `MigrationHistoryListing`. */
  readonly history: string;
}

export interface HistoryOnTarget extends HistoryParams {
  /** Of a connection. */
  readonly connection: string;
}

// ---------------------------------------------------------------------------------------------------- looking

/** Client to server: the histories of the workspace. */
export const listHistories = "databaseArchitect/migrations/histories";

export interface MigrationHistoryListing {
  /** URI of the folder that holds it. */
  readonly id: string;
  /** Of its project, for people. */
  readonly name: string;
  readonly kind: "prisma" | "supabase" | "numbered";
  readonly migrations: number;
  /** There is a Prisma schema beside it, from which migrations can be created. */
  readonly hasSchema: boolean;
}

/** Client to server: where each migration stands, by its files alone or beside a database. */
export const migrationStatus = "databaseArchitect/migrations/status";

export interface MigrationStatusParams extends HistoryParams {
  readonly connection?: string | undefined;
}

export type MigrationStatusAnswer = MigrationStatus | MigrationRefusal;

export interface MigrationStatus {
  readonly ok: true;
  /** In the order they run. */
  readonly migrations: readonly MigrationRow[];
  /** Of files, and of the database beside them; whole sentences. */
  readonly notes: readonly string[];
  /** Missing without a database. */
  readonly database?: MigrationDatabase | undefined;
}

export interface MigrationDatabase {
  /** Host, port and database. */
  readonly target: string;
  readonly environment: DatabaseEnvironment;
  readonly drift: readonly DriftRow[];
  /** Why the drift may be another one. Whole sentences. */
  readonly doubts: readonly string[];
}

/** `unknown`: no database was asked. */
export type MigrationRowState = "unknown" | "applied" | "pending" | "failed" | "edited" | "missing" | "rolled back";

export interface MigrationRow {
  readonly name: string;
  readonly state: MigrationRowState;
  /** Null: there is no file. */
  readonly uri: string | null;
  readonly downUri: string | null;
  /** ISO date and time; null where it is not known. */
  readonly finishedAt: string | null;
  readonly durationMs: number | null;
  /** Not applied, though a later one is. */
  readonly isOutOfOrder: boolean;
  /** What stopped it, and what state that left; null when nothing did. */
  readonly failure: string | null;
  /** What is known of each statement of one that began and did not end: `line 3: done, CREATE TABLE …`; empty for others. */
  readonly statements: readonly string[];
  /** Of the text as it is now; null: it was not proven. */
  readonly proof: MigrationVerdict | null;
  /** What is wrong with its files. */
  readonly complaints: readonly string[];
}

export interface MigrationVerdict {
  readonly verdict: "proven" | "up only" | "failed" | "not run";
  /** `proven up and down, 2 locks, no data lost`. */
  readonly text: string;
}

export interface DriftRow {
  /** Stable. */
  readonly id: string;
  readonly what: "missing" | "extra" | "different";
  /** One line for people. */
  readonly text: string;
  /** Of the table or view it belongs to. */
  readonly on: string | null;
}

/** Client to server: what migrations did to one table, the oldest first. */
export const tableTimeline = "databaseArchitect/migrations/timeline";

export interface TimelineParams extends HistoryParams {
  /** `schema.table`; without it, which tables there are to ask about. */
  readonly table?: string | undefined;
}

export interface TableTimeline {
  readonly tables: readonly string[];
  readonly entries: readonly TimelineEntry[];
}

export interface TimelineEntry {
  readonly migration: string;
  readonly uri: string;
  /** From 0. */
  readonly line: number;
  /** One line each: "column email added". */
  readonly changes: readonly string[];
}

/** Client to server: SQL about one object of the drift, which names the whole table where it is about a part of one. */
export const driftScript = "databaseArchitect/migrations/driftScript";

export interface DriftScriptParams extends HistoryOnTarget {
  /** Of a `DriftRow`. */
  readonly id: string;
  /** `adopt`: a migration that makes what the database has. `revert`: what makes the database as the history has it. */
  readonly how: "adopt" | "revert";
}

export type DriftScript = { readonly ok: true; readonly sql: string; /** Whole sentences. */ readonly notes: readonly string[]; /** The new files of `adopt`. */ readonly files: readonly ProposedFile[] } | MigrationRefusal;

// ---------------------------------------------------------------------------------------------------- writing

/** Client to server: the difference between schema and history as new files; asks first what only a person knows. Writes nothing. */
export const createMigration = "databaseArchitect/migrations/create";

export interface CreateMigrationParams extends HistoryParams {
  readonly name: string;
  /** Pairs of what was and what it is called now. */
  readonly renamed: readonly (readonly [string, string])[];
  /** What is not renamed but goes. */
  readonly dropped: readonly string[];
  /** Of what is renamed: what keeps both names for a while. By the old name. */
  readonly inSteps: readonly string[];
  /** What has had two names, and loses the old one now. By the old name. */
  readonly ended: readonly string[];
  /** Enums that are made anew for the order of their values. */
  readonly reordered: readonly string[];
  /** Old names and enums that stay as they are: they were asked about. */
  readonly kept: readonly string[];
  /** What rows that are there get in new, required columns: column and SQL, which is empty where there are no rows. */
  readonly filled: readonly (readonly [string, string])[];
  /** Nobody else uses the database: one file that does it all at once. */
  readonly isAlone: boolean;
}

export type CreatedMigration =
  | { readonly ok: true; readonly kind: "nothing" }
  | { readonly ok: true; readonly kind: "questions"; readonly renames: readonly RenameQuestion[]; readonly fills: readonly FillQuestion[]; readonly names: readonly NameQuestion[]; readonly orders: readonly string[] }
  | ProposedMigration
  | MigrationRefusal;

export interface ProposedMigration {
  readonly ok: true;
  readonly kind: "proposed";
  readonly files: readonly ProposedFile[];
  /** What is lost for good when it runs. Whole sentences. */
  readonly losses: readonly string[];
  /** What else is good to know. Whole sentences. */
  readonly notes: readonly string[];
}

/** Client to server: what `createMigration` would write now, without a question and without the way back. */
export const previewMigration = "databaseArchitect/migrations/preview";

export type PreviewedMigration = { readonly ok: true; /** SQL with comments, for reading. */ readonly sql: string } | MigrationRefusal;

export interface RenameQuestion {
  /** `column`, `table`. */
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  /** Why it cannot go by both names for a while; null where it can. */
  readonly whyAtOnce: string | null;
}

/** Something has two names: does anybody need the old one? */
export interface NameQuestion {
  readonly from: string;
  readonly to: string;
}

export interface FillQuestion {
  readonly subject: string;
  readonly type: string;
}

export interface ProposedFile {
  readonly uri: string;
  readonly text: string;
}

// ---------------------------------------------------------------------------------------------------- checking and proving

/** Client to server: what the rules and the runner find in all migrations of a history, as Markdown. */
export const checkMigrations = "databaseArchitect/migrations/check";

export type CheckedMigrations = { readonly ok: true; readonly found: number; readonly markdown: string } | MigrationRefusal;

/** Client to server: up, down and up again in the embedded PostgreSQL. */
export const proveMigrations = "databaseArchitect/migrations/prove";

export interface ProveParams extends HistoryParams, Operation {
  /** All of them when empty. */
  readonly names: readonly string[];
  /** On its server, in a database that is made for it and dropped; in the embedded PostgreSQL without. */
  readonly connection?: string | undefined;
}

export type ProvenMigrations = { readonly ok: true; readonly proofs: readonly ({ readonly name: string } & MigrationVerdict)[]; readonly markdown: string } | MigrationRefusal;

// ---------------------------------------------------------------------------------------------------- running

/** Of something that takes long; the client's own number. */
export interface Operation {
  readonly operation: number;
}

/** Server to client, while an operation goes on. A request, so that clients without it are no trouble; the answer is null. */
export const migrationProgress = "databaseArchitect/migrations/progress";

export interface MigrationProgress extends Operation {
  readonly message: string;
  /** How much of all is done, 0 to 1; missing where nobody knows. */
  readonly done?: number | undefined;
  /** Kept in the log as well: what a person may want to read again. */
  readonly isLasting?: boolean | undefined;
}

export type RunAction =
  /** `to`: the last one; all that are pending without it. */
  | { readonly run: "apply"; readonly to?: string | undefined }
  /** So many of the newest. */
  | { readonly run: "down"; readonly count: number }
  /** Up or down, whichever leads there. */
  | { readonly run: "to"; readonly name: string }
  /** A development database emptied and built again. */
  | { readonly run: "reset" };

/** Client to server: what a run would do. Changes nothing. */
export const planRun = "databaseArchitect/migrations/plan";

export interface PlanRunParams extends HistoryOnTarget, Operation {
  readonly action: RunAction;
}

export type PlannedRun = { readonly ok: true; readonly plan: RunPlanView } | MigrationRefusal;

export interface RunPlanView {
  readonly direction: "up" | "down" | "reset";
  readonly target: string;
  readonly environment: DatabaseEnvironment;
  /** In the order they run. */
  readonly migrations: readonly { readonly name: string; readonly uri: string; readonly statements: number; readonly isOne: boolean; readonly proof: string | null }[];
  /** Nothing can run before these are out of the way. */
  readonly obstacles: readonly { readonly message: string; readonly uri: string | null; /** From 0. */ readonly line: number | null }[];
  readonly questions: readonly RunQuestion[];
  /** Whom it holds up; a line each. */
  readonly locks: readonly string[];
  readonly notes: readonly string[];
  /** All of it, for reading, in Markdown. */
  readonly markdown: string;
}

export type RunQuestion =
  /** The name of the database is to be typed: it is production, or everything in it goes. */
  | { readonly ask: "production" | "reset"; readonly message: string; readonly database: string }
  | { readonly ask: "loss" | "otherObjects" | "unproven"; readonly message: string };

/** What a person has said yes to. */
export interface RunConsent {
  /** As it was typed. */
  readonly production?: string | undefined;
  readonly reset?: string | undefined;
  readonly loss?: boolean | undefined;
  readonly otherObjects?: boolean | undefined;
  readonly unproven?: boolean | undefined;
}

/** Client to server: runs what was planned, which is planned again under the lock. */
export const runMigrations = "databaseArchitect/migrations/run";

export interface RunParams extends PlanRunParams {
  readonly consent: RunConsent;
}

export type RanMigrations = { readonly ok: true; readonly done: readonly string[]; readonly failure?: RunFailureView | undefined } | MigrationRefusal;

export interface RunFailureView {
  readonly migration: string;
  readonly uri: string;
  /** From 0. */
  readonly line: number;
  /** What PostgreSQL said, what the database holds now, and what to do; a sentence each. */
  readonly message: string;
  readonly state: string;
  readonly next: string;
  readonly wasCanceled: boolean;
}

/** Client to server: goes on with, or gives up, a migration that did not end; or marks one without running it. */
export const resolveMigration = "databaseArchitect/migrations/resolve";

export interface ResolveParams extends HistoryOnTarget, Operation {
  /** `failed`: what its diagnosis says. */
  readonly how: "failed" | "markApplied" | "markRolledBack";
  /** Missing: the one that failed. */
  readonly name?: string | undefined;
  /** With all that stand before it. */
  readonly isThrough?: boolean | undefined;
}

export type ResolvedMigration = { readonly ok: true; readonly told: readonly string[]; readonly failure?: RunFailureView | undefined } | MigrationRefusal;

// ---------------------------------------------------------------------------------------------------- upkeep

/** Client to server: one migration in place of many, proven to make the same catalog. Changes nothing: the client writes and removes. */
export const squashMigrations = "databaseArchitect/migrations/squash";

export interface SquashParams extends HistoryParams {
  /** The last one to be joined; all of them without it. */
  readonly to?: string | undefined;
}

export type SquashedMigrations =
  | { readonly ok: true; readonly name: string; readonly replaced: readonly string[]; readonly files: readonly ProposedFile[]; /** URIs of files and folders. */ readonly removes: readonly string[]; readonly notes: readonly string[] }
  | MigrationRefusal;

/** Client to server: the schema of a database, as the project writes it. Changes nothing. */
export const pullSchema = "databaseArchitect/migrations/pull";

export type PullParams = HistoryOnTarget;

/** Null: SQL, which belongs to no file. */
export type PulledSchema = { readonly ok: true; readonly files: readonly { readonly uri: string | null; readonly text: string }[]; readonly notes: readonly string[] } | MigrationRefusal;

/** Client to server: what seeds the project's database. Runs nothing. */
export const findSeed = "databaseArchitect/migrations/findSeed";

export type FoundSeed = { readonly ok: true; readonly kind: "command" | "sql"; /** The command, or the file's path. */ readonly what: string; /** URI of the file that says so. */ readonly statedIn: string } | MigrationRefusal;

/** Client to server: runs the project's own seed. */
export const seedDatabase = "databaseArchitect/migrations/seed";

export interface SeedParams extends HistoryOnTarget, Operation {
  /** The name of a production database, as it was typed. */
  readonly production?: string | undefined;
}

export type SeededDatabase = { readonly ok: true } | MigrationRefusal;
