/**
 * The line comments of a Prisma, SQL or TypeScript text, found by its characters alone: rules know no syntax. Strings,
 * quoted names, dollar-quoted bodies, block comments, templates and regular expressions are stepped over. Linear, and
 * right as far as it goes on half-typed text: whatever is not closed reaches to the end of its line or of the text.
 */
import type { Span } from "../../text/span.ts";

export type Language = "prisma" | "sql" | "typescript";

/** By the end of the address; everything that is neither Prisma nor SQL counts as TypeScript. */
export function languageOf(uri: string): Language {
  const path = uri.toLowerCase();
  if (path.endsWith(".prisma")) return "prisma";
  return path.endsWith(".sql") ? "sql" : "typescript";
}

/** What opens a line comment. */
export function commentMarker(language: Language): "//" | "--" {
  return language === "sql" ? "--" : "//";
}

/** Spans of the line comments, from their marker to the end of the line. */
export function lineComments(text: string, language: Language): readonly Span[] {
  const found: Span[] = [];
  if (language === "sql") scanSql(text, found);
  else scanScript(text, language === "typescript", found);
  return found;
}

function scanSql(text: string, found: Span[]): void {
  const interesting = /--|\/\*|'|"|\$/g;
  for (let match = interesting.exec(text); match !== null; match = interesting.exec(text)) {
    const at = match.index;
    switch (match[0]) {
      case "--":
        interesting.lastIndex = endOfLine(text, at);
        found.push({ start: at, end: interesting.lastIndex });
        break;
      case "/*":
        interesting.lastIndex = endOfNestedComment(text, at);
        break;
      case "'":
        interesting.lastIndex = isEscapeString(text, at) ? endOfEscaped(text, at, "'", false) : endOfQuoted(text, at, "'");
        break;
      case '"':
        interesting.lastIndex = endOfQuoted(text, at, '"');
        break;
      default:
        interesting.lastIndex = endOfDollarQuoted(text, at);
    }
  }
}

function scanScript(text: string, isTypeScript: boolean, found: Span[]): void {
  const interesting = isTypeScript ? /["'`/{}]/g : /["/]/g;
  /** Open braces inside each template expression that is open, the innermost last. */
  const templates: number[] = [];
  for (let match = interesting.exec(text); match !== null; match = interesting.exec(text)) {
    const at = match.index;
    const character = match[0];
    const depth = templates.at(-1);
    if (character === '"' || character === "'") interesting.lastIndex = endOfEscaped(text, at, character, true);
    else if (character === "`" || (character === "}" && depth === 0)) {
      if (character === "}") templates.pop();
      interesting.lastIndex = endOfTemplatePart(text, at + 1);
      if (text[interesting.lastIndex - 1] === "{") templates.push(0);
    } else if (character === "{" || character === "}") {
      if (depth !== undefined) templates[templates.length - 1] = depth + (character === "{" ? 1 : -1);
    } else if (text[at + 1] === "/") {
      interesting.lastIndex = endOfLine(text, at);
      found.push({ start: at, end: interesting.lastIndex });
    } else if (text[at + 1] === "*") {
      const close = text.indexOf("*/", at + 2);
      interesting.lastIndex = close < 0 ? text.length : close + 2;
    } else if (isTypeScript && canStartRegularExpression(text, at)) {
      interesting.lastIndex = endOfRegularExpression(text, at);
    }
  }
}

/** After the backtick that closes the template, or after the `${` that opens an expression in it. */
function endOfTemplatePart(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "`") return at + 1;
    if (character === "\\") at += 1;
    else if (character === "$" && text[at + 1] === "{") return at + 2;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  if (newline < 0) return text.length;
  return text[newline - 1] === "\r" ? newline - 1 : newline;
}

/** A doubled quote stands for itself. */
function endOfQuoted(text: string, start: number, quote: string): number {
  for (let at = text.indexOf(quote, start + 1); at >= 0; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at + 1;
  }
  return text.length;
}

/** A backslash takes the next character; `endsWithLine` for strings that cannot go on in the next one. */
function endOfEscaped(text: string, start: number, quote: string, endsWithLine: boolean): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === quote) return at + 1;
    if (character === "\\") at += 1;
    else if (character === "\n" && endsWithLine) return at;
  }
  return text.length;
}

/** `E'…'`, in which a backslash escapes. https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE */
function isEscapeString(text: string, quote: number): boolean {
  const before = text[quote - 1];
  return (before === "E" || before === "e") && !/[\w$]/.test(text[quote - 2] ?? " ");
}

/** Block comments nest in PostgreSQL. */
function endOfNestedComment(text: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start + 2;
  let depth = 1;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

/** A dollar sign that quotes nothing, such as `$1` or one inside a name, is stepped over. */
function endOfDollarQuoted(text: string, start: number): number {
  const opening = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
  opening.lastIndex = start;
  const tag = opening.exec(text)?.[0];
  if (tag === undefined || /[\w$]/.test(text[start - 1] ?? " ")) return start + 1;
  const close = text.indexOf(tag, start + tag.length);
  return close < 0 ? text.length : close + tag.length;
}

/** After a value a slash divides; after an operator, an opening bracket or `return` it opens a regular expression. */
function canStartRegularExpression(text: string, slash: number): boolean {
  let at = slash - 1;
  while (at >= 0 && /\s/.test(text[at] ?? "")) at -= 1;
  if (at < 0 || "(,=:[!&|?{};+-*%~^<>".includes(text[at] ?? "")) return true;
  return /\b(?:return|typeof|case|in|of)$/.test(text.slice(Math.max(0, at - 7), at + 1));
}

/** One that does not end on its line is none. Nor is a very long one, so that a line full of slashes stays linear. */
function endOfRegularExpression(text: string, start: number): number {
  let isInClass = false;
  for (let at = start + 1; at < Math.min(text.length, start + 1000); at++) {
    const character = text[at];
    if (character === "\n") return start + 1;
    if (character === "\\") at += 1;
    else if (character === "[") isInClass = true;
    else if (character === "]") isInClass = false;
    else if (character === "/" && !isInClass) return at + 1;
  }
  return start + 1;
}
