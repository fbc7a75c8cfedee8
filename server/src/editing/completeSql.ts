/**
 * What can be written at a place of an SQL file: tables where a table is expected, columns of what stands in FROM, types,
 * constraints, a few functions. Works on tokens, for a statement that is being typed does not parse.
 */
import { keyOf, sqlIdentifier } from "../model/names.ts";
import type { Schema, Table } from "../model/schema.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { type Completion, type CompletionKind, mostCompletions } from "./completion.ts";
import type { NameResolver } from "./resolve.ts";
import { joinConditions } from "./joinConditions.ts";
import { type SqlContext, sqlContextAt, type SqlItem } from "./sqlContext.ts";
import { pathAt, SourceReader, textAt, type TypedColumn, type TypedSource, wordAt } from "./sqlSources.ts";

export function completeSql(file: SqlFile, offset: number, resolver: NameResolver): readonly Completion[] {
  const { start, end } = statementAt(file, offset);
  const context = sqlContextAt(file.text, start, end, offset);
  if (context === undefined) return [];
  const offers = new SqlOffers(context, resolver).all();
  if (offers.length <= mostCompletions) return offers;
  // The editor asks again with every letter, because there were too many.
  const typed = context.prefix.replaceAll('"', "").toLowerCase();
  return offers.filter(({ label }) => label.toLowerCase().includes(typed)).slice(0, mostCompletions);
}

/** The statement that holds an offset, or after which only white space stands before it. */
function statementAt({ statements, text }: SqlFile, offset: number): { readonly start: number; readonly end: number } {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle]?.span.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const last = statements[low - 1];
  if (last === undefined) return { start: 0, end: offset };
  const semicolon = offset <= last.span.end ? -1 : text.slice(last.span.end, offset).indexOf(";");
  if (last.kind === "sql" && semicolon < 0) return last.span;
  return { start: last.span.end + semicolon + 1, end: offset };
}

const types: readonly string[] = (
  "bigint,boolean,bytea,char,citext,date,daterange,decimal,double precision,inet,int4range,integer,interval,json,jsonb,numeric,real," +
  "smallint,text,time,timestamp,timestamptz,tsrange,tstzrange,tsvector,uuid,varchar,xml"
).split(",");

/** The ones that queries are full of, with what they take. */
const functions: readonly (readonly [name: string, takes: string])[] = [
  ["count", "*"],
  ["sum", "expression"],
  ["avg", "expression"],
  ["min", "expression"],
  ["max", "expression"],
  ["coalesce", "value, …"],
  ["nullif", "a, b"],
  ["now", ""],
  ["date_trunc", "unit, timestamp"],
  ["extract", "field from timestamp"],
  ["lower", "text"],
  ["upper", "text"],
  ["length", "text"],
  ["concat_ws", "separator, …"],
  ["array_agg", "expression"],
  ["string_agg", "text, delimiter"],
  ["jsonb_agg", "expression"],
  ["jsonb_build_object", "key, value, …"],
  ["row_number", ""],
  ["rank", ""],
  ["lag", "value"],
  ["lead", "value"],
  ["greatest", "value, …"],
  ["least", "value, …"],
  ["round", "number, digits"],
  ["gen_random_uuid", ""],
  ["generate_series", "start, stop, step"],
  ["unnest", "array"],
];

const statements = ["SELECT", "INSERT INTO", "UPDATE", "DELETE FROM", "WITH", "CREATE TABLE", "CREATE INDEX", "ALTER TABLE", "DROP TABLE"];
const afterSource = ["WHERE", "JOIN", "LEFT JOIN", "ON", "GROUP BY", "ORDER BY", "LIMIT", "AS"];

/** What callers of these read, FROM is no clause in. */
const fromIsNoClause: ReadonlySet<string> = new Set(["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY"]);

class SqlOffers {
  readonly #context: SqlContext;
  readonly #resolver: NameResolver;
  readonly #schema: Schema;
  readonly #items: readonly SqlItem[];
  /** How many items of the innermost group stand before the cursor's word and what qualifies it. */
  readonly #at: number;

  constructor(context: SqlContext, resolver: NameResolver) {
    this.#context = context;
    this.#resolver = resolver;
    this.#schema = resolver.schema;
    const level = context.levels.at(-1);
    this.#items = level?.group.items ?? [];
    this.#at = level?.before ?? 0;
  }

  all(): readonly Completion[] {
    const reader = new SourceReader(this.#resolver);
    const scopes = reader.around(this.#context);
    const table = this.#tableOfDefinition();
    if (this.#expectsType()) return this.#types();
    if (this.#context.qualifier.length > 0) return this.#qualified(scopes, reader);
    if (this.#expectsRelation()) return this.#relations(reader);
    const listed = this.#tableOfList() ?? (this.#expectsColumnOfTable() ? table : undefined);
    if (listed !== undefined) return this.#columns(reader.columnsOf(listed), 0);
    if (table !== undefined && this.#expectsConstraint()) return this.#constraints(table);
    if (table !== undefined && this.#word(-1) !== "" && this.#context.levels.length === 1 && !this.#isQuery()) return [];
    const own = this.#columnsBeingDefined();
    if (own !== undefined) return this.#columns(own, 0);
    if (this.#at === 0 && this.#context.levels.length === 1)
      return statements.map((words, i) => this.#offer(words, "keyword", "", words, i));
    return this.#isQuery() || table !== undefined ? this.#expression(scopes) : [];
  }

  #word(back: number): string {
    return wordAt(this.#items, this.#at + back);
  }

  #firstWord(level = 0): string {
    return wordAt(this.#context.levels[level]?.group.items ?? [], 0);
  }

  #isQuery(): boolean {
    return (
      /^(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|VALUES|EXPLAIN|PREPARE|DECLARE|TABLE)$/.test(this.#firstWord()) ||
      this.#context.levels.some((_, i) => this.#firstWord(i) === "SELECT")
    );
  }

  #expectsRelation(): boolean {
    const [word, before] = [this.#word(-1), this.#word(-2)];
    const isCreate = this.#firstWord() === "CREATE";
    switch (word) {
      case "FROM":
        return before !== "DISTINCT" && !fromIsNoClause.has(this.#callee());
      case "UPDATE":
        return this.#at === 1 || before === ")" || !/^(?:FOR|DO|KEY|ON|OR|BEFORE|AFTER)$/.test(before);
      case "TABLE":
        return before !== "CREATE" && !/^(?:TEMP|TEMPORARY|UNLOGGED)$/.test(before);
      case "EXISTS":
        return /^(?:DROP|ALTER)$/.test(this.#firstWord()) && before === "IF" && this.#at <= 4 && this.#word(-3) !== "COLUMN";
      case "ON":
        return (
          (isCreate && this.#context.levels.length === 1) ||
          (this.#firstWord() === "DROP" && this.#at > 2) ||
          /^(?:GRANT|REVOKE)$/.test(this.#firstWord())
        );
      case "JOIN":
      case "INTO":
      case "REFERENCES":
      case "ONLY":
      case "TRUNCATE":
      case "VIEW":
        return !(word === "VIEW" && isCreate);
      default:
        return textAt(this.#items, this.#at - 1) === "," && this.#clause() === "FROM";
    }
  }

  /** The word that begins the clause around the cursor. */
  #clause(): string {
    for (let i = this.#at - 1; i >= 0; i--) {
      const word = wordAt(this.#items, i);
      if (/^(?:FROM|SELECT|WHERE|SET|VALUES|RETURNING|HAVING|ON|USING|LIMIT)$/.test(word)) return word;
      if (word === "BY") return wordAt(this.#items, i - 1);
    }
    return "";
  }

  /** What stands before the parenthesis that the cursor is in. */
  #callee(): string {
    const outer = this.#context.levels.at(-2);
    return outer === undefined ? "" : wordAt(outer.group.items, outer.before - 1);
  }

  #expectsType(): boolean {
    const items = this.#items;
    const at = this.#at;
    if (textAt(items, at - 1) === ":" && textAt(items, at - 2) === ":") return true;
    if (this.#word(-1) === "AS" && this.#callee() === "CAST") return true;
    if (this.#word(-1) === "TYPE" && this.#firstWord() === "ALTER" && this.#word(-3) !== "") return wordAt(items, 1) === "TABLE";
    if (this.#word(-1) === "RETURNS") return true;
    const column = wordAt(items, 1) === "TABLE" && this.#firstWord() === "ALTER" && this.#context.levels.length === 1 ? this.#word(-2) : "";
    if ((column === "COLUMN" && this.#word(-3) === "ADD") || (column === "EXISTS" && this.#word(-4) === "NOT")) return true;
    return (
      this.#isInColumnList() &&
      this.#positionInElement() === 1 &&
      !/^(?:CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK|EXCLUDE|LIKE)$/.test(this.#word(-1))
    );
  }

  /** Between the parentheses of CREATE TABLE. */
  #isInColumnList(): boolean {
    const [outer] = this.#context.levels;
    if (this.#context.levels.length !== 2 || outer === undefined || this.#firstWord() !== "CREATE") return false;
    const words = outer.group.items.slice(0, 4).map((_, i) => wordAt(outer.group.items, i));
    return words.includes("TABLE") && outer.group.items.findIndex((item) => item.kind === "group") === outer.before;
  }

  #positionInElement(): number {
    let position = 0;
    for (let i = this.#at - 1; i >= 0 && textAt(this.#items, i) !== ","; i--) position++;
    return position;
  }

  /** The table that ALTER TABLE, CREATE INDEX, POLICY or TRIGGER, COMMENT is about. */
  #tableOfDefinition(): readonly string[] | undefined {
    const items = this.#context.levels[0]?.group.items ?? [];
    const first = wordAt(items, 0);
    let at: number | undefined;
    if (/^(?:ALTER|LOCK|TRUNCATE)$/.test(first) && wordAt(items, 1) === "TABLE") at = 2;
    else if (first === "CREATE" || first === "DROP") {
      const on = items.findIndex((_, i) => wordAt(items, i) === "ON");
      at = on < 0 || wordAt(items, 1) === "TABLE" ? undefined : on + 1;
    }
    if (at === undefined) return undefined;
    while (/^(?:IF|EXISTS|ONLY)$/.test(wordAt(items, at))) at++;
    const path = pathAt(items, at);
    const isBehind = (this.#context.levels[0]?.before ?? 0) >= at + 2 * path.length - 1;
    return path.length === 0 || !isBehind ? undefined : path;
  }

  #expectsColumnOfTable(): boolean {
    const { levels } = this.#context;
    if (levels.length === 1) {
      const [word, before] = [this.#word(-1), this.#word(-2)];
      return word === "COLUMN" ? before !== "ADD" : word === "EXISTS" && this.#word(-3) === "COLUMN";
    }
    const callee = this.#callee();
    if (/^(?:KEY|UNIQUE|INCLUDE|CHECK|USING)$/.test(callee)) return true;
    return this.#firstWord() === "CREATE" && wordAt(levels[0]?.group.items ?? [], 1) !== "TABLE" && levels.length === 2;
  }

  #expectsConstraint(): boolean {
    const before = this.#word(-2) === "EXISTS" ? this.#word(-4) : this.#word(-2);
    return this.#word(-1) === "CONSTRAINT" && /^(?:DROP|VALIDATE|RENAME|ALTER)$/.test(before);
  }

  /** The table whose columns are listed here: `REFERENCES orders (…)`, `INSERT INTO orders (…)`. */
  #tableOfList(): readonly string[] | undefined {
    const outer = this.#context.levels.at(-2);
    if (outer === undefined) {
      // UPDATE orders SET …
      const isSet = this.#word(-1) === "SET" || (textAt(this.#items, this.#at - 1) === "," && this.#clause() === "SET");
      return isSet && this.#firstWord() === "UPDATE" ? pathAt(this.#items, wordAt(this.#items, 1) === "ONLY" ? 2 : 1) : undefined;
    }
    const { items } = outer.group;
    for (let at = outer.before - 1; at > 0 && at > outer.before - 6; at--) {
      const path = /^(?:REFERENCES|INTO)$/.test(wordAt(items, at)) ? pathAt(items, at + 1) : [];
      if (path.length > 0 && at + 2 * path.length === outer.before) return path;
    }
    return undefined;
  }

  /** Of CREATE TABLE, for its own keys. */
  #columnsBeingDefined(): readonly TypedColumn[] | undefined {
    const { levels } = this.#context;
    const [root, list] = levels;
    if (levels.length < 3 || root === undefined || list === undefined || wordAt(root.group.items, 0) !== "CREATE") return undefined;
    if (!/^(?:KEY|UNIQUE|CHECK|INCLUDE)$/.test(this.#callee())) return undefined;
    const { items } = list.group;
    return items.flatMap((item, i) => {
      const isFirst = i === 0 || textAt(items, i - 1) === ",";
      if (!isFirst || item.kind !== "token" || item.name === undefined) return [];
      return /^(?:CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK|EXCLUDE|LIKE)$/.test(item.word)
        ? []
        : [{ name: item.name, detail: textAt(items, i + 1) }];
    });
  }

  #qualified(scopes: readonly (readonly TypedSource[])[], reader: SourceReader): readonly Completion[] {
    const { qualifier } = this.#context;
    const name = qualifier.at(-1) ?? "";
    if (qualifier.length === 1 && !this.#expectsRelation()) {
      for (const sources of scopes) {
        const source = sources.find((one) => one.name === name);
        if (source !== undefined) return this.#columns(source.columns, 0);
      }
      if (name === "excluded" || name === "new" || name === "old") {
        const target = this.#tableOfDefinition() ?? scopes.flat().find(({ relation }) => relation !== undefined)?.relation;
        if (target !== undefined) return this.#columns(reader.columnsOf(target), 0);
      }
    }
    if (qualifier.length === 1 && this.#schema.namespaces.has(name)) return this.#relationsOf(name);
    return qualifier.length > 1 ? this.#columns(reader.columnsOf(qualifier), 0) : [];
  }

  #relations(reader: SourceReader): readonly Completion[] {
    const schemas = this.#schemas();
    const ctes = [...reader.ctes.keys()].map((name) => this.#offer(name, "alias", "", sql(name), 0));
    const isOnly = schemas.length === 1;
    const own = schemas.flatMap((schema, i) => this.#relationsOf(schema, i === 0 ? undefined : schema, 10 + 10 * i));
    return [...ctes, ...own, ...(isOnly ? [] : schemas.map((name) => this.#offer(name, "schema", "schema", sql(name), 100)))];
  }

  /** The search path's first. */
  #schemas(): readonly string[] {
    const all = new Set([...this.#schema.tables.values(), ...this.#schema.views.values()].map(({ schema }) => schema));
    return [...(all.delete("public") || all.size === 0 ? ["public"] : []), ...[...all].sort()];
  }

  #relationsOf(schema: string, written?: string, rank = 0): readonly Completion[] {
    const label = (name: string): string => (written === undefined ? sql(name) : `${sql(written)}.${sql(name)}`);
    const tables = [...this.#schema.tables.values()].filter((table) => table.schema === schema);
    const views = [...this.#schema.views.values()].filter((view) => view.schema === schema);
    return [
      ...tables.map(({ name, prismaName }) =>
        this.#offer(label(name), "table", prismaName === undefined ? "table" : `model ${prismaName}`, label(name), rank),
      ),
      ...views.map(({ name }) => this.#offer(label(name), "view", "view", label(name), rank)),
    ];
  }

  #expression(scopes: readonly (readonly TypedSource[])[]): readonly Completion[] {
    const sources = scopes.flat();
    if (this.#isBehindSource()) return afterSource.map((words, i) => this.#offer(words, "keyword", "", words, i));
    const joins = this.#word(-1) === "ON" ? joinConditions(scopes[0] ?? [], (path) => this.#table(path)) : [];
    const seen = new Map<string, number>();
    for (const { columns } of sources) for (const { name } of columns) seen.set(name, (seen.get(name) ?? 0) + 1);
    const columns = sources.flatMap((source) =>
      source.columns.map(({ name, detail }) => {
        const isAmbiguous = (seen.get(name) ?? 0) > 1 && source.name !== undefined;
        const insert = isAmbiguous ? `${sql(source.name ?? "")}.${sql(name)}` : sql(name);
        return this.#offer(
          insert,
          "column",
          [source.name, detail].filter((part) => part !== undefined && part !== "").join(": "),
          insert,
          10,
        );
      }),
    );
    const aliases = sources.flatMap(({ name }) => (name === undefined ? [] : [this.#offer(sql(name), "alias", "", sql(name), 50)]));
    const routines = [...new Set([...this.#schema.routines.values()].map(({ name }) => name))];
    return [
      ...joins.map((condition, i) => this.#offer(condition, "keyword", "foreign key", condition, i)),
      ...columns,
      ...aliases,
      ...functions.map(([name, takes]) => this.#offer(name, "function", `(${takes})`, `${name}($1)`, 200, true)),
      ...routines.map((name) => this.#offer(name, "function", "", `${sql(name).replaceAll(/[\\$}]/g, "\\$&")}($1)`, 150, true)),
    ];
  }

  /** Where an alias or the next clause is expected, and no column. */
  #isBehindSource(): boolean {
    const path = this.#items[this.#at - 1];
    if (path === undefined || path.kind !== "token" || path.name === undefined) return false;
    for (let i = this.#at - 2; i >= 0; i -= 2) {
      const text = textAt(this.#items, i);
      if (text === ".") continue;
      return /^(?:FROM|JOIN)$/.test(wordAt(this.#items, i)) || (text === "," && this.#clause() === "FROM");
    }
    return false;
  }

  #table(path: readonly string[]): Table | undefined {
    const found = this.#resolver.relation(path);
    return found.kind === "found" && found.object.kind === "table" ? found.object.table : undefined;
  }

  #types(): readonly Completion[] {
    const own = [...this.#schema.enums.values(), ...this.#schema.domains.values(), ...this.#schema.compositeTypes.values()];
    return [
      ...own.map(({ name, schema, key }) => {
        const isFirst = schema === "public" || this.#schema.enums.get(keyOf("public", name))?.key === key;
        const insert = isFirst ? sql(name) : `${sql(schema)}.${sql(name)}`;
        return this.#offer(insert, "type", schema, insert, 0);
      }),
      ...types.map((name) => this.#offer(name, "type", "", name, 10)),
    ];
  }

  #constraints(path: readonly string[]): readonly Completion[] {
    const table = this.#table(path);
    if (table === undefined) return [];
    const all = [
      ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
      ...table.uniqueConstraints,
      ...table.foreignKeys,
      ...table.checks,
      ...table.exclusions,
    ];
    return all.map(({ name }, i) => this.#offer(sql(name), "constraint", table.name, sql(name), i));
  }

  #columns(columns: readonly TypedColumn[], rank: number): readonly Completion[] {
    return columns.map(({ name, detail }, i) => this.#offer(sql(name), "column", detail, sql(name), rank + i));
  }

  #offer(label: string, kind: CompletionKind, detail: string, insert: string, rank: number, isSnippet = false): Completion {
    return { label, kind, detail, insert, isSnippet, span: this.#context.span, rank };
  }
}

/** As it must be written; a name that PostgreSQL cannot hold is nobody's. */
function sql(name: string): string {
  try {
    return sqlIdentifier(name);
  } catch {
    return name;
  }
}
