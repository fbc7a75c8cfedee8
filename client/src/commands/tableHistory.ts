/** "Table History": what migrations did to one table. Argument: a node of the view, or a table's key. */
import type { Command } from "./command.ts";

export const tableHistory: Command = {
  id: "databaseArchitect.tableHistory",
  async run({ migrations }, node) {
    await (await migrations()).files.timeline(node);
  },
};
