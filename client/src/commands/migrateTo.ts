/** "Migrate To…": up or down to one migration. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const migrateTo: Command = {
  id: "databaseArchitect.migrateTo",
  async run({ migrations }, node) {
    await (await migrations()).runs.migrateTo(node);
  },
};
