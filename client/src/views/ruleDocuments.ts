/**
 * Rule pages as read-only documents, `database-architect-rule:/require-primary-key.md`, with the text the server gives.
 * Diagnostics link to them; package.json has VS Code show them as Markdown previews.
 */
import { Uri, workspace, type Disposable } from "vscode";
import { rulePageScheme, rulePageUri } from "../../../protocol/src/documentation.ts";
import { ruleDocumentation, type RuleDocumentationParams } from "../../../protocol/src/requests.ts";
import type { ServerSession } from "../serverSession.ts";

export function ruleDocumentUri(rule: string): Uri {
  return Uri.parse(rulePageUri(rule));
}

export class RuleDocuments implements Disposable {
  readonly #registration: Disposable;

  constructor(server: ServerSession) {
    this.#registration = workspace.registerTextDocumentContentProvider(rulePageScheme, {
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
