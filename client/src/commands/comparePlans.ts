/** "Compare Plans": two plans of a query that were kept, side by side. */
import type { Command } from "./command.ts";

export const comparePlans: Command = {
  id: "databaseArchitect.comparePlans",
  async run({ plans }) {
    await (await plans()).compare();
  },
};
