/** The formats of a report, from one report that has everything. */
import assert from "node:assert/strict";
import { github } from "../../../server/src/cli/github.ts";
import { pretty } from "../../../server/src/cli/pretty.ts";
import { atLeast, exitCode, type Report } from "../../../server/src/cli/report.ts";
import { sarif } from "../../../server/src/cli/sarif.ts";

const at = (
  line: number,
  character: number,
  length: number,
): { start: { line: number; character: number }; end: { line: number; character: number } } => ({
  start: { line, character },
  end: { line, character: character + length },
});

const report: Report = {
  version: "1.2.3",
  findings: [
    {
      rule: "require-index-on-foreign-key",
      severity: "warning",
      message: "Foreign key a(b, c) has no index: 100%.",
      uri: "file:///repo/my%20schema/schema.prisma",
      range: at(2, 4, 5),
      subject: "public.a(b, c)",
      fix: { title: "Add an index on b, c", safety: "safe" },
    },
    {
      rule: "no-float-money",
      severity: "error",
      message: "Money is kept in a float.",
      uri: "file:///elsewhere/x.sql",
      range: at(0, 0, 3),
      subject: "public.a(total)",
    },
  ],
  sources: [
    {
      project: "repo",
      layer: "prisma",
      uris: ["file:///repo/my%20schema/schema.prisma"],
      complete: false,
      unread: [{ uri: "file:///elsewhere/x.sql", range: at(0, 0, 1), what: "DO block", reason: "It loops." }],
    },
  ],
  problems: [
    { severity: "warning", code: "notice", message: "First line\nsecond: line" },
    {
      uri: "file:///repo/my%20schema/schema.prisma",
      range: at(9, 0, 1),
      severity: "error",
      code: "prisma-syntax",
      message: "A brace is missing.",
    },
  ],
};

describe("A report for people", () => {
  it("begins each line with a place that terminals make a link of", () => {
    assert.equal(
      pretty(report, "/repo", false),
      [
        "warning First line\nsecond: line (notice)",
        "my schema/schema.prisma:10:1 error A brace is missing. (prisma-syntax)",
        "my schema/schema.prisma:3:5 warning Foreign key a(b, c) has no index: 100%. (require-index-on-foreign-key)",
        "/elsewhere/x.sql:1:1 error Money is kept in a float. (no-float-money)",
        "",
        "1 statement could not be read; what may depend on them is reported less severely.",
        "2 findings (1 error, 1 warning) and 1 error in the text in 1 file. 1 can be fixed safely in the editor.",
        "",
      ].join("\n"),
    );
  });

  it("has colours only when asked to", () => {
    assert.ok(!pretty(report, "/repo", false).includes("\u001b["));
    assert.ok(pretty(report, "/repo", true).includes("\u001b[31merror"));
  });

  it("says so when there is nothing", () => {
    assert.equal(pretty({ ...report, findings: [], problems: [], sources: [] }, "/repo", false), "No findings in 0 files.\n");
  });
});

describe("A report for GitHub", () => {
  it("is one command a line, the gravest first, with what would end a field escaped", () => {
    assert.deepEqual(github(report, "/repo").split("\n"), [
      "::error file=my schema/schema.prisma,line=10,endLine=10,col=1,endColumn=2,title=prisma-syntax::A brace is missing.",
      "::warning title=notice::First line%0Asecond: line",
      "::error file=/elsewhere/x.sql,line=1,endLine=1,col=1,endColumn=4,title=no-float-money::Money is kept in a float.",
      "::warning file=my schema/schema.prisma,line=3,endLine=3,col=5,endColumn=10,title=require-index-on-foreign-key::Foreign key a(b, c) has no index: 100%25.%0AFix: Add an index on b, c.",
      "",
    ]);
  });

  it("escapes commas and colons in file names", () => {
    const [finding] = report.findings;
    assert.ok(finding !== undefined);
    const odd = { ...report, problems: [], findings: [{ ...finding, uri: "file:///repo/a,b:c%25.prisma" }] };
    assert.ok(github(odd, "/repo").startsWith("::warning file=a%2Cb%3Ac%25.prisma,line="));
  });
});

describe("A report as SARIF", () => {
  const parsed: unknown = JSON.parse(sarif(report, "/repo"));
  const at = (path: string): unknown =>
    path
      .split(".")
      .reduce<unknown>(
        (value, key) => (typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(key) : undefined),
        parsed,
      );

  it("names its version and tool, and every rule with help", () => {
    assert.equal(at("version"), "2.1.0");
    assert.equal(at("runs.0.tool.driver.version"), "1.2.3");
    assert.match(String(at("runs.0.tool.driver.rules.0.help.markdown")), /^# /);
    assert.match(String(at("runs.0.tool.driver.rules.0.helpUri")), /^https:\/\/www\.postgresql\.org\//);
  });

  it("points at its rules by index", () => {
    const index = String(at("runs.0.results.0.ruleIndex"));
    assert.equal(at(`runs.0.tool.driver.rules.${index}.id`), "require-index-on-foreign-key");
  });

  it("gives places below the folder as relative addresses, with lines and columns from one", () => {
    assert.deepEqual(at("runs.0.results.0.locations.0.physicalLocation"), {
      artifactLocation: { uri: "my%20schema/schema.prisma", uriBaseId: "SRCROOT" },
      region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 10 },
    });
    assert.equal(at("runs.0.originalUriBaseIds.SRCROOT.uri"), "file:///repo/");
    assert.deepEqual(at("runs.0.results.1.locations.0.physicalLocation.artifactLocation"), { uri: "file:///elsewhere/x.sql" });
  });

  it("has problems as notifications", () => {
    assert.equal(at("runs.0.invocations.0.toolExecutionNotifications.1.descriptor.id"), "prisma-syntax");
    assert.equal(at("runs.0.invocations.0.toolExecutionNotifications.0.locations"), undefined);
  });
});

describe("A report", () => {
  it("loses what is less severe than asked for", () => {
    assert.deepEqual(
      atLeast(report, "error").findings.map((finding) => finding.rule),
      ["no-float-money"],
    );
    assert.deepEqual(
      atLeast(report, "error").problems.map((problem) => problem.code),
      ["prisma-syntax"],
    );
    assert.deepEqual(atLeast(report, "hint"), report);
  });

  it("ends the process with 1 for findings and errors, else with 0", () => {
    assert.equal(exitCode(report), 1);
    assert.equal(exitCode({ ...report, findings: [] }), 1);
    assert.equal(exitCode({ ...report, problems: [] }), 1);
    assert.equal(exitCode({ ...report, findings: [], problems: report.problems.slice(0, 1) }), 0);
  });
});
