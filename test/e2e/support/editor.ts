/** What suites inside the extension host share: fixtures, waiting for findings by event, edits. Nothing here activates the extension. */
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  commands,
  extensions,
  languages,
  Range,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type CodeAction,
  type Diagnostic,
  type Disposable,
  type Event,
  type TextDocument,
} from "vscode";

/** What the server signs its diagnostics with. */
export const source = "Database Architect";

/** Time for anything that is to happen, on a loaded machine. */
export const patienceMs = 90_000;

/** A file of one of the workspace's folders, in an editor. */
export async function openFixture(folder: string, path: string): Promise<TextDocument> {
  const document = await workspace.openTextDocument(fixtureUri(folder, path));
  await window.showTextDocument(document);
  return document;
}

export function fixtureUri(folder: string, path: string): Uri {
  const found = workspace.workspaceFolders?.find((one) => one.name === folder);
  assert.ok(found, `the workspace has no folder ${folder}`);
  return Uri.joinPath(found.uri, path);
}

/** This extension's diagnostics of a file, as they are now. */
export function findingsOf(uri: Uri): Diagnostic[] {
  return languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === source);
}

/** The rule or problem a diagnostic is about. */
export function codeOf(diagnostic: Diagnostic): string {
  return typeof diagnostic.code === "object" ? String(diagnostic.code.value) : String(diagnostic.code ?? "");
}

/** Waits until the findings of `uri` satisfy `accept`, and returns them. `what` completes "… did not come within 90 s". */
export async function findingsWhen(uri: Uri, what: string, accept: (findings: Diagnostic[]) => boolean): Promise<Diagnostic[]> {
  await until(languages.onDidChangeDiagnostics, what, () => accept(findingsOf(uri)), () => described(uri));
  return findingsOf(uri);
}

export function hasCode(code: string): (findings: readonly Diagnostic[]) => boolean {
  return (findings) => findings.some((finding) => codeOf(finding) === code);
}

export function lacksCode(code: string): (findings: readonly Diagnostic[]) => boolean {
  return (findings) => !hasCode(code)(findings);
}

/** Resolves when `isSo` holds, asking again at every event. Rejects with what was seen instead. */
export async function until<T>(event: Event<T>, what: string, isSo: () => boolean, seen: () => string): Promise<void> {
  if (isSo()) return;
  let listener: Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      listener = event(() => {
        if (isSo()) resolve();
      });
      timer = setTimeout(() => reject(new Error(`${what} did not come within ${patienceMs / 1000} s; there is ${seen()}`)), patienceMs);
    });
  } finally {
    listener?.dispose();
    clearTimeout(timer);
  }
}

function described(uri: Uri): string {
  const all = languages.getDiagnostics(uri).map((one) => `${one.source ?? "?"}/${codeOf(one)} at ${one.range.start.line + 1}: ${one.message}`);
  return all.length === 0 ? "no diagnostic" : all.join("; ");
}

/** Replaces the first `before` of the document by `after`, as one edit of a person. */
export async function replace(document: TextDocument, before: string, after: string): Promise<void> {
  const at = document.getText().indexOf(before);
  assert.ok(at >= 0, `“${before}” is not in ${document.uri.path}`);
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(document.positionAt(at), document.positionAt(at + before.length)), after);
  assert.ok(await workspace.applyEdit(edit));
}

/** Files as they were, so that tests do not disturb each other. What is open is changed in the editor: it may not look at the disk again. */
export async function restoreFixtures(): Promise<void> {
  for (const document of workspace.textDocuments.filter((one) => one.isDirty)) await document.save();
  for (const folder of workspace.workspaceFolders ?? []) {
    const pristine = join(extensionPath(), "test/e2e/fixtures", folder.name);
    const wanted = await filesBelow(pristine);
    for (const path of await filesBelow(folder.uri.fsPath)) {
      if (!wanted.includes(path)) await workspace.fs.delete(Uri.joinPath(folder.uri, path));
    }
    for (const path of wanted) await restore(Uri.joinPath(folder.uri, path), await readFile(join(pristine, path), "utf8"));
  }
}

async function restore(uri: Uri, text: string): Promise<void> {
  const document = workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (document === undefined) {
    if ((await readFile(uri.fsPath, "utf8").catch(() => undefined)) !== text) await writeFile(uri.fsPath, text);
  } else if (document.getText() !== text) {
    const edit = new WorkspaceEdit();
    edit.replace(uri, new Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
    assert.ok(await workspace.applyEdit(edit), `${uri.path} could not be restored`);
    assert.ok(await document.save(), `${uri.path} could not be saved`);
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

export function extensionPath(): string {
  const own = extensions.getExtension("database-architect.database-architect");
  assert.ok(own, "the extension is not there");
  return own.extensionPath;
}

export async function actionsAt(document: TextDocument, range: Range): Promise<CodeAction[]> {
  return commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", document.uri, range);
}

/** Applies a code action as the editor would: its edit, then its command. */
export async function apply(action: CodeAction): Promise<void> {
  if (action.edit !== undefined) assert.ok(await workspace.applyEdit(action.edit), `“${action.title}” could not be applied`);
  if (action.command !== undefined) await commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
}
