/** Runs the engine once over what a command line names, to the end, with everything the editor would do. */
import { configurationFile } from "../../../protocol/src/settings.ts";
import { fixIn } from "../rules/rule.ts";
import type { LineIndex } from "../text/lineIndex.ts";
import type { Span } from "../text/span.ts";
import type { FileReport, Snapshot } from "../workspace/snapshot.ts";
import { finish } from "../workspace/steps.ts";
import { Engine, type EngineOptions } from "./engine.ts";
import type { Range, Report, ReportedFinding, ReportedProblem, ReportedSource } from "./report.ts";

export interface CheckOptions extends EngineOptions {
  /** Of the product. */
  readonly version: string;
  /** Has an embedded PostgreSQL look at queries too, which is kept in the folder for the next time. */
  readonly types?: { readonly cacheFolder: string | undefined } | undefined;
}

export type CheckResult = ({ readonly ok: true } & Checked) | { readonly ok: false; readonly reason: string };

export interface Checked {
  readonly report: Report;
  /** Every file that the report could have said something about. */
  readonly uris: readonly string[];
  readonly snapshot: Snapshot;
  /** Whether an absolute path lies where this check has looked. */
  includes(path: string): boolean;
}

export async function check({ version, types, ...options }: CheckOptions): Promise<CheckResult> {
  const opened = await Engine.open(options);
  if (!opened.ok) return opened;
  const { engine } = opened;
  let programs: readonly string[] = [];
  try {
    await engine.complete();
    if (types !== undefined) {
      const { checkTypes } = await import("./checkTypes.ts");
      const { roots, host } = engine.scope;
      programs = await checkTypes(engine.workspace, finish(engine.workspace.snapshot().reportedUris()), { roots, host, cacheFolder: types.cacheFolder });
    }
  } finally {
    await engine.dispose();
  }
  const { roots, includes } = engine.scope;
  const snapshot = engine.workspace.snapshot();
  const uris = [...finish(snapshot.reportedUris()), ...programs];
  if (uris.every((uri) => uri.endsWith(`/${configurationFile}`)))
    return { ok: false, reason: [nothingFound(roots), ...finish(snapshot.notices())].join(" ") };
  return { ok: true, report: reportOf(snapshot, uris, version), uris, snapshot, includes };
}

function nothingFound(roots: readonly string[]): string {
  return `Nothing to check in ${roots.join(", ")}: there is no Prisma schema (schema.prisma, prisma/schema.prisma, or what prisma.config says), no migrations folder (migrations/*/migration.sql, supabase/migrations, numbered .sql files) and no schema.sql.`;
}

function reportOf(snapshot: Snapshot, uris: readonly string[], version: string): Report {
  const findings: ReportedFinding[] = [];
  const problems: ReportedProblem[] = finish(snapshot.notices()).map((message) => ({ severity: "warning", code: "notice", message }));
  for (const uri of [...uris].sort()) {
    const report = finish(snapshot.report(uri));
    if (report === undefined) continue;
    findings.push(...findingsIn(report));
    problems.push(
      ...report.problems.map(({ span, severity, code, message }) => ({
        uri,
        range: rangeOf(span, report.file.lines),
        severity,
        code,
        message,
      })),
    );
  }
  return { version, findings, sources: sourcesOf(snapshot), problems };
}

function findingsIn({ findings, file }: FileReport): readonly ReportedFinding[] {
  return [...findings]
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ finding, span, checked }) => {
      const { rule, severity, message, subject } = finding;
      const fix = fixIn(checked.schema, finding);
      const place = { uri: file.uri, range: rangeOf(span, file.lines) };
      return { rule, severity, message, ...place, subject, ...(fix === undefined ? {} : { fix: { title: fix.title, safety: fix.safety } }) };
    });
}

function sourcesOf(snapshot: Snapshot): readonly ReportedSource[] {
  const sources: ReportedSource[] = [];
  for (const project of finish(snapshot.projects())) {
    const { schema } = finish(snapshot.check(project));
    for (const { layer, uris, complete, unread } of schema.sources) {
      const parts = unread.flatMap(({ uri, span, what, reason }) => {
        const lines = snapshot.file(uri)?.lines;
        return lines === undefined ? [] : [{ uri, range: rangeOf(span, lines), what, reason }];
      });
      sources.push({ project: project.name, layer, uris, complete, unread: parts });
    }
  }
  return sources;
}

function rangeOf({ start, end }: Span, lines: LineIndex): Range {
  return { start: lines.position(start), end: lines.position(end) };
}
