/** What the client says that happened, as changes of the workspace. */
import { type Connection, type DidChangeWatchedFilesParams, FileChangeType } from "vscode-languageserver/node";
import { environmentChanged } from "../../../protocol/src/requests.ts";
import { pathOfUri } from "../prisma/fileUris.ts";
import type { Change } from "../workspace/change.ts";
import type { DiskChange } from "../workspace/disk.ts";
import { ownUri } from "../workspace/workspace.ts";
import { edited, opened } from "./documents.ts";
import type { Serving } from "./handling.ts";
import { environmentOf } from "./initialization.ts";
import type { SettingsSource } from "./settingsSource.ts";

export interface Listener {
  /** A document was opened, edited or closed, by its URI. */
  documentChanged(uri: string): void;
  /** Something else changed that diagnostics depend on. */
  elsewhereChanged(): void;
}

export function hearChanges(
  connection: Connection,
  { workspace, client }: Serving,
  settings: SettingsSource,
  initialRoots: readonly string[],
  listener: Listener,
): void {
  let roots = initialRoots;
  const inDocument = (uri: string, change: Change | undefined): void => {
    if (change === undefined) return;
    workspace.applyChange(change);
    listener.documentChanged(ownUri(uri));
  };
  const onDisk = ({ changes }: DidChangeWatchedFilesParams): void => {
    const before = workspace.snapshot();
    workspace.applyChange({ kind: "files", changes: changes.flatMap(diskChange) });
    if (workspace.snapshot().layout !== before.layout) listener.elsewhereChanged();
  };
  connection.onDidOpenTextDocument((params) => inDocument(params.textDocument.uri, opened(params)));
  connection.onDidChangeTextDocument((params) => {
    const { uri } = params.textDocument;
    inDocument(uri, edited(params, workspace.snapshot().file(ownUri(uri))));
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => inDocument(uri, { kind: "closed", uri }));
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
    // A client that watches files says so itself.
    if (!client.registersWatchers) onDisk({ changes: [{ uri, type: FileChangeType.Changed }] });
  });
  connection.onDidChangeWatchedFiles(onDisk);
  connection.onDidChangeConfiguration(async ({ settings: given }) => {
    await settings.changed(given, roots);
    listener.elsewhereChanged();
  });
  connection.onNotification(environmentChanged, (params: unknown) => {
    workspace.applyChange({ kind: "environment", environment: environmentOf(params) });
    listener.elsewhereChanged();
  });
  if (client.tellsFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
      const gone = removed.map((folder) => pathOfUri(folder.uri));
      roots = [...roots.filter((root) => !gone.includes(root)), ...added.flatMap((folder) => pathOfUri(folder.uri) ?? [])];
      workspace.applyChange({ kind: "roots", roots });
      await settings.refresh(roots);
      listener.elsewhereChanged();
    });
  }
}

const whats = { [FileChangeType.Created]: "created", [FileChangeType.Changed]: "changed", [FileChangeType.Deleted]: "deleted" } as const;

function diskChange({ uri, type }: { readonly uri: string; readonly type: FileChangeType }): readonly DiskChange[] {
  const path = pathOfUri(uri);
  return path === undefined ? [] : [{ path, what: whats[type] }];
}
