/**
 * The language server. Everything that happens becomes a change of the workspace, everything that is asked goes through
 * `answering`, and what takes longer runs in the background.
 */
import type { Connection } from "vscode-languageserver/node";
import { initializeResult } from "./capabilities.ts";
import { openSession, type ServerOptions, type Session } from "./session.ts";

/** Serves one client on `connection` and begins to listen. */
export function startServer(connection: Connection, options: ServerOptions): void {
  let session: Session | undefined;
  connection.onInitialize((params) => {
    session = openSession(connection, params, options);
    return initializeResult(params, options.version);
  });
  connection.onInitialized(() => session?.start());
  connection.onShutdown(() => session?.dispose());
  connection.listen();
}
