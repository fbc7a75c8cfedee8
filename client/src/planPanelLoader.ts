/** Brings plans back after a reload of the window, opens `.plan.json`, and loads what shows them only when somebody wants one. */
import { type CustomDocument, type ExtensionContext, type LogOutputChannel, window } from "vscode";
import { planFileType, planPanelType } from "../../protocol/src/plan.ts";
import type { ServerSession } from "./serverSession.ts";
import type * as Panels from "./webviews/planPanels.ts";

export function planPanelLoader(context: ExtensionContext, server: ServerSession, output: LogOutputChannel, targets: () => Promise<Panels.TargetChoice>): () => Promise<Panels.PlanPanels> {
  let loaded: Promise<Panels.PlanPanels> | undefined;
  const load = async (): Promise<Panels.PlanPanels> => {
    const { PlanPanels }: typeof Panels = await import("./webviews/planPanels.ts");
    return new PlanPanels(context, server, output, targets);
  };
  const panels = (): Promise<Panels.PlanPanels> => (loaded ??= load());
  context.subscriptions.push(
    window.registerWebviewPanelSerializer(planPanelType, {
      deserializeWebviewPanel: async (panel, state: unknown) => (await panels()).restore(panel, state),
    }),
    window.registerCustomEditorProvider(planFileType, {
      openCustomDocument: (uri): CustomDocument => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: async (document, panel) => (await panels()).openFile(document, panel),
    }),
  );
  return panels;
}
