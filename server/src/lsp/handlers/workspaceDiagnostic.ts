/** `workspace/diagnostic`: the problems and findings of every file of every project, open or not. */
import type { WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport } from "vscode-languageserver/node";
import type { Steps } from "../../workspace/steps.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { HandlerContext } from "../handling.ts";
import { resultIdOf } from "../resultId.ts";
import { diagnosticsOf } from "../toDiagnostic.ts";

export function* workspaceDiagnostic(
  snapshot: Snapshot,
  params: WorkspaceDiagnosticParams,
  { client }: HandlerContext,
): Steps<WorkspaceDiagnosticReport> {
  const previous = new Map(params.previousResultIds.map(({ uri, value }) => [ownUri(uri), value]));
  const items: WorkspaceDocumentDiagnosticReport[] = [];
  // Files that were reported once and are gone are told to be clean.
  for (const own of new Set([...(yield* snapshot.reportedUris()), ...previous.keys()])) {
    yield;
    const report = yield* snapshot.report(own);
    const diagnostics = report === undefined ? [] : diagnosticsOf(report, snapshot, client);
    const resultId = resultIdOf(diagnostics);
    if (previous.get(own) === undefined && diagnostics.length === 0) continue;
    const uri = snapshot.editorUri(own);
    const version = report?.file.version ?? null;
    items.push(
      resultId === previous.get(own)
        ? { kind: "unchanged", uri, version, resultId }
        : { kind: "full", uri, version, resultId, items: diagnostics },
    );
  }
  return { items };
}
