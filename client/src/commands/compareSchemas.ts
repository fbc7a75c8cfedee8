/** "Compare Schemas": what differs between two states of a schema, as a diagram. Argument: a URI, as menus give it. */
import { Uri, window } from "vscode";
import type { Command } from "./command.ts";

export const compareSchemas: Command = {
  id: "databaseArchitect.compareSchemas",
  async run({ panels }, given) {
    await (await panels()).compare({
      uri: given instanceof Uri ? given.toString() : undefined,
      guess: window.activeTextEditor?.document.uri.toString(),
    });
  },
};
