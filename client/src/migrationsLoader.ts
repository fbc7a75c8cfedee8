/** The view of migrations, its documents and what the server tells of runs; what answers is loaded when somebody looks or asks. */
import { EventEmitter, type ExtensionContext, type LogOutputChannel, type TreeDataProvider, type Uri, window, workspace } from "vscode";
import { migrationProgress } from "../../protocol/src/migrations.ts";
import type { Databases } from "./connections/databases.ts";
import type * as Loaded from "./migrations/migrations.ts";
import type { MigrationNode } from "./migrations/nodes.ts";
import type { ServerSession } from "./serverSession.ts";

/** Of read-only documents: previews and reports. */
export const migrationScheme = "database-architect-migrations";

export function migrationsLoader(context: ExtensionContext, server: ServerSession, output: LogOutputChannel, databases: () => Promise<Databases>): () => Promise<Loaded.Migrations> {
  const changed = new EventEmitter<MigrationNode | undefined>();
  const texts = new EventEmitter<Uri>();
  let loaded: Promise<Loaded.Migrations> | undefined;
  const load = async (): Promise<Loaded.Migrations> => {
    const { Migrations }: typeof Loaded = await import("./migrations/migrations.ts");
    const migrations = new Migrations({ context, server, output, databases, scheme: migrationScheme });
    context.subscriptions.push(migrations.tree.onDidChangeTreeData((node) => changed.fire(node)), migrations.documents.onDidChange((uri) => texts.fire(uri)));
    return migrations;
  };
  const migrations = (): Promise<Loaded.Migrations> => (loaded ??= load());
  const treeDataProvider: TreeDataProvider<MigrationNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (node) => (await migrations()).tree.getChildren(node),
    getTreeItem: async (node) => (await migrations()).tree.getTreeItem(node),
  };
  context.subscriptions.push(
    changed,
    texts,
    window.createTreeView("databaseArchitect.migrations", { treeDataProvider, showCollapseAll: true }),
    workspace.registerTextDocumentContentProvider(migrationScheme, { onDidChange: texts.event, provideTextDocumentContent: async (uri) => (await migrations()).documents.text(uri) }),
  );
  server.answer(migrationProgress, async (params) => (await migrations()).operations.hear(params));
  return migrations;
}
