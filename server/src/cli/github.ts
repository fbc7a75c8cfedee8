/**
 * A report as workflow commands of GitHub Actions, which show as annotations. GitHub shows ten of a severity per step, so
 * the gravest come first. https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
import { bySeverity, type Report, type ReportedFinding, type ReportedProblem } from "./report.ts";
import { shownPath } from "./shownPath.ts";

const commands = { error: "error", warning: "warning", information: "notice", hint: "notice" } as const;

export function github(report: Report, folder: string): string {
  const annotation = ({ uri, range, severity, message }: ReportedFinding | ReportedProblem, title: string): string => {
    const properties = {
      ...(uri === undefined ? {} : { file: shownPath(uri, folder) }),
      ...(range === undefined ? {} : { line: range.start.line + 1, endLine: range.end.line + 1 }),
      // Columns are understood within one line only.
      ...(range === undefined || range.start.line !== range.end.line
        ? {}
        : { col: range.start.character + 1, endColumn: range.end.character + 1 }),
      title,
    };
    const list = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
    return `::${commands[severity]} ${list.join(",")}::${escaped(message)}`;
  };
  const problems = [...report.problems].sort(bySeverity).map((problem) => annotation(problem, problem.code));
  const findings = [...report.findings].sort(bySeverity).map((finding) => {
    const fix = finding.fix === undefined ? "" : `\nFix: ${finding.fix.title}.`;
    return annotation({ ...finding, message: finding.message + fix }, finding.rule);
  });
  return [...problems, ...findings].map((line) => `${line}\n`).join("");
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
