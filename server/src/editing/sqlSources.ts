/** What stands in FROM around a cursor, and which columns it has: read off tokens, for statements that do not parse yet. */
import { formatType } from "../model/pgTypes.ts";
import type { ColumnSource } from "../sql/reference.ts";
import type { NameResolver } from "./resolve.ts";
import type { SqlContext, SqlItem, SqlToken, TokenGroup } from "./sqlContext.ts";

export interface TypedSource {
  /** What its columns are qualified with. */
  readonly name: string | undefined;
  /** In the database; undefined for what the statement makes itself. */
  readonly relation: readonly string[] | undefined;
  readonly columns: readonly TypedColumn[];
}

export interface TypedColumn {
  readonly name: string;
  /** Type or origin, in short. */
  readonly detail: string;
}

/** Words that end a list of sources, or cannot be an alias. */
const reserved: ReadonlySet<string> = new Set(
  (
    "WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH WINDOW UNION INTERSECT EXCEPT RETURNING SET VALUES SELECT ON USING JOIN INNER LEFT RIGHT " +
    "FULL CROSS NATURAL OUTER FROM INTO FOR WITH AND OR NOT AS LATERAL ONLY TABLESAMPLE WHEN THEN DO DEFAULT ADD ALTER DROP RENAME ENABLE " +
    "DISABLE VALIDATE CASCADE RESTRICT IS IN LIKE CONFLICT ATTACH DETACH OWNER"
  ).split(" "),
);
const endOfFrom: ReadonlySet<string> = new Set(
  "WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH WINDOW UNION INTERSECT EXCEPT RETURNING SET VALUES SELECT ON".split(" "),
);
const setOperators: ReadonlySet<string> = new Set(["UNION", "INTERSECT", "EXCEPT"]);

/** Deeper than people nest. */
const deepest = 20;

export class SourceReader {
  readonly #resolver: NameResolver;
  #ctes = new Map<string, readonly TypedColumn[]>();

  constructor(resolver: NameResolver) {
    this.#resolver = resolver;
  }

  /** Names of common table expressions that were met so far. */
  get ctes(): ReadonlyMap<string, readonly TypedColumn[]> {
    return this.#ctes;
  }

  /** The innermost first. */
  around({ levels }: SqlContext): readonly (readonly TypedSource[])[] {
    // Outer ones first: what they name by WITH is known further in.
    const found = levels.map(({ group, before }) => {
      this.#readCtes(group.items, 0);
      return this.#sourcesIn(segment(group.items, before), 0);
    });
    return found.reverse();
  }

  columnsOf(path: readonly string[]): readonly TypedColumn[] {
    const [first] = path;
    if (path.length === 1 && first !== undefined) {
      const cte = this.#ctes.get(first);
      if (cte !== undefined) return cte;
    }
    const source: ColumnSource = { name: path.at(-1), isAlias: false, relation: path, columns: undefined, columnNames: [] };
    return (this.#resolver.columnsOf(source) ?? []).map(({ name, object }) => ({
      name,
      detail: object?.kind === "column" ? formatType(object.column.type) : "",
    }));
  }

  #readCtes(items: readonly SqlItem[], depth: number): void {
    if (depth > deepest || wordAt(items, 0) !== "WITH") return;
    for (let i = wordAt(items, 1) === "RECURSIVE" ? 2 : 1; i < items.length; ) {
      const name = items[i];
      if (name?.kind !== "token" || name.name === undefined) return;
      let at = i + 1;
      const list = items[at];
      if (list?.kind === "group") at++;
      if (wordAt(items, at) !== "AS") return;
      at++;
      while (wordAt(items, at) === "NOT" || wordAt(items, at) === "MATERIALIZED") at++;
      const body = items[at];
      if (body?.kind !== "group") return;
      this.#ctes.set(name.name, list?.kind === "group" ? namesIn(list) : this.#outputOf(body, depth + 1));
      if (textAt(items, at + 1) !== ",") return;
      i = at + 2;
    }
  }

  #sourcesIn(items: readonly SqlItem[], depth: number): readonly TypedSource[] {
    const sources: TypedSource[] = [];
    const isDelete = wordAt(items, 0) === "DELETE" || wordAt(items, 0) === "MERGE";
    let isInFrom = false;
    for (let i = 0; i < items.length; ) {
      const word = wordAt(items, i);
      const before = wordAt(items, i - 1);
      const begins =
        (word === "FROM" && before !== "DISTINCT") ||
        word === "JOIN" ||
        word === "INTO" ||
        (word === "TABLE" && before !== "CREATE") ||
        (word === "UPDATE" && before !== "FOR" && before !== "DO" && before !== "KEY" && before !== "ON") ||
        (word === "USING" && isDelete);
      if (word === "FROM" || word === "JOIN") isInFrom = true;
      else if (endOfFrom.has(word) && word !== "ON") isInFrom = false;
      if (!begins && !(isInFrom && textAt(items, i) === ",")) {
        i++;
        continue;
      }
      const read = this.#sourceAt(items, i + 1, depth);
      if (read.source !== undefined) sources.push(read.source);
      i = Math.max(read.next, i + 1);
    }
    return sources;
  }

  #sourceAt(items: readonly SqlItem[], from: number, depth: number): { readonly source: TypedSource | undefined; readonly next: number } {
    let at = from;
    while (/^(?:ONLY|LATERAL|IF|EXISTS)$/.test(wordAt(items, at))) at++;
    const item = items[at];
    if (item === undefined) return { source: undefined, next: at };
    let columns: readonly TypedColumn[];
    let relation: readonly string[] | undefined;
    let name: string | undefined;
    if (item.kind === "group") {
      columns = this.#outputOf(item, depth + 1);
      at++;
    } else {
      const path = pathAt(items, at);
      if (path.length === 0 || reserved.has(item.word)) return { source: undefined, next: at };
      at += 2 * path.length - 1;
      name = path.at(-1);
      const isCall = items[at]?.kind === "group" && wordAt(items, from - 1) !== "INTO" && wordAt(items, from - 1) !== "TABLE";
      if (isCall) at++;
      else if (path.length > 1 || !this.#ctes.has(path[0] ?? "")) relation = path;
      columns = isCall ? [] : this.columnsOf(path);
    }
    if (textAt(items, at) === "*") at++;
    if (wordAt(items, at) === "AS") at++;
    const alias = items[at];
    if (alias?.kind === "token" && alias.name !== undefined && !reserved.has(alias.word)) {
      name = alias.name;
      const list = items[at + 1];
      if (list?.kind === "group" && wordAt(items, from - 1) !== "INTO") columns = namesIn(list);
      at++;
    }
    return { source: { name, relation, columns }, next: at };
  }

  /** The columns that a query in parentheses puts out, as far as they have names. */
  #outputOf(group: TokenGroup, depth: number): readonly TypedColumn[] {
    if (depth > deepest) return [];
    const items = segment(group.items, 0);
    const start = items.findIndex((_, i) => wordAt(items, i) === "SELECT" || wordAt(items, i) === "RETURNING");
    if (start < 0) return [];
    this.#readCtes(items, depth);
    const columns: TypedColumn[] = [];
    let sources: readonly TypedSource[] | undefined;
    for (let i = start + 1; i < items.length && wordAt(items, i) !== "FROM"; ) {
      let end = i;
      while (end < items.length && textAt(items, end) !== "," && wordAt(items, end) !== "FROM") end++;
      const last = items[end - 1];
      if (last?.kind === "token" && last.text === "*") {
        sources ??= this.#sourcesIn(items, depth);
        const qualifier = textAt(items, end - 2) === "." ? nameAt(items, end - 3) : undefined;
        for (const source of sources) if (qualifier === undefined || source.name === qualifier) columns.push(...source.columns);
      } else if (last?.kind === "token" && last.name !== undefined) columns.push({ name: last.name, detail: "" });
      else if (last?.kind === "group") {
        const called = nameAt(items, end - 2);
        if (called !== undefined) columns.push({ name: called, detail: "" });
      }
      i = textAt(items, end) === "," ? end + 1 : end;
    }
    return columns;
  }
}

/** The part between set operators that holds an item: each has a FROM of its own. */
function segment(items: readonly SqlItem[], index: number): readonly SqlItem[] {
  let start = 0;
  let end = items.length;
  for (let i = 0; i < items.length; i++) {
    if (!setOperators.has(wordAt(items, i))) continue;
    if (i < index) start = i + 1;
    else {
      end = i;
      break;
    }
  }
  return start === 0 && end === items.length ? items : items.slice(start, end);
}

export function pathAt(items: readonly SqlItem[], index: number): readonly string[] {
  const path: string[] = [];
  for (let i = index; ; i += 2) {
    const name = nameAt(items, i);
    if (name === undefined) return path;
    path.push(name);
    if (textAt(items, i + 1) !== ".") return path;
  }
}

function namesIn(group: TokenGroup): readonly TypedColumn[] {
  return group.items.flatMap((item, i) => {
    const before = group.items[i - 1];
    const isFirst = i === 0 || (before?.kind === "token" && before.text === ",");
    return isFirst && item.kind === "token" && item.name !== undefined ? [{ name: item.name, detail: "" }] : [];
  });
}

export function wordAt(items: readonly SqlItem[], index: number): string {
  const item = items[index];
  return item?.kind === "token" ? item.word : "";
}

export function textAt(items: readonly SqlItem[], index: number): string {
  const item = items[index];
  return item?.kind === "token" ? item.text : "";
}

function nameAt(items: readonly SqlItem[], index: number): string | undefined {
  const item: SqlToken | TokenGroup | undefined = items[index];
  return item?.kind === "token" ? item.name : undefined;
}
