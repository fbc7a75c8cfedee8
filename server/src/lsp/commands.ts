/** Commands that the server carries out itself: every safe fix of one rule, or of all rules, in the whole workspace. */
import type { FixAllResult } from "../../../protocol/src/requests.ts";
import { fixAll } from "../workspace/fixes.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import type { HandlerContext } from "./handling.ts";
import { workspaceEditOf } from "./toEdit.ts";
import type { WorkspaceEdit } from "vscode-languageserver/node";

/** With the rule's id as its only argument. */
export const fixRuleInWorkspace = "databaseArchitect.server.fixRuleInWorkspace";
/** For editors without our client: Visual Studio Code uses the request of the same name. */
export const fixAllFindings = "databaseArchitect.server.fixAllFindings";

export interface WorkspaceFix extends FixAllResult {
  readonly edit: WorkspaceEdit | undefined;
}

export const nothingFixed: WorkspaceFix = { fixed: 0, remaining: 0, edit: undefined };

/** Of one rule, or of all. */
export function* workspaceFix(
  snapshot: Snapshot,
  { rule }: { readonly rule: string | undefined },
  { client, now }: HandlerContext,
): Steps<WorkspaceFix> {
  let total = 0;
  for (const project of yield* snapshot.projects()) {
    const { findings } = yield* snapshot.check(project);
    total += findings.filter((finding) => rule === undefined || finding.rule === rule).length;
  }
  const { edits, fixed } = yield* fixAll(snapshot, (finding) => rule === undefined || finding.rule === rule, now);
  const edit = workspaceEditOf(edits, snapshot, client);
  return edit === undefined ? { fixed: 0, remaining: total, edit } : { fixed, remaining: total - fixed, edit };
}
