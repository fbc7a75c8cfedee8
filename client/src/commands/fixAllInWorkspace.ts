/** "Fix All Findings in Workspace": the server applies every safe fix as one edit, which one undo takes back; this says how many. */
import { window } from "vscode";
import { fixAllInWorkspace as request } from "../../../protocol/src/requests.ts";
import type { Command } from "./command.ts";

export const fixAllInWorkspace: Command = {
  id: "databaseArchitect.fixAllInWorkspace",
  async run({ server }) {
    const { fixed, remaining } = await server.ask(request, {}, asCounts);
    const rest = remaining === 0 ? "" : ` ${counted(remaining)} ${remaining === 1 ? "needs" : "need"} a decision of yours.`;
    void window.showInformationMessage(fixed === 0 ? `Nothing to fix safely.${rest}` : `Fixed ${counted(fixed)}.${rest}`);
  },
};

function counted(findings: number): string {
  return `${findings} ${findings === 1 ? "finding" : "findings"}`;
}

function asCounts(answer: unknown): { fixed: number; remaining: number } {
  const counts = { fixed: 0, remaining: 0 };
  if (typeof answer !== "object" || answer === null) return counts;
  if ("fixed" in answer && typeof answer.fixed === "number") counts.fixed = answer.fixed;
  if ("remaining" in answer && typeof answer.remaining === "number") counts.remaining = answer.remaining;
  return counts;
}
