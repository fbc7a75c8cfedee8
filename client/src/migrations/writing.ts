/** New files of a migration. */
import { Uri, window, workspace, WorkspaceEdit } from "vscode";
import type { ProposedFile } from "../../../protocol/src/migrations.ts";
import type { MigrationDesk } from "./desk.ts";
import { refused, show } from "./telling.ts";

/** Files that nobody had as yet, which one undo takes away again; the first is shown. */
export async function writeFiles({ tree }: MigrationDesk, files: readonly ProposedFile[], notes: readonly string[]): Promise<void> {
  const edit = new WorkspaceEdit();
  for (const { uri, text } of files) edit.createFile(Uri.parse(uri), { overwrite: false, ignoreIfExists: false, contents: Buffer.from(text) });
  if (!(await workspace.applyEdit(edit))) return refused("Nothing was written", "One of the files is there already.");
  const [first] = files;
  if (first !== undefined) await show(first.uri, 0);
  tree.refresh();
  if (notes.length > 0) void window.showInformationMessage(notes.join(" "));
}
