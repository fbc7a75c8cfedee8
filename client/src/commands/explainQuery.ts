/** "Explain This Query": the plan of the query under the cursor or of the selection, without running it. */
import { explainQuery as id } from "../../../protocol/src/plan.ts";
import type { Command } from "./command.ts";

/** Arguments: a subject, as lenses give it, or a URI as text with an offset and perhaps another. */
export const explainQuery: Command = {
  id,
  async run({ plans }, ...args) {
    const panels = await plans();
    await panels.explain(panels.wishIn(args), false);
  },
};
