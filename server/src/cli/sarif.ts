/** A report as SARIF 2.1.0, for code scanning. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { rulePageAddress } from "../../../protocol/src/documentation.ts";
import { rulePage } from "../rules/page.ts";
import { rules } from "../rules/registry.ts";
import type { Severity } from "../rules/rule.ts";
import type { Range, Report, ReportedFinding, ReportedProblem } from "./report.ts";
import { shownPath } from "./shownPath.ts";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

/** Artifacts below `folder` have relative addresses. */
export function sarif(report: Report, folder: string): string {
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Database Architect", version: report.version, rules: rules.map(descriptor) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(folder).href.replace(/\/$/, "")}/` } },
        invocations: [
          { executionSuccessful: true, toolExecutionNotifications: report.problems.map((problem) => notification(problem, folder)) },
        ],
        results: report.findings.map((finding) => result(finding, folder)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor(rule: (typeof rules)[number]): object {
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: { text: `${rule.summary}\n\n${rule.why}\n\n${rule.sources.join("\n")}`.trim(), markdown: rulePage(rule) },
    ...helpUri(rule),
    defaultConfiguration: { level: levels[rule.severity] },
    properties: { tags: ["database", rule.category] },
  };
}

/** The rule's page; without one on the web, the page of the manual that it rests on most. */
function helpUri({ id, sources }: (typeof rules)[number]): { readonly helpUri?: string } {
  const address = rulePageAddress(id) ?? sources[0];
  return address === undefined ? {} : { helpUri: address };
}

function result(finding: ReportedFinding, folder: string): object {
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex((rule) => rule.id === finding.rule),
    level: levels[finding.severity],
    message: { text: finding.fix === undefined ? finding.message : `${finding.message} Fix: ${finding.fix.title}.` },
    locations: [location(finding.uri, finding.range, folder)],
    // Stays the same while lines move: the subject is the object's name in the database.
    partialFingerprints: { "subject/v1": createHash("sha256").update(`${finding.rule}\n${finding.subject}`).digest("hex") },
    properties: { subject: finding.subject },
  };
}

function notification({ uri, range, severity, code, message }: ReportedProblem, folder: string): object {
  return {
    descriptor: { id: code },
    level: levels[severity],
    message: { text: message },
    ...(uri === undefined || range === undefined ? {} : { locations: [location(uri, range, folder)] }),
  };
}

/** Lines and columns count from one; the end column is the one behind the last character. */
function location(uri: string, { start, end }: Range, folder: string): object {
  const path = shownPath(uri, folder);
  const isBelow = !/^(?:[a-z][\w+.-]*:|\/)/i.test(path);
  const address = isBelow ? { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: "SRCROOT" } : { uri };
  const region = { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
  return { physicalLocation: { artifactLocation: address, region } };
}
