/** What a person wants explained, found in the workspace: the statements of it, whose project they belong to, what it is called. */
import type { PlanSubject } from "../../../../protocol/src/plan.ts";
import type { StatementText } from "../../explain/planService.ts";
import { numberedParameters } from "../../sql/placeholders.ts";
import { nextPiece, type Piece } from "../../sql/split.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import type { Project } from "../../workspace/projects.ts";
import { nearestProjects } from "../../workspace/serving.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { ownUri } from "../../workspace/workspace.ts";

export type FoundSubject =
  | { readonly ok: true; readonly title: string; readonly statements: readonly StatementText[]; readonly notes: readonly string[]; readonly project: CheckedProject | undefined }
  | { readonly ok: false; readonly reason: string; readonly hint?: string | undefined; readonly title: string };

export function* subjectIn(snapshot: Snapshot, subject: Exclude<PlanSubject, { kind: "plan" }>): Steps<FoundSubject> {
  const uri = subject.uri === undefined ? undefined : ownUri(subject.uri);
  const project = yield* projectOf(snapshot, uri);
  if (subject.kind === "text") {
    const { text, title = "Query" } = subject;
    return fixed([statementOf(text)], title, project);
  }
  const { start, end, text: seen } = subject;
  const text = uri === undefined ? undefined : snapshot.file(uri)?.text;
  const name = fileName(subject.uri);
  if (uri === undefined || text === undefined) return { ok: false, reason: `${name} cannot be read.`, title: name };
  const found = pieceIn(text, start, end ?? start, seen);
  if (typeof found === "string") return { ok: false, reason: found, title: name };
  const line = (snapshot.file(uri)?.lines.position(found.start).line ?? 0) + 1;
  return fixed([statementOf(text.slice(found.start, found.end))], `${name}:${line}`, project);
}

function fixed(statements: readonly (StatementText | string)[], title: string, project: CheckedProject | undefined): FoundSubject {
  const texts = statements.filter((each) => typeof each !== "string");
  const problem = statements.find((each) => typeof each === "string");
  return problem === undefined ? { ok: true, title, statements: texts, notes: [], project } : { ok: false, reason: problem, title };
}

/** The statement with its placeholders as $1, $2, …; a sentence where one stands for something that no value can be. */
function statementOf(source: string): StatementText | string {
  const { text, parameters, names } = numberedParameters(source);
  const [first] = names;
  if (first !== undefined) return `${JSON.stringify(first.name)} stands for a table's name, which must be known.`;
  return { text, parameters: parameters.map(({ number, name }) => ({ number, name })) };
}

/** The statement that holds a place, or the one that is selected; where the text has changed, the one that reads the same. */
function pieceIn(text: string, start: number, end: number, seen: string | undefined): { readonly start: number; readonly end: number } | string {
  const pieces: Piece[] = [];
  for (let piece = nextPiece(text, 0); piece !== undefined; piece = nextPiece(text, piece.next)) if (piece.kind === "sql") pieces.push(piece);
  const same = seen === undefined ? undefined : pieces.find((piece) => text.slice(piece.start, piece.end) === seen);
  if (same !== undefined) return same;
  if (end > start) {
    const selected = pieces.filter((piece) => piece.start < end && start < piece.end);
    if (selected.length > 1) return `There are ${selected.length} statements in the selection: choose one.`;
    const [only] = selected;
    // A part of a statement is explained as it is selected: a subquery, one side of a UNION.
    return only === undefined ? "There is no statement in the selection." : { start: Math.max(start, only.start), end: Math.min(end, only.end) };
  }
  const under = pieces.find((piece) => (piece.comment?.start ?? piece.start) <= start && start <= piece.next) ?? pieces.findLast((piece) => piece.start <= start) ?? pieces[0];
  return under ?? "There is no statement here.";
}

function* projectOf(snapshot: Snapshot, uri: string | undefined): Steps<CheckedProject | undefined> {
  const project = yield* nearestProjectOf(snapshot, uri);
  return project === undefined ? undefined : yield* snapshot.check(project);
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
