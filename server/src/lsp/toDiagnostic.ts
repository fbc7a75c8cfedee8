/** Problems and findings as diagnostics: the one place where they get lines, columns and a link. */
import { type Diagnostic, type DiagnosticRelatedInformation, DiagnosticSeverity, type Range } from "vscode-languageserver/node";
import type { Origin, TextOrigin } from "../model/schema.ts";
import type { LineIndex } from "../text/lineIndex.ts";
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import type { FileReport, PlacedFinding, Snapshot } from "../workspace/snapshot.ts";
import type { Client } from "./client.ts";
import { ruleLink } from "./ruleLink.ts";

/** `source` of every diagnostic but those in PostgreSQL's own words. */
export const diagnosticSource = "Database Architect";

/** Further places shown with one finding: more would bury it. */
const maxRelated = 5;

/** As many as the client shows, the gravest first to stay; then the last one says how many are left out. */
export function diagnosticsOf(report: FileReport, snapshot: Snapshot, client: Client): Diagnostic[] {
  const { lines } = report.file;
  const count = report.problems.length + report.findings.length;
  const { problems, findings } = count <= client.maxDiagnostics ? report : gravest(report, client.maxDiagnostics - 1);
  const left = count - problems.length - findings.length;
  return [
    ...problems.map((problem) => ofProblem(problem, lines)),
    ...findings.map((placed) => ofFinding(placed, lines, snapshot, client)),
    ...(left === 0 ? [] : [leftOut(left)]),
  ];
}

/** In the order in which VS Code gives up diagnostics of which there are too many. */
const byGravity = ["error", "warning", "information", "hint"] as const;

function gravest({ problems, findings }: FileReport, count: number): Pick<FileReport, "problems" | "findings"> {
  const isTaken = new Set<Problem | PlacedFinding>();
  for (const severity of byGravity) {
    for (const problem of problems) if (problem.severity === severity && isTaken.size < count) isTaken.add(problem);
    for (const placed of findings) if (placed.finding.severity === severity && isTaken.size < count) isTaken.add(placed);
  }
  return { problems: problems.filter((problem) => isTaken.has(problem)), findings: findings.filter((placed) => isTaken.has(placed)) };
}

function leftOut(count: number): Diagnostic {
  return {
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    severity: DiagnosticSeverity.Information,
    code: "further-findings",
    source: diagnosticSource,
    message: `${count} further findings of this file, none graver than those shown, are left out. "database-architect check" on the command line lists all of them.`,
  };
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

function ofProblem({ span, severity, code, source, message }: Problem, lines: LineIndex): Diagnostic {
  return { range: rangeOf(span, lines), severity: severities[severity], code, source: source ?? diagnosticSource, message };
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
