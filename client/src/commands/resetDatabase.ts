/** "Reset Development Database": empties it and builds it again from its migrations. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const resetDatabase: Command = {
  id: "databaseArchitect.resetDatabase",
  async run({ migrations }, node) {
    await (await migrations()).runs.run(node, "Reset Development Database", { run: "reset" });
  },
};
