/**
 * Names that a statement leaves to what sends it: psql's variables (`:schema.jobs`, `:"table"`), Flyway's and other
 * templates (`${schema}`, `{{ schema }}`). Goes by PostgreSQL's lexical rules, so strings, comments and bodies are left.
 */
import type { Span } from "../text/span.ts";
import { askParser } from "./outcomes.ts";
import { endOfBlockComment, endOfLineComment, endOfLiteral, endOfWord, opensBlockComment, opensLineComment, startsWord, unclosed } from "./lexer.ts";

/** A template, or a variable, which does not begin with the second colon of a cast. */
const hole = /\$\{[^{}\n]{1,100}\}|\{\{[^{}\n]{1,100}\}\}|(?<!:):(?:[A-Za-z_]\w*|"[^"\n]+"|'\w+')/y;
const anyHole = new RegExp(hole.source);

/**
 * The source with a name of the same length in the place of each, and everything else where it was: `:schema.jobs` as
 * `_schema.jobs`. A part of a name stays one. Undefined when there is none.
 */
export function withNamesCovered(source: string): string | undefined {
  const holes = holesOf(source);
  if (holes.length === 0) return undefined;
  const parts: string[] = [];
  let taken = 0;
  for (const { start, end } of holes) {
    parts.push(source.slice(taken, start), covered(source.slice(start, end)));
    taken = end;
  }
  return parts.join("") + source.slice(taken);
}

/** How the source writes names that are covered: by what covers them, in lower case as PostgreSQL has it. */
export function templateNames(source: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const plain = withNamesCovered(source);
  if (plain === undefined) return names;
  for (const { start, end } of holesOf(source)) {
    const before = /\w*$/.exec(plain.slice(Math.max(0, start - longestName), start))?.[0].length ?? 0;
    const after = /^\w*/.exec(plain.slice(end, end + longestName))?.[0].length ?? 0;
    names.set(plain.slice(start - before, end + after).toLowerCase(), source.slice(start - before, end + after));
  }
  return names;
}

/** What PostgreSQL does not take as it stands: each hole as it is written, and where. Without those that are SQL, as in `a[:n]`. */
export function unfilledHoles(source: string): readonly { readonly text: string; readonly start: number }[] {
  const holes = holesOf(source);
  if (holes.length === 0 || askParser(source).kind !== "error") return [];
  return holes.map(({ start, end }) => ({ text: source.slice(start, end), start }));
}

/** Bytes that PostgreSQL keeps of a name. */
const longestName = 63;

function holesOf(source: string): readonly Span[] {
  const holes: Span[] = [];
  if (!anyHole.test(source)) return holes;
  for (let at = 0; at < source.length; ) {
    hole.lastIndex = at;
    const found = hole.exec(source)?.[0];
    if (found === undefined) {
      at = endOfToken(source, at);
      continue;
    }
    holes.push({ start: at, end: at + found.length });
    at += found.length;
  }
  return holes;
}

function covered(found: string): string {
  // psql quotes what it is told to; in quotes the text is a name, or a string, as it stands.
  return /^:["']/.test(found) ? ` ${found.slice(1)}` : found.replace(/[^\w]/g, "_");
}

function endOfToken(source: string, at: number): number {
  if (opensLineComment(source, at)) return endOfLineComment(source, at);
  const quiet = opensBlockComment(source, at) ? endOfBlockComment(source, at) : endOfLiteral(source, at);
  if (quiet !== undefined) return quiet === unclosed ? source.length : quiet;
  if (!startsWord(source.charCodeAt(at))) return at + 1;
  const end = endOfWord(source, at);
  // A name may hold a dollar sign, and then the template's would be its last character.
  return source.startsWith("${", end - 1) ? end - 1 : end;
}
