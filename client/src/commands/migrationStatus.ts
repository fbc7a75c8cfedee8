/** "Migration Status": compares the migrations with the chosen database. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const migrationStatus: Command = {
  id: "databaseArchitect.migrationStatus",
  async run({ migrations }, node) {
    await (await migrations()).runs.status(node);
  },
};
