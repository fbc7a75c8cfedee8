/**
 * What a database built from a project said to the queries of open documents, kept by the queries' texts; and what of it
 * is shown. Whatever may be the database's ignorance instead of the query's fault is not shown.
 */
import type { Schema } from "../model/schema.ts";
import type { Query } from "../sql/queries/query.ts";
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import type { CheckedProject } from "./checkedProject.ts";
import type { Project } from "./projects.ts";

/** An answer to one query. */
export type TypeCheck =
  | { readonly kind: "described"; readonly parameters: readonly string[]; readonly columns: readonly ResultColumn[] | undefined }
  | {
      readonly kind: "refused";
      readonly message: string;
      /** Five characters. */
      readonly sqlState: string;
      /** UTF-16 offset in the query's text. */
      readonly at: number | undefined;
      readonly detail: string | undefined;
      readonly hint: string | undefined;
    }
  /** It took too long; nobody asks again. */
  | { readonly kind: "unanswered" };

export interface ResultColumn {
  readonly name: string;
  readonly type: string;
  /** The column it comes straight from. */
  readonly source: { readonly schema: string; readonly table: string; readonly column: string; readonly notNull: boolean } | undefined;
}

/** Of one project. */
export interface TypeChecked {
  /** `schemaKey` of what was built. */
  readonly key: string;
  /** By the query's text. */
  readonly answers: ReadonlyMap<string, TypeCheck>;
  /** Whether something of the project is missing in the database: an unknown name proves nothing. */
  readonly isLacking: boolean;
  /** There is no database: the schema has errors, or it could not be built. */
  readonly isUnavailable: boolean;
  /** Whole sentences. */
  readonly notices: readonly string[];
}

export interface TypeCheckTask {
  readonly project: Project;
  readonly checked: CheckedProject;
  readonly key: string;
  /** Queries that nobody has asked about, with parameters as numbers; none when the schema has errors. */
  readonly texts: readonly string[];
}

/** Answers that are kept of one project. */
const mostAnswers = 3_000;

/** With further answers; those before of another schema go. */
export function withAnswers(before: TypeChecked | undefined, news: TypeChecked): TypeChecked {
  if (before?.key !== news.key) return news;
  const answers = [...new Map([...before.answers, ...news.answers])];
  return { ...news, answers: new Map(answers.slice(-mostAnswers)) };
}

/** Whether a statement is one that a database can say something about without running it, beyond its syntax. */
export function isChecked(query: Query): boolean {
  return query.gap === undefined && query.text.length <= longest && /^(?:[\s(]|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:select|insert|update|delete|merge|with|values|table)\b/i.test(query.text);
}

/** What is longer holds data. */
const longest = 50_000;

export interface CheckedFile {
  readonly queries: readonly Query[];
  /** What is said about the file already: it is not said twice. */
  readonly own: readonly Problem[];
  readonly checked: CheckedProject;
  readonly typeChecked: TypeChecked;
}

export function typeProblems({ queries, own, checked, typeChecked }: CheckedFile): readonly Problem[] {
  const problems: Problem[] = [];
  const definesNames = queries.some(({ kind, text }) => kind === "statement" && defines.test(text));
  const isAbout = queries.some((query) => isForThis(query, typeChecked.answers.get(query.text)));
  for (const query of queries) {
    const answer = isChecked(query) ? typeChecked.answers.get(query.text) : undefined;
    if (answer?.kind !== "refused") continue;
    const span = spanOf(answer.at, query);
    const isName = unknownNames.has(answer.sqlState) && !isBuiltIn(answer.message);
    if (isName && (typeChecked.isLacking || definesNames || isElsewhere(answer.message, checked.schema))) continue;
    if (answer.sqlState === "42P01" && !isAbout) continue;
    if (isUncertain(answer, query)) continue;
    if (own.some((problem) => touch(problem.span, span) || (answer.sqlState === "42601" && touch(problem.span, query.span)))) continue;
    const isAhead = isName && isOnlyInPrisma(answer.message, checked);
    const problem: Problem = {
      span,
      severity: isAhead ? "information" : "error",
      code: answer.sqlState,
      source: "PostgreSQL",
      message: [answer.message, answer.detail, answer.hint, isAhead ? "The Prisma schema has it; no migration makes it yet." : undefined].filter((part) => part !== undefined).join("\n"),
    };
    // A fragment may be part of several queries.
    if (!problems.some((each) => each.span.start === span.start && each.message === problem.message)) problems.push(problem);
  }
  return problems;
}

/** Undefined table, column, function, schema, object. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const unknownNames: ReadonlySet<string> = new Set(["42P01", "42703", "42883", "3F000", "42704"]);

/** An operator between PostgreSQL's own types: no extension and no statement of the file brings it. */
function isBuiltIn(message: string): boolean {
  return builtIn.test(message);
}

const ownTypes =
  "bigint|integer|smallint|numeric|real|double precision|text|character varying|character|boolean|uuid|jsonb?|bytea|date|interval|unknown|timestamp with(?:out)? time zone|time with(?:out)? time zone|inet|cidr|xml|money|name|oid";
const builtIn = new RegExp(`^operator does not exist: (?:(?:${ownTypes})(?:\\[\\])? )?\\S+ (?:${ownTypes})(?:\\[\\])?$`);

/** Statements after which the next ones find other names. */
const defines = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:create|alter|drop|set|do|import)\b|\binto\s+(?:temp|temporary|unlogged|table)\b/i;

/** Through Prisma's client, it is this database; else when it has a table that a query of the file reads. */
function isForThis({ kind, tag, text }: Query, answer: TypeCheck | undefined): boolean {
  if (kind === "typedSql" || tag?.startsWith("$") === true || tag === "Prisma.sql") return true;
  return answer?.kind === "described" && (answer.columns === undefined || /\bfrom\b/i.test(text));
}

type Refusal = Extract<TypeCheck, { kind: "refused" }>;

/** What is put in as text may be anything; of a value that is put in as a literal, the type is known where it runs. */
function isUncertain({ sqlState, at }: Refusal, query: Query): boolean {
  // A fault of the embedded PostgreSQL, or a limit of it.
  if (sqlState === "" || /^(?:0A|53|54|57|58|XX)/.test(sqlState)) return true;
  if (/\$\{|\{\{/.test(query.text) && sqlState.startsWith("22")) return true;
  const parameter = at === undefined ? undefined : /^\$\d+/.exec(query.text.slice(at))?.[0];
  // Where no value can stand, there is SQL that is made when it runs.
  if (parameter !== undefined && sqlState === "42601") return true;
  const styles = new Set(query.parameters.map(({ style }) => style));
  const isTemplate = query.kind === "template" && query.parameters.every(({ style }) => style === "${x}");
  if (isTemplate || styles.size === 0 || (styles.size === 1 && styles.has("$1"))) return false;
  if (parameter !== undefined) return true;
  if (styles.has("{{x}}") || styles.has("${x}")) return !(sqlState === "42P01" || sqlState === "42703");
  return /^(?:42P18|42P08|42725|42P02)$/.test(sqlState);
}

/** A table of that name is in another schema: which ones are searched is set where the query runs. */
function isElsewhere(message: string, schema: Schema): boolean {
  const name = /^relation "([^".]+)" does not exist/.exec(message)?.[1];
  return name !== undefined && [...schema.tables.values()].some((table) => table.name === name && table.schema !== "public");
}

/** What stands in the Prisma schema, and in no migration yet. */
function isOnlyInPrisma(message: string, { schema, sqlFiles }: CheckedProject): boolean {
  if (sqlFiles.length === 0) return false;
  const table = /^relation "(?:[^"]+\.)?([^".]+)" does not exist/.exec(message)?.[1];
  const column = /^column (?:[\w"]+\.)?"?([^". ]+)"? (?:of relation "[^"]+" )?does not exist/.exec(message)?.[1];
  const isPrismas = (element: { readonly origins: readonly { readonly kind: string }[] }): boolean => element.origins.length > 0 && element.origins.every(({ kind }) => kind === "prisma");
  return [...schema.tables.values()].some(
    (each) => (table !== undefined && each.name === table && isPrismas(each)) || (column !== undefined && [...each.columns.values()].some((own) => own.name === column && isPrismas(own))),
  );
}

function touch(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** The word that PostgreSQL points at; its first word where it points at none. */
function spanOf(at: number | undefined, { text, span, placeOf }: Query): Span {
  const first = at ?? Math.max(0, text.search(/\w/));
  const word = /^(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))*|\$\d+|\d+(?:\.\d+)?|'(?:[^'\n]|'')*'|[-+*/<>=~!@#%^&|?]+|::|.)/u.exec(text.slice(first))?.[0] ?? "";
  const start = placeOf(first);
  const last = Math.max(first, first + word.length - 1);
  const end = placeOf(last) + 1;
  // A word may reach into a placeholder, which stands elsewhere.
  return end > start && end <= start + Math.max(1, word.length) * 6 ? { start, end } : { start, end: Math.max(start + 1, Math.min(start + word.length, span.end)) };
}
