/** `workspace/diagnostic`: the problems and findings of every file of every project, open or not. */
import type {
  Diagnostic,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import type { Steps } from "../../workspace/steps.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { Client } from "../client.ts";
import type { HandlerContext } from "../handling.ts";
import { resultIdOf } from "../resultId.ts";
import { diagnosticsOf } from "../toDiagnostic.ts";

export function* workspaceDiagnostic(
  snapshot: Snapshot,
  params: WorkspaceDiagnosticParams,
  { client }: HandlerContext,
): Steps<WorkspaceDiagnosticReport> {
  const previous = new Map(params.previousResultIds.map(({ uri, value }) => [ownUri(uri), value]));
  const current = yield* everyFile(snapshot, client);
  const items: WorkspaceDocumentDiagnosticReport[] = [];
  // Files that were reported once and are gone are told to be clean.
  for (const own of new Set([...current.keys(), ...previous.keys()])) {
    const { version, diagnostics, resultId } = current.get(own) ?? gone;
    const known = previous.get(own);
    if (known === undefined && diagnostics.length === 0) continue;
    const uri = snapshot.editorUri(own);
    items.push(
      resultId === known
        ? { kind: "unchanged", uri, version, resultId }
        : { kind: "full", uri, version, resultId, items: [...diagnostics] },
    );
  }
  return { items };
}

interface ReportedFile {
  readonly version: number | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly resultId: string;
}

const gone: ReportedFile = { version: null, diagnostics: [], resultId: resultIdOf([]) };

/** Editors ask every two seconds, and mostly nothing has happened since. */
const answered = new WeakMap<Snapshot, ReadonlyMap<string, ReportedFile>>();

function* everyFile(snapshot: Snapshot, client: Client): Steps<ReadonlyMap<string, ReportedFile>> {
  const known = answered.get(snapshot);
  if (known !== undefined) return known;
  const files = new Map<string, ReportedFile>();
  for (const uri of yield* snapshot.reportedUris()) {
    yield;
    const report = yield* snapshot.report(uri);
    if (report === undefined) continue;
    const diagnostics = diagnosticsOf(report, snapshot, client);
    files.set(uri, { version: report.file.version ?? null, diagnostics, resultId: resultIdOf(diagnostics) });
  }
  answered.set(snapshot, files);
  return files;
}
