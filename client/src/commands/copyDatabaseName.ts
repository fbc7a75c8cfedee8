/** "Copy Name" of what a row of the view stands for, as SQL wants it. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const copyDatabaseName: Command = {
  id: "databaseArchitect.copyDatabaseName",
  async run({ databases }, node) {
    await (await databases()).copyName(node);
  },
};
