/** "Squash Migrations": one in place of many, proven to make the same. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const squashMigrations: Command = {
  id: "databaseArchitect.squashMigrations",
  async run({ migrations }, node) {
    await (await migrations()).files.squash(node);
  },
};
