/** `database-architect migrate create`, `prove` and `check`: no database server takes part. */
import { dirname, join } from "node:path";
import { readHistory } from "../migrations/history.ts";
import { sendingOf } from "../workspace/migrations.ts";
import type { RuleLayer } from "../workspace/rulesInForce.ts";
import { finish } from "../workspace/steps.ts";
import type { MigrateArguments } from "./arguments.ts";
import { Engine } from "./engine.ts";
import { checkMigrations } from "./migrateCheck.ts";
import { couldNot, type Ended, type MigrateContext, type MigrateSurroundings } from "./migrateContext.ts";
import { createMigration } from "./migrateCreate.ts";
import { proveMigrations } from "./migrateProve.ts";

export async function migrate(given: MigrateArguments, surroundings: MigrateSurroundings): Promise<Ended> {
  const opened = await openHistory(given, surroundings);
  if (!opened.ok) return couldNot(opened.reason);
  const { context } = opened;
  switch (given.action) {
    case "create":
      return createMigration(given, context);
    case "check":
      return checkMigrations(given, context);
    case "prove":
      return proveMigrations(given, context);
  }
}

/** Whoever asks about migrations asks about old ones too. */
const everyMigration: RuleLayer = { preset: undefined, rules: new Map(), newestMigrations: Number.MAX_SAFE_INTEGER };

export type OpenedHistory = { readonly ok: true; readonly context: MigrateContext } | { readonly ok: false; readonly reason: string };

/** The one project in the paths, with its history. */
export async function openHistory({ paths, action }: Pick<MigrateArguments, "paths"> & { readonly action: string }, surroundings: MigrateSurroundings): Promise<OpenedHistory> {
  const { folder, host, log } = surroundings;
  const opened = await Engine.open({ paths, folder, host, log, ...(action === "check" ? { rules: everyMigration } : {}) });
  if (!opened.ok) return opened;
  const { engine } = opened;
  try {
    await engine.readLargeStatements();
  } finally {
    await engine.dispose();
  }
  const snapshot = engine.workspace.snapshot();
  const projects = finish(snapshot.projects()).filter(({ history, prisma }) => (history !== undefined && history.kind !== "schema" && history.kind !== "loose") || prisma !== undefined);
  const [project, ...others] = projects;
  const where = engine.scope.roots.join(", ");
  if (project === undefined) return { ok: false, reason: `There are no migrations in ${where}: no migrations/*/migration.sql, no numbered .sql files, no Prisma schema.` };
  if (others.length > 0) return { ok: false, reason: `There are ${projects.length} projects in ${where}: ${projects.map(({ name }) => name).join(", ")}. Say which with --project <path>.` };
  const place = project.history ?? { kind: "prisma" as const, root: project.prisma?.migrationsPath ?? join(dirname(project.prisma?.schemaPath ?? folder), "migrations"), uris: [] };
  const history = readHistory(place, host, (uri, text) => sendingOf(project, uri, text));
  return { ok: true, context: { snapshot, project, checked: finish(snapshot.check(project)), history, surroundings } };
}
