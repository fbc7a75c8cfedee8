/** Which rows an UPDATE writes over and a DELETE takes, as conditions of a query that counts them. Read off the text; pure. */
import { quoteIdentifier } from "../../model/names.ts";
import { tokensFrom } from "../../sql/tokens.ts";

export interface WrittenRows {
  /** What stands behind `FROM`. */
  readonly from: string;
  /** As the rest of the query calls the table. */
  readonly table: string;
  /** Undefined: every row. */
  readonly where: string | undefined;
  /** Other tables may make several rows of one. */
  readonly isJoined: boolean;
  /** What a column is set to, by its name; those that are set together with others are missing. */
  readonly set: ReadonlyMap<string, string>;
}

/** Undefined for what is no plain UPDATE or DELETE, and for what names its table as a query does not. */
export function writtenRows(statement: string): WrittenRows | undefined {
  const parts = clauses(statement);
  const [verb, target = ""] = parts.get("update") === undefined ? ["delete", parts.get("from")] : ["update", parts.get("update")];
  if (parts.has("with") || (verb === "delete" && !parts.has("delete"))) return undefined;
  const named = /^(only\s+)?((?:"(?:[^"]|"")+"|[\w$]+)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\w$]+))?)(?:\s+(?:as\s+)?("(?:[^"]|"")+"|[\w$]+))?$/i.exec(target.trim());
  if (named === null) return undefined;
  const [, only = "", relation = "", alias] = named;
  const others = verb === "update" ? parts.get("from") : parts.get("using");
  const table = alias ?? relation;
  return { from: `${only}${relation}${alias === undefined ? "" : ` AS ${alias}`}${others === undefined ? "" : `, ${others.trim()}`}`, table, where: parts.get("where")?.trim(), isJoined: others !== undefined, set: assignments(parts.get("set") ?? "") };
}

/** Queries that count rows whose value in the column goes, the most exact first: one that PostgreSQL refuses says nothing. */
export function countsOf({ from, table, where, isJoined, set }: WrittenRows, column: string | undefined): readonly string[] {
  const name = column === undefined ? undefined : `${table}.${quoteIdentifier(column)}`;
  const value = column === undefined ? undefined : set.get(column);
  const query = (...conditions: readonly (string | undefined)[]): string => {
    const all = conditions.flatMap((condition) => (condition === undefined ? [] : [`(${condition}\n)`]));
    return `SELECT count(${isJoined ? `DISTINCT (${table}.tableoid, ${table}.ctid)` : "*"})::float8 AS n FROM ${from}${all.length === 0 ? "" : ` WHERE ${all.join(" AND ")}`}`;
  };
  const there = name === undefined ? undefined : `${name} IS NOT NULL`;
  return [...(value === undefined ? [] : [query(where, there, `${name} IS DISTINCT FROM (${value}\n)`)]), query(where, there)];
}

const words: ReadonlySet<string> = new Set(["with", "update", "delete", "set", "from", "using", "where", "returning"]);

/** By the word that begins it, what stands up to the next one, outside of parentheses. */
function clauses(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let depth = 0;
  let last = "";
  let open: { readonly word: string; readonly from: number } | undefined;
  for (const { start, end } of tokensFrom(text, 0)) {
    const token = text.slice(start, end).toLowerCase();
    if (token === "(" || token === "[") depth++;
    else if (token === ")" || token === "]") depth--;
    // IS DISTINCT FROM begins no clause.
    else if (depth === 0 && words.has(token) && !(token === "from" && last === "distinct") && !found.has(token)) {
      if (open !== undefined) found.set(open.word, text.slice(open.from, start));
      open = { word: token, from: end };
    }
    last = token;
  }
  if (open !== undefined) found.set(open.word, text.slice(open.from).replace(/;\s*$/, ""));
  return found;
}

/** `name = expression`, one after the other. */
function assignments(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let depth = 0;
  let from = 0;
  const take = (to: number): void => {
    const [, name, value] = /^\s*("(?:[^"]|"")+"|[\w$]+)\s*=(?!=)([^]*)$/.exec(text.slice(from, to)) ?? [];
    if (name !== undefined && value !== undefined) found.set(name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase(), value.trim());
  };
  for (const { start, end } of tokensFrom(text, 0)) {
    const token = text.slice(start, end);
    if (token === "(" || token === "[") depth++;
    else if (token === ")" || token === "]") depth--;
    else if (token === "," && depth === 0) {
      take(start);
      from = end;
    }
  }
  take(text.length);
  return found;
}
