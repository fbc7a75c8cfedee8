/** "Seed Database": runs the project's own seed, after saying which. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const seedDatabase: Command = {
  id: "databaseArchitect.seedDatabase",
  async run({ migrations }, node) {
    await (await migrations()).runs.seed(node);
  },
};
