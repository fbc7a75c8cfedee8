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
import { couldNot, type Ended, type MigrateContext, type MigrateSurroundings } from "./migrateContext.ts";
import type { RunArguments } from "./migrateRunArguments.ts";
import { diagnosisLines, eventLine, outcomeLines, planLines, statusLines } from "./migrateRunText.ts";
import { pullSchema } from "./migratePull.ts";
import { resetDatabase } from "./migrateReset.ts";
import { seedDatabase } from "./migrateSeed.ts";
import { squashMigrations, type SquashSurroundings } from "./migrateSquash.ts";
import { statusOfFiles } from "./migrateStatus.ts";

export interface RunSurroundings extends MigrateSurroundings, SquashSurroundings {
  /** A variable of the environment. */
  variable?(name: string): string | undefined;
  /** Throws what the system says. */
  write(path: string, text: string): void;
  /** While it runs, apart from what is printed in the end. */
  complain(text: string): void;
  onInterrupt?(stop: () => void): () => void;
}

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
    return await new RunCommand(given, context, project, surroundings, interruption.signal).run();
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

/** One command on its way: what it was given, and how it speaks. */
export class RunCommand {
  readonly given: RunArguments;
  readonly context: RunContext;
  readonly project: MigrateContext;
  readonly surroundings: RunSurroundings;
  readonly signal: AbortSignal;
  readonly events: RunEvent[] = [];

  constructor(given: RunArguments, context: RunContext, project: MigrateContext, surroundings: RunSurroundings, signal: AbortSignal) {
    this.given = given;
    this.context = context;
    this.project = project;
    this.surroundings = surroundings;
    this.signal = signal;
  }

  async run(): Promise<Ended> {
    const { action, to, count, isProven, names } = this.given;
    switch (action) {
      case "apply":
        return this.#planned(await planApply(this.context, { to }));
      case "down":
        return this.#planned(await planDown(this.context, { count }, { isProven }));
      case "to":
        return this.#planned(await planTo(this.context, names[0] ?? ""));
      case "status":
        return this.#status();
      case "resolve":
        return this.#resolve();
      case "reset":
        return resetDatabase(this);
      case "squash":
        return squashMigrations(this.given, this.project, this.surroundings);
      case "pull":
        return pullSchema(this);
      case "seed":
        return seedDatabase(this);
    }
  }

  async #planned(answer: Answer<RunPlan>): Promise<Ended> {
    if (!answer.ok) return couldNot(answer.reason);
    const plan = answer.value;
    const { folder } = this.surroundings;
    const open = unanswered(plan, this.#consent());
    const isStopped = plan.obstacles.length > 0 || open.length > 0;
    if (this.given.isDryRun || isStopped || plan.migrations.length === 0) {
      const status = isStopped ? 1 : 0;
      const last = isStopped ? ["Nothing was changed."] : this.given.isDryRun && plan.migrations.length > 0 ? ["A dry run: nothing was changed."] : [];
      return this.ended(status, [...planLines(plan, folder), ...last], { plan: planJson(plan), unanswered: open, outcome: null });
    }
    if (this.given.format !== "json") this.say(planLines({ ...plan, questions: [] }, folder));
    const ran = await carryOut(this.context, plan, this.#consent(), { signal: this.signal, onEvent: (event) => this.hear(event) });
    if (!ran.ok) return this.ended(2, [ran.reason], { plan: planJson(plan), reason: ran.reason, outcome: null });
    const outcome = ran.value;
    const total = outcome.done.length;
    const done = `${total === 1 ? "1 migration" : `${total} migrations`} ${plan.direction === "up" ? "applied" : "undone"}.`;
    return this.ended(outcome.ok ? 0 : 1, outcome.ok ? [done] : [...outcomeLines(outcome, folder), done], { plan: planJson(plan), outcome, events: this.events });
  }

  async #status(): Promise<Ended> {
    const read = await readSituation(this.context);
    if (!read.ok) return couldNot(read.reason);
    const { standings, drift } = read.value;
    const isFine = drift.length === 0 && standings.every(({ state }) => state === "applied");
    const { history } = this.project;
    const complaints = history.complaints.filter(({ severity }) => severity === "error").map(({ path, line, message }) => `${path}${line === undefined ? "" : `:${line}`} ${message}`);
    return this.ended(isFine && complaints.length === 0 ? 0 : 1, [...statusLines(read.value), ...complaints], { ...situationJson(read.value), complaints: history.complaints });
  }

  async #resolve(): Promise<Ended> {
    const { mark, names, saysYes, isDryRun, isAll } = this.given;
    const watching = { signal: this.signal, onEvent: (event: RunEvent) => this.hear(event) };
    const read = await readSituation(this.context);
    if (!read.ok) return couldNot(read.reason);
    const { facts, diagnoses } = read.value;
    if (facts.environment === "production" && this.given.confirmed !== facts.database && (saysYes || mark !== undefined) && !isDryRun)
      return this.ended(1, [`${facts.target} is taken for production: ${facts.because}. Say --confirm ${facts.database} if that is meant. Nothing was changed.`], { reason: "production" });
    if (mark !== undefined) {
      if (isDryRun) return this.ended(0, [`Would mark ${mark.name} as ${mark.as === "applied" ? "applied" : "rolled back"}.`], { mark });
      return this.#resolved(mark.as === "applied" ? await markApplied(this.context, mark.name, { isThrough: isAll }, watching) : await markRolledBack(this.context, mark.name, watching));
    }
    if (diagnoses.length === 0) return this.ended(0, ["No migration has failed: there is nothing to resolve."], { diagnoses: [] });
    if (!saysYes || isDryRun) {
      const lines = diagnoses.flatMap((diagnosis) => [...diagnosisLines(diagnosis), ...choicesOf(diagnosis)]);
      return this.ended(1, lines, { diagnoses });
    }
    return this.#resolved(await resolveFailed(this.context, names[0], watching));
  }

  #resolved(answer: Answer<Resolved>): Ended {
    if (!answer.ok) return this.ended(1, [answer.reason], { reason: answer.reason });
    const { told, outcome } = answer.value;
    const failed = outcome?.ok === false ? outcomeLines(outcome, this.surroundings.folder) : [];
    return this.ended(failed.length > 0 ? 1 : 0, [...told, ...failed], { told, outcome: outcome ?? null, events: this.events });
  }

  #consent(): Consent {
    const { confirmed, acceptsLoss, saysYes } = this.given;
    return { production: confirmed, loss: acceptsLoss, otherObjects: saysYes, unproven: saysYes };
  }

  hear(event: RunEvent): void {
    this.events.push(event);
    const line = eventLine(event);
    if (line !== undefined && this.given.format !== "json") this.say([line]);
  }

  say(lines: readonly string[]): void {
    for (const line of lines) this.surroundings.complain(`${line}\n`);
  }

  ended(status: number, lines: readonly string[], value: object): Ended {
    if (this.given.format === "json") return { status, output: `${JSON.stringify(value, undefined, 2)}\n`, complaints: [] };
    const text = this.given.format === "markdown" ? lines.map((line) => (line === "" ? "" : `- ${line.trim()}`)) : lines;
    return { status, output: text.length === 0 ? "" : `${text.join("\n")}\n`, complaints: [] };
  }
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
