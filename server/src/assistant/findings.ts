/** The findings of a workspace as assistants get them: the gravest first, each with its place, what it is about and its fix. */
import type { Schema, Table, View } from "../model/schema.ts";
import { fixIn, type Safety, type Severity } from "../rules/rule.ts";
import { severities } from "../rules/settings.ts";
import type { FileReport, PlacedFinding, Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import { type Files, shownIn } from "./files.ts";
import { short } from "./json.ts";

/** A finding and the file it is shown in. */
export interface FoundFinding extends PlacedFinding {
  readonly file: FileReport["file"];
}

/** The same facts as the command line's JSON. */
export interface FindingFact {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** `schema.table`, `schema.table(column)`, `schema.table.constraint`. */
  readonly subject: string;
  readonly file: string;
  /** Both count from one, as editors show them; columns in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
  /** Why it may not hold. */
  readonly doubt: string | undefined;
  readonly fix: { readonly title: string; readonly safety: Safety } | undefined;
}

/** Those shown in `uris`; by severity, then in the order of `uris` and of the text. */
export function* findingsIn(uris: Iterable<string>, snapshot: Snapshot): Steps<readonly FoundFinding[]> {
  const found: FoundFinding[] = [];
  for (const uri of uris) {
    yield;
    const report = yield* snapshot.report(uri);
    if (report === undefined) continue;
    const { file, findings } = report;
    found.push(...findings.map((placed) => ({ ...placed, file })).sort((a, b) => a.span.start - b.span.start));
  }
  return found.sort((a, b) => rank(a.finding.severity) - rank(b.finding.severity));
}

export function rank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** Made only of findings that are shown: a fix may take going through the schema. */
export function factOf({ finding, file, span, checked }: FoundFinding, files: Files): FindingFact {
  const { rule, severity, message, subject, doubt } = finding;
  const fix = fixIn(checked.schema, finding);
  const { line, character } = file.lines.position(span.start);
  return {
    rule,
    severity,
    message: short(message),
    subject: short(subject),
    file: shownIn(files, file.uri),
    line: line + 1,
    column: character + 1,
    doubt: doubt === undefined ? undefined : short(doubt),
    fix: fix === undefined ? undefined : { title: short(fix.title), safety: fix.safety },
  };
}

/** The table or view that a finding is about, by what its subject begins with. */
export function relationOf(subject: string, { tables, views }: Schema): Table | View | undefined {
  for (let end = subject.length; end > 0; end = Math.max(subject.lastIndexOf("(", end - 1), subject.lastIndexOf(".", end - 1))) {
    const key = subject.slice(0, end);
    const found = tables.get(key) ?? views.get(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How many of each severity there are; none of those that do not occur. */
export function countsOf(found: readonly FoundFinding[]): Readonly<Record<string, number>> {
  const counts = severities.map((severity) => [severity, found.filter(({ finding }) => finding.severity === severity).length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
