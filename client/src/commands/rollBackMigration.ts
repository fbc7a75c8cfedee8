/** "Roll Back Migration": undoes the newest migration, or those from one on. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const rollBackMigration: Command = {
  id: "databaseArchitect.rollBackMigration",
  async run({ migrations }, node) {
    await (await migrations()).runs.rollBack(node);
  },
};
