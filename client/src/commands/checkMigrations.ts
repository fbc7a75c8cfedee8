/** "Check Migrations": what the rules find in all of them. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const checkMigrations: Command = {
  id: "databaseArchitect.checkMigrations",
  async run({ migrations }, node) {
    await (await migrations()).files.check(node);
  },
};
