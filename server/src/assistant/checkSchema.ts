/** `check_schema`: how a schema stands, in numbers, with the gravest findings and what could not be judged. */
import * as v from "valibot";
import { ruleNamed } from "../rules/registry.ts";
import type { Severity } from "../rules/rule.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import { urisOf } from "../workspace/projects.ts";
import { type Files, filesAt, filesOf, shownIn } from "./files.ts";
import { countsOf, factOf, findingsIn, type FoundFinding, rank } from "./findings.ts";
import { text } from "./input.ts";
import { cut, short } from "./json.ts";
import { defineTool } from "./tool.ts";

const mostGrave = 10;
const mostRules = 60;
const mostUnread = 20;
const mostProblems = 20;
const mostProjects = 50;

export const checkSchema = defineTool({
  name: "check_schema",
  title: "Check Database Schema",
  reference: "checkSchema",
  summary: "How the PostgreSQL schema of this workspace stands: findings by severity and rule, and the gravest of them.",
  description: `Checks the PostgreSQL schema that the workspace describes in Prisma schemas and SQL migrations: counts of findings by severity and by rule, the ${mostGrave} gravest findings with their fixes, errors in the files, and what could not be read. Use it before and after changing a schema.prisma or a migration. Reads files only: it contacts no database and changes nothing. For all findings use list_findings, for one table describe_table.`,
  input: v.strictObject({
    paths: v.optional(
      v.pipe(
        v.array(text("A path.", "must be a list of paths"), "must be a list of paths"),
        v.maxLength(100, "has more than 100 paths"),
        v.description("Files or folders to look at, relative to the workspace folder or absolute. Without it: everything."),
      ),
    ),
  }),
  *answer(snapshot, { paths = [] }) {
    const files = yield* filesOf(snapshot);
    if (files.size === 0) return { ok: false, reason: nothingHere };
    const uris = new Set<string>();
    for (const path of paths) {
      const named = filesAt(path, files);
      if (!named.ok) return named;
      for (const uri of named.uris) uris.add(uri);
    }
    const looked = paths.length === 0 ? new Set(files.keys()) : uris;
    const found = yield* findingsIn(looked, snapshot);
    const rules = cut(rulesIn(found), mostRules);
    const problems = cut(yield* problemsIn(looked, files, snapshot), mostProblems);
    const about = cut(yield* projectsIn(looked, files, snapshot), mostProjects);
    const unread = cut(about.shown.flatMap((project) => project.unread), mostUnread);
    const notices = yield* snapshot.notices();
    return {
      ok: true,
      value: {
        projects: about.shown.map(({ project }) => project),
        moreProjects: about.leftOut,
        findings: { total: found.length, ...countsOf(found) },
        gravest: found.slice(0, mostGrave).map((one) => factOf(one, files)),
        rules: rules.shown,
        moreRules: rules.leftOut,
        problems: problems.shown,
        moreProblems: problems.leftOut,
        notRead: unread.shown,
        moreNotRead: unread.leftOut,
        notices: notices.length === 0 ? undefined : notices.slice(0, mostProblems).map((notice) => short(notice)),
      },
    };
  },
});

const nothingHere =
  "There is nothing to check: no Prisma schema (schema.prisma, prisma/schema.prisma, or what prisma.config says), no migrations folder and no schema.sql in the folder. Open or name the folder that has them.";

interface RuleCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly count: number;
  /** What the rule asks for. */
  readonly asks: string;
}

/** The gravest first, then the most frequent. `found` begins with the gravest. */
function rulesIn(found: readonly FoundFinding[]): readonly RuleCount[] {
  const counts = new Map<string, RuleCount>();
  for (const { finding } of found) {
    const { rule, severity } = finding;
    const known = counts.get(rule) ?? { rule, severity, count: 0, asks: ruleNamed(rule)?.summary ?? "" };
    counts.set(rule, { ...known, count: known.count + 1 });
  }
  return [...counts.values()].sort((a, b) => rank(a.severity) - rank(b.severity) || b.count - a.count);
}

/** Errors and warnings about the texts themselves. */
function* problemsIn(uris: Iterable<string>, files: Files, snapshot: Snapshot): Steps<readonly object[]> {
  const problems: object[] = [];
  for (const uri of uris) {
    const report = yield* snapshot.report(uri);
    for (const { severity, code, message, span } of report?.problems ?? []) {
      const line = (report?.file.lines.position(span.start).line ?? 0) + 1;
      problems.push({ severity, code, message: short(message), file: shownIn(files, uri), line });
    }
  }
  return problems;
}

/** Of which some file is looked at. */
function* projectsIn(uris: ReadonlySet<string>, files: Files, snapshot: Snapshot): Steps<readonly { readonly project: object; readonly unread: readonly object[] }[]> {
  const projects = [];
  for (const project of yield* snapshot.projects()) {
    if (!urisOf(project).some((uri) => uris.has(uri))) continue;
    const { schema, postgresVersion } = yield* snapshot.check(project);
    const unread = schema.sources.flatMap((source) =>
      source.unread.map(({ uri, span, what, reason }) => {
        const line = (snapshot.file(uri)?.lines.position(span.start).line ?? 0) + 1;
        return { file: shownIn(files, uri), line, what: short(what), reason: short(reason) };
      }),
    );
    projects.push({
      project: { name: project.name, tables: schema.tables.size, views: schema.views.size, files: urisOf(project).length, postgresVersion },
      unread,
    });
  }
  return projects;
}
