/** "Fix All Findings in File": every safe fix of the active editor's file, as VS Code's own fix-all does it. */
import { commands, window } from "vscode";
import type { Command } from "./command.ts";

export const fixAllInFile: Command = {
  id: "databaseArchitect.fixAllInFile",
  async run() {
    if (window.activeTextEditor === undefined) {
      void window.showInformationMessage("Open a Prisma schema or a SQL file first.");
      return;
    }
    await commands.executeCommand("editor.action.sourceAction", { kind: "source.fixAll.databaseArchitect", apply: "first" });
  },
};
