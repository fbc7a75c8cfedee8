/** "Resolve Failed Migration": what is to be done about one that did not end. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const resolveMigration: Command = {
  id: "databaseArchitect.resolveMigration",
  async run({ migrations }, node) {
    await (await migrations()).runs.resolve(node, "failed");
  },
};
