/**
 * What the product finds in the samples is what was worked out by hand, before there was a product: nothing in
 * `examples/crm`, and in `examples/crm-legacy` exactly the subjects that its EXPECTED.md lists.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "../../server/src/cli/check.ts";
import type { Report } from "../../server/src/cli/report.ts";
import { rules } from "../../server/src/rules/registry.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";
import { crm, crmLegacy, type Sample } from "../support/samples.ts";

describe("Findings in the samples", () => {
  it("there are none in crm, nor problems", async () => {
    const { findings, problems } = await checked(crm);
    assert.deepEqual(findings.map(({ rule, subject }) => `${rule} ${subject}`), []);
    assert.deepEqual(problems, []);
  });

  describe("crm-legacy", () => {
    const expected = expectedSubjects(join(crmLegacy.folder, "EXPECTED.md"));
    let report: Report;
    before(async () => {
      report = await checked(crmLegacy);
    });

    it("no rule finds anything that EXPECTED.md has no section for", () => {
      const rules = new Set(report.findings.map(({ rule }) => rule));
      assert.deepEqual([...rules].filter((rule) => !expected.has(rule)), []);
    });

    for (const [rule, subjects] of expected) {
      it(`${rule} finds the ${subjects.length} subjects`, () => {
        assert.ok(rules.some(({ id }) => id === rule), `There is no rule ${rule}.`);
        const found = report.findings.filter((finding) => finding.rule === rule).map(({ subject }) => subject);
        assert.deepEqual(found.sort(), [...subjects].sort());
      });
    }
  });
});

async function checked(sample: Sample): Promise<Report> {
  const result = await check({
    paths: [sample.folder],
    folder: sample.folder,
    host: nodeFiles(),
    version: "0",
    log: (what, error) => assert.fail(`${what}: ${String(error)}`),
  });
  assert.ok(result.ok);
  return result.report;
}

/** The lines "- `subject` …" below "Found:" of each section that is headed by a rule's id. */
function expectedSubjects(file: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let subjects: string[] | undefined;
  let isFound = false;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const heading = /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) {
      subjects = /^(no|require|prefer)-[a-z-]+$/.test(heading) ? [] : undefined;
      if (subjects !== undefined) sections.set(heading, subjects);
    }
    if (/^(Not found|Found):$/.test(line)) isFound = line === "Found:";
    const subject = /^- `([^`]+)`/.exec(line)?.[1];
    if (subject !== undefined && isFound) subjects?.push(subject);
  }
  return sections;
}
