/**
 * A baseline: findings that were there when a team began, by rule, subject and file, so that they stay known while lines
 * move. A check leaves them out, and says which are found no longer.
 */
import { dirname, relative, resolve, sep } from "node:path";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { ruleNamed } from "../rules/registry.ts";
import { LineIndex } from "../text/lineIndex.ts";
import { readJsonc } from "../workspace/jsonc.ts";
import type { Range, Report, ReportedFinding, ReportedProblem } from "./report.ts";
import { Tally } from "./tally.ts";

export interface Baseline {
  /** Absolute. */
  readonly path: string;
  readonly entries: readonly Entry[];
}

interface Entry {
  /** The rule's id today. */
  readonly rule: string;
  readonly subject: string;
  /** Relative to the baseline's folder, `/`-separated. */
  readonly file: string;
  /** How many findings are alike. */
  readonly count: number;
  /** Where it stands in the baseline. */
  readonly range: Range;
}

export type BaselineResult = { readonly ok: true; readonly baseline: Baseline } | { readonly ok: false; readonly reason: string };

export function readBaseline(path: string, text: string): BaselineResult {
  const json = readJsonc(text);
  const lines = new LineIndex(text);
  const placeOf = (at: readonly (string | number)[]): Range => {
    const { start, end } = json.spanOf(at, "value");
    return { start: lines.position(start), end: lines.position(end) };
  };
  const wrong = (where: Range, what: string): BaselineResult => ({
    ok: false,
    reason: `${path}:${where.start.line + 1}:${where.start.character + 1} ${what} Write it anew with --update-baseline.`,
  });
  const [problem] = json.problems;
  if (problem !== undefined) return wrong({ start: lines.position(problem.span.start), end: lines.position(problem.span.end) }, problem.message);
  if (!isRecord(json.value) || json.value["version"] !== 1 || !Array.isArray(json.value["findings"]))
    return wrong(placeOf([]), "This is no baseline of this version.");
  const entries: Entry[] = [];
  for (const [at, item] of json.value["findings"].entries()) {
    const range = placeOf(["findings", at]);
    const entry = parseEntry(item, range);
    if (entry === undefined) return wrong(range, "An entry has a rule, a subject and a file.");
    entries.push(entry);
  }
  return { ok: true, baseline: { path, entries } };
}

/**
 * The report without what the baseline lists, and with a problem for each entry that is found no longer. `isChecked` tells
 * of an absolute path whether this check would have found what is in that file.
 */
export function withoutBaseline(report: Report, baseline: Baseline, isChecked: (path: string) => boolean): Report {
  const uri = uriOfPath(baseline.path);
  const left = new Tally();
  for (const entry of baseline.entries) left.add(nameOf(entry), entry.count);
  const findings = report.findings.filter((finding) => !left.take(nameOf(keyOf(finding, baseline.path))));
  const stale: ReportedProblem[] = [];
  for (const entry of baseline.entries) {
    const found = entry.count - left.left(nameOf(entry));
    if (found === entry.count || !isChecked(resolve(dirname(baseline.path), entry.file))) continue;
    stale.push({ uri, range: entry.range, severity: "warning", code: "stale-baseline", message: staleMessage(entry, Math.max(found, 0)) });
  }
  return { ...report, findings, problems: [...report.problems, ...stale], inBaseline: report.findings.length - findings.length };
}

function staleMessage({ rule, subject, file, count }: Entry, found: number): string {
  const what = `${subject === "" ? "anything" : subject} in ${file}`;
  const times = found === 0 ? `no longer finds ${what}` : `finds ${what} ${found === 1 ? "once" : `${found} times`}, not ${count} times`;
  return `${rule} ${times}. Bring the baseline up to date with --update-baseline.`;
}

/** The text of a baseline of these findings, and of what `previous` lists of files that were not checked. */
export function baselineText(findings: readonly ReportedFinding[], previous: Baseline, isChecked: (path: string) => boolean): string {
  const { path, entries } = previous;
  const others = entries.filter(({ file }) => !isChecked(resolve(dirname(path), file)));
  const counts = new Map<string, Pick<Entry, "rule" | "subject" | "file"> & { count: number }>();
  for (const { rule, subject, file, count } of [...others, ...findings.map((finding) => ({ ...keyOf(finding, path), count: 1 }))]) {
    const name = nameOf({ rule, subject, file });
    const known = counts.get(name);
    if (known === undefined) counts.set(name, { rule, subject, file, count });
    else known.count += count;
  }
  const lines = [...counts.values()]
    .sort((a, b) => compare(a.file, b.file) || compare(a.rule, b.rule) || compare(a.subject, b.subject))
    .map(({ rule, subject, file, count }) => `    ${oneLine({ file, rule, subject, ...(count === 1 ? {} : { count }) })}`);
  return `{\n  "version": 1,\n  "findings": [${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `}]\n}\n`;
}

/** A line a finding: two people's changes then meet in one line only when they are about the same. */
function oneLine(entry: object): string {
  return `{ ${Object.entries(entry)
    .map(([key, value]: readonly [string, unknown]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(", ")} }`;
}

function parseEntry(item: unknown, range: Range): Entry | undefined {
  if (!isRecord(item)) return undefined;
  const { rule, subject, file, count = 1 } = item;
  if (typeof rule !== "string" || typeof subject !== "string" || typeof file !== "string" || typeof count !== "number") return undefined;
  return { rule: ruleNamed(rule)?.id ?? rule, subject, file, count, range };
}

function keyOf({ rule, subject, uri }: ReportedFinding, baseline: string): Pick<Entry, "rule" | "subject" | "file"> {
  const path = pathOfUri(uri);
  return { rule, subject, file: path === undefined ? uri : relative(dirname(baseline), path).split(sep).join("/") };
}

function nameOf({ rule, subject, file }: Pick<Entry, "rule" | "subject" | "file">): string {
  return [file, rule, subject].join("\n");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
