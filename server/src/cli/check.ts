/** Runs the engine once over what a command line names, to the end, with everything the editor would do. */
import { configurationFile } from "../../../protocol/src/settings.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import { EngineThread } from "../prisma/engineThread.ts";
import { PrismaValidator } from "../prisma/validate.ts";
import { fixIn } from "../rules/rule.ts";
import { LargeStatementParser } from "../sql/largeStatements.ts";
import { loadSqlParser } from "../sql/parse.ts";
import type { FileHost } from "../text/fileHost.ts";
import type { LineIndex } from "../text/lineIndex.ts";
import type { Span } from "../text/span.ts";
import { prismaWorker, sqlWorker } from "../workspace/assets.ts";
import type { RuleLayer } from "../workspace/rulesInForce.ts";
import type { FileReport, Snapshot } from "../workspace/snapshot.ts";
import { finish } from "../workspace/steps.ts";
import { Workspace } from "../workspace/workspace.ts";
import { editorSettings } from "./editorSettings.ts";
import type { Range, Report, ReportedFinding, ReportedProblem, ReportedSource } from "./report.ts";
import { scopeOf } from "./scope.ts";

export interface CheckOptions {
  readonly paths: readonly string[];
  /** Absolute; what `paths` are relative to. */
  readonly folder: string;
  readonly host: FileHost;
  readonly version: string;
  /** What the command line says about the rules. */
  readonly rules?: RuleLayer;
  log(what: string, error: unknown): void;
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

export async function check({ paths, folder, host, version, rules, log }: CheckOptions): Promise<CheckResult> {
  const found = scopeOf(paths, folder, host);
  if (!found.ok) return found;
  const { roots, files, host: limited, includes } = found.scope;
  await loadSqlParser();
  const workspace = new Workspace(limited, log);
  workspace.applyChange({ kind: "roots", roots, top: folder });
  if (rules !== undefined) workspace.applyChange({ kind: "commandLine", rules });
  for (const root of roots) workspace.applyChange({ kind: "settings", folder: root, value: editorSettings(root, folder, host) });
  for (const file of files) open(file, limited, workspace);
  await completeStatements(workspace);
  await validateSchemas(workspace, log);

  const snapshot = workspace.snapshot();
  const uris = finish(snapshot.reportedUris());
  if (uris.every((uri) => uri.endsWith(`/${configurationFile}`)))
    return { ok: false, reason: [nothingFound(roots), ...finish(snapshot.notices())].join(" ") };
  return { ok: true, report: reportOf(snapshot, uris, version), uris, snapshot, includes };
}

function nothingFound(roots: readonly string[]): string {
  return `Nothing to check in ${roots.join(", ")}: there is no Prisma schema (schema.prisma, prisma/schema.prisma, or what prisma.config says), no migrations folder (migrations/*/migration.sql, supabase/migrations, numbered .sql files) and no schema.sql.`;
}

/** A file that was named itself is read like an open document: its own problems count even if it defines nothing. */
function open(path: string, host: FileHost, workspace: Workspace): void {
  const read = host.readText(path);
  if (!read.ok) return;
  workspace.applyChange({
    kind: "opened",
    uri: uriOfPath(path),
    language: path.endsWith(".prisma") ? "prisma" : "sql",
    version: 1,
    text: read.text,
  });
}

async function completeStatements(workspace: Workspace): Promise<void> {
  const parser = new LargeStatementParser({ worker: sqlWorker });
  try {
    for (const uri of finish(workspace.snapshot().reportedUris())) {
      const tree = finish(workspace.snapshot().tree(uri));
      if (tree?.kind !== "sql" || tree.file.pending.length === 0) continue;
      await parser.complete(tree.file);
      workspace.applyChange({ kind: "statementsRead", uri });
    }
  } finally {
    await parser.dispose();
  }
}

async function validateSchemas(workspace: Workspace, log: CheckOptions["log"]): Promise<void> {
  const engine = new EngineThread({ worker: prismaWorker });
  const validator = new PrismaValidator(engine);
  try {
    for (const { project, major, texts } of finish(workspace.snapshot().validationTasks())) {
      const validation = await validator.validate(
        [...texts].map(([uri, text]) => ({ uri, text })),
        { major },
      );
      workspace.applyChange({
        kind: "validated",
        project: project.id,
        validated: { texts, problems: validation.timedOut ? "timedOut" : validation.problems },
      });
    }
  } catch (error) {
    log("the validation of a Prisma schema", error);
  } finally {
    await engine.dispose();
  }
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
