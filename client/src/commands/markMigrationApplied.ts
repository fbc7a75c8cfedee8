/** "Mark Migration as Applied": nothing runs. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const markMigrationApplied: Command = {
  id: "databaseArchitect.markMigrationApplied",
  async run({ migrations }, node) {
    await (await migrations()).runs.resolve(node, "markApplied");
  },
};
