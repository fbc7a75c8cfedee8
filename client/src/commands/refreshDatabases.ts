/** "Refresh Databases": asks again what is open in the view. */
import type { Command } from "./command.ts";

export const refreshDatabases: Command = {
  id: "databaseArchitect.refreshDatabases",
  async run({ databases }) {
    (await databases()).refresh();
  },
};
