/** "Open ERD": the diagram of a file or folder, of the active editor's file, or of the schema that the person chooses. */
import { Uri, window } from "vscode";
import type { Command } from "./command.ts";

/** Arguments: a URI, as menus give it, or its text, as a code lens does; then the key of a table to bring into sight. */
export const openErd: Command = {
  id: "databaseArchitect.openErd",
  async run({ panels }, given, table) {
    await (await panels()).open({
      uri: given instanceof Uri ? given.toString() : typeof given === "string" ? given : undefined,
      guess: window.activeTextEditor?.document.uri.toString(),
      target: typeof table === "string" ? { kind: "table", key: table } : undefined,
    });
  },
};
