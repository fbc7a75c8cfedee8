/** What the schema engine said about a Prisma schema, kept while the texts change; and schemas it could not bear. */
import { createHash } from "node:crypto";
import type { Problem } from "../text/problem.ts";

/** An answer of the schema engine and the texts it is about, both by URI. `timedOut`: it was stopped without one. */
export interface Validated {
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: ReadonlyMap<string, readonly Problem[]> | "timedOut";
}

/** Whether the answer is about exactly these texts. */
export function isAbout(validated: Validated, texts: ReadonlyMap<string, string>): boolean {
  return validated.texts.size === texts.size && [...texts].every(([uri, text]) => validated.texts.get(uri) === text);
}

/** Names these texts, for the list of those that are not given to the engine again. */
export function fingerprint(texts: ReadonlyMap<string, string>): string {
  const hash = createHash("sha1");
  for (const [uri, text] of texts) hash.update(`${uri}\0${text.length}\0${text}`);
  return hash.digest("hex");
}

/**
 * The problems of a file as they stand in its text now: those before a change keep their place, those after it move
 * along, those it touches are gone until the engine answers again.
 */
export function currentProblems(validated: Validated, uri: string, text: string): readonly Problem[] {
  if (validated.problems === "timedOut") return [];
  const problems = validated.problems.get(uri) ?? [];
  const before = validated.texts.get(uri);
  if (before === undefined || before === text || problems.length === 0) return problems;
  const prefix = commonPrefix(before, text);
  const suffix = commonSuffix(before, text, prefix);
  const moved = text.length - before.length;
  return problems.flatMap((problem) => {
    if (problem.span.end <= prefix) return [problem];
    if (problem.span.start < before.length - suffix) return [];
    return [{ ...problem, span: { start: problem.span.start + moved, end: problem.span.end + moved } }];
  });
}

/** The engine's problems, and of our own parser's those on lines the engine says nothing about. */
export function withoutDoubles(own: readonly Problem[], engine: readonly Problem[], text: string): readonly Problem[] {
  if (own.length === 0 || engine.length === 0) return [...engine, ...own];
  const startOfLine = (offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;
  const lines = new Set(engine.map((problem) => startOfLine(problem.span.start)));
  return [...engine, ...own.filter((problem) => !lines.has(startOfLine(problem.span.start)))];
}

/** Shown for a schema that kept the schema engine busy until it was stopped, as long as it stays as it is. */
export const setAside: Problem = {
  span: { start: 0, end: 0 },
  message: "Prisma's schema engine took too long with this schema and was stopped. Its validation is left out until the schema changes.",
  severity: "warning",
  code: "file-set-aside",
};

function commonPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  while (at < limit && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function commonSuffix(a: string, b: string, prefix: number): number {
  const limit = Math.min(a.length, b.length) - prefix;
  let length = 0;
  while (length < limit && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}
