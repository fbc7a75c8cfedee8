/**
 * What is done to the chosen database: migrations run and undone, their state, seeding. The server plans and runs only
 * what was agreed to here, each question asked on its own.
 */
import { Uri, window } from "vscode";
import {
  findSeed,
  type MigrationHistoryListing,
  planRun,
  type PlannedRun,
  type RanMigrations,
  resolveMigration,
  type ResolveParams,
  type RunAction,
  type RunConsent,
  type RunFailureView,
  runMigrations,
  type RunPlanView,
  seedDatabase,
} from "../../../protocol/src/migrations.ts";
import { foundSeedShape, plannedShape, ranShape, resolvedShape, seededShape } from "../../../protocol/src/migrationsShapes.ts";
import { parsing } from "../webviews/parsing.ts";
import { isNode, MigrationChoosing } from "./choosing.ts";
import type { MigrationDesk } from "./desk.ts";
import type { MigrationNode } from "./nodes.ts";
import { refused, show, typedName } from "./telling.ts";

export class MigrationRuns {
  readonly #desk: MigrationDesk;
  readonly #choosing: MigrationChoosing;

  constructor(desk: MigrationDesk) {
    this.#desk = desk;
    this.#choosing = new MigrationChoosing(desk);
  }

  async status(node: unknown): Promise<void> {
    const target = await this.#choosing.target(node, "Migration Status");
    if (target === undefined) return;
    await window.withProgress({ location: { viewId: "databaseArchitect.migrations" } }, () => this.#desk.tree.compare(target.history.id, target.profile.id));
  }

  async run(node: unknown, title: string, action: RunAction): Promise<void> {
    const target = await this.#choosing.target(node, title);
    if (target === undefined) return;
    const { history, profile } = target;
    const planned = await this.#desk.operations.run(`${title}: looking at ${profile.name}`, (operation, token): Promise<PlannedRun> =>
      this.#desk.server.ask(planRun, { history: history.id, connection: profile.id, action, operation }, parsing(plannedShape), token),
    );
    if (!planned.ok) return refused(`${title}: nothing ran`, planned.reason);
    const { plan } = planned;
    if (plan.obstacles.length > 0) return this.#stopped(title, history, plan);
    if (plan.migrations.length === 0) return void window.showInformationMessage(`${profile.name}: ${plan.direction === "up" ? "nothing is pending" : "there is nothing to roll back"}.`);
    const consent = await this.#agreed(title, history, plan);
    if (consent === undefined) return;
    const ran = await this.#desk.operations.run(`${title} on ${profile.name}`, (operation, token): Promise<RanMigrations> =>
      this.#desk.server.ask(runMigrations, { history: history.id, connection: profile.id, action, operation, consent }, parsing(ranShape), token),
    );
    await this.#desk.tree.compare(history.id, profile.id);
    if (!ran.ok) return refused(`${title}: nothing ran`, ran.reason);
    if (ran.failure !== undefined) return this.#failed(ran.failure);
    const verb = { up: "applied", down: "rolled back", reset: "applied to the emptied database" }[plan.direction];
    void window.showInformationMessage(`${profile.name}: ${ran.done.length === 1 ? `${ran.done[0]} is` : `${ran.done.length} migrations are`} ${verb}.`);
  }

  /** The newest one; from the view that migration, with all that ran after it. */
  async rollBack(node: unknown): Promise<void> {
    const title = "Roll Back Migration";
    if (!isNode(node) || node.node !== "migration") return this.run(node, title, { run: "down", count: 1 });
    const target = await this.#choosing.target(node, title);
    if (target === undefined) return;
    const status = await this.#desk.tree.compare(target.history.id, target.profile.id);
    if (!status.ok) return refused(`${title}: nothing ran`, status.reason);
    const from = status.migrations.findIndex(({ name }) => name === node.row.name);
    const count = status.migrations.slice(from).filter(({ state }) => state === "applied" || state === "edited" || state === "missing").length;
    if (from < 0 || count === 0) return void window.showInformationMessage(`${node.row.name} has not run on ${target.profile.name}.`);
    await this.run(node, title, { run: "down", count });
  }

  async migrateTo(node: unknown): Promise<void> {
    const target = await this.#choosing.target(node, "Migrate To");
    if (target === undefined) return;
    const name = isNode(node) && node.node === "migration" ? node.row.name : await this.#choosing.migration(target.history, target.profile, "Migrate To", "The last migration that the database is to have");
    if (name !== undefined) await this.run({ node: "history", history: target.history } satisfies MigrationNode, "Migrate To", { run: "to", name });
  }

  async resolve(node: unknown, how: ResolveParams["how"]): Promise<void> {
    const title = { failed: "Resolve Failed Migration", markApplied: "Mark Migration as Applied", markRolledBack: "Mark Migration as Rolled Back" }[how];
    const target = await this.#choosing.target(node, title);
    if (target === undefined) return;
    const { history, profile } = target;
    const name = isNode(node) && node.node === "migration" ? node.row.name : await this.#choosing.migration(history, profile, title, "The migration", how === "failed");
    if (name === undefined) return;
    const status = await this.#desk.tree.compare(history.id, profile.id);
    const row = status.ok ? status.migrations.find((each) => each.name === name) : undefined;
    const detail = how === "failed" ? [row?.failure ?? "It has not failed.", ...some(row?.statements ?? [])].join("\n") : `Nothing runs; only the history of ${profile.name} says so from then on.`;
    const yes = how === "failed" ? "Do This" : "Mark";
    if ((await window.showWarningMessage(`${title}: ${name}, on ${profile.name} (${profile.environment})`, { modal: true, detail }, yes)) !== yes) return;
    const resolved = await this.#desk.operations.run(`${title}: ${name}`, (operation, token) => this.#desk.server.ask(resolveMigration, { history: history.id, connection: profile.id, how, name, operation }, parsing(resolvedShape), token));
    await this.#desk.tree.compare(history.id, profile.id);
    if (!resolved.ok) return refused(`${name} is as it was`, resolved.reason);
    if (resolved.failure !== undefined) return this.#failed(resolved.failure);
    void window.showInformationMessage(resolved.told.join(" "));
  }

  async seed(node: unknown): Promise<void> {
    const title = "Seed Database";
    const target = await this.#choosing.target(node, title);
    if (target === undefined) return;
    const { history, profile } = target;
    const found = await this.#desk.server.ask(findSeed, { history: history.id }, parsing(foundSeedShape));
    if (!found.ok) return refused("There is nothing to run", found.reason);
    const detail = found.kind === "command" ? `It runs “${found.what}”, which ${Uri.parse(found.statedIn).fsPath} names, with DATABASE_URL set to this database.` : `It runs ${found.what}, all of it or nothing.`;
    const show = "Show File";
    const answer = await window.showWarningMessage(`Seed ${profile.name} (${profile.environment})?`, { modal: true, detail }, "Seed", show);
    if (answer === show) await window.showTextDocument(Uri.parse(found.statedIn));
    if (answer !== "Seed") return;
    let production: string | undefined;
    if (profile.environment === "production") {
      production = await typedName(`Seed ${profile.name}`, "This is production.", profile.database);
      if (production === undefined) return;
    }
    const seeded = await this.#desk.operations.run(`Seeding ${profile.name}`, (operation, token) => this.#desk.server.ask(seedDatabase, { history: history.id, connection: profile.id, operation, ...(production === undefined ? {} : { production }) }, parsing(seededShape), token));
    if (!seeded.ok) return refused(`${profile.name} was not seeded`, seeded.reason);
    void window.showInformationMessage(`${profile.name} is seeded.`);
  }

  async #stopped(title: string, history: MigrationHistoryListing, plan: RunPlanView): Promise<void> {
    const [obstacle] = plan.obstacles;
    if (obstacle === undefined) return;
    const { uri, line, message } = obstacle;
    const [open, all] = ["Show", "Show All"];
    const actions = [...(uri === null ? [] : [open]), ...(plan.obstacles.length > 1 ? [all] : [])];
    const answer = await window.showErrorMessage(`${title}: nothing ran. ${message}`, ...actions);
    if (answer === open && uri !== null) await show(uri, line ?? 0);
    if (answer === all) await this.#desk.documents.showReport(`${title}, ${history.name}`, plan.markdown);
  }

  /** Undefined: no. Each question is asked on its own; what is destroyed is named in it. */
  async #agreed(title: string, history: MigrationHistoryListing, plan: RunPlanView): Promise<RunConsent | undefined> {
    const names = plan.migrations.map(({ name }) => name);
    const shown = names.length > 6 ? [...names.slice(0, 5), `and ${names.length - 5} more`] : names;
    const detail = [shown.join("\n"), ...plan.locks.slice(0, 5), ...plan.notes.slice(0, 5)].join("\n\n");
    const verb = { up: "Apply", down: "Roll Back", reset: "Reset" }[plan.direction];
    const dry = "Show Plan";
    const count = names.length === 1 ? "1 migration" : `${names.length} migrations`;
    const answer = await window.showInformationMessage(`${verb} ${count} on ${plan.target} (${plan.environment})?`, { modal: true, detail }, verb, dry);
    // A plan is to be read: the person asks again when it was.
    if (answer === dry) await this.#desk.documents.showReport(`${title}, ${history.name}`, plan.markdown);
    if (answer !== verb) return undefined;
    let consent: RunConsent = {};
    for (const question of plan.questions) {
      if (question.ask === "production" || question.ask === "reset") {
        const typed = await typedName(`${verb} on ${plan.target}`, question.message, question.database);
        if (typed === undefined) return undefined;
        consent = { ...consent, [question.ask]: typed };
      } else {
        const yes = "Go On";
        if ((await window.showWarningMessage(`${verb} on ${plan.target}`, { modal: true, detail: question.message }, yes)) !== yes) return undefined;
        consent = { ...consent, [question.ask]: true };
      }
    }
    return consent;
  }

  async #failed({ migration, uri, line, message, state, next, wasCanceled }: RunFailureView): Promise<void> {
    const open = "Show Statement";
    const told = `${migration}: ${message} ${state} ${next}`;
    const answer = await (wasCanceled ? window.showWarningMessage(told, open) : window.showErrorMessage(told, open));
    if (answer === open) await show(uri, line);
  }
}

/** As many as a dialog shows. */
function some(lines: readonly string[]): readonly string[] {
  return lines.length > 12 ? [...lines.slice(0, 11), `and ${lines.length - 11} more`] : lines;
}
