/** What a check came to, in the terms that every format prints and `--format json` prints as it is. */
import type { Layer } from "../model/schema.ts";
import type { Safety, Severity } from "../rules/rule.ts";
import type { Position } from "../text/lineIndex.ts";

export interface Report {
  /** Of the product. */
  readonly version: string;
  /** By file, then by position. */
  readonly findings: readonly ReportedFinding[];
  readonly sources: readonly ReportedSource[];
  readonly problems: readonly ReportedProblem[];
  /** How many findings were left out because a baseline lists them; undefined without one. */
  readonly inBaseline?: number;
}

/** Lines and characters count from zero, characters in UTF-16 code units, as in the Language Server Protocol. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface ReportedFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly uri: string;
  readonly range: Range;
  readonly subject: string;
  readonly fix?: { readonly title: string; readonly safety: Safety };
}

export interface ReportedSource {
  /** The project that was built of it, by name. */
  readonly project: string;
  readonly layer: Layer;
  readonly uris: readonly string[];
  readonly complete: boolean;
  readonly unread: readonly { readonly uri: string; readonly range: Range; readonly what: string; readonly reason: string }[];
}

/** What could not be read or understood; without a place when it belongs to no file. */
export interface ReportedProblem {
  readonly uri?: string;
  readonly range?: Range;
  readonly severity: "error" | "warning" | "information";
  readonly code: string;
  readonly message: string;
}

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

/** The report without what is less severe than `least`. */
export function atLeast(report: Report, least: Severity): Report {
  const isKept = ({ severity }: { readonly severity: Severity }): boolean => ranks[severity] <= ranks[least];
  return { ...report, findings: report.findings.filter(isKept), problems: report.problems.filter(isKept) };
}

/** For sorting by severity, the gravest first. */
export function bySeverity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return ranks[a.severity] - ranks[b.severity];
}

/** What the process ends with: 1 when there is something to report, else 0. */
export function exitCode(report: Report): 0 | 1 {
  return report.findings.length > 0 || report.problems.some((problem) => problem.severity === "error") ? 1 : 0;
}
