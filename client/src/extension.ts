/**
 * Wires the extension together: commands at once, the language server right after. Nothing heavy is loaded before
 * `activate` returns; the language client is a bundle of its own that is fetched when the server starts.
 */
import { commands, extensions, window, workspace, type ExtensionContext } from "vscode";
import { registerLanguageModelTools } from "./assistants/languageModelTools.ts";
import { registerMcpServer } from "./assistants/mcpServer.ts";
import { allCommands } from "./commands/all.ts";
import { databasesLoader } from "./databasesLoader.ts";
import { erdPanelLoader } from "./erdPanelLoader.ts";
import { planPanelLoader } from "./planPanelLoader.ts";
import { migrationsLoader } from "./migrationsLoader.ts";
import { registerShowPlaces } from "./places.ts";
import { watchQueries } from "./queryContext.ts";
import { ServerSession } from "./serverSession.ts";
import { StatusItem } from "./views/statusItem.ts";
import { RuleDocuments } from "./views/ruleDocuments.ts";

let session: ServerSession | undefined;

export function activate(context: ExtensionContext): void {
  const started = performance.now();
  const output = window.createOutputChannel("Database Architect", { log: true });
  const status = new StatusItem();
  const current = new ServerSession(context, output, status);
  session = current;
  context.subscriptions.push(output, status, new RuleDocuments(current));
  const databases = databasesLoader(context, current, output);
  const panels = erdPanelLoader(context, current, output, databases);
  const plans = planPanelLoader(context, current, output, databases);
  const migrations = migrationsLoader(context, current, output, databases);
  for (const command of allCommands) {
    context.subscriptions.push(commands.registerCommand(command.id, (...args: unknown[]) => command.run({ server: current, output, panels, plans, databases, migrations }, ...args)));
  }
  context.subscriptions.push(
    registerShowPlaces(),
    watchQueries(current),
    registerLanguageModelTools(current),
    registerMcpServer(context.extension),
    workspace.onDidGrantWorkspaceTrust(() => current.tellEnvironment()),
    extensions.onDidChange(() => current.tellEnvironment()),
  );
  output.info(`Activated in ${(performance.now() - started).toFixed(1)} ms.`);
  setImmediate(() => void current.start()); // loading the language client is not part of anyone's start-up
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
