/** "Pull Schema from Database": what a database has, beside the schema files. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const pullSchema: Command = {
  id: "databaseArchitect.pullSchema",
  async run({ migrations }, node) {
    await (await migrations()).differences.pull(node);
  },
};
