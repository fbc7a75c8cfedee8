/** "Open Settings": this extension's settings in VS Code's own settings editor. */
import { commands } from "vscode";
import type { Command } from "./command.ts";

export const openSettings: Command = {
  id: "databaseArchitect.openSettings",
  async run() {
    await commands.executeCommand("workbench.action.openSettings", "@ext:database-architect.database-architect");
  },
};
