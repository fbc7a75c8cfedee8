/** The view of databases and what the server asks about them; what answers is loaded when there is a database, or somebody wants one. */
import { EventEmitter, type ExtensionContext, type LogOutputChannel, type TreeDataProvider, window } from "vscode";
import { connectionCredentials, listConnections } from "../../protocol/src/connections.ts";
import type * as Loaded from "./connections/databases.ts";
import type { DatabaseNode } from "./connections/nodes.ts";
import { profilesKey } from "./connections/storageKeys.ts";
import type { ServerSession } from "./serverSession.ts";

export function databasesLoader(context: ExtensionContext, server: ServerSession, output: LogOutputChannel): () => Promise<Loaded.Databases> {
  const changed = new EventEmitter<DatabaseNode | undefined>();
  let loaded: Promise<Loaded.Databases> | undefined;
  const load = async (): Promise<Loaded.Databases> => {
    const { Databases }: typeof Loaded = await import("./connections/databases.ts");
    const databases = new Databases(context, server, output);
    context.subscriptions.push(databases.tree.onDidChangeTreeData((node) => changed.fire(node)));
    return databases;
  };
  const databases = (): Promise<Loaded.Databases> => (loaded ??= load());
  const treeDataProvider: TreeDataProvider<DatabaseNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (node) => (await databases()).tree.getChildren(node),
    getTreeItem: async (node) => (await databases()).tree.getTreeItem(node),
    getParent: async (node) => (await databases()).tree.getParent(node),
  };
  context.subscriptions.push(changed, window.createTreeView("databaseArchitect.databases", { treeDataProvider, showCollapseAll: true }));
  server.answer(listConnections, async () => (await databases()).store.all());
  server.answer(connectionCredentials, async (params) => (await databases()).credentials(params));
  // The status bar names the database that was chosen; without any there is nothing to name.
  const isKnown = [context.globalState, context.workspaceState].some((state) => state.get<readonly unknown[]>(profilesKey, []).length > 0);
  if (isKnown) setImmediate(() => void databases());
  return databases;
}
