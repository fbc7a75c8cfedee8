/** "Explain Analyze": runs the query under the cursor in a transaction that is rolled back, after whatever has to be asked first. */
import type { Command } from "./command.ts";

/** Arguments as those of "Explain This Query". */
export const explainAnalyzeQuery: Command = {
  id: "databaseArchitect.explainAnalyzeQuery",
  async run({ plans }, ...args) {
    const panels = await plans();
    await panels.explain(panels.wishIn(args), true);
  },
};
