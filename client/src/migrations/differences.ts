/** Where a database and the workspace differ: drift that is adopted, reverted or ignored, and the schema pulled from the database. */
import { Range, Uri, window, workspace, WorkspaceEdit } from "vscode";
import { driftScript, pullSchema } from "../../../protocol/src/migrations.ts";
import { driftScriptShape, pulledShape } from "../../../protocol/src/migrationsShapes.ts";
import { parsing } from "../webviews/parsing.ts";
import { isNode, MigrationChoosing } from "./choosing.ts";
import type { MigrationDesk } from "./desk.ts";
import { refused } from "./telling.ts";
import { writeFiles } from "./writing.ts";

export class MigrationDifferences {
  readonly #desk: MigrationDesk;
  readonly #choosing: MigrationChoosing;

  constructor(desk: MigrationDesk) {
    this.#desk = desk;
    this.#choosing = new MigrationChoosing(desk);
  }

  /** `how` is what is wanted of a difference between a database and its history. */
  async drift(node: unknown, how: "adopt" | "revert" | "ignore"): Promise<void> {
    if (!isNode(node) || node.node !== "difference") return void window.showInformationMessage("Choose a difference in the view “Migrations”.");
    if (how === "ignore") return this.#desk.tree.ignore(node.row.id);
    const script = await this.#desk.server.ask(driftScript, { history: node.history, connection: node.connection, id: node.row.id, how }, parsing(driftScriptShape));
    if (!script.ok) return refused("There is no script", script.reason);
    if (script.files.length > 0) {
      await writeFiles(this.#desk, script.files, script.notes);
      return void window.showInformationMessage("The database has this already: mark the new migration as applied there.");
    }
    await this.#desk.documents.showSql(`${script.notes.map((note) => `-- ${note}\n`).join("")}${script.sql}`);
  }

  async pull(node: unknown): Promise<void> {
    const title = "Pull Schema from Database";
    const target = await this.#choosing.target(node, title);
    if (target === undefined) return;
    const pulled = await this.#desk.operations.run(`Reading the schema of ${target.profile.name}`, (_operation, token) => this.#desk.server.ask(pullSchema, { history: target.history.id, connection: target.profile.id }, parsing(pulledShape), token));
    if (!pulled.ok) return refused("Nothing was pulled", pulled.reason);
    const [sql] = pulled.files.filter(({ uri }) => uri === null);
    if (sql !== undefined) return this.#desk.documents.showSql(`${pulled.notes.map((note) => `-- ${note}\n`).join("")}${sql.text}`);
    const changed: { readonly uri: Uri; readonly text: string; readonly old: string | undefined }[] = [];
    for (const { uri, text } of pulled.files) {
      if (uri === null) continue;
      const old = await textOf(Uri.parse(uri));
      if (old !== text) changed.push({ uri: Uri.parse(uri), text, old });
    }
    if (changed.length === 0) return void window.showInformationMessage(`The schema is what ${target.profile.name} has.`);
    for (const { uri, text } of changed) await this.#desk.documents.showDifference(uri, text, `${target.profile.name} beside the schema`);
    const answer = await window.showInformationMessage([`${changed.length === 1 ? "1 file" : `${changed.length} files`} would change: the comparison shows how.`, ...pulled.notes].join(" "), "Take Over", "Leave");
    if (answer !== "Take Over") return;
    const edit = new WorkspaceEdit();
    for (const { uri, text, old } of changed) {
      if (old === undefined) edit.createFile(uri, { overwrite: false, contents: Buffer.from(text) });
      else edit.replace(uri, new Range(0, 0, Number.MAX_SAFE_INTEGER, 0), text);
    }
    if (!(await workspace.applyEdit(edit))) refused("Nothing was taken over", "A file has changed meanwhile.");
  }
}

/** Undefined: there is no such file. */
async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    return (await workspace.openTextDocument(uri)).getText();
  } catch {
    return undefined;
  }
}
