/** "Adopt into a Migration": a new migration that makes what the database has. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const adoptDrift: Command = {
  id: "databaseArchitect.adoptDrift",
  async run({ migrations }, node) {
    await (await migrations()).differences.drift(node, "adopt");
  },
};
