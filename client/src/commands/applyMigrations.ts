/** "Apply Migrations": runs what is pending on the chosen database. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const applyMigrations: Command = {
  id: "databaseArchitect.applyMigrations",
  async run({ migrations }, node) {
    await (await migrations()).runs.run(node, "Apply Migrations", { run: "apply" });
  },
};
