/** `migrate check`: what `check` finds in migrations. */
import type { MigrateArguments } from "./arguments.ts";
import { chosen, complaintText, couldNot, type Ended, type MigrateContext } from "./migrateContext.ts";
import { shownPath } from "./shownPath.ts";
import { finish } from "../workspace/steps.ts";

export async function checkMigrations(given: MigrateArguments, { snapshot, history, surroundings: { folder } }: MigrateContext): Promise<Ended> {
  const wanted = chosen(given, history);
  if (!wanted.ok) return couldNot(wanted.reason);
  const findings = wanted.migrations.flatMap(({ uri }) => {
    const report = finish(snapshot.report(uri));
    return (report?.findings ?? []).map(({ finding, span }) => ({ uri, at: report?.file.lines.position(span.start) ?? { line: 0, character: 0 }, rule: finding.rule, severity: finding.severity, message: finding.message, subject: finding.subject }));
  });
  const paths = new Set(wanted.migrations.flatMap(({ path, down }) => [path, ...(down === undefined ? [] : [down.path])]));
  const complaints = history.complaints.filter(({ path }) => given.isAll || paths.has(path));
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
