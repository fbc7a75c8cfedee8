/** Rule pages as read-only documents, `database-architect-rule:/require-primary-key.md`, with the text the server gives. */
import { Uri, workspace, type Disposable } from "vscode";
import { ruleDocumentation, type RuleDocumentationParams } from "../../../protocol/src/requests.ts";
import type { ServerSession } from "../serverSession.ts";

const scheme = "database-architect-rule";

export function ruleDocumentUri(rule: string): Uri {
  return Uri.from({ scheme, path: `/${rule}.md` });
}

export class RuleDocuments implements Disposable {
  readonly #registration: Disposable;

  constructor(server: ServerSession) {
    this.#registration = workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: (uri) => {
        const params: RuleDocumentationParams = { rule: uri.path.slice(1).replace(/\.md$/, "") };
        return server.ask(ruleDocumentation, params, (page) => (typeof page === "string" ? page : `There is no rule \`${params.rule}\`.`));
      },
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
