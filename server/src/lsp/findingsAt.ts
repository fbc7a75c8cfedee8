/** The findings of a file that touch a range. */
import type { Span } from "../text/span.ts";
import type { FileReport, PlacedFinding } from "../workspace/snapshot.ts";

const ranks = { error: 0, warning: 1, information: 2, hint: 3 } as const;

/** The gravest first. */
export function findingsAt(report: FileReport, range: Span): readonly PlacedFinding[] {
  return report.findings
    .filter(({ span }) => span.start <= range.end && range.start <= span.end)
    .sort((a, b) => ranks[a.finding.severity] - ranks[b.finding.severity]);
}
