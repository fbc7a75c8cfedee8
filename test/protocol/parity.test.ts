/** The command line and the editor say the same, on both samples: findings, places, severities, fixes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import type { Diagnostic, WorkspaceDiagnosticReport } from "vscode-languageserver-protocol/node";
import { LspClient } from "../support/lspClient.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const cli = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));
const severities = ["error", "warning", "information", "hint"];

const position = v.strictObject({ line: v.number(), character: v.number() });
const range = v.strictObject({ start: position, end: position });
/** What the documentation promises, and nothing else. */
const report = v.strictObject({
  version: v.string(),
  findings: v.array(
    v.strictObject({
      rule: v.string(),
      severity: v.picklist(severities),
      message: v.string(),
      uri: v.string(),
      range,
      subject: v.string(),
      fix: v.optional(v.strictObject({ title: v.string(), safety: v.picklist(["safe", "review"]) })),
    }),
  ),
  sources: v.array(
    v.strictObject({
      project: v.string(),
      layer: v.string(),
      uris: v.array(v.string()),
      complete: v.boolean(),
      unread: v.array(v.strictObject({ uri: v.string(), range, what: v.string(), reason: v.string() })),
    }),
  ),
  problems: v.array(
    v.strictObject({ uri: v.optional(v.string()), range: v.optional(range), severity: v.string(), code: v.string(), message: v.string() }),
  ),
});

describe("The command line and the editor", function () {
  this.timeout(240_000);

  for (const sample of ["crm", "crm-legacy"]) {
    it(`find the same in ${sample}`, () => findTheSame(fileURLToPath(new URL(`../../examples/${sample}`, import.meta.url))));
  }

  it("find the same where a configuration file says what", async () => {
    const folder = temporaryFolder();
    cpSync(fileURLToPath(new URL("../../examples/crm-legacy", import.meta.url)), folder, { recursive: true });
    const plain = await findTheSame(folder);
    writeFiles(folder, {
      "database-architect.jsonc": `{
        "preset": "all",
        "postgresVersion": 12,
        "rules": { "require-on-delete": "error", "no-such-rule-anywhere": "off" },
        "overrides": [{ "files": ["prisma/schema.prisma"], "rules": { "no-float-money": "off", "no-soft-delete-unique": { "options": { "columns": ["x"] } } } }],
        "ignore": ["prisma/migrations/2021*"],
      }`,
    });
    const configured = await findTheSame(folder);
    assert.notDeepEqual(configured, plain);
    assert.ok(configured.some((one) => one.includes("no-such-rule-anywhere")));
    assert.ok(!configured.some((one) => /migrations\/2021|no-float-money/.test(one)));
  });
});

/** Sentences about every finding and every problem of a file that both agree on. */
async function findTheSame(folder: string): Promise<readonly string[]> {
  const run = spawnSync(process.execPath, ["--import", "tsx", cli, "check", folder, "--format", "json"], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  assert.equal(run.stderr, "");
  const checked = v.parse(report, JSON.parse(run.stdout));
  const hasErrors = checked.problems.some((problem) => problem.severity === "error");
  assert.equal(run.status, checked.findings.length > 0 || hasErrors ? 1 : 0);

  const client = await LspClient.inProcess({ folders: [folder], settings: { "": { debounce: 0 } } });
  try {
    const expected = [
      ...checked.findings.map((finding) => sentence({ ...finding, code: finding.rule })),
      ...checked.problems.flatMap((problem) =>
        problem.uri === undefined ? [] : [sentence({ ...problem, uri: problem.uri, subject: undefined })],
      ),
    ].sort();
    assert.deepEqual(await shown(client, expected), expected);
    return expected;
  } finally {
    await client.stop();
  }
}

interface Shown {
  readonly uri: string;
  readonly range?: Diagnostic["range"] | undefined;
  readonly severity: string | undefined;
  readonly code?: Diagnostic["code"] | undefined;
  readonly message: Diagnostic["message"];
  readonly subject: string | undefined;
}

function sentence({ uri, range: at, severity, code, message, subject }: Shown): string {
  return JSON.stringify([uri, at, severity, code, message, subject ?? null]);
}

/** Every diagnostic of the workspace. The schema engine's come late, so a different answer is asked for again for a while. */
async function shown(client: LspClient, expected: readonly string[]): Promise<readonly string[]> {
  for (const deadline = performance.now() + 30_000; ; ) {
    const { items } = await client.connection.sendRequest<WorkspaceDiagnosticReport>("workspace/diagnostic", { previousResultIds: [] });
    const sentences = items
      .flatMap(({ uri, ...item }) => (item.kind === "full" ? item.items.map((one) => ({ ...one, uri })) : []))
      .map(({ uri, range: at, severity, code, message, data }) =>
        sentence({ uri, range: at, severity: severities[(severity ?? 1) - 1], code, message, subject: subjectIn(data) }),
      )
      .sort();
    if (JSON.stringify(sentences) === JSON.stringify(expected) || performance.now() > deadline) return sentences;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function subjectIn(data: unknown): string | undefined {
  return typeof data === "object" && data !== null && "subject" in data && typeof data.subject === "string" ? data.subject : undefined;
}
