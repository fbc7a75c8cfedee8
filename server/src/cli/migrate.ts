/** `database-architect migrate …`: migrations written, proven and checked. No database server takes part. */
import { dirname, join } from "node:path";
import { readHistory } from "../migrations/history.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import { sendingOf } from "../workspace/migrations.ts";
import { finish } from "../workspace/steps.ts";
import type { MigrateArguments } from "./arguments.ts";
import { Engine } from "./engine.ts";
import { checkMigrations } from "./migrateCheck.ts";
import { complaintText, couldNot, type Ended, type MigrateContext, type MigrateSurroundings } from "./migrateContext.ts";
import { createMigration } from "./migrateCreate.ts";
import { proveMigrations } from "./migrateProve.ts";
import { shownPath } from "./shownPath.ts";

export async function migrate(given: MigrateArguments, surroundings: MigrateSurroundings): Promise<Ended> {
  const opened = await openHistory(given, surroundings);
  if (!opened.ok) return couldNot(opened.reason);
  const { context } = opened;
  switch (given.action) {
    case "create":
      return createMigration(given, context);
    case "status":
      return status(given, context);
    case "check":
      return checkMigrations(given, context);
    case "prove":
      return proveMigrations(given, context);
  }
}

type OpenedHistory = { readonly ok: true; readonly context: MigrateContext } | { readonly ok: false; readonly reason: string };

async function openHistory({ paths }: MigrateArguments, surroundings: MigrateSurroundings): Promise<OpenedHistory> {
  const { folder, host, log } = surroundings;
  const opened = await Engine.open({ paths, folder, host, log });
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

/** What is in the history, as far as files tell: what has run where, only a database knows. */
function status({ format }: MigrateArguments, { history, surroundings: { folder } }: MigrateContext): Ended {
  const { migrations, complaints, place } = history;
  const hasErrors = complaints.some(({ severity }) => severity === "error");
  if (format === "json") {
    const value = {
      kind: place.kind,
      root: place.root,
      migrations: migrations.map(({ name, path, checksum, sending, down }) => ({ name, path, checksum, sending, down: down?.path })),
      complaints,
    };
    return { status: hasErrors ? 1 : 0, output: `${JSON.stringify(value, undefined, 2)}\n`, complaints: [] };
  }
  const width = Math.max(0, ...migrations.map(({ name }) => name.length));
  const lines = migrations.map(({ name, checksum, down }) => `${name.padEnd(width)}  ${checksum.slice(0, 12)}  ${down === undefined ? "no way back" : "with a way back"}`);
  const without = migrations.filter(({ down }) => down === undefined).length;
  const summary = `${migrations.length === 1 ? "1 migration" : `${migrations.length} migrations`} in ${shownPath(uriOfPath(place.root), folder)} (${place.kind}), ${without} without a way back.`;
  const said = complaints.map((complaint) => complaintText(complaint, folder));
  const text = format === "markdown" ? [...migrations.map(({ name, checksum, down }) => `- \`${name}\` \`${checksum.slice(0, 12)}\`${down === undefined ? ", no way back" : ""}`), "", summary, ...said.map((line) => `- ${line}`)] : [...lines, "", summary, ...said];
  return { status: hasErrors ? 1 : 0, output: `${text.join("\n")}\n`, complaints: [] };
}
