/** "Test Connection": connects, looks, and hangs up. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const testConnection: Command = {
  id: "databaseArchitect.testConnection",
  async run({ databases }, node) {
    await (await databases()).test(node);
  },
};
