/** `migrate check`: what `check` finds in migrations, old ones too, what would make a runner stumble, and ways back. */
import type { MigrateArguments } from "./arguments.ts";
import { chosen, complaintText, couldNot, type Ended, type MigrateContext } from "./migrateContext.ts";
import { checkWaysBack } from "../migrations/checkWaysBack.ts";
import { foldOptionsOf } from "../workspace/check.ts";
import { shownPath } from "./shownPath.ts";
import { finish } from "../workspace/steps.ts";

export async function checkMigrations(given: MigrateArguments, { snapshot, project, history, surroundings: { folder } }: MigrateContext): Promise<Ended> {
  const wanted = chosen(given, history);
  if (!wanted.ok) return couldNot(wanted.reason);
  const findings = wanted.migrations.flatMap(({ uri }) => {
    const report = finish(snapshot.report(uri));
    if (report === undefined) return [];
    const at = (offset: number) => report.file.lines.position(offset);
    // What does not parse is among the complaints.
    const problems = report.problems.filter(({ code }) => code !== "sql-syntax").map(({ span, code, severity, message }) => ({ uri, at: at(span.start), rule: code, severity, message, subject: "" }));
    return [...problems, ...report.findings.map(({ finding, span }) => ({ uri, at: at(span.start), rule: finding.rule, severity: finding.severity, message: finding.message, subject: finding.subject }))];
  });
  const paths = new Set(wanted.migrations.flatMap(({ path, down }) => [path, ...(down === undefined ? [] : [down.path])]));
  const waysBack = checkWaysBack(history.migrations, new Set(wanted.migrations), foldOptionsOf(project));
  const complaints = [...history.complaints.filter(({ path }) => given.isAll || paths.has(path)), ...waysBack];
  const status = findings.length + complaints.length > 0 ? 1 : 0;
  if (given.format === "json") return { status, output: `${JSON.stringify({ findings, complaints }, undefined, 2)}\n`, complaints: [] };
  const lines = [
    ...complaints.map((complaint) => complaintText(complaint, folder)),
    ...findings.map(({ uri, at, rule, severity, message }) => `${shownPath(uri, folder)}:${at.line + 1}:${at.character + 1} ${severity} ${message} (${rule})`),
  ];
  const count = wanted.migrations.length;
  const summary = `${lines.length === 0 ? "Nothing" : lines.length} found in ${count === 1 ? "1 migration" : `${count} migrations`}.`;
  return { status, output: `${[...lines.map((line) => (given.format === "markdown" ? `- ${line}` : line)), ...(lines.length > 0 ? [""] : []), summary].join("\n")}\n`, complaints: [] };
}
