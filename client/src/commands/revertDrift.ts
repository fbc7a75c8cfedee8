/** "Write SQL That Reverts It": SQL that makes the database as its migrations have it. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const revertDrift: Command = {
  id: "databaseArchitect.revertDrift",
  async run({ migrations }, node) {
    await (await migrations()).differences.drift(node, "revert");
  },
};
