/** Which handler answers which request. */
import type { Connection, ResponseError } from "vscode-languageserver/node";
import { runAssistantTool } from "../../../protocol/src/assistant.ts";
import { overviewPageName } from "../../../protocol/src/documentation.ts";
import { queriesHere } from "../../../protocol/src/queries.ts";
import { fixAllInWorkspace, type FixAllResult, listRules, ruleDocumentation, type RuleListing } from "../../../protocol/src/requests.ts";
import { overviewPage } from "../rules/overview.ts";
import { rulePage } from "../rules/page.ts";
import { ruleNamed, rules } from "../rules/registry.ts";
import { fixAllFindings, fixRuleInWorkspace, nothingFixed, type WorkspaceFix, workspaceFix } from "./commands.ts";
import { assistantTool, faultyAnswer } from "./handlers/assistantTool.ts";
import { codeAction, codeActionResolve } from "./handlers/codeAction.ts";
import { codeLens, codeLensResolve } from "./handlers/codeLens.ts";
import { completion } from "./handlers/completion.ts";
import { definition } from "./handlers/definition.ts";
import { documentDiagnostic } from "./handlers/documentDiagnostic.ts";
import { documentSymbol } from "./handlers/documentSymbol.ts";
import type * as Formatting from "./handlers/formatting.ts";
import { hover } from "./handlers/hover.ts";
import { prepareRename, rename } from "./handlers/rename.ts";
import { inlayHint } from "./handlers/inlayHint.ts";
import { noQueries, queriesHereHandler } from "./handlers/queriesHere.ts";
import { references } from "./handlers/references.ts";
import { workspaceDiagnostic } from "./handlers/workspaceDiagnostic.ts";
import { workspaceSymbol } from "./handlers/workspaceSymbol.ts";
import { answering, type Serving } from "./handling.ts";

export function answerRequests(connection: Connection, serving: Serving): void {
  connection.languages.diagnostics.on(
    answering(serving, "textDocument/diagnostic", documentDiagnostic, () => ({ kind: "full", items: [] })),
  );
  connection.languages.diagnostics.onWorkspace(answering(serving, "workspace/diagnostic", workspaceDiagnostic, () => ({ items: [] })));
  connection.onHover(answering(serving, "textDocument/hover", hover, () => null));
  connection.onDefinition(answering(serving, "textDocument/definition", definition, () => []));
  connection.onReferences(answering(serving, "textDocument/references", references, () => []));
  connection.onCodeLens(answering(serving, "textDocument/codeLens", codeLens, () => []));
  connection.onCodeLensResolve(answering(serving, "codeLens/resolve", codeLensResolve, (lens) => lens));
  connection.languages.inlayHint.on(answering(serving, "textDocument/inlayHint", inlayHint, () => []));
  connection.onWorkspaceSymbol(answering(serving, "workspace/symbol", workspaceSymbol, () => []));
  connection.onDocumentSymbol(answering(serving, "textDocument/documentSymbol", documentSymbol, () => []));
  connection.onCodeAction(answering(serving, "textDocument/codeAction", codeAction, () => []));
  connection.onCodeActionResolve(answering(serving, "codeAction/resolve", codeActionResolve, (action) => action));
  // The formatter is a part of its own, loaded when somebody formats.
  const formatting = (): Promise<typeof Formatting> => import("./handlers/formatting.ts");
  connection.onDocumentFormatting(async (params, token) => answering(serving, "textDocument/formatting", (await formatting()).documentFormatting, () => null)(params, token));
  connection.onDocumentRangeFormatting(async (params, token) => answering(serving, "textDocument/rangeFormatting", (await formatting()).rangeFormatting, () => null)(params, token));
  connection.onCompletion(answering(serving, "textDocument/completion", completion, () => ({ isIncomplete: false, items: [] })));
  connection.onPrepareRename(answering(serving, "textDocument/prepareRename", prepareRename, () => null));
  connection.onRenameRequest(answering(serving, "textDocument/rename", rename, () => null));
  connection.onRequest(runAssistantTool, answering(serving, runAssistantTool, assistantTool, () => faultyAnswer));
  connection.onRequest(queriesHere, answering(serving, queriesHere, queriesHereHandler, () => noQueries));
  connection.onRequest(listRules, (): readonly RuleListing[] => rules.map(({ id, category, summary, aliases = [] }) => ({ id, category, summary, aliases })));
  connection.onRequest(ruleDocumentation, (params: unknown): string | null => {
    const name = typeof params === "object" && params !== null && "rule" in params ? String(params.rule) : "";
    if (name === overviewPageName) return overviewPage(rules);
    const rule = ruleNamed(name);
    return rule === undefined ? null : rulePage(rule);
  });

  const fix = answering(serving, "fixing all findings", workspaceFix, () => nothingFixed);
  connection.onRequest(fixAllInWorkspace, async (_params: unknown, token) => apply(await fix({ rule: undefined }, token), connection));
  connection.onExecuteCommand(async ({ command, arguments: given }, token) => {
    const rule: unknown = given?.[0];
    if (command === fixRuleInWorkspace && typeof rule === "string") return apply(await fix({ rule }, token), connection);
    return command === fixAllFindings ? apply(await fix({ rule: undefined }, token), connection) : null;
  });
}

/** Has the client apply a computed fix; one that it refuses fixed nothing. */
async function apply(fix: WorkspaceFix | ResponseError<never>, connection: Connection): Promise<FixAllResult | ResponseError<never>> {
  if (!("fixed" in fix)) return fix;
  const { fixed, remaining, edit } = fix;
  if (edit === undefined) return { fixed, remaining };
  const { applied } = await connection.workspace.applyEdit({ label: "Fix all findings of Database Architect", edit });
  return applied ? { fixed, remaining } : { fixed: 0, remaining: remaining + fixed };
}
