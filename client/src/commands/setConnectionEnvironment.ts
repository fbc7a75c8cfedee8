/** "Set Environment": what hangs on a database, as a person says it. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const setConnectionEnvironment: Command = {
  id: "databaseArchitect.setConnectionEnvironment",
  async run({ databases }, node) {
    await (await databases()).setEnvironment(node);
  },
};
