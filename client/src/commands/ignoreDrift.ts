/** "Ignore This Difference": not shown any more. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const ignoreDrift: Command = {
  id: "databaseArchitect.ignoreDrift",
  async run({ migrations }, node) {
    await (await migrations()).differences.drift(node, "ignore");
  },
};
