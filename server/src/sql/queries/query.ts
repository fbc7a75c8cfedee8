/**
 * Queries where people write them: statements of SQL files and of cells of notebooks, TypedSQL, templates and strings in
 * programs, each as one text with numbered parameters and a way back to the document. Never throws.
 */
import type { Span } from "../../text/span.ts";
import { beginsAsQuery, type EmbeddedQuery, embeddedSql } from "../embedded.ts";
import { numberedParameters, type NumberedQuery, type PlaceholderStyle } from "../placeholders.ts";
import { nextPiece, type Piece } from "../split.ts";
import { isTypedSql, type StatedParameter, statedParameters } from "./typedSql.ts";

export type QueryKind = "statement" | "typedSql" | "template" | "prismaCall";

export interface Query {
  readonly kind: QueryKind;
  /** Of a program: the template's tag (`$queryRaw`, `Prisma.sql`, `sql`), or the method that a string is handed to (`query`). */
  readonly tag: string | undefined;
  /** With $1, $2, … for whatever stands for a value. */
  readonly text: string;
  /** By their numbers. */
  readonly parameters: readonly QueryParameter[];
  /** Of the document: the statement, or what stands between the delimiters of a template. */
  readonly span: Span;
  /** Why the text is not what will run, in a sentence: a part of it is only known when it runs. */
  readonly gap: string | undefined;
  /** The document's offset of an offset in `text`; in a placeholder, its beginning. */
  placeOf(offset: number): number;
  /** The other way; undefined for what is not of this query. */
  offsetAt(place: number): number | undefined;
}

export interface QueryParameter {
  /** n of its $n. */
  readonly number: number;
  /** What the document calls it, or the expression that gives its value. */
  readonly name: string | undefined;
  readonly style: PlaceholderStyle;
  /** Where it stands in the document, in order. */
  readonly spans: readonly Span[];
  /** What a comment of TypedSQL says about it. */
  readonly stated: StatedParameter | undefined;
}

/** A file, an open document, or a cell of a notebook. */
export interface QueryDocument {
  readonly uri: string;
  readonly text: string;
  /** Undefined: what the name says. */
  readonly language?: "sql" | "prisma" | "other" | undefined;
}

/** Every query of the document, in order. In SQL: every statement, DDL too. */
export function queriesIn(document: QueryDocument): readonly Query[] {
  if (isSql(document)) return [...pieces(document.text)].map((piece) => statementQuery(document, piece));
  return isProgram(document.uri) ? programQueries(document) : [];
}

/**
 * The query at an offset, or the one that a selection is in. In SQL, a selection of more than white space is itself the
 * query, whatever it holds; on a comment above a statement, the statement is meant. Undefined where there is none.
 */
export function queryAt(document: QueryDocument, at: number | Span): Query | undefined {
  const span = typeof at === "number" ? { start: at, end: at } : at;
  if (isSql(document)) return span.end > span.start ? selectedQuery(document, span) : statementAt(document, span.start);
  if (!isProgram(document.uri)) return undefined;
  const around = programQueries(document).filter((query) => query.span.start - 1 <= span.start && span.end <= query.span.end + 1);
  // The innermost: a template may stand in another one.
  return around.at(-1);
}

/** The first query that starts after an offset, for "there is none here, the next one is there". */
export function queryAfter(document: QueryDocument, offset: number): Query | undefined {
  return queriesIn(document).find(({ span }) => span.start > offset);
}

export function isProgram(uri: string): boolean {
  return /\.[cm]?[jt]sx?$/i.test(uri) && !/\.d\.[cm]?ts$/i.test(uri);
}

function isSql({ uri, language }: QueryDocument): boolean {
  return language === "sql" || (language === undefined && /\.sql$/i.test(uri));
}

function* pieces(text: string): Generator<Piece> {
  for (let piece = nextPiece(text, 0); piece !== undefined; piece = nextPiece(text, piece.next)) if (piece.kind === "sql") yield piece;
}

function statementAt(document: QueryDocument, at: number): Query | undefined {
  const { text } = document;
  for (const piece of pieces(text)) {
    const start = piece.comment?.start ?? piece.start;
    if (start > at && text.slice(at, start).includes("\n")) return undefined;
    // On its last line, behind its semicolon.
    if (at > piece.next && text.slice(piece.next, at).includes("\n")) continue;
    if (at > piece.next && text.slice(piece.next, at).trim() !== "") continue;
    return statementQuery(document, piece);
  }
  return undefined;
}

function selectedQuery(document: QueryDocument, { start, end }: Span): Query | undefined {
  const selected = document.text.slice(start, end);
  const first = selected.search(/\S/);
  if (first < 0) return statementAt(document, start);
  const last = selected.replace(/[\s;]+$/, "").length;
  return sqlQuery(document, { start: start + first, end: start + Math.max(first, last) });
}

function statementQuery(document: QueryDocument, { start, end }: Piece): Query {
  return sqlQuery(document, { start, end });
}

/** The statement, or what is selected, at a place of an SQL document. `numbered`: of its text, where that is known. */
export function sqlQuery({ uri, text: whole }: QueryDocument, span: Span, numbered: NumberedQuery = numberedParameters(whole.slice(span.start, span.end))): Query {
  const typed = isTypedSql(uri);
  const stated = typed ? statedParameters(whole) : undefined;
  return {
    kind: typed ? "typedSql" : "statement",
    tag: undefined,
    text: numbered.text,
    parameters: numbered.parameters.map(({ number, name, style, spans }) => {
      const said = stated?.get(number);
      const placed = spans.map((each) => ({ start: span.start + each.start, end: span.start + each.end }));
      return { number, name: said?.name ?? name, style, spans: placed, stated: said };
    }),
    span,
    gap: openName(numbered.names),
    placeOf: (offset) => span.start + numbered.sourceOffset(offset),
    offsetAt: (place) => (place < span.start || place > span.end ? undefined : numbered.textOffset(place - span.start)),
  };
}

function openName([first]: readonly { readonly name: string }[]): string | undefined {
  return first === undefined ? undefined : `${JSON.stringify(first.name)} stands for a table's name, which must be known.`;
}

function programQueries({ uri, text }: QueryDocument): readonly Query[] {
  return embeddedSql(uri, text).flatMap((found) => {
    // A fragment is part of other queries.
    if (!beginsAsQuery(found.sql)) return [];
    return [found.isString ? stringQuery(found, text) : templateQuery(found, text)];
  });
}

function templateQuery(found: EmbeddedQuery, source: string): Query {
  const { sql, span, parameters, gaps, sourceOffset, textOffset } = found;
  const [gap] = gaps;
  const isOpen = gap === undefined && sql.includes("${");
  return {
    kind: "template",
    tag: found.tag,
    text: sql,
    parameters: parameters.map((expression, i) => ({ number: i + 1, name: shortName(source, expression), style: "${x}", spans: [expression], stated: undefined })),
    span,
    gap: gap !== undefined ? `${shown(source, gap)} stands for SQL that is only known when it runs.` : isOpen ? "A part of it is only known when it runs." : undefined,
    placeOf: sourceOffset,
    offsetAt: textOffset,
  };
}

function stringQuery(found: EmbeddedQuery, source: string): Query {
  const numbered = numberedParameters(found.sql, { fillsLiterals: true });
  const [gap] = found.gaps;
  const placeOf = (offset: number): number => found.sourceOffset(numbered.sourceOffset(offset));
  return {
    kind: "template",
    tag: found.tag,
    text: numbered.text,
    parameters: numbered.parameters.map(({ number, name, style, spans }) => ({
      number,
      name,
      style,
      spans: spans.map(({ start, end }) => ({ start: found.sourceOffset(start), end: found.sourceOffset(end - 1) + 1 })),
      stated: undefined,
    })),
    span: found.span,
    gap: gap !== undefined ? `${shown(source, gap)} stands for SQL that is only known when it runs.` : (openName(numbered.names) ?? (numbered.text.includes("${") ? "A part of it is only known when it runs." : undefined)),
    placeOf,
    offsetAt(place) {
      const offset = found.textOffset(place);
      return offset === undefined ? undefined : numbered.textOffset(offset);
    },
  };
}

/** What is longer is no name. */
const longestName = 40;

function shortName(source: string, { start, end }: Span): string | undefined {
  const text = source.slice(start, end);
  return text.length <= longestName && /^[\w$.?![\]"'`()]+$/.test(text) ? text : undefined;
}

function shown(source: string, { start, end }: Span): string {
  const text = source.slice(start, end).replaceAll(/\s+/g, " ");
  return text.length <= longestName ? text : `${text.slice(0, longestName)}…`;
}
