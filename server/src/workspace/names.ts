/** Names that stand for nothing, in the SQL of a project: in its history, in queries, and in the templates of a program. */
import { nameHistoryOf } from "../editing/nameHistory.ts";
import { undefinedNames } from "../editing/undefinedNames.ts";
import { type EmbeddedQuery, embeddedSql } from "../sql/embedded.ts";
import { parseSql } from "../sql/parse.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { Problem } from "../text/problem.ts";
import type { CheckedProject } from "./checkedProject.ts";
import type { Memory } from "./memory.ts";
import type { Project } from "./projects.ts";
import type { Steps } from "./steps.ts";
import type { TextFile } from "./textFile.ts";

/** In a file of the project's history together with what folding said about it, or in a query that is about the project. */
export function* namesInSql(file: SqlFile, project: Project, checked: CheckedProject, memory: Memory): Steps<readonly Problem[]> {
  const folded = checked.problems.get(file.uri) ?? none;
  const { schema, sqlFiles } = checked;
  const cell = memory.nameChecks(file.uri, project.id);
  const check = yield* cell.get([file, schema, folded, ...sqlFiles], (previous) =>
    undefinedNames(file, schema, { history: nameHistoryOf(sqlFiles), isHistory: sqlFiles.includes(file), folded, previous }),
  );
  return check.problems;
}

/** In `$queryRaw`, `Prisma.sql` and `sql` templates of TypeScript and JavaScript. */
export function namesInProgram(file: TextFile, project: Project, checked: CheckedProject, memory: Memory): Steps<readonly Problem[]> {
  return memory.names(file.uri, project.id).get([file.text, checked.schema, ...checked.sqlFiles], function* () {
    const problems: Problem[] = [];
    yield;
    for (const query of embeddedSql(file.uri, file.text)) {
      yield;
      // Of what a driver is handed, PostgreSQL itself is asked.
      if (query.isString && !query.tag.endsWith("Unsafe")) continue;
      problems.push(...(yield* inTemplate(file, query, checked)));
    }
    return problems;
  });
}

/** What is missing in every one of several projects that a file may be about. */
export function inAll(problems: readonly (readonly Problem[])[]): readonly Problem[] {
  const [first = none, ...others] = problems;
  return first.filter(({ span, code }) =>
    others.every((other) => other.some((one) => one.code === code && one.span.start === span.start && one.span.end === span.end)),
  );
}

/** Files whose templates are looked into. */
export function isProgram(uri: string): boolean {
  return /\.[cm]?[jt]sx?$/i.test(uri) && !uri.endsWith(".d.ts");
}

const none: readonly Problem[] = [];

function* inTemplate({ uri, text }: TextFile, query: EmbeddedQuery, checked: CheckedProject): Steps<readonly Problem[]> {
  const { problems } = yield* undefinedNames(parseSql(uri, query.sql), checked.schema, { history: nameHistoryOf(checked.sqlFiles) });
  const quote = text.charAt(query.span.start - 1);
  // Where a `${…}` stands for columns, nobody knows which.
  const isOpen = /\$(?:\d+|\{[^}]*\})\s*(?:,|\bfrom\b|\)|$)/i.test(query.sql) && /\b(?:select|returning|,)\s*\$[\d{]/i.test(query.sql);
  return problems
    .filter(({ code }) => !isOpen || code !== "sql-undefined-column")
    .map((problem) => {
      const span = { start: query.sourceOffset(problem.span.start), end: query.sourceOffset(problem.span.end - 1) + 1 };
      // What is written with escapes cannot be replaced by what PostgreSQL reads.
      const { instead, ...rest } = problem;
      const isSame = text.slice(span.start, span.end) === query.sql.slice(problem.span.start, problem.span.end);
      const isPlain = instead !== undefined && isSame && !/[\\$]/.test(instead) && !instead.includes(quote);
      return isPlain ? { ...rest, span, instead } : { ...rest, span };
    });
}
