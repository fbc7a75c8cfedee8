/** What is done with a history now and then: joined into one migration, its schema pulled from a database, a database seeded. */
import { dirname } from "node:path";
import type { FoundSeed, MigrationProgress, PulledSchema, PullParams, SeededDatabase, SeedParams, SquashedMigrations, SquashParams } from "../../../../protocol/src/migrations.ts";
import { pullPrisma, pullSql } from "../../migrations/run/pull.ts";
import { findSeed, runSeedCommand, runSeedSql, type Seed } from "../../migrations/run/seed.ts";
import { planSquash } from "../../migrations/run/squash.ts";
import { pathOfUri, uriOfPath } from "../../prisma/fileUris.ts";
import type { SchemaEngine } from "../../prisma/schemaEngine.ts";
import type { FileHost } from "../../text/fileHost.ts";
import { foldOptionsOf } from "../../workspace/check.ts";
import type { Opened, OpenedHistories } from "./openedHistories.ts";
import { progressOf } from "./views.ts";

/** Plans it; the client writes and removes. */
export async function squash({ history: id, to }: SquashParams, histories: OpenedHistories): Promise<SquashedMigrations> {
  const opened = await histories.open(id);
  if (!opened.ok) return opened;
  const planned = await planSquash(opened.history, to, { scratch: histories.scratch(), foldOptions: foldOptionsOf(opened.project) });
  if (!planned.ok) return planned;
  const { name, replaced, files, removes, notes } = planned.value;
  return { ok: true, name, replaced, files: files.map(({ path, text }) => ({ uri: uriOfPath(path), text })), removes: removes.map(uriOfPath), notes };
}

/** What the files of the schema would be; without a Prisma schema SQL. */
export async function pull({ history: id, connection }: PullParams, histories: OpenedHistories, engine: SchemaEngine, signal: AbortSignal): Promise<PulledSchema> {
  const opened = await histories.open(id);
  if (!opened.ok) return opened;
  const context = await histories.context(opened, connection, signal);
  if (!context.ok) return context;
  const { checked, history, project } = opened;
  if (checked.prismaFiles.length === 0 && history.place.kind !== "prisma") {
    const pulled = await pullSql(context.value);
    return pulled.ok ? { ok: true, files: [{ uri: null, text: pulled.value.text }], notes: pulled.value.gaps } : pulled;
  }
  const pulled = await pullPrisma(context.value, engine, checked.prismaFiles.map(({ uri, text }) => ({ path: pathOfUri(uri) ?? uri, text })));
  if (!pulled.ok) return pulled;
  const { files, warnings } = pulled.value;
  const place = (path: string): string => (path.startsWith("/") || /^[A-Za-z]:/.test(path) ? path : (project.prisma?.schemaPath ?? path));
  return { ok: true, files: files.map(({ path, text }) => ({ uri: uriOfPath(place(path)), text })), notes: warnings === undefined ? [] : [warnings.trim()] };
}

export async function seedOf(history: string, histories: OpenedHistories, files: FileHost): Promise<FoundSeed> {
  const opened = await histories.open(history);
  if (!opened.ok) return opened;
  const seed = seedIn(opened, files);
  if (seed === undefined) return { ok: false, reason: "The project names no seed: neither migrations.seed in prisma.config.ts, nor prisma.seed in package.json, nor a seed.sql beside the migrations." };
  return seed.kind === "command" ? { ok: true, kind: "command", what: seed.command, statedIn: uriOfPath(seed.statedIn) } : { ok: true, kind: "sql", what: seed.path, statedIn: uriOfPath(seed.path) };
}

export interface SeedingOptions {
  readonly files: FileHost;
  readonly tell: (progress: MigrationProgress) => void;
}

export async function seed({ history: id, connection, operation, production }: SeedParams, histories: OpenedHistories, { files, tell }: SeedingOptions, signal: AbortSignal): Promise<SeededDatabase> {
  const opened = await histories.open(id);
  if (!opened.ok) return opened;
  const found = seedIn(opened, files);
  if (found === undefined) return { ok: false, reason: "The project names no seed any more." };
  // A restricted workspace gets no connection, and so no command of it is run.
  const context = await histories.context(opened, connection, signal);
  if (!context.ok) return context;
  const { settings, environment } = context.value;
  const url = new URL(settings.url);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (environment === "production" && production !== database) return { ok: false, reason: `This is production, and its name, ${database}, was not typed. Nothing was changed.` };
  if (settings.password !== undefined) url.password = encodeURIComponent(settings.password);
  const say = (text: string): void => {
    for (const line of text.split("\n")) if (line.trim() !== "") tell({ operation, message: settings.password === undefined ? line : line.replaceAll(settings.password, "…"), isLasting: true });
  };
  const ran =
    found.kind === "command"
      ? await runSeedCommand(found, [], url.href, say, signal)
      : await runSeedSql(context.value, found, files, {
          signal,
          onEvent: (event) => tell({ operation, ...progressOf(event) }),
        });
  if (!ran.ok) return ran;
  return ran.value === 0 ? { ok: true } : { ok: false, reason: `The seed ended with ${ran.value}; the output has what it said.` };
}

function seedIn({ project, history }: Opened, files: FileHost): Seed | undefined {
  const { prisma, folder } = project;
  const around = [prisma?.root, prisma === undefined ? undefined : dirname(prisma.schemaPath), dirname(history.place.root), folder].filter((each) => each !== undefined);
  return findSeed([...new Set(around)], prisma?.configFile, history.place.root, files);
}
