/** What a person wants explained, found in the workspace: the statements of it, whose project they belong to, what it is called. */
import type { PlanSubject } from "../../../../protocol/src/plan.ts";
import type { StatementText } from "../../explain/planService.ts";
import { numberedParameters } from "../../sql/placeholders.ts";
import { isProgram, queriesIn, type Query, queryAfter, queryAt, type QueryDocument } from "../../sql/queries/query.ts";
import type { Span } from "../../text/span.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import type { Project } from "../../workspace/projects.ts";
import { nearestProjects } from "../../workspace/serving.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { TextFile } from "../../workspace/textFile.ts";
import { ownUri } from "../../workspace/workspace.ts";

export type FoundSubject =
  | { readonly ok: true; readonly title: string; readonly statements: readonly StatementText[]; readonly notes: readonly string[]; readonly project: CheckedProject | undefined; readonly place: SubjectPlace | undefined; /** Of a call: what is known of its last plans is kept by it. */ readonly key?: string }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly hint?: string | undefined;
      readonly title: string;
      /** Where a call of Prisma Client may stand. */
      readonly program?: { readonly file: TextFile; readonly project: CheckedProject } | undefined;
    };

/** Where it is written. */
export interface SubjectPlace {
  readonly uri: string;
  readonly span: Span;
  /** The document's offset of an offset in the text of a statement. */
  placeOf(offset: number): number;
}

export function* subjectIn(snapshot: Snapshot, subject: Exclude<PlanSubject, { kind: "plan" }>): Steps<FoundSubject> {
  const uri = subject.uri === undefined ? undefined : ownUri(subject.uri);
  const found = yield* nearestProjectOf(snapshot, uri);
  const project = found === undefined ? undefined : yield* snapshot.check(found);
  if (subject.kind === "text") return textSubject(subject, project);
  const name = fileName(subject.uri);
  const file = uri === undefined ? undefined : snapshot.file(uri);
  if (uri === undefined || file === undefined) return { ok: false, reason: `${name} cannot be read.`, title: name };
  const isSql = (yield* snapshot.tree(uri))?.kind === "sql";
  const document: QueryDocument = { uri, text: file.text, language: isSql ? "sql" : undefined };
  const query = queryFor(document, subject);
  if (query === undefined) {
    const hint = nextHint(document, subject.start, (offset) => file.lines.position(offset).line + 1);
    return { ok: false, title: name, reason: "There is no query here.", hint, program: project !== undefined && isProgram(uri) ? { file, project } : undefined };
  }
  const { text, parameters, gap, span, placeOf } = query;
  const title = `${name}:${file.lines.position(span.start).line + 1}`;
  if (gap !== undefined) return { ok: false, reason: gap, title };
  const statement = { text, parameters: parameters.map(({ number, name: called }) => ({ number, name: called })) };
  return { ok: true, title, statements: [statement], notes: [], project, place: { uri, span, placeOf } };
}

function textSubject({ text: source, title = "Query" }: Extract<PlanSubject, { kind: "text" }>, project: CheckedProject | undefined): FoundSubject {
  const { text, parameters, names } = numberedParameters(source);
  const [first] = names;
  if (first !== undefined) return { ok: false, reason: `${JSON.stringify(first.name)} stands for a table's name, which must be known.`, title };
  return { ok: true, title, statements: [{ text, parameters: parameters.map(({ number, name }) => ({ number, name })) }], notes: [], project, place: undefined };
}

/** At the place; where the text has changed since, the one that reads as it did. */
function queryFor(document: QueryDocument, { start, end, text: seen }: Extract<PlanSubject, { kind: "query" }>): Query | undefined {
  const here = queryAt(document, end === undefined || end <= start ? start : { start, end });
  if (seen === undefined || here?.text === seen) return here;
  return queriesIn(document).find(({ text }) => text === seen) ?? here;
}

function nextHint(document: QueryDocument, at: number, lineOf: (offset: number) => number): string | undefined {
  const next = queryAfter(document, at);
  return next === undefined ? undefined : `The next one is on line ${lineOf(next.span.start)}.`;
}

/** The project of a file, else the one nearest to it. */
export function* nearestProjectOf(snapshot: Snapshot, uri: string | undefined): Steps<Project | undefined> {
  const projects = yield* snapshot.projects();
  if (uri === undefined) return projects[0];
  const own = ownUri(uri);
  return (yield* snapshot.projectsServing(own))[0] ?? nearestProjects(own, projects)[0] ?? projects[0];
}

function fileName(uri: string): string {
  try {
    return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
  } catch {
    // Not percent-encoded as it should be.
    return uri;
  }
}
