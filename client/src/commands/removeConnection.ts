/** "Remove Connection", with its password. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const removeConnection: Command = {
  id: "databaseArchitect.removeConnection",
  async run({ databases }, node) {
    await (await databases()).remove(node);
  },
};
