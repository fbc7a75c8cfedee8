/** `migrate apply`, `status`, `down`, `to`, `resolve` and their like: migrations on a database, for a terminal. */
import { dirname, join } from "node:path";
import { readEnvFile } from "../connections/envFile.ts";
import { DatabaseError } from "../database/databaseError.ts";
import type { Diagnosis } from "../migrations/run/diagnose.ts";
import { type Consent, planApply, planDown, planTo, type RunPlan, unanswered } from "../migrations/run/plan.ts";
import { markApplied, markRolledBack, type Resolved, resolveFailed } from "../migrations/run/resolve.ts";
import { carryOut } from "../migrations/run/run.ts";
import type { Answer, RunContext } from "../migrations/run/runContext.ts";
import type { RunEvent } from "../migrations/run/runFile.ts";
import { readSituation, type Situation } from "../migrations/run/situation.ts";
import { scratchAssets, scratchWorker } from "../workspace/assets.ts";
import { foldOptionsOf } from "../workspace/check.ts";
import { openHistory } from "./migrate.ts";
import { couldNot, type Ended, type MigrateContext } from "./migrateContext.ts";
import type { RunArguments } from "./migrateRunArguments.ts";
import { RunCommand, type RunSurroundings } from "./migrateRunCommand.ts";
import { diagnosisLines, outcomeLines, planLines, statusLines } from "./migrateRunText.ts";
import { pullSchema } from "./migratePull.ts";
import { resetDatabase } from "./migrateReset.ts";
import { seedDatabase } from "./migrateSeed.ts";
import { squashMigrations } from "./migrateSquash.ts";
import { statusOfFiles } from "./migrateStatus.ts";

export async function migrateRun(given: RunArguments, surroundings: RunSurroundings): Promise<Ended> {
  const opened = await openHistory(given, surroundings);
  if (!opened.ok) return couldNot(opened.reason);
  const { context: project } = opened;
  if (given.action === "squash") return squashMigrations(given, project, surroundings);
  const url = given.url ?? addressFor(project, surroundings);
  if (url === undefined) {
    if (given.action === "status") return statusOfFiles(given.format, project);
    return couldNot(`Which database? Say --url postgresql://user@host:5432/database, or set DATABASE_URL.`);
  }
  const context: RunContext = {
    history: project.history,
    foldOptions: foldOptionsOf(project.project),
    settings: { url, allowsUnverified: given.allowsUnverified },
    environment: given.environment,
    scratch: { worker: scratchWorker, assets: scratchAssets },
    waitMs: given.waitMs,
    lockTimeoutMs: given.lockTimeoutMs,
  };
  const interruption = new AbortController();
  const forget = surroundings.onInterrupt?.(() => interruption.abort());
  try {
    return await run(new RunCommand(given, context, project, surroundings, interruption.signal));
  } catch (error) {
    if (error instanceof DatabaseError) return couldNot(error.message);
    throw error;
  } finally {
    forget?.();
  }
}

/** Of the environment, else of `.env` beside the project, the direct one first: a pooler cannot carry migrations. */
function addressFor({ project, history }: MigrateContext, { variable, host, folder }: RunSurroundings): string | undefined {
  const names = ["DIRECT_URL", "DIRECT_DATABASE_URL", "DATABASE_URL"];
  const isAddress = (text: string | undefined): text is string => text !== undefined && /^postgres(?:ql)?:/.test(text);
  const set = names.map((name) => variable?.(name)).find(isAddress);
  if (set !== undefined) return set;
  const around = [project.prisma?.root, dirname(project.prisma?.schemaPath ?? history.place.root), dirname(history.place.root), folder];
  for (const where of new Set(around)) {
    const read = where === undefined ? undefined : host.readText(join(where, ".env"));
    if (read?.ok !== true) continue;
    const values = readEnvFile(read.text);
    const found = names.map((name) => values.get(name)).find(isAddress);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function run(command: RunCommand): Promise<Ended> {
  const { given } = command;
  const { action, to, count, isProven, names } = given;
  switch (action) {
    case "apply":
      return planned(command, await planApply(command.context, { to }));
    case "down":
      return planned(command, await planDown(command.context, { count }, { isProven }));
    case "to":
      return planned(command, await planTo(command.context, names[0] ?? ""));
    case "status":
      return status(command);
    case "resolve":
      return resolve(command);
    case "reset":
      return resetDatabase(command);
    case "squash":
      return squashMigrations(command.given, command.project, command.surroundings);
    case "pull":
      return pullSchema(command);
    case "seed":
      return seedDatabase(command);
  }
}

async function planned(command: RunCommand, answer: Answer<RunPlan>): Promise<Ended> {
  if (!answer.ok) return couldNot(answer.reason);
  const plan = answer.value;
  const { folder } = command.surroundings;
  const open = unanswered(plan, consent(command));
  const isStopped = plan.obstacles.length > 0 || open.length > 0;
  if (command.given.isDryRun || isStopped || plan.migrations.length === 0) {
    const status = isStopped ? 1 : 0;
    const last = isStopped ? ["Nothing was changed."] : command.given.isDryRun && plan.migrations.length > 0 ? ["A dry run: nothing was changed."] : [];
    return command.ended(status, [...planLines(plan, folder), ...last], { plan: planJson(plan), unanswered: open, outcome: null });
  }
  if (command.given.format !== "json") command.say(planLines({ ...plan, questions: [] }, folder));
  const ran = await carryOut(command.context, plan, consent(command), { signal: command.signal, onEvent: (event) => command.hear(event) });
  if (!ran.ok) return command.ended(2, [ran.reason], { plan: planJson(plan), reason: ran.reason, outcome: null });
  const outcome = ran.value;
  const total = outcome.done.length;
  const done = `${total === 1 ? "1 migration" : `${total} migrations`} ${plan.direction === "up" ? "applied" : "undone"}.`;
  return command.ended(outcome.ok ? 0 : 1, outcome.ok ? [done] : [...outcomeLines(outcome, folder), done], { plan: planJson(plan), outcome, events: command.events });
}

async function status(command: RunCommand): Promise<Ended> {
  const read = await readSituation(command.context);
  if (!read.ok) return couldNot(read.reason);
  const { standings, drift } = read.value;
  const isFine = drift.length === 0 && standings.every(({ state }) => state === "applied");
  const { history } = command.project;
  const complaints = history.complaints.filter(({ severity }) => severity === "error").map(({ path, line, message }) => `${path}${line === undefined ? "" : `:${line}`} ${message}`);
  return command.ended(isFine && complaints.length === 0 ? 0 : 1, [...statusLines(read.value), ...complaints], { ...situationJson(read.value), complaints: history.complaints });
}

async function resolve(command: RunCommand): Promise<Ended> {
  const { mark, names, saysYes, isDryRun, isAll } = command.given;
  const watching = { signal: command.signal, onEvent: (event: RunEvent) => command.hear(event) };
  const read = await readSituation(command.context);
  if (!read.ok) return couldNot(read.reason);
  const { facts, diagnoses } = read.value;
  if (facts.environment === "production" && command.given.confirmed !== facts.database && (saysYes || mark !== undefined) && !isDryRun)
    return command.ended(1, [`${facts.target} is taken for production: ${facts.because}. Say --confirm ${facts.database} if that is meant. Nothing was changed.`], { reason: "production" });
  if (mark !== undefined) {
    if (isDryRun) return command.ended(0, [`Would mark ${mark.name} as ${mark.as === "applied" ? "applied" : "rolled back"}.`], { mark });
    return resolved(command, mark.as === "applied" ? await markApplied(command.context, mark.name, { isThrough: isAll }, watching) : await markRolledBack(command.context, mark.name, watching));
  }
  if (diagnoses.length === 0) return command.ended(0, ["No migration has failed: there is nothing to resolve."], { diagnoses: [] });
  if (!saysYes || isDryRun) {
    const lines = diagnoses.flatMap((diagnosis) => [...diagnosisLines(diagnosis), ...choicesOf(diagnosis)]);
    return command.ended(1, lines, { diagnoses });
  }
  return resolved(command, await resolveFailed(command.context, names[0], watching));
}

function resolved(command: RunCommand, answer: Answer<Resolved>): Ended {
  if (!answer.ok) return command.ended(1, [answer.reason], { reason: answer.reason });
  const { told, outcome } = answer.value;
  const failed = outcome?.ok === false ? outcomeLines(outcome, command.surroundings.folder) : [];
  return command.ended(failed.length > 0 ? 1 : 0, [...told, ...failed], { told, outcome: outcome ?? null, events: command.events });
}

function consent({ given }: RunCommand): Consent {
  const { confirmed, acceptsLoss, saysYes } = given;
  return { production: confirmed, loss: acceptsLoss, otherObjects: saysYes, unproven: saysYes };
}

function choicesOf({ step, migration }: Diagnosis): readonly string[] {
  const marks = `or set a mark: migrate resolve --applied ${migration}, --rolled-back ${migration}`;
  switch (step.do) {
    case "retry":
      return [`Say migrate resolve --yes, and then migrate apply; ${marks}.`];
    case "finish":
      return [`Say migrate resolve --yes to go on; ${marks}.`];
    case "ask":
      return [`Set a mark: migrate resolve --applied ${migration}, --rolled-back ${migration}.`];
  }
}

function planJson({ direction, migrations, obstacles, questions, locks, notes, situation }: RunPlan): object {
  return { direction, target: situation.facts.target, environment: situation.facts.environment, migrations, obstacles, questions, locks, notes };
}

function situationJson({ facts, table, hasTable, standings, drift, driftDoubts, diagnoses, running, strangers }: Situation): object {
  const { target, database, role, version, environment, because, isReadOnly, isPooled } = facts;
  return {
    server: { target, database, role, version, environment, because, isReadOnly, isPooled },
    table,
    hasTable,
    migrations: standings.map(({ name, state, migration, startedAt, finishedAt, durationMs, isOutOfOrder, hasDown, lastFailure }) => ({ name, state, path: migration?.path, startedAt, finishedAt, durationMs, isOutOfOrder, hasDown, lastFailure })),
    drift,
    driftDoubts,
    diagnoses,
    running,
    strangers,
  };
}
