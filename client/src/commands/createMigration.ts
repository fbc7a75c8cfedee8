/** "Create Migration": what differs between the schema and its migrations, as a new one. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const createMigration: Command = {
  id: "databaseArchitect.createMigration",
  async run({ migrations }, node) {
    await (await migrations()).files.create(node);
  },
};
