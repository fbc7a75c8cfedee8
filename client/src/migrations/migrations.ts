/**
 * Everything a person does with migrations in the editor. The server plans, writes nothing and runs only what was agreed to;
 * here it is shown and asked. What goes wrong is shown once, here.
 */
import { type ExtensionContext, type LogOutputChannel, Position, Range, Uri, window, workspace, WorkspaceEdit } from "vscode";
import type { ConnectionProfile } from "../../../protocol/src/connections.ts";
import {
  checkMigrations,
  driftScript,
  findSeed,
  type MigrationHistoryListing,
  planRun,
  type PlannedRun,
  previewMigration,
  type ProposedFile,
  proveMigrations,
  pullSchema,
  type RanMigrations,
  resolveMigration,
  type ResolveParams,
  type RunAction,
  type RunConsent,
  type RunFailureView,
  runMigrations,
  type RunPlanView,
  seedDatabase,
  squashMigrations,
  tableTimeline,
} from "../../../protocol/src/migrations.ts";
import { checkedShape, driftScriptShape, foundSeedShape, plannedShape, previewedShape, provenShape, pulledShape, ranShape, resolvedShape, seededShape, squashedShape, timelineShape } from "../../../protocol/src/migrationsShapes.ts";
import { choose } from "../connections/asking.ts";
import type { Databases } from "../connections/databases.ts";
import { environmentCodicon, environmentWords, placeWords } from "../connections/words.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "../webviews/parsing.ts";
import { askForMigration } from "./creating.ts";
import { MigrationDocuments } from "./documents.ts";
import { MigrationTree } from "./migrationTree.ts";
import type { MigrationNode } from "./nodes.ts";
import { Operations } from "./operations.ts";

export interface MigrationsOptions {
  readonly context: ExtensionContext;
  readonly server: ServerSession;
  readonly output: LogOutputChannel;
  databases(): Promise<Databases>;
  /** Of read-only documents. */
  readonly scheme: string;
}

export class Migrations {
  readonly tree: MigrationTree;
  readonly documents: MigrationDocuments;
  readonly operations: Operations;
  readonly #server: ServerSession;
  readonly #options: MigrationsOptions;

  constructor(options: MigrationsOptions) {
    const { context, server, output, databases, scheme } = options;
    this.#options = options;
    this.#server = server;
    this.tree = new MigrationTree({ server, memory: context.workspaceState, databases });
    this.documents = new MigrationDocuments(scheme);
    this.operations = new Operations(output);
    const files = workspace.createFileSystemWatcher("**/*migrations*/**/*.sql");
    context.subscriptions.push(this.documents, files);
    for (const event of [files.onDidChange, files.onDidCreate, files.onDidDelete]) context.subscriptions.push(event(() => this.tree.refresh()));
  }

  async create(node: unknown): Promise<void> {
    const history = await this.#historyOf(node, "Create Migration", ({ hasSchema }) => hasSchema);
    if (history === undefined) return;
    const proposed = await askForMigration(history, this.#server, this.operations);
    if (proposed === undefined) return;
    if (!proposed.ok) return this.#refused("No migration was created", proposed.reason);
    if (proposed.kind === "nothing") return void window.showInformationMessage("Nothing to do: the migrations make what the schema says.");
    if (proposed.losses.length > 0) {
      const yes = "Create Anyway";
      const detail = `${proposed.losses.join("\n")}\n\nThe file is written, and nothing runs yet.`;
      if ((await window.showWarningMessage("This migration loses data.", { modal: true, detail }, yes)) !== yes) return;
    }
    await this.#write(proposed.files, proposed.notes);
  }

  async preview(node: unknown): Promise<void> {
    const history = await this.#historyOf(node, "Preview Migration", ({ hasSchema }) => hasSchema);
    if (history === undefined) return;
    await this.documents.showLive(`Next migration of ${history.name}`, async () => {
      const preview = await this.#server.ask(previewMigration, { history: history.id }, parsing(previewedShape));
      return preview.ok ? preview.sql : `-- ${preview.reason.replaceAll(/\s+/g, " ")}\n`;
    });
  }

  async check(node: unknown): Promise<void> {
    const history = await this.#historyOf(node, "Check Migrations");
    if (history === undefined) return;
    const checked = await this.operations.run(`Checking the migrations of ${history.name}`, (_operation, token) => this.#server.ask(checkMigrations, { history: history.id }, parsing(checkedShape), token));
    if (!checked.ok) return this.#refused("The migrations were not checked", checked.reason);
    if (checked.found === 0) void window.showInformationMessage(`Nothing to say about the migrations of ${history.name}.`);
    else await this.documents.showReport(`Migrations of ${history.name}, checked`, checked.markdown);
  }

  /** One migration, from the view or, by the URI of its file, from a lens; the last one, or all, from the palette. */
  async prove(node: unknown): Promise<void> {
    const history = await this.#historyOf(node, "Prove Migration");
    if (history === undefined) return;
    const names = isNode(node) && node.node === "migration" ? [node.row.name] : await this.#namesToProve(history, typeof node === "string" ? node : undefined);
    if (names === undefined) return;
    const proven = await this.operations.run(names.length === 1 ? `Proving ${names[0]}` : `Proving the migrations of ${history.name}`, (operation, token) =>
      this.#server.ask(proveMigrations, { history: history.id, names, operation }, parsing(provenShape), token),
    );
    this.tree.refresh();
    if (!proven.ok) return this.#refused("Nothing is proven", proven.reason);
    const [first, ...others] = proven.proofs;
    const report = "Show Report";
    const failed = proven.proofs.filter(({ verdict }) => verdict === "failed");
    const told = first !== undefined && others.length === 0 ? `${first.name}: ${first.text}.` : `${proven.proofs.length - failed.length} of ${proven.proofs.length} migrations hold${failed.length === 0 ? "" : `; ${failed.map(({ name }) => name).join(", ")} ${failed.length === 1 ? "does" : "do"} not`}.`;
    const answer = await (failed.length > 0 ? window.showWarningMessage(told, report) : window.showInformationMessage(told, report));
    if (answer === report) await this.documents.showReport(`Migrations of ${history.name}, proven`, proven.markdown);
  }

  async status(node: unknown): Promise<void> {
    const target = await this.#targetOf(node, "Migration Status");
    if (target === undefined) return;
    await window.withProgress({ location: { viewId: "databaseArchitect.migrations" } }, () => this.tree.compare(target.history.id, target.profile.id));
  }

  async run(node: unknown, title: string, action: RunAction): Promise<void> {
    const target = await this.#targetOf(node, title);
    if (target === undefined) return;
    const { history, profile } = target;
    const planned = await this.operations.run(`${title}: looking at ${profile.name}`, (operation, token): Promise<PlannedRun> =>
      this.#server.ask(planRun, { history: history.id, connection: profile.id, action, operation }, parsing(plannedShape), token),
    );
    if (!planned.ok) return this.#refused(`${title}: nothing ran`, planned.reason);
    const { plan } = planned;
    if (plan.obstacles.length > 0) return this.#stopped(title, history, plan);
    if (plan.migrations.length === 0) return void window.showInformationMessage(`${profile.name}: ${plan.direction === "up" ? "nothing is pending" : "there is nothing to roll back"}.`);
    const consent = await this.#agreed(title, history, plan);
    if (consent === undefined) return;
    const ran = await this.operations.run(`${title} on ${profile.name}`, (operation, token): Promise<RanMigrations> =>
      this.#server.ask(runMigrations, { history: history.id, connection: profile.id, action, operation, consent }, parsing(ranShape), token),
    );
    await this.tree.compare(history.id, profile.id);
    if (!ran.ok) return this.#refused(`${title}: nothing ran`, ran.reason);
    if (ran.failure !== undefined) return this.#failed(ran.failure);
    const verb = { up: "applied", down: "rolled back", reset: "applied to the emptied database" }[plan.direction];
    void window.showInformationMessage(`${profile.name}: ${ran.done.length === 1 ? `${ran.done[0]} is` : `${ran.done.length} migrations are`} ${verb}.`);
  }

  /** The newest one; from the view that migration, with all that ran after it. */
  async rollBack(node: unknown): Promise<void> {
    const title = "Roll Back Migration";
    if (!isNode(node) || node.node !== "migration") return this.run(node, title, { run: "down", count: 1 });
    const target = await this.#targetOf(node, title);
    if (target === undefined) return;
    const status = await this.tree.compare(target.history.id, target.profile.id);
    if (!status.ok) return this.#refused(`${title}: nothing ran`, status.reason);
    const from = status.migrations.findIndex(({ name }) => name === node.row.name);
    const count = status.migrations.slice(from).filter(({ state }) => state === "applied" || state === "edited" || state === "missing").length;
    if (from < 0 || count === 0) return void window.showInformationMessage(`${node.row.name} has not run on ${target.profile.name}.`);
    await this.run(node, title, { run: "down", count });
  }

  async migrateTo(node: unknown): Promise<void> {
    const target = await this.#targetOf(node, "Migrate To");
    if (target === undefined) return;
    const name = isNode(node) && node.node === "migration" ? node.row.name : await this.#chooseMigration(target.history, target.profile, "Migrate To", "The last migration that the database is to have");
    if (name !== undefined) await this.run({ node: "history", history: target.history } satisfies MigrationNode, "Migrate To", { run: "to", name });
  }

  async resolve(node: unknown, how: ResolveParams["how"]): Promise<void> {
    const title = { failed: "Resolve Failed Migration", markApplied: "Mark Migration as Applied", markRolledBack: "Mark Migration as Rolled Back" }[how];
    const target = await this.#targetOf(node, title);
    if (target === undefined) return;
    const { history, profile } = target;
    const name = isNode(node) && node.node === "migration" ? node.row.name : await this.#chooseMigration(history, profile, title, "The migration", how === "failed");
    if (name === undefined) return;
    const status = await this.tree.compare(history.id, profile.id);
    const failure = status.ok ? status.migrations.find((row) => row.name === name)?.failure : undefined;
    const detail = how === "failed" ? (failure ?? "It has not failed.") : `Nothing runs; only the history of ${profile.name} says so from then on.`;
    const yes = how === "failed" ? "Do This" : "Mark";
    if ((await window.showWarningMessage(`${title}: ${name}, on ${profile.name} (${profile.environment})`, { modal: true, detail }, yes)) !== yes) return;
    const resolved = await this.operations.run(`${title}: ${name}`, (operation, token) => this.#server.ask(resolveMigration, { history: history.id, connection: profile.id, how, name, operation }, parsing(resolvedShape), token));
    await this.tree.compare(history.id, profile.id);
    if (!resolved.ok) return this.#refused(`${name} is as it was`, resolved.reason);
    if (resolved.failure !== undefined) return this.#failed(resolved.failure);
    void window.showInformationMessage(resolved.told.join(" "));
  }

  /** `how` is what is wanted of a difference between a database and its history. */
  async drift(node: unknown, how: "adopt" | "revert" | "ignore"): Promise<void> {
    if (!isNode(node) || node.node !== "difference") return void window.showInformationMessage("Choose a difference in the view “Migrations”.");
    if (how === "ignore") return this.tree.ignore(node.row.id);
    const script = await this.#server.ask(driftScript, { history: node.history, connection: node.connection, id: node.row.id, how }, parsing(driftScriptShape));
    if (!script.ok) return this.#refused("There is no script", script.reason);
    if (script.files.length > 0) {
      await this.#write(script.files, script.notes);
      return void window.showInformationMessage("The database has this already: mark the new migration as applied there.");
    }
    await this.documents.showSql(`${script.notes.map((note) => `-- ${note}\n`).join("")}${script.sql}`);
  }

  async timeline(node: unknown): Promise<void> {
    const history = await this.#historyOf(node, "Table History");
    if (history === undefined) return;
    const { tables } = await this.#server.ask(tableTimeline, { history: history.id }, parsing(timelineShape));
    const table = typeof node === "string" ? node : await choose("Table History", "The table", tables.map((name) => ({ label: name, value: name })));
    if (table === undefined) return;
    const { entries } = await this.#server.ask(tableTimeline, { history: history.id, table }, parsing(timelineShape));
    const place = await choose(
      `History of ${table}`,
      entries.length === 0 ? "No migration does anything to it" : "The newest last; choose one to see its statement",
      entries.map(({ migration, uri, line, changes }) => ({ label: changes[0] ?? "", description: migration, ...(changes.length > 1 ? { detail: changes.slice(1).join("; ") } : {}), value: { uri, line } })),
    );
    if (place !== undefined) await show(place.uri, place.line);
  }

  async squash(node: unknown): Promise<void> {
    const title = "Squash Migrations";
    const history = await this.#historyOf(node, title);
    if (history === undefined) return;
    const to = isNode(node) && node.node === "migration" ? node.row.name : undefined;
    const planned = await this.operations.run(`${title}: comparing what they make`, (_operation, token) => this.#server.ask(squashMigrations, { history: history.id, ...(to === undefined ? {} : { to }) }, parsing(squashedShape), token));
    if (!planned.ok) return this.#refused("Nothing was joined", planned.reason);
    const { name, replaced, files, removes, notes } = planned;
    const detail = [`${name} stands for ${replaced.length === 1 ? "1 migration" : `${replaced.length} migrations`}, which are removed; it makes the same database. One undo brings them back.`, ...notes].join("\n\n");
    if ((await window.showWarningMessage(`Join ${replaced.length} migrations into one?`, { modal: true, detail }, "Squash")) !== "Squash") return;
    const edit = new WorkspaceEdit();
    for (const { uri, text } of files) edit.createFile(Uri.parse(uri), { overwrite: true, contents: Buffer.from(text) });
    for (const uri of removes) edit.deleteFile(Uri.parse(uri), { recursive: true, ignoreIfNotExists: true });
    if (!(await workspace.applyEdit(edit))) return this.#refused("Nothing was joined", "The editor refused to write the files.");
    this.tree.refresh();
    if (files[0] !== undefined) await show(files[0].uri, 0);
  }

  async pull(node: unknown): Promise<void> {
    const title = "Pull Schema from Database";
    const target = await this.#targetOf(node, title);
    if (target === undefined) return;
    const pulled = await this.operations.run(`Reading the schema of ${target.profile.name}`, (_operation, token) => this.#server.ask(pullSchema, { history: target.history.id, connection: target.profile.id }, parsing(pulledShape), token));
    if (!pulled.ok) return this.#refused("Nothing was pulled", pulled.reason);
    const [sql] = pulled.files.filter(({ uri }) => uri === null);
    if (sql !== undefined) return this.documents.showSql(`${pulled.notes.map((note) => `-- ${note}\n`).join("")}${sql.text}`);
    const changed: { readonly uri: Uri; readonly text: string; readonly old: string | undefined }[] = [];
    for (const { uri, text } of pulled.files) {
      if (uri === null) continue;
      const old = await textOf(Uri.parse(uri));
      if (old !== text) changed.push({ uri: Uri.parse(uri), text, old });
    }
    if (changed.length === 0) return void window.showInformationMessage(`The schema is what ${target.profile.name} has.`);
    for (const { uri, text } of changed) await this.documents.showDifference(uri, text, `${target.profile.name} beside the schema`);
    const answer = await window.showInformationMessage([`${changed.length === 1 ? "1 file" : `${changed.length} files`} would change: the comparison shows how.`, ...pulled.notes].join(" "), "Take Over", "Leave");
    if (answer !== "Take Over") return;
    const edit = new WorkspaceEdit();
    for (const { uri, text, old } of changed) {
      if (old === undefined) edit.createFile(uri, { overwrite: false, contents: Buffer.from(text) });
      else edit.replace(uri, new Range(0, 0, Number.MAX_SAFE_INTEGER, 0), text);
    }
    if (!(await workspace.applyEdit(edit))) this.#refused("Nothing was taken over", "A file has changed meanwhile.");
  }

  async seed(node: unknown): Promise<void> {
    const title = "Seed Database";
    const target = await this.#targetOf(node, title);
    if (target === undefined) return;
    const { history, profile } = target;
    const found = await this.#server.ask(findSeed, { history: history.id }, parsing(foundSeedShape));
    if (!found.ok) return this.#refused("There is nothing to run", found.reason);
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
    const seeded = await this.operations.run(`Seeding ${profile.name}`, (operation, token) => this.#server.ask(seedDatabase, { history: history.id, connection: profile.id, operation, ...(production === undefined ? {} : { production }) }, parsing(seededShape), token));
    if (!seeded.ok) return this.#refused(`${profile.name} was not seeded`, seeded.reason);
    void window.showInformationMessage(`${profile.name} is seeded.`);
  }

  async #namesToProve(history: MigrationHistoryListing, uri: string | undefined): Promise<readonly string[] | undefined> {
    const status = await this.tree.known(history.id);
    const named = status.ok ? status.migrations.find((row) => row.uri !== null && row.uri === uri) : undefined;
    if (named !== undefined) return [named.name];
    const last = status.ok ? status.migrations.at(-1) : undefined;
    if (last === undefined) return [];
    return choose<readonly string[]>("Prove Migration", "Up, down and up again in the embedded PostgreSQL", [
      { label: "The newest", description: last.name, value: [last.name] },
      { label: "All of them", description: `${history.migrations}`, value: [] },
      ...(status.ok ? status.migrations.toReversed().slice(1).map(({ name }) => ({ label: name, value: [name] })) : []),
    ]);
  }

  async #chooseMigration(history: MigrationHistoryListing, profile: ConnectionProfile, title: string, placeholder: string, isFailed = false): Promise<string | undefined> {
    const status = await this.tree.compare(history.id, profile.id);
    if (!status.ok) {
      this.#refused(title, status.reason);
      return undefined;
    }
    const rows = status.migrations.filter(({ state }) => !isFailed || state === "failed");
    if (rows.length === 0) {
      void window.showInformationMessage(isFailed ? `No migration has failed on ${profile.name}.` : "There is no migration as yet.");
      return undefined;
    }
    return choose(title, placeholder, rows.toReversed().map(({ name, state }) => ({ label: name, description: state, value: name })));
  }

  /** Files that nobody had as yet, which one undo takes away again. */
  async #write(files: readonly ProposedFile[], notes: readonly string[]): Promise<void> {
    const edit = new WorkspaceEdit();
    for (const { uri, text } of files) edit.createFile(Uri.parse(uri), { overwrite: false, ignoreIfExists: false, contents: Buffer.from(text) });
    if (!(await workspace.applyEdit(edit))) return this.#refused("Nothing was written", "One of the files is there already.");
    const [first] = files;
    if (first !== undefined) await show(first.uri, 0);
    this.tree.refresh();
    if (notes.length > 0) void window.showInformationMessage(notes.join(" "));
  }

  async #stopped(title: string, history: MigrationHistoryListing, plan: RunPlanView): Promise<void> {
    const [obstacle] = plan.obstacles;
    if (obstacle === undefined) return;
    const { uri, line, message } = obstacle;
    const [open, all] = ["Show", "Show All"];
    const actions = [...(uri === null ? [] : [open]), ...(plan.obstacles.length > 1 ? [all] : [])];
    const answer = await window.showErrorMessage(`${title}: nothing ran. ${message}`, ...actions);
    if (answer === open && uri !== null) await show(uri, line ?? 0);
    if (answer === all) await this.documents.showReport(`${title}, ${history.name}`, plan.markdown);
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
    if (answer === dry) await this.documents.showReport(`${title}, ${history.name}`, plan.markdown);
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

  #refused(what: string, reason: string): void {
    void window.showErrorMessage(`${what}. ${reason}`);
  }

  async #historyOf(node: unknown, title: string, suits: (history: MigrationHistoryListing) => boolean = () => true): Promise<MigrationHistoryListing | undefined> {
    const histories = (await this.tree.histories()).filter(suits);
    const id = isNode(node) ? (node.node === "history" ? node.history.id : "history" in node ? node.history : undefined) : undefined;
    const active = typeof node === "string" ? node : window.activeTextEditor?.document.uri.toString();
    const known = histories.find((history) => history.id === id) ?? histories.find((history) => active?.startsWith(`${history.id}/`)) ?? (histories.length === 1 ? histories[0] : undefined);
    if (known !== undefined) return known;
    if (histories.length === 0) {
      void window.showInformationMessage("There are no migrations in this workspace: no migrations/*/migration.sql, no numbered .sql files, no Prisma schema.");
      return undefined;
    }
    return choose(title, "Whose migrations", histories.map((history) => ({ label: history.name, description: history.kind, detail: Uri.parse(history.id).fsPath, value: history })));
  }

  /** A history and the database that is meant: the one that is chosen, else the person chooses now. */
  async #targetOf(node: unknown, title: string): Promise<{ readonly history: MigrationHistoryListing; readonly profile: ConnectionProfile } | undefined> {
    const history = await this.#historyOf(node, title);
    if (history === undefined) return undefined;
    const databases = await this.#options.databases();
    const profiles = databases.store.all();
    const chosen = databases.targetProfile;
    if (profiles.length === 0) {
      const added = await databases.add(undefined);
      return added === undefined ? undefined : { history, profile: added };
    }
    const profile = profiles.length === 1 || chosen !== undefined ? (chosen ?? profiles[0]) : await choose(title, "On which database", profiles.map((each) => ({ label: `$(${environmentCodicon[each.environment]}) ${each.name}`, description: environmentWords(each), detail: placeWords(each), value: each })));
    return profile === undefined ? undefined : { history, profile };
  }
}

async function show(uri: string, line: number): Promise<void> {
  const at = new Position(line, 0);
  await window.showTextDocument(Uri.parse(uri), { selection: new Range(at, at), preview: false });
}

/** The name of a database as a person typed it; undefined when the person left. */
async function typedName(title: string, why: string, database: string): Promise<string | undefined> {
  return window.showInputBox({ title, prompt: `${why} Type ${database} to go on.`, ignoreFocusOut: true, validateInput: (text) => (text === database ? undefined : `The name of the database: ${database}`) });
}

/** Undefined: there is no such file. */
async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    return (await workspace.openTextDocument(uri)).getText();
  } catch {
    return undefined;
  }
}

function isNode(value: unknown): value is MigrationNode {
  return typeof value === "object" && value !== null && "node" in value;
}
