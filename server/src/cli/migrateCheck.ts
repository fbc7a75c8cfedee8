/** `migrate check`: what `check` finds in migrations, old ones too, what would make a runner stumble, what git says was merged otherwise, and ways back. */
import type { MigrateArguments } from "./arguments.ts";
import { chosen, complaintText, couldNot, type Ended, type MigrateContext } from "./migrateContext.ts";
import { checkWaysBack } from "../migrations/checkWaysBack.ts";
import type { Complaint } from "../migrations/history.ts";
import { foldOptionsOf } from "../workspace/check.ts";
import { changedSinceMerge } from "../workspace/merged.ts";
import { urisOf } from "../workspace/projects.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { requireMigration } from "../rules/changes/require-migration.ts";
import { shownPath } from "./shownPath.ts";
import { finish } from "../workspace/steps.ts";

export async function checkMigrations(given: MigrateArguments, { snapshot, project, history, surroundings: { folder } }: MigrateContext): Promise<Ended> {
  const wanted = chosen(given, history);
  if (!wanted.ok) return couldNot(wanted.reason);
  // Who asks about one of them is told of that one.
  const isAboutAll = given.names.length === 0 || given.isAll;
  const chosenUris = new Set(wanted.migrations.map(({ uri }) => uri));
  const others = isAboutAll ? urisOf(project).filter((uri) => !chosenUris.has(uri)) : [];
  const findings = [
    ...others.flatMap((uri) => foundIn(uri, snapshot).filter(({ rule }) => rule === requireMigration.id)),
    ...wanted.migrations.flatMap(({ uri }) => foundIn(uri, snapshot)),
  ];
  const paths = new Set(wanted.migrations.flatMap(({ path, down }) => [path, ...(down === undefined ? [] : [down.path])]));
  const waysBack = checkWaysBack(history.migrations, new Set(wanted.migrations), foldOptionsOf(project));
  const merged = isAboutAll ? await changedSinceMerge(history.place.root, history.migrations.map(({ path }) => path)) : [];
  const complaints: readonly Complaint[] = [...merged.map((each) => ({ ...each, line: undefined })), ...history.complaints.filter(({ path }) => given.isAll || paths.has(path)), ...waysBack];
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

interface Found {
  readonly uri: string;
  readonly at: { readonly line: number; readonly character: number };
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly subject: string;
}

function foundIn(uri: string, snapshot: Snapshot): readonly Found[] {
  const report = finish(snapshot.report(uri));
  if (report === undefined) return [];
  const at = (offset: number): Found["at"] => report.file.lines.position(offset);
  // What does not parse is among the complaints.
  const problems = report.problems.filter(({ code }) => code !== "sql-syntax").map(({ span, code, severity, message }) => ({ uri, at: at(span.start), rule: code, severity, message, subject: "" }));
  return [...problems, ...report.findings.map(({ finding, span }) => ({ uri, at: at(span.start), rule: finding.rule, severity: finding.severity, message: finding.message, subject: finding.subject }))];
}
