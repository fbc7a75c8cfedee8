/** "Choose Database": what queries are explained on. Argument: a node of the view. */
import type { Command } from "./command.ts";

export const chooseDatabase: Command = {
  id: "databaseArchitect.chooseDatabase",
  async run({ databases }, node) {
    const known = await databases();
    const profile = node === undefined ? undefined : await known.profileFor(node, "Choose Database");
    if (profile === undefined) await known.chooseTarget();
    else await known.store.setTarget({ kind: "connection", id: profile.id });
  },
};
