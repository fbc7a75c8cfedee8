/** The files of migrations: written, previewed, checked, proven, joined, and a table's way through them. No database but the embedded one is touched. */
import { Uri, window, workspace, WorkspaceEdit } from "vscode";
import { checkMigrations, type MigrationHistoryListing, previewMigration, proveMigrations, squashMigrations, tableTimeline } from "../../../protocol/src/migrations.ts";
import { checkedShape, previewedShape, provenShape, squashedShape, timelineShape } from "../../../protocol/src/migrationsShapes.ts";
import { type Choice, choose } from "../connections/asking.ts";
import { parsing } from "../webviews/parsing.ts";
import { isNode, MigrationChoosing, profileItem } from "./choosing.ts";
import { askForMigration } from "./creating.ts";
import type { MigrationDesk } from "./desk.ts";
import { refused, show } from "./telling.ts";
import { writeFiles } from "./writing.ts";

export class MigrationFiles {
  readonly #desk: MigrationDesk;
  readonly #choosing: MigrationChoosing;

  constructor(desk: MigrationDesk) {
    this.#desk = desk;
    this.#choosing = new MigrationChoosing(desk);
  }

  async create(node: unknown): Promise<void> {
    const history = await this.#choosing.history(node, "Create Migration", ({ hasSchema }) => hasSchema);
    if (history === undefined) return;
    const proposed = await askForMigration(history, this.#desk.server, this.#desk.operations);
    if (proposed === undefined) return;
    if (!proposed.ok) return refused("No migration was created", proposed.reason);
    if (proposed.kind === "nothing") return void window.showInformationMessage("Nothing to do: the migrations make what the schema says.");
    if (proposed.losses.length > 0) {
      const yes = "Create Anyway";
      const detail = `${proposed.losses.join("\n")}\n\nThe file is written, and nothing runs yet.`;
      if ((await window.showWarningMessage("This migration loses data.", { modal: true, detail }, yes)) !== yes) return;
    }
    await writeFiles(this.#desk, proposed.files, proposed.notes);
  }

  async preview(node: unknown): Promise<void> {
    const history = await this.#choosing.history(node, "Preview Migration", ({ hasSchema }) => hasSchema);
    if (history === undefined) return;
    await this.#desk.documents.showLive(`Next migration of ${history.name}`, async () => {
      const preview = await this.#desk.server.ask(previewMigration, { history: history.id }, parsing(previewedShape));
      return preview.ok ? preview.sql : `-- ${preview.reason.replaceAll(/\s+/g, " ")}\n`;
    });
  }

  async check(node: unknown): Promise<void> {
    const history = await this.#choosing.history(node, "Check Migrations");
    if (history === undefined) return;
    const checked = await this.#desk.operations.run(`Checking the migrations of ${history.name}`, (_operation, token) => this.#desk.server.ask(checkMigrations, { history: history.id }, parsing(checkedShape), token));
    if (!checked.ok) return refused("The migrations were not checked", checked.reason);
    if (checked.found === 0) void window.showInformationMessage(`Nothing to say about the migrations of ${history.name}.`);
    else await this.#desk.documents.showReport(`Migrations of ${history.name}, checked`, checked.markdown);
  }

  /** One migration, from the view or, by the URI of its file, from a lens; the last one, or all, from the palette. */
  async prove(node: unknown): Promise<void> {
    const history = await this.#choosing.history(node, "Prove Migration");
    if (history === undefined) return;
    const wanted = isNode(node) && node.node === "migration" ? { names: [node.row.name] } : await this.#toProve(history, typeof node === "string" ? node : undefined);
    if (wanted === undefined) return;
    const { names } = wanted;
    const proven = await this.#desk.operations.run(names.length === 1 ? `Proving ${names[0]}` : `Proving the migrations of ${history.name}`, (operation, token) =>
      this.#desk.server.ask(proveMigrations, { history: history.id, ...wanted, operation }, parsing(provenShape), token),
    );
    this.#desk.tree.refresh();
    if (!proven.ok) return refused("Nothing is proven", proven.reason);
    const [first, ...others] = proven.proofs;
    const report = "Show Report";
    const failed = proven.proofs.filter(({ verdict }) => verdict === "failed");
    const told = first !== undefined && others.length === 0 ? `${first.name}: ${first.text}.` : `${proven.proofs.length - failed.length} of ${proven.proofs.length} migrations hold${failed.length === 0 ? "" : `; ${failed.map(({ name }) => name).join(", ")} ${failed.length === 1 ? "does" : "do"} not`}.`;
    const answer = await (failed.length > 0 ? window.showWarningMessage(told, report) : window.showInformationMessage(told, report));
    if (answer === report) await this.#desk.documents.showReport(`Migrations of ${history.name}, proven`, proven.markdown);
  }

  async timeline(node: unknown): Promise<void> {
    const history = await this.#choosing.history(node, "Table History");
    if (history === undefined) return;
    const { tables } = await this.#desk.server.ask(tableTimeline, { history: history.id }, parsing(timelineShape));
    const table = typeof node === "string" ? node : await choose("Table History", "The table", tables.map((name) => ({ label: name, value: name })));
    if (table === undefined) return;
    const { entries } = await this.#desk.server.ask(tableTimeline, { history: history.id, table }, parsing(timelineShape));
    const place = await choose(
      `History of ${table}`,
      entries.length === 0 ? "No migration does anything to it" : "The newest last; choose one to see its statement",
      entries.map(({ migration, uri, line, changes }) => ({ label: changes[0] ?? "", description: migration, ...(changes.length > 1 ? { detail: changes.slice(1).join("; ") } : {}), value: { uri, line } })),
    );
    if (place !== undefined) await show(place.uri, place.line);
  }

  async squash(node: unknown): Promise<void> {
    const title = "Squash Migrations";
    const history = await this.#choosing.history(node, title);
    if (history === undefined) return;
    const to = isNode(node) && node.node === "migration" ? node.row.name : undefined;
    const planned = await this.#desk.operations.run(`${title}: comparing what they make`, (_operation, token) => this.#desk.server.ask(squashMigrations, { history: history.id, ...(to === undefined ? {} : { to }) }, parsing(squashedShape), token));
    if (!planned.ok) return refused("Nothing was joined", planned.reason);
    const { name, replaced, files, removes, notes } = planned;
    const detail = [`${name} stands for ${replaced.length === 1 ? "1 migration" : `${replaced.length} migrations`}, which are removed; it makes the same database. One undo brings them back.`, ...notes].join("\n\n");
    if ((await window.showWarningMessage(`Join ${replaced.length} migrations into one?`, { modal: true, detail }, "Squash")) !== "Squash") return;
    const edit = new WorkspaceEdit();
    for (const { uri, text } of files) edit.createFile(Uri.parse(uri), { overwrite: true, contents: Buffer.from(text) });
    for (const uri of removes) edit.deleteFile(Uri.parse(uri), { recursive: true, ignoreIfNotExists: true });
    if (!(await workspace.applyEdit(edit))) return refused("Nothing was joined", "The editor refused to write the files.");
    this.#desk.tree.refresh();
    if (files[0] !== undefined) await show(files[0].uri, 0);
  }

  async #toProve(history: MigrationHistoryListing, uri: string | undefined): Promise<{ readonly names: readonly string[]; readonly connection?: string } | undefined> {
    const status = await this.#desk.tree.known(history.id);
    const named = status.ok ? status.migrations.find((row) => row.uri !== null && row.uri === uri) : undefined;
    if (named !== undefined) return { names: [named.name] };
    const last = status.ok ? status.migrations.at(-1) : undefined;
    if (last === undefined) return { names: [] };
    const open = window.activeTextEditor?.document.uri.toString();
    const shown = status.ok ? status.migrations.find((row) => row.uri !== null && Uri.parse(row.uri).toString() === open) : undefined;
    const which: readonly Choice<readonly string[]>[] = [
      ...(shown === undefined || shown === last ? [] : [{ label: "The one that is open", description: shown.name, value: [shown.name] }]),
      { label: "The newest", description: last.name, value: [last.name] },
      { label: "All of them", description: `${history.migrations}`, value: [] },
      ...(status.ok ? status.migrations.toReversed().slice(1).map(({ name }) => ({ label: name, value: [name] })) : []),
    ];
    const servers = await this.#choosing.serversToTry();
    const onServer = servers.length === 0 ? [] : [{ label: "On a server…", description: "in a database of its own, which is dropped afterwards", value: undefined }];
    const chosen = await choose<{ readonly names: readonly string[] | undefined }>("Prove Migration", "Up, down and up again in the embedded PostgreSQL", [...which, ...onServer].map((each) => ({ ...each, value: { names: each.value } })));
    if (chosen === undefined) return undefined;
    if (chosen.names !== undefined) return { names: chosen.names };
    const server = servers.length === 1 ? servers[0] : await choose("Prove Migration", "On which server", servers.map(profileItem));
    if (server === undefined) return undefined;
    const names = await choose("Prove Migration", `Up, down and up again in a database of its own beside ${server.name}`, which);
    return names === undefined ? undefined : { names, connection: server.id };
  }
}
