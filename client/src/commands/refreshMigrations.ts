/** "Refresh Migrations": reads files and databases again. */
import type { Command } from "./command.ts";

export const refreshMigrations: Command = {
  id: "databaseArchitect.refreshMigrations",
  async run({ migrations }) {
    (await migrations()).tree.refresh();
  },
};
