/** "Count Rows" of a table, in a read-only transaction. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const countTableRows: Command = {
  id: "databaseArchitect.countTableRows",
  async run({ databases }, node) {
    await (await databases()).count(node);
  },
};
