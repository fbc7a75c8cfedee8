/** "Mark Migration as Rolled Back": nothing runs. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const markMigrationRolledBack: Command = {
  id: "databaseArchitect.markMigrationRolledBack",
  async run({ migrations }, node) {
    await (await migrations()).runs.resolve(node, "markRolledBack");
  },
};
