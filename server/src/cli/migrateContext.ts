/** What every `migrate` command works on, and how it ends. */
import { type Complaint, findMigration, type MigrationFile, type MigrationHistory } from "../migrations/history.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import type { FileHost } from "../text/fileHost.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";
import type { Project } from "../workspace/projects.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { MigrateArguments } from "./arguments.ts";
import { shownPath } from "./shownPath.ts";

export interface MigrateSurroundings {
  /** Absolute. */
  readonly folder: string;
  readonly host: FileHost;
  readonly version: string;
  /** Where what took long to build is kept; absolute. */
  readonly cacheFolder?: string | undefined;
  create(path: string, text: string): void;
  now(): Date;
  log(what: string, error: unknown): void;
}

export interface Ended {
  /** 0, 1 when something is not as it should be, 2 when it could not run. */
  readonly status: number;
  readonly output: string;
  /** Sentences. */
  readonly complaints: readonly string[];
}

/** One project with its history. */
export interface MigrateContext {
  readonly snapshot: Snapshot;
  readonly project: Project;
  readonly checked: CheckedProject;
  readonly history: MigrationHistory;
  readonly surroundings: MigrateSurroundings;
}

export function couldNot(reason: string): Ended {
  return { status: 2, output: "", complaints: [reason] };
}

/** The migrations that are named, all of them, or the last. */
export function chosen({ names, isAll }: MigrateArguments, history: MigrationHistory): { readonly ok: true; readonly migrations: readonly MigrationFile[] } | { readonly ok: false; readonly reason: string } {
  const last = history.migrations.at(-1);
  if (last === undefined) return { ok: false, reason: `There is no migration in ${history.place.root}.` };
  if (isAll) return { ok: true, migrations: history.migrations };
  const migrations: MigrationFile[] = [];
  for (const name of names) {
    const migration = findMigration(history, name);
    if (migration === undefined) return { ok: false, reason: `There is no migration ${JSON.stringify(name)}. The last one is ${last.name}; migrate status lists them all.` };
    migrations.push(migration);
  }
  return { ok: true, migrations: names.length === 0 ? [last] : migrations };
}

export function complaintText({ path, line, severity, message }: Complaint, folder: string): string {
  return `${shownPath(uriOfPath(path), folder)}${line === undefined ? "" : `:${line}`} ${severity} ${message}`;
}
