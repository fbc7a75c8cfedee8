/** What PostgreSQL makes of a query, for a hover: types of parameters and of results, and which results are never null. */
import type { Query, QueryParameter } from "../sql/queries/query.ts";
import type { Span } from "../text/span.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import type { ResultColumn, TypeCheck } from "../workspace/typeChecks.ts";

export interface QuerySheet {
  readonly span: Span;
  /** A heading in Markdown, and a text for a code block. */
  readonly heading: string;
  readonly code: string;
}

type Described = Extract<TypeCheck, { kind: "described" }>;

/** At a placeholder its type; at a statement's first word, or a template's tag, the whole. Undefined elsewhere, and while nothing is known. */
export function* querySheet(snapshot: Snapshot, uri: string, at: number): Steps<QuerySheet | undefined> {
  const text = snapshot.file(uri)?.text;
  if (text === undefined || (yield* snapshot.definesSchema(uri)) || !snapshot.isTypeChecked(uri)) return undefined;
  // A template may stand in another one.
  for (const query of [...(yield* snapshot.queries(uri))].reverse()) {
    const parameter = query.parameters.find(({ spans }) => spans.some(({ start, end }) => start <= at && at <= end));
    const head = parameter === undefined ? headAt(query, at, text) : undefined;
    if (parameter === undefined && head === undefined) continue;
    const answer = yield* snapshot.typeCheckOf(uri, query);
    if (answer?.kind !== "described") continue;
    if (parameter !== undefined) return ofParameter(parameter, answer, at);
    if (head !== undefined) return { span: head, heading: counted(answer), code: signature(query, answer) };
  }
  return undefined;
}

/** The first word, or the tag before the template. */
function headAt(query: Query, at: number, text: string): Span | undefined {
  const first = query.text.search(/\w/);
  const word = /^\w+/.exec(query.text.slice(first))?.[0].length ?? 0;
  const start = query.placeOf(first);
  if (start <= at && at <= start + word) return { start, end: start + word };
  if (query.kind !== "template" || query.tag === undefined || at >= query.span.start) return undefined;
  const before = /\$?[\w.]+\s*(?:<[^`]*>)?\s*\(?\s*$/.exec(text.slice(Math.max(0, query.span.start - longestTag), query.span.start - 1));
  const tag = query.span.start - 1 - (before?.[0].length ?? 0);
  return before !== null && tag <= at ? { start: tag, end: query.span.start - 1 } : undefined;
}

/** With type arguments. */
const longestTag = 200;

function ofParameter({ number, name, spans, stated }: QueryParameter, { parameters }: Described, at: number): QuerySheet | undefined {
  const type = parameters[number - 1];
  const span = spans.find(({ start, end }) => start <= at && at <= end);
  if (type === undefined || span === undefined) return undefined;
  const said = stated?.type === undefined ? "" : ` -- ${stated.type}${stated.isNullable ? " or null" : ""}`;
  return { span, heading: "Parameter, as PostgreSQL takes it", code: `$${number}${name === undefined ? "" : ` ${name}`}  ${type}${said}` };
}

function counted({ parameters, columns }: Described): string {
  const of = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
  const taken = parameters.length === 0 ? "no parameters" : of(parameters.length, "parameter");
  return `Query: ${taken}, ${columns === undefined ? "no result" : of(columns.length, "column")}`;
}

/** More are counted only: a hover is read at a glance. */
const most = 14;

function signature(query: Query, { parameters, columns }: Described): string {
  const taken = parameters.map((type, i) => {
    const name = query.parameters.find(({ number }) => number === i + 1)?.name;
    return `$${i + 1}${name === undefined ? "" : ` ${name}`} ${type}`;
  });
  const mayBeNull = canAddNulls(query.text);
  const given = (columns ?? []).map((column) => `${column.name} ${column.type}${isNeverNull(column, mayBeNull) ? " not null" : ""}`);
  const lines = [...(taken.length === 0 ? [] : [`(${shortened(taken).join(",\n ")})`]), ...(given.length === 0 ? [] : [`→ ${shortened(given).join(",\n  ")}`])];
  return lines.length === 0 ? "(nothing in, nothing out)" : lines.join("\n");
}

function shortened(items: readonly string[]): readonly string[] {
  return items.length <= most ? items : [...items.slice(0, most - 1), `… ${items.length - most + 1} more`];
}

/** An outer join gives nulls where the table has none, and so do grouping sets. */
function canAddNulls(sql: string): boolean {
  return /\b(?:left|right|full)\s+(?:outer\s+)?join\b|\b(?:rollup|cube|grouping\s+sets)\b/i.test(sql);
}

function isNeverNull({ source }: ResultColumn, mayBeNull: boolean): boolean {
  return source?.notNull === true && !mayBeNull;
}
