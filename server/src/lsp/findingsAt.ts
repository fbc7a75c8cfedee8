/** The findings of a file that touch a range. */
import type { Finding } from "../rules/rule.ts";
import { textOrigin } from "../rules/suppress.ts";
import type { Span } from "../text/span.ts";
import type { FileReport } from "../workspace/snapshot.ts";

export interface PlacedFinding {
  readonly finding: Finding;
  readonly span: Span;
}

const ranks = { error: 0, warning: 1, information: 2, hint: 3 } as const;

/** The gravest first. */
export function findingsAt(report: FileReport, range: Span): readonly PlacedFinding[] {
  return report.findings
    .flatMap((finding) => {
      const span = textOrigin(finding)?.nameSpan;
      return span !== undefined && span.start <= range.end && range.start <= span.end ? [{ finding, span }] : [];
    })
    .sort((a, b) => ranks[a.finding.severity] - ranks[b.finding.severity]);
}
