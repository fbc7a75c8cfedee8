/** "Explain This Query": the plan of the query under the cursor or of the selection, without running it. */
import type { Command } from "./command.ts";

/** Arguments: a subject, as lenses give it, or a URI as text with an offset and perhaps another. */
export const explainQuery: Command = {
  id: "databaseArchitect.explainQuery",
  async run({ plans }, ...args) {
    const panels = await plans();
    await panels.explain(panels.wishIn(args), false);
  },
};
