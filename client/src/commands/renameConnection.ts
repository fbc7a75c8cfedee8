/** "Rename Connection". Argument: a node of the view. */
import type { Command } from "./command.ts";

export const renameConnection: Command = {
  id: "databaseArchitect.renameConnection",
  async run({ databases }, node) {
    await (await databases()).rename(node);
  },
};
