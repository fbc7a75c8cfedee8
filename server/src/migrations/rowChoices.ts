/** Which values a made-up row may have: of each column by its type and by what checks mention, of foreign keys by the rows there are. */
import { isNumbered } from "../model/generatedValues.ts";
import { quoteIdentifier } from "../model/names.ts";
import type { CheckConstraint, Column, Domain, ForeignKey, PgType, Schema, Table } from "../model/schema.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { typeText } from "./definitions.ts";
import { renamesInSteps } from "./renameSteps.ts";
import { sampleValues } from "./sampleValues.ts";

export type Row = ReadonlyMap<string, string | null>;
/** As SQL: a literal or an expression. */
export type Values = Map<string, string>;

export class RowChoices {
  readonly #schema: Schema;
  readonly #made = new Map<string, Row[]>();
  /** Numbers of the choices that the checks of a column alone take, by table and column. */
  readonly #allowed = new Map<string, ReadonlySet<number>>();
  #count = 0;

  /** Columns under a second name, which a trigger fills. */
  readonly #mirrors: ReadonlySet<string>;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#mirrors = new Set(renamesInSteps(schema).flatMap((each) => (each.kind === "column" ? [each.to] : [])));
  }

  made(table: string, row: Row): void {
    const rows = this.#made.get(table);
    if (rows === undefined) this.#made.set(table, [row]);
    else rows.push(row);
  }

  rows(table: string): readonly Row[] {
    return this.#made.get(table) ?? [];
  }

  /** The first choice of everything; a sentence where there is none. */
  plain(table: Table, turn: number, open: readonly ForeignKey[], attempt: number): Values | string {
    return this.#values(table, turn, open, (_, length) => (attempt === 0 ? 0 : attempt % length), attempt > 0);
  }

  /** Rows that differ in whatever checks read, in what need not be there, and in the rows they refer to. */
  many(table: Table, turn: number, open: readonly ForeignKey[], most: number): readonly Values[] {
    const random = sequence();
    const all: Values[] = [];
    for (let i = 0; i < most; i++) {
      const values = this.#values(table, turn, open, (name, length) => (i > 0 && i <= 2 && name.startsWith("key ") ? i - 1 : random() % length) % length, true);
      if (typeof values !== "string") all.push(values);
    }
    return all;
  }

  /** Which choices the checks take that read one column: its name as `c`, the choice's number as `i`. Undefined without such. */
  eachAlone(table: Table): string | undefined {
    const parts = [...table.columns.values()].flatMap((column) => {
      const own = table.checks.filter(({ expression }) => expression.columns.length === 1 && expression.columns[0] === column.name).map(({ expression }) => expression.text);
      const domains = (this.#domainOf(column.type)?.checks ?? []).map(({ expression }) => expression.text.replaceAll(/\bVALUE\b/gi, quoteIdentifier(column.name)));
      const choices = this.#choices(table, column);
      if (column.generated !== undefined || own.length + domains.length === 0 || choices.length === 0) return [];
      const name = quoteIdentifier(column.name);
      const rows = choices.map((choice, i) => `(${i}, (${choice})::${typeText(this.#baseOf(column.type))})`);
      return [`SELECT ${quoteLiteral(column.name)} AS c, i::int4 AS i FROM (VALUES ${rows.join(", ")}) AS v(i, ${name}) WHERE ${[...own, ...domains].map((text) => `(${text}) IS NOT FALSE`).join(" AND ")}`];
    });
    return parts.length === 0 ? undefined : parts.join(" UNION ALL ");
  }

  allow(table: Table, found: readonly { readonly c: string; readonly i: number }[]): void {
    for (const name of new Set(found.map(({ c }) => c))) this.#allowed.set(`${table.key}.${name}`, new Set(found.flatMap(({ c, i }) => (c === name ? [i] : []))));
  }

  /** The numbers, as `i`, of the rows that the checks of the table take; undefined where it has none. */
  filter(table: Table, candidates: readonly Values[]): string | undefined {
    const own = table.checks.map(({ expression }) => expression.text);
    const domains = [...table.columns.values()].flatMap((column) => (this.#domainOf(column.type)?.checks ?? []).map(({ expression }) => expression.text.replaceAll(/\bVALUE\b/gi, quoteIdentifier(column.name))));
    const read = readByChecks(table, this.#domainsOf(table));
    for (const { name, generated } of table.columns.values()) if (read.has(name)) for (const column of generated?.expression.columns ?? []) read.add(column);
    const columns = [...table.columns.values()].filter((column) => column.generated === undefined && read.has(column.name));
    if (own.length + domains.length === 0 || columns.length === 0) return undefined;
    const rows = candidates.map((values, i) => `(${i}, ${columns.map(({ name }) => values.get(name) ?? "NULL").join(", ")})`);
    const typed = columns.map((column, i) => `c${i}::${typeText(this.#baseOf(column.type))} AS ${quoteIdentifier(column.name)}`);
    const generated = [...table.columns.values()].flatMap((column) => (column.generated === undefined || !read.has(column.name) ? [] : [`(${column.generated.expression.text}) AS ${quoteIdentifier(column.name)}`]));
    const inner = `SELECT i, ${typed.join(", ")} FROM (VALUES ${rows.join(", ")}) AS v(i, ${columns.map((_, i) => `c${i}`).join(", ")})`;
    const outer = generated.length === 0 ? inner : `SELECT *, ${generated.join(", ")} FROM (${inner}) AS w`;
    return `SELECT i::int4 AS i FROM (${outer}) AS r WHERE ${[...own, ...domains].map((text) => `(${text}) IS NOT FALSE`).join(" AND ")} ORDER BY i LIMIT 40`;
  }

  /** `pick`: the number of the choice, from 0 to less than `length`, for a name of what is chosen. */
  #values(table: Table, turn: number, open: readonly ForeignKey[], pick: (name: string, length: number) => number, isFree: boolean): Values | string {
    const values: Values = new Map();
    const keys = [...table.foreignKeys].sort((a, b) => Number(isRequired(table, b)) - Number(isRequired(table, a)) || a.columns.length - b.columns.length);
    for (const key of keys) {
      if (open.includes(key)) continue;
      const leaves = isFree && !isRequired(table, key) && pick(`key ${key.name}`, 2) === 1;
      const failure = this.#refer(table, key, leaves ? undefined : turn, values);
      if (failure !== undefined) return failure;
    }
    const read = isFree ? readByChecks(table, this.#domainsOf(table)) : new Set<string>();
    for (const column of table.columns.values()) {
      if (values.has(column.name) || column.generated !== undefined || this.#mirrors.has(`${table.key}.${column.name}`)) continue;
      if ((column.identity !== undefined || isNumbered(column)) && !read.has(column.name)) continue;
      const choices = this.#choices(table, column);
      if (choices.length === 0 && column.notNull && column.default === undefined) return `nothing is known of the values of ${column.name} (${column.type.name})`;
      const choice = read.has(column.name) || (isFree && !column.notNull) ? pick(column.name, Math.max(choices.length, 1)) : 0;
      const value = choices[choice];
      if (value !== undefined) values.set(column.name, value);
    }
    return values;
  }

  /** First what is there in plain sight, then what the checks mention. */
  #choices(table: Table, column: Column): readonly string[] {
    this.#count++;
    const checks = [...table.checks, ...(this.#domainOf(column.type)?.checks ?? [])].filter(({ expression }) => expression.columns.length === 0 || expression.columns.includes(column.name));
    const mentioned = checks.flatMap(({ expression }) => [...expression.text.matchAll(/'(?:[^']|'')*'|(?<![\w.'])\d+(?:\.\d+)?(?![\w.'])/g)].map(([found]) => found));
    const base = this.#baseOf(column.type);
    const samples = sampleValues(base, column.name, this.#count, this.#schema);
    const isNumber = /^(?:int|numeric|float)/.test(base.name);
    const isText = ["text", "varchar", "bpchar", "citext"].includes(base.name) && !base.isArray;
    // A pattern is no value.
    const fits = mentioned.filter((found) => (isNumber || isText) && /^[\w .:@/'+-]*$/.test(found) && found.startsWith("'") !== isNumber && (base.modifiers[0] === undefined || isNumber || found.length - 2 <= base.modifiers[0]));
    const isUnique = table.indexes.some(({ unique, keys }) => unique && keys.length === 1 && keys[0]?.column === column.name);
    const all = [...samples.slice(0, 1), ...(isUnique ? [] : fits), ...samples.slice(1), ...(column.notNull ? [] : ["NULL"])];
    const allowed = this.#allowed.get(`${table.key}.${column.name}`);
    return allowed === undefined ? all : all.filter((_, i) => allowed.has(i));
  }

  #baseOf(type: PgType): PgType {
    const domain = this.#domainOf(type);
    return domain === undefined ? type : { ...domain.baseType, isArray: type.isArray || domain.baseType.isArray };
  }

  #domainOf(type: PgType): Domain | undefined {
    return type.kind === "domain" ? this.#schema.domains.get(`${type.schema ?? "public"}.${type.name}`) : undefined;
  }

  #domainsOf(table: Table): readonly string[] {
    return [...table.columns.values()].filter(({ type }) => this.#domainOf(type) !== undefined).map(({ name }) => name);
  }

  /** Sets the columns of a foreign key to those of a row that agrees with what is set, or to nothing; undefined when that went well. */
  #refer(table: Table, key: ForeignKey, turn: number | undefined, values: Values): string | undefined {
    const rows = turn === undefined ? [] : this.rows(key.references.key);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[((turn ?? 0) + i) % rows.length];
      const cells = key.references.columns.map((column) => row?.get(column) ?? null);
      if (cells.includes(null)) continue;
      const texts = cells.map((cell) => quoteLiteral(cell ?? ""));
      if (!key.columns.every((column, at) => !values.has(column) || values.get(column) === texts[at])) continue;
      for (const [at, column] of key.columns.entries()) values.set(column, texts[at] ?? "NULL");
      return undefined;
    }
    const free = key.columns.find((column) => !values.has(column) && table.columns.get(column)?.notNull === false);
    if (free !== undefined) {
      values.set(free, "NULL");
      return undefined;
    }
    return key.columns.some((column) => values.get(column) === "NULL") ? undefined : `${key.name} needs a row of ${key.references.key} first`;
  }
}

function isRequired(table: Table, key: ForeignKey): boolean {
  return key.columns.every((column) => table.columns.get(column)?.notNull === true);
}

function readByChecks(table: Table, domains: readonly string[]): Set<string> {
  const read = (check: CheckConstraint): readonly string[] => (check.expression.columns.length === 0 ? [...table.columns.keys()] : check.expression.columns);
  return new Set([...domains, ...table.checks.flatMap(read)]);
}

/** The same numbers each time. */
function sequence(): () => number {
  let state = 20_261_122;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
