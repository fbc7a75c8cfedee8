/** "Add Connection": a database by its address, pasted, found in a file, or typed. Argument: an address that was found, from the view. */
import type { Command } from "./command.ts";

export const addConnection: Command = {
  id: "databaseArchitect.addConnection",
  async run({ databases }, node) {
    await (await databases()).add(node);
  },
};
