/** A report for people: `path:line:column`, which terminals make a link of, then what and why to look it up. */
import { styleText } from "node:util";
import { type Report, type ReportedFinding, type ReportedProblem } from "./report.ts";
import { shownPath } from "./shownPath.ts";

const colours = { error: "red", warning: "yellow", information: "blue", hint: "gray" } as const;

/** `folder` is what paths are shown relative to. */
export function pretty(report: Report, folder: string, hasColours: boolean): string {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    hasColours ? styleText(format, text, { validateStream: false }) : text;
  const line = ({ uri, range, severity, message }: ReportedFinding | ReportedProblem, code: string): string => {
    const place =
      uri === undefined
        ? ""
        : style("bold", `${shownPath(uri, folder)}${range === undefined ? "" : `:${range.start.line + 1}:${range.start.character + 1}`}`) +
          " ";
    return `${place}${style(colours[severity], severity)} ${message} ${style("gray", `(${code})`)}`;
  };
  const lines = [
    ...report.problems.map((problem) => line(problem, problem.code)),
    ...report.findings.map((finding) => line(finding, finding.rule)),
  ];
  const unread = report.sources.flatMap((source) => source.unread).length;
  const notes =
    unread === 0
      ? []
      : [style("gray", `${counted(unread, "statement")} could not be read; what may depend on them is reported less severely.`)];
  return [...lines, ...(lines.length > 0 ? [""] : []), ...notes, summary(report), ""].join("\n");
}

function summary({ findings, problems, sources, inBaseline = 0 }: Report): string {
  const files = new Set(sources.flatMap((source) => source.uris)).size;
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const inFiles = `in ${counted(files, "file")}`;
  const known = inBaseline === 0 ? "" : ` ${counted(inBaseline, "finding")} of the baseline ${inBaseline === 1 ? "is" : "are"} left out.`;
  if (findings.length === 0 && errors === 0) return `No findings ${inFiles}.${known}`;
  const parts = (["error", "warning", "information", "hint"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 || severity === "information" ? "" : "s"}`];
  });
  const safe = findings.filter((finding) => finding.fix?.safety === "safe").length;
  const found = findings.length === 0 ? "No findings" : `${counted(findings.length, "finding")} (${parts.join(", ")})`;
  return `${found}${errors === 0 ? "" : ` and ${counted(errors, "error")} in the text`} ${inFiles}.${safe === 0 ? "" : ` ${safe} can be fixed safely in the editor.`}${known}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
