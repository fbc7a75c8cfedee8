/** "Open ERD of Database": the diagram of a live catalog. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const openDatabaseErd: Command = {
  id: "databaseArchitect.openDatabaseErd",
  async run({ databases, panels }, node) {
    const profile = await (await databases()).profileFor(node, "Open ERD of Database");
    if (profile !== undefined) await (await panels()).openDatabase(profile.id, profile.name);
  },
};
