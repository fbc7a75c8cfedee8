/** "Open Rule Documentation": the page of a rule, given by id or chosen from all rules. */
import { commands, window, type QuickPickItem } from "vscode";
import { listRules } from "../../../protocol/src/requests.ts";
import { ruleDocumentUri } from "../views/ruleDocuments.ts";
import type { Command } from "./command.ts";

export const openRuleDocumentation: Command = {
  id: "databaseArchitect.openRuleDocumentation",
  async run({ server }, rule) {
    const chosen = typeof rule === "string" ? rule : await window.showQuickPick(server.ask(listRules, {}, asItems), choose).then((item) => item?.label);
    if (chosen !== undefined) await commands.executeCommand("markdown.showPreview", ruleDocumentUri(chosen));
  },
};

const choose = { title: "Open Rule Documentation", placeHolder: "The rule to read about", matchOnDescription: true, matchOnDetail: true };

function asItems(rules: unknown): QuickPickItem[] {
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: unknown) => {
    if (typeof rule !== "object" || rule === null || !("id" in rule) || typeof rule.id !== "string") return [];
    const detail = "summary" in rule && typeof rule.summary === "string" ? rule.summary : "";
    const category = "category" in rule && typeof rule.category === "string" ? rule.category : "";
    const aliases = "aliases" in rule && Array.isArray(rule.aliases) ? rule.aliases.map(String) : [];
    return [{ label: rule.id, description: [category, ...aliases].join(", "), detail }];
  });
}
