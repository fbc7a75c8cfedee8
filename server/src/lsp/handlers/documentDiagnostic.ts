/** `textDocument/diagnostic`: the problems and findings of one document. */
import type { DocumentDiagnosticParams, DocumentDiagnosticReport } from "vscode-languageserver/node";
import type { Steps } from "../../workspace/steps.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { HandlerContext } from "../handling.ts";
import { resultIdOf } from "../resultId.ts";
import { diagnosticsOf } from "../toDiagnostic.ts";

export function* documentDiagnostic(
  snapshot: Snapshot,
  params: DocumentDiagnosticParams,
  { client }: HandlerContext,
): Steps<DocumentDiagnosticReport> {
  const report = yield* snapshot.report(ownUri(params.textDocument.uri));
  const items = report === undefined ? [] : diagnosticsOf(report, snapshot, client);
  const resultId = resultIdOf(items);
  return resultId === params.previousResultId ? { kind: "unchanged", resultId } : { kind: "full", resultId, items };
}
