/** "Edit Connection": address, password, name or environment. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const editConnection: Command = {
  id: "databaseArchitect.editConnection",
  async run({ databases }, node) {
    await (await databases()).edit(node);
  },
};
