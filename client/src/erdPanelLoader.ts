/** Brings diagrams back after a reload of the window, and loads what shows them only when somebody wants one. */
import { type ExtensionContext, type LogOutputChannel, window } from "vscode";
import { erdPanelType } from "../../protocol/src/erd.ts";
import type { Databases } from "./connections/databases.ts";
import type { ServerSession } from "./serverSession.ts";
import type * as Panels from "./webviews/erdPanels.ts";

export function erdPanelLoader(context: ExtensionContext, server: ServerSession, output: LogOutputChannel, databases: () => Promise<Databases>): () => Promise<Panels.ErdPanels> {
  let loaded: Promise<Panels.ErdPanels> | undefined;
  const load = async (): Promise<Panels.ErdPanels> => {
    const { ErdPanels }: typeof Panels = await import("./webviews/erdPanels.ts");
    return new ErdPanels(context, server, output, databases);
  };
  const panels = (): Promise<Panels.ErdPanels> => (loaded ??= load());
  context.subscriptions.push(
    window.registerWebviewPanelSerializer(erdPanelType, {
      deserializeWebviewPanel: async (panel, state: unknown) => (await panels()).restore(panel, state),
    }),
  );
  return panels;
}
