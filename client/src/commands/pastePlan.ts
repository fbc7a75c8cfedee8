/** "Paste Plan": shows the plan that is on the clipboard, as psql, a client or auto_explain wrote it. */
import type { Command } from "./command.ts";

export const pastePlan: Command = {
  id: "databaseArchitect.pastePlan",
  async run({ plans }) {
    await (await plans()).paste();
  },
};
