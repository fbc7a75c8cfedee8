/** "Show Ignored Differences": all of them are shown again. */
import type { Command } from "./command.ts";

export const showIgnoredDrift: Command = {
  id: "databaseArchitect.showIgnoredDrift",
  async run({ migrations }) {
    await (await migrations()).tree.ignoreNone();
  },
};
