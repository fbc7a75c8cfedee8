/**
 * Offers the same tools as an MCP server, to assistants that take their tools from there. It is the command line's, run by
 * the editor's own Node. In Restricted Mode none is offered.
 */
import { Disposable, EventEmitter, type Extension, lm, McpStdioServerDefinition, Uri, workspace } from "vscode";
import { mcpServerProvider } from "../../../protocol/src/assistant.ts";

/** Does nothing in editors that take no MCP servers from extensions. */
export function registerMcpServer(extension: Extension<unknown>): Disposable {
  if (typeof lm?.registerMcpServerDefinitionProvider !== "function") return Disposable.from();
  const changed = new EventEmitter<void>();
  return Disposable.from(
    changed,
    workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    lm.registerMcpServerDefinitionProvider(mcpServerProvider, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => mcpServers(extension),
    }),
  );
}

/** For the folders that are open; none without folders, or without trust. */
export function mcpServers(extension: Extension<unknown>): McpStdioServerDefinition[] {
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(({ scheme }) => scheme === "file");
  const [first] = folders;
  if (!workspace.isTrusted || first === undefined) return [];
  // The desktop's executable is Electron, which is Node only when told so; elsewhere it is Node.
  const environment = "electron" in process.versions ? { ELECTRON_RUN_AS_NODE: "1" } : {};
  const given = [Uri.joinPath(extension.extensionUri, "dist/cli.js").fsPath, "mcp", ...folders.map(({ fsPath }) => fsPath)];
  const server = new McpStdioServerDefinition("Database Architect", process.execPath, given, environment, versionIn(extension.packageJSON));
  server.cwd = first; // a configuration file above it is none of theirs, in the editor neither
  return [server];
}

/** The editor asks for the tools again when it is another. */
function versionIn(manifest: unknown): string {
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "";
}
