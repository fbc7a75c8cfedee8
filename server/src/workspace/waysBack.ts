/** What the text of a way back tells: that it does not lead back to what its migration found, as far as texts tell. PostgreSQL itself is asked by a proof. */
import { differences, type ElementChange } from "../model/diff.ts";
import { foldSql } from "../model/fromSql.ts";
import { isMarkedIrreversible } from "../model/irreversible.ts";
import type { Schema } from "../model/schema.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { Problem } from "../text/problem.ts";
import { foldOptionsOf } from "./check.ts";
import type { CheckedProject } from "./checkedProject.ts";
import type { Memory } from "./memory.ts";
import type { Project } from "./projects.ts";
import type { Steps } from "./steps.ts";

/** The URI of the migration that a file leads back from; undefined for any other file. */
export function migrationOfWayBack(uri: string, { history }: Pick<Project, "history">): string | undefined {
  for (const [migration, back] of history?.waysBack ?? []) if (back === uri) return migration;
  return undefined;
}

/** What was found when this was looked at last: good enough for a file that nobody sees, while somebody types in its history. */
export function lastProblemsOfWayBack(file: SqlFile, project: Project, memory: Memory): readonly Problem[] | undefined {
  const { last } = memory.wayBackChecks(file.uri, project.id);
  return last?.file === file ? last.problems : undefined;
}

export function* problemsOfWayBack(file: SqlFile, migration: string, project: Project, { sqlFiles }: CheckedProject, memory: Memory): Steps<readonly Problem[]> {
  const at = sqlFiles.findIndex(({ uri }) => uri === migration);
  const earlier = sqlFiles.slice(0, at);
  const up = sqlFiles[at];
  const [first] = file.statements;
  // What its author knows to be lost is not said again.
  if (up === undefined || first === undefined || isMarkedIrreversible(up.text)) return [];
  const options = { ...foldOptionsOf(project), changesIn: new Set<string>() };
  const { schema: before } = yield* memory.wayBackStarts(file.uri, project.id).get([...earlier], function* (previous) {
    yield;
    return foldSql(earlier, options, previous);
  });
  const check = yield* memory.wayBackChecks(file.uri, project.id).get([file, before, up], function* (previous) {
    yield;
    const undone = foldSql([...earlier, up, file], options, previous?.undone);
    return { file, problems: problemsBetween(undone.schema, before, file), before, undone };
  });
  return check.problems;
}

function problemsBetween(undone: Schema, before: Schema, { statements }: SqlFile): readonly Problem[] {
  const [first] = statements;
  // What only running it tells may lead back.
  if (first === undefined || unreadIn(undone) > unreadIn(before)) return [];
  const left = differences(undone, before);
  const [change] = left;
  if (change === undefined) return [];
  const more = left.length === 1 ? "" : `, and ${left.length - 1} more`;
  const message = `This does not lead back to what the migration found: ${remainder(change)}${more}. Write what undoes it, or "-- irreversible: why" into the migration.`;
  const { start, end } = first.span;
  const line = first.text.indexOf("\n");
  return [{ code: "way-back-differs", severity: "warning", message, span: { start, end: line < 0 ? end : start + line } }];
}

/** `change`: from what is left to what there was. */
function remainder({ what, kind, subject, ...change }: ElementChange): string {
  if (what === "removed") return `${kind} ${subject} is still there`;
  if (what === "added") return `${kind} ${subject} does not come back`;
  const [facet] = "facets" in change ? change.facets : [];
  const name = facet?.facet.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${kind} ${subject} has ${name} ${facet?.before || "none"}, and had ${facet?.after || "none"}`;
}

function unreadIn({ sources }: Schema): number {
  return sources.reduce((sum, source) => sum + source.unread.length, 0);
}
