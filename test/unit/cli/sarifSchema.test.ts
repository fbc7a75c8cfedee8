/** SARIF, held to the schema of the standard: OASIS' own, as Microsoft's SARIF tools for tests bring it along. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ValidateFunction } from "ajv";
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import type { Report, ReportedFinding, ReportedProblem } from "../../../server/src/cli/report.ts";
import { sarif } from "../../../server/src/cli/sarif.ts";
import { rules } from "../../../server/src/rules/registry.ts";

const isSarif = validator();

function assertValid(text: string): void {
  assert.ok(isSarif(JSON.parse(text)), JSON.stringify(isSarif.errors?.slice(0, 3), undefined, 2));
}

describe("SARIF", () => {
  const place = { uri: "file:///repo/a%20b/schema.prisma", range: { start: { line: 2, character: 4 }, end: { line: 2, character: 4 } } };

  it("is judged by a schema that knows wrong from right", () => {
    assert.equal(isSarif({ version: "2.1.0" }), false);
    assert.equal(isSarif({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, results: [{ message: {} }] }] }), false);
    assert.equal(isSarif({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, results: [] }] }), true);
  });

  it("is valid when there is nothing to say", () => {
    assertValid(sarif({ version: "1.2.3", findings: [], sources: [], problems: [] }, "/repo"));
  });

  it("is valid for a finding of every rule", () => {
    const findings = rules.map(({ id, severity }): ReportedFinding => ({ rule: id, severity, message: "m", subject: "public.a", ...place }));
    const problems: ReportedProblem[] = [
      { severity: "warning", code: "notice", message: "Without a place" },
      { severity: "error", code: "sql-syntax", message: "With one", ...place },
    ];
    assertValid(sarif({ version: "1.2.3", findings, sources: [], problems }, "/repo"));
  });

  it("is valid for any text, any name of a file and any place", () => {
    const position = fc.record({ line: fc.nat(), character: fc.nat() });
    const anywhere = {
      uri: fc.oneof(
        fc.string().map((name) => `file:///repo/${encodeURIComponent(name)}`),
        fc.string().map((name) => `file:///elsewhere/${encodeURIComponent(name)}`),
        fc.constant("untitled:Untitled-1"),
      ),
      range: fc.record({ start: position, end: position }),
    };
    const text = fc.string({ unit: "binary" });
    const finding = fc.record({
      rule: fc.constantFrom(...rules.map(({ id }) => id)),
      severity: fc.constantFrom("error", "warning", "information", "hint"),
      message: text,
      subject: text,
      ...anywhere,
      fix: fc.record({ title: text, safety: fc.constantFrom("safe", "review") }),
    });
    const problem = fc.record({ severity: fc.constantFrom("error", "warning", "information"), code: fc.string({ minLength: 1 }), message: text, ...anywhere });
    const report: fc.Arbitrary<Report> = fc.record({
      version: fc.constant("1.2.3"),
      findings: fc.array(finding, { minLength: 20 }),
      sources: fc.constant([]),
      problems: fc.array(problem, { minLength: 10 }),
    });
    void fc.assert(
      fc.property(report, (one) => assertValid(sarif(one, "/repo"))),
      { numRuns: 10 },
    );
  });
});

function validator(): ValidateFunction {
  const package_ = createRequire(import.meta.url).resolve("@microsoft/jest-sarif");
  const schema: unknown = JSON.parse(readFileSync(new URL("schemas/sarif-2.1.0-rtm.5.json", `file://${package_}`), "utf8"));
  assert.ok(typeof schema === "object" && schema !== null);
  // One of its patterns is wrong where Unicode is taken seriously.
  const ajv = new AjvDraft04({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}
