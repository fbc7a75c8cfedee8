/** "Stop Asking Databases": calls off what the view waits for, on the server too. */
import type { Command } from "./command.ts";

export const cancelDatabases: Command = {
  id: "databaseArchitect.cancelDatabases",
  async run({ databases }) {
    (await databases()).tree.cancel();
  },
};
