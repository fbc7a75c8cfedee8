/**
 * What the conditions of policies do, read from their text: which columns they hold to a value of the session, which
 * functions of the session they call, and whether they let everything through. Never throws; what is not recognised is
 * not claimed.
 */
import { closingToken, type SqlToken, sqlTokens } from "../../edits/sql/sqlText.ts";
import { memoised } from "../../model/memoised.ts";
import type { Expression, Policy, Table } from "../../model/schema.ts";
import type { Span } from "../../text/span.ts";

/** A call whose value is the same for every row, in the text of a condition. */
export interface SessionCall {
  readonly span: Span;
  /** As written: `auth.uid()`, `current_setting('app.tenant_id', true)`. */
  readonly text: string;
  /** Whether it stands in a sub-select, which PostgreSQL evaluates by itself. */
  readonly isInSelect: boolean;
}

/** Supabase's functions about who asks, and PostgreSQL's own for settings. */
export const sessionCalls = memoised((expression: Expression): readonly SessionCall[] => {
  if (!mayCallSession.test(expression.text)) return noCalls;
  const tokens = tokensOf(expression);
  const calls: SessionCall[] = [];
  /** For each open parenthesis, whether it or one around it begins with SELECT. */
  const selects: boolean[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const text = tokens[i]?.text;
    if (text === "(") selects.push(selects.at(-1) === true || tokens[i + 1]?.text === "SELECT" || tokens[i + 1]?.text === "WITH");
    else if (text === ")") selects.pop();
    const open = openingOfCall(tokens, i);
    const close = open === undefined ? undefined : closingToken(tokens, open);
    const [first, last] = [tokens[i], tokens[close ?? -1]];
    if (open === undefined || close === undefined || first === undefined || last === undefined) continue;
    const span = { start: first.span.start, end: last.span.end };
    // A call whose arguments are columns has another value for each row.
    if (tokens.slice(open + 1, close).every(isConstant)) {
      calls.push({ span, text: expression.text.slice(span.start, span.end), isInSelect: selects.at(-1) === true });
    }
    i = close;
  }
  return calls;
});

const noCalls: readonly SessionCall[] = [];
const mayCallSession = /\bauth\s*"?\s*\.|\bcurrent_setting\b/i;

/** The index of the parenthesis of a session call that begins at `at`. */
function openingOfCall(tokens: readonly SqlToken[], at: number): number | undefined {
  if (tokens[at - 1]?.text === ".") return undefined;
  const word = tokens[at]?.text;
  if (word === "CURRENT_SETTING") return tokens[at + 1]?.text === "(" ? at + 1 : undefined;
  if (word === "PG_CATALOG" && tokens[at + 2]?.text === "CURRENT_SETTING") return tokens[at + 3]?.text === "(" ? at + 3 : undefined;
  const isAuth = word === "AUTH" && tokens[at + 1]?.text === "." && authFunctions.has(tokens[at + 2]?.text ?? "");
  return isAuth && tokens[at + 3]?.text === "(" ? at + 3 : undefined;
}

const authFunctions = new Set(["UID", "JWT", "ROLE", "EMAIL"]);

/** Strings, numbers, and what joins them. */
function isConstant({ text }: SqlToken): boolean {
  return /^(?:[eE]?'|\d|[,:()]|TRUE$|FALSE$|TEXT$|NULL$)/.test(text);
}

/** The condition with these calls, by their spans, each in a sub-select of its own. */
export function inSelects(expression: Expression, calls: readonly SessionCall[]): string {
  let text = expression.text;
  for (const { span, text: call } of calls.toReversed()) text = `${text.slice(0, span.start)}(SELECT ${call})${text.slice(span.end)}`;
  return text;
}

/**
 * The columns that a condition holds to one value of the session: `tenant_id = current_setting(…)::uuid` and whatever
 * else must be true besides. Empty where it has alternatives: then no row need fulfil it.
 */
export function heldColumns(table: Table, expression: Expression | undefined): readonly string[] {
  return comparisonsIn(table, expression).map(({ column }) => column);
}

/** Those of them that an index finds: a column that is cast has no index of its own. */
export function searchedColumns(table: Table, expression: Expression | undefined): readonly string[] {
  return comparisonsIn(table, expression).flatMap(({ column, isCast }) => (isCast ? [] : [column]));
}

interface Comparison {
  readonly column: string;
  readonly isCast: boolean;
}

function comparisonsIn(table: Table, expression: Expression | undefined): readonly Comparison[] {
  if (expression === undefined || expression.columns.length === 0) return none;
  const known = comparisons.get(expression);
  if (known?.table === table) return known.found;
  const found = readComparisons(table, expression);
  comparisons.set(expression, { table, found });
  return found;
}

/** Three rules ask, and most policies are as they were. */
const comparisons = new WeakMap<Expression, { readonly table: Table; readonly found: readonly Comparison[] }>();

function readComparisons(table: Table, expression: Expression): readonly Comparison[] {
  if (tokensOf(expression).length > longest) return none;
  const found: Comparison[] = [];
  for (const condition of conditionsOf(tokensOf(expression))) {
    const at = equalsAt(condition);
    if (at === undefined) continue;
    for (const [side, other] of [
      [condition.slice(0, at), condition.slice(at + 1)],
      [condition.slice(at + 1), condition.slice(0, at)],
    ] as const) {
      const comparison = columnOf(table, side, expression);
      if (comparison !== undefined && isOfSession(table, other, expression)) found.push(comparison);
    }
  }
  return found;
}

const none: readonly Comparison[] = [];

/** Conditions of more words are nobody's own: they are not read. */
const longest = 5000;

/** The columns that no row gets past a policy without: what its USING holds, or its WITH CHECK where it has none. */
export function columnsHeldBy(table: Table, policy: Policy): readonly string[] {
  return policy.using === undefined ? heldColumns(table, policy.withCheck) : heldColumns(table, policy.using);
}

/** The parts that AND joins; none where OR joins any. */
function conditionsOf(all: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const tokens = withoutParentheses(all);
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (depth === 0 && (token.text === "OR" || token.text === "CASE" || token.text === "NOT")) return [];
    if (depth === 0 && token.text === "AND") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  if (parts.length === 1) return parts;
  return parts.flatMap(conditionsOf);
}

function withoutParentheses(tokens: readonly SqlToken[]): readonly SqlToken[] {
  let inner = tokens;
  while (inner[0]?.text === "(" && inner[1]?.text !== "SELECT" && closingToken(inner, 0) === inner.length - 1) inner = inner.slice(1, -1);
  return inner;
}

/** The index of the only comparison, when that is `=`. */
function equalsAt(tokens: readonly SqlToken[]): number | undefined {
  let found: number | undefined;
  let depth = 0;
  for (const [i, { text }] of tokens.entries()) {
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    if (depth > 0) continue;
    if (text === "<" || text === ">" || text === "!" || text === "~" || text === "IS" || text === "IN" || text === "LIKE") return undefined;
    if (text !== "=") continue;
    if (found !== undefined) return undefined;
    found = i;
  }
  return found;
}

/** The column that a side of a comparison is, with or without its table and a cast. */
function columnOf(table: Table, side: readonly SqlToken[], { text }: Expression): Comparison | undefined {
  const bare = withoutParentheses(side);
  const cast = bare.findIndex((token) => token.text === ":");
  const path = cast < 0 ? bare : withoutParentheses(bare.slice(0, cast));
  const last = path.at(-1);
  if (last === undefined || path.length > 5 || path.some((token, i) => (token.text === ".") !== (i % 2 === 1))) return undefined;
  const column = nameOf(text, last);
  return table.columns.has(column) ? { column, isCast: cast >= 0 } : undefined;
}

/** Whether a side has one value for the whole query: it calls something and reads no row of any table. */
function isOfSession(table: Table, side: readonly SqlToken[], { text }: Expression): boolean {
  let calls = false;
  for (const [i, token] of side.entries()) {
    if (token.text === "FROM") return false;
    if (token.text === "CURRENT_USER" || token.text === "SESSION_USER" || side[i + 1]?.text === "(")
      calls ||= /^[\p{L}_"]/u.test(token.text) && token.text !== "SELECT";
    const isName = /^["\p{L}_]/u.test(token.text) && side[i + 1]?.text !== "(" && side[i + 1]?.text !== "." && side[i - 1]?.text !== ":";
    if (isName && table.columns.has(nameOf(text, token))) return false;
  }
  return calls;
}

/** The name that a token is, folded as PostgreSQL folds it. */
function nameOf(text: string, { span }: SqlToken): string {
  const written = text.slice(span.start, span.end);
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}

/** Whether a condition lets every row through. */
export function isAlwaysTrue(expression: Expression | undefined): boolean {
  return expression !== undefined && /^\(*true\)*$/i.test(expression.canonical);
}

const tokensOf = memoised((expression: Expression): readonly SqlToken[] =>
  sqlTokens(expression.text, { start: 0, end: expression.text.length }),
);

/** Whether a policy is for this command, by itself or with all others. */
export function appliesTo(policy: Policy, command: Exclude<Policy["command"], "all">): boolean {
  return policy.command === "all" || policy.command === command;
}
