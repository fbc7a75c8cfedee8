/** Problems and findings as diagnostics: the one place where they get lines, columns and a link. */
import { type Diagnostic, type DiagnosticRelatedInformation, DiagnosticSeverity, type Range } from "vscode-languageserver/node";
import type { Origin, TextOrigin } from "../model/schema.ts";
import type { LineIndex } from "../text/lineIndex.ts";
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import type { FileReport, PlacedFinding, Snapshot } from "../workspace/snapshot.ts";
import type { Client } from "./client.ts";
import { ruleLink } from "./ruleLink.ts";

/** `source` of every diagnostic. */
export const diagnosticSource = "Database Architect";

/** Further places shown with one finding: more would bury it. */
const maxRelated = 5;

export function diagnosticsOf(report: FileReport, snapshot: Snapshot, client: Client): Diagnostic[] {
  const { lines } = report.file;
  return [
    ...report.problems.map((problem) => ofProblem(problem, lines)),
    ...report.findings.map((placed) => ofFinding(placed, lines, snapshot, client)),
  ];
}

export function rangeOf(span: Span, lines: LineIndex): Range {
  return { start: lines.position(span.start), end: lines.position(span.end) };
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

function ofProblem({ span, severity, code, message }: Problem, lines: LineIndex): Diagnostic {
  return { range: rangeOf(span, lines), severity: severities[severity], code, source: diagnosticSource, message };
}

function ofFinding(placed: PlacedFinding, lines: LineIndex, snapshot: Snapshot, client: Client): Diagnostic {
  const { finding, span } = placed;
  const isAlone = finding.related.length === 0 && finding.at.length === 1;
  const related = client.showsRelatedInformation && !isAlone ? relatedInformation(placed, snapshot) : [];
  return {
    range: rangeOf(span, lines),
    severity: severities[finding.severity],
    code: finding.rule,
    ...codeDescription(finding.rule, client),
    source: diagnosticSource,
    message: finding.message,
    ...(related.length > 0 ? { relatedInformation: related } : {}),
    data: { subject: finding.subject },
  };
}

function codeDescription(rule: string, client: Client): Pick<Diagnostic, "codeDescription"> {
  const href = client.readsCodeDescription ? ruleLink(rule, client) : undefined;
  return href === undefined ? {} : { codeDescription: { href } };
}

/** The places that the finding names, then the others where its element is stated. */
function relatedInformation({ finding, checked }: PlacedFinding, snapshot: Snapshot): DiagnosticRelatedInformation[] {
  const shown: DiagnosticRelatedInformation[] = [];
  const show = (origin: TextOrigin, message: string): void => {
    const lines = shown.length < maxRelated ? snapshot.file(origin.uri)?.lines : undefined;
    if (lines === undefined) return;
    shown.push({ location: { uri: snapshot.editorUri(origin.uri), range: rangeOf(checked.places.nameSpan(origin), lines) }, message });
  };
  for (const { at, message } of finding.related) {
    const origin = at.find(isTextOrigin);
    if (origin !== undefined) show(origin, message);
  }
  let isFirst = true;
  for (const origin of finding.at) {
    if (!isTextOrigin(origin)) continue;
    if (!isFirst) show(origin, origin.kind === "prisma" ? "Stated in the Prisma schema too." : "Stated in SQL too.");
    isFirst = false;
  }
  return shown;
}

function isTextOrigin(origin: Origin): origin is TextOrigin {
  return origin.kind === "prisma" || origin.kind === "sql";
}
