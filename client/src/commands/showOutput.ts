/** "Show Output": the log of client and server. */
import type { Command } from "./command.ts";

export const showOutput: Command = {
  id: "databaseArchitect.showOutput",
  run: ({ output }) => output.show(true),
};
