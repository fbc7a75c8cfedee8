/** "Restart Server": a fresh language server, whatever state the old one was in. */
import type { Command } from "./command.ts";

export const restartServer: Command = {
  id: "databaseArchitect.restartServer",
  run: ({ server }) => server.restart(),
};
