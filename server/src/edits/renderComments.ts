/** What is said about a table or a column, as `///` lines of a Prisma schema or as COMMENT ON. */
import type { TextOrigin } from "../model/schema.ts";
import { sqlIdentifier } from "../model/names.ts";
import type { Edit } from "../text/edit.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import type { Span } from "../text/span.ts";
import type { DesignIntent } from "./intents/designIntent.ts";
import { endOfLine, indentAt, insertAt, startOfLine } from "./lines.ts";
import { addStatement, namingIn } from "./sql/sqlPlaces.ts";
import type { Naming } from "./sql/sqlStatements.ts";
import { endOfStatement, type SqlToken, sqlTokens } from "./sql/sqlText.ts";

type SetComment = Extract<DesignIntent, { do: "setComment" }>;

/** A statement with its semicolon. */
export function commentStatement({ table, column, text }: SetComment, naming: Naming): string {
  const what = column === undefined ? `TABLE ${naming(table)}` : `COLUMN ${naming(table)}.${sqlIdentifier(column.name)}`;
  return `COMMENT ON ${what} IS ${quoteLiteral(text)};`;
}

/** In the line above, where it replaces the `///` lines that stand there, and one behind the field. */
export function setPrismaComment(text: string, origin: TextOrigin, comment: string): readonly Edit[] {
  const line = startOfLine(text, origin.span.start);
  const indent = indentAt(text, line);
  const written = comment
    .split("\n")
    .map((said) => `${indent}///${said === "" ? "" : ` ${said}`}\n`)
    .join("");
  const above = docLinesAbove(text, line);
  const end = endOfLine(text, origin.span.end);
  const behind = /^[ \t]*\/\/\/[^\n]*/.exec(text.slice(origin.span.end, end));
  const isField = text[origin.span.end - 1] !== "}";
  return [
    ...above.slice(1).map((span): Edit => ({ span, text: "" })),
    above[0] === undefined ? insertAt(line, written) : { span: above[0], text: written },
    ...(isField && behind !== null ? [{ span: { start: origin.span.end, end: origin.span.end + behind[0].length }, text: "" }] : []),
  ];
}

/** The `///` lines above a line with their line breaks, the first one first; `//` may stand between them, an empty line may not. */
function docLinesAbove(text: string, line: number): readonly Span[] {
  const found: Span[] = [];
  for (let end = line; end > 0; ) {
    const start = startOfLine(text, end - 1);
    const written = text.slice(start, end).trim();
    if (!written.startsWith("//")) break;
    if (written.startsWith("///")) found.unshift({ start, end });
    end = start;
  }
  return found;
}

/** Instead of the last COMMENT ON of the same thing in this file, or behind the table. */
export function setSqlComment(text: string, uri: string, intent: SetComment): readonly Edit[] {
  const statement = commentStatement(intent, namingIn(text, intent.table, uri));
  const known = intent.column === undefined ? intent.table.comment : intent.column.comment;
  const old = known === undefined ? undefined : lastComment(text, intent, known);
  return old === undefined ? addStatement(text, intent.table, uri, statement) : [{ span: old, text: statement }];
}

function lastComment(text: string, { table, column }: SetComment, known: string): Span | undefined {
  const kind = column === undefined ? "TABLE" : "COLUMN";
  const name = column === undefined ? [table.name] : [table.name, column.name];
  let last: Span | undefined;
  const pattern = /\bcomment\s+on\s/gi;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const span = { start: match.index, end: endOfStatement(text, match.index) };
    const tokens = sqlTokens(text, span);
    const is = tokens.findIndex((token) => token.text === "IS");
    if (tokens[2]?.text !== kind || tokens[is + 1]?.text !== quoteLiteral(known)) continue;
    const path = tokens.slice(3, is).filter((token) => token.text !== ".");
    if (name.every((part, i) => nameOf(text, path.at(i - name.length)) === part)) last = span;
  }
  return last;
}

/** The name a token is, folded as PostgreSQL folds it. */
function nameOf(text: string, token: SqlToken | undefined): string | undefined {
  if (token === undefined) return undefined;
  const written = text.slice(token.span.start, token.span.end);
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}

