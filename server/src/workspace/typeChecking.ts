/** Which queries a database is to be asked about, and what of its answers is shown where. */
import type { Query } from "../sql/queries/query.ts";
import type { Problem } from "../text/problem.ts";
import type { CheckedProject } from "./checkedProject.ts";
import { inAll } from "./names.ts";
import type { Project } from "./projects.ts";
import { schemaKey } from "./schemaKey.ts";
import type { Steps } from "./steps.ts";
import type { TextFile } from "./textFile.ts";
import { isChecked, type TypeCheck, type TypeChecked, type TypeCheckTask, typeProblems } from "./typeChecks.ts";

/** What is looked at: a snapshot. */
export interface Looked {
  readonly openUris: readonly string[];
  /** Whether the settings have a file's queries checked. */
  isTypeChecked(uri: string): boolean;
  /** Whether the file is a part of a schema itself. */
  definesSchema(uri: string): Steps<boolean>;
  queries(uri: string): Steps<readonly Query[]>;
  projectsQueriedBy(uri: string): Steps<readonly Project[]>;
  check(project: Project): Steps<CheckedProject>;
  typeChecked(project: Project): TypeChecked | undefined;
}

/** Of one file, in one go. */
const mostQueries = 500;

/** For each project that these files, open documents by default, have queries for: those without an answer. */
export function* typeCheckTasks(looked: Looked, uris: readonly string[] = looked.openUris): Steps<readonly TypeCheckTask[]> {
  const texts = new Map<Project, Set<string>>();
  for (const uri of uris) {
    if (!looked.isTypeChecked(uri) || (yield* looked.definesSchema(uri))) continue;
    const queries = (yield* looked.queries(uri)).slice(0, mostQueries).filter(isChecked);
    if (queries.length === 0) continue;
    for (const project of yield* looked.projectsQueriedBy(uri)) {
      const known = texts.get(project) ?? new Set();
      for (const { text } of queries) known.add(text);
      texts.set(project, known);
    }
  }
  const tasks: TypeCheckTask[] = [];
  for (const [project, wanted] of texts) {
    const checked = yield* looked.check(project);
    const key = schemaKey(checked);
    const before = looked.typeChecked(project);
    const known = before?.key === key ? before : undefined;
    const missing = [...wanted].filter((text) => known?.answers.has(text) !== true);
    // What could not be built is not tried again before it changes.
    if (missing.length > 0 && known?.isUnavailable !== true) tasks.push({ project, checked, key, texts: missing });
  }
  return tasks;
}

/** `own`: what is said about the file already. */
export function* typeProblemsOf(file: TextFile, own: readonly Problem[], looked: Looked): Steps<readonly Problem[]> {
  if (!looked.isTypeChecked(file.uri) || (yield* looked.definesSchema(file.uri))) return [];
  const projects = yield* looked.projectsQueriedBy(file.uri);
  const found: (readonly Problem[])[] = [];
  for (const project of projects) {
    const typeChecked = looked.typeChecked(project);
    if (typeChecked === undefined) return [];
    const checked = yield* looked.check(project);
    if (typeChecked.key !== schemaKey(checked)) return [];
    const queries = (yield* looked.queries(file.uri)).slice(0, mostQueries);
    yield;
    found.push(typeProblems({ queries, own, checked, typeChecked }));
  }
  return inAll(found);
}

/** What is known of a query; undefined while nothing is. */
export function* typeCheckOf(uri: string, query: Query, looked: Looked): Steps<TypeCheck | undefined> {
  for (const project of yield* looked.projectsQueriedBy(uri)) {
    const typeChecked = looked.typeChecked(project);
    const answer = typeChecked?.answers.get(query.text);
    if (typeChecked !== undefined && answer !== undefined && typeChecked.key === schemaKey(yield* looked.check(project))) return answer;
  }
  return undefined;
}
