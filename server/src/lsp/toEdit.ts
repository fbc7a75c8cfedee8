/** Edits of files as a workspace edit: versioned where the client understands it, so that a stale one is refused. */
import type { CreateFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver/node";
import type { FileEdit } from "../text/edit.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Client } from "./client.ts";
import { rangeOf } from "./toDiagnostic.ts";

/** Undefined when a file has gone, or has to be made and the client cannot make files. */
export function workspaceEditOf(edits: readonly FileEdit[], snapshot: Snapshot, client: Client): WorkspaceEdit | undefined {
  const canCreate = client.readsDocumentChanges && client.createsFiles;
  if (edits.length === 0 || (!canCreate && edits.some((edit) => edit.kind === "create"))) return undefined;
  const documentChanges: (TextDocumentEdit | CreateFile)[] = [];
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) {
    if (edit.kind === "create") {
      documentChanges.push({ kind: "create", uri: edit.uri, options: { ignoreIfExists: true } }, created(edit.uri, edit.text));
      continue;
    }
    const file = snapshot.file(edit.uri);
    if (file === undefined) return undefined;
    const uri = snapshot.editorUri(edit.uri);
    const textEdits = edit.edits.map(({ span, text }): TextEdit => ({ range: rangeOf(span, file.lines), newText: text }));
    documentChanges.push({ textDocument: { uri, version: file.version ?? null }, edits: textEdits });
    changes[uri] = textEdits;
  }
  return client.readsDocumentChanges ? { documentChanges } : { changes };
}

function created(uri: string, text: string): TextDocumentEdit {
  const start = { line: 0, character: 0 };
  return { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] };
}
