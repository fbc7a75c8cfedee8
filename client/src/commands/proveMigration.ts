/** "Prove Migration": up, down and up again in the embedded PostgreSQL. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const proveMigration: Command = {
  id: "databaseArchitect.proveMigration",
  async run({ migrations }, node) {
    await (await migrations()).files.prove(node);
  },
};
