/**
 * A few rows in every table, made up so that PostgreSQL takes them: foreign keys find their rows, checks hold, nothing is
 * there twice. What cannot be made up is said. The same rows for the same schema.
 */
import * as v from "valibot";
import { isNumbered } from "../model/generatedValues.ts";
import { quoteIdentifier } from "../model/names.ts";
import type { Column, ForeignKey, PgType, Schema, Table } from "../model/schema.ts";
import type { ScratchDatabase } from "../scratch/scratchDatabase.ts";
import { named } from "./definitions.ts";
import { sampleValues } from "./sampleValues.ts";

export interface Fixtures {
  /** How many rows were made. */
  readonly rows: number;
  /** Sentences about tables that got none. */
  readonly complaints: readonly string[];
}

const rowsPerTable = 3;
/** Tries for one row: checks over several columns take a few. */
const mostTries = 80;

export async function makeRows(database: ScratchDatabase, schema: Schema): Promise<Fixtures> {
  const maker = new RowMaker(database, schema);
  return maker.run();
}

type Row = ReadonlyMap<string, string | null>;
/** As SQL: a literal, `NULL` or `DEFAULT`. */
type Values = Map<string, string>;

const inserted = v.tuple([v.object({ v: v.array(v.nullable(v.string())) })]);

class RowMaker {
  readonly #database: ScratchDatabase;
  readonly #schema: Schema;
  readonly #made = new Map<string, Row[]>();
  #count = 0;

  constructor(database: ScratchDatabase, schema: Schema) {
    this.#database = database;
    this.#schema = schema;
  }

  async run(): Promise<Fixtures> {
    const complaints: string[] = [];
    let waiting = [...this.#schema.tables.values()].filter((table) => table.kind !== "foreign" && table.partitionOf === undefined && table.columns.size > 0);
    let rows = 0;
    while (waiting.length > 0) {
      // In a circle of required keys nobody can be first: the first one says so.
      const ready = waiting.filter((table) => this.#isReady(table, waiting));
      const now = ready.length > 0 ? ready : waiting.slice(0, 1);
      for (const table of now) {
        for (let i = 0; i < rowsPerTable; i++) {
          const failure = await this.#insert(table, i);
          if (failure === undefined) rows++;
          else {
            if (i === 0) complaints.push(`No row could be made up for ${table.key}: ${failure}`);
            break;
          }
        }
      }
      waiting = waiting.filter((table) => !now.includes(table));
    }
    return { rows, complaints };
  }

  #isReady(table: Table, waiting: readonly Table[]): boolean {
    return table.foreignKeys.every(({ references }) => references.key === table.key || !waiting.some(({ key }) => key === references.key));
  }

  /** Why not; undefined when the row is there. */
  async #insert(table: Table, index: number): Promise<string | undefined> {
    let last = "";
    let suspects: readonly string[] = [];
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const values = this.#values(table, index, attempt, suspects);
      if (typeof values === "string") return values;
      const result = await this.#send(table, values);
      if (result === undefined) return undefined;
      last = result.message;
      const next = this.#suspectsOf(table, result);
      if (next.length === 0 && result.sqlState !== "23505") return last;
      if (next.length > 0 && suspects.join() !== next.join() && attempt < mostTries / 2) suspects = [...new Set([...suspects, ...next])];
    }
    return last;
  }

  async #send(table: Table, values: Values): Promise<{ readonly message: string; readonly sqlState: string } | undefined> {
    const columns = [...table.columns.keys()];
    const list = [...values.keys()].map(quoteIdentifier).join(", ");
    const what = values.size === 0 ? "DEFAULT VALUES" : `(${list}) OVERRIDING SYSTEM VALUE VALUES (${[...values.values()].join(", ")})`;
    const text = `INSERT INTO ${named(table)} ${what} RETURNING ARRAY[${columns.map((name) => `${quoteIdentifier(name)}::text`).join(", ")}] AS v`;
    let result = await this.#database.query(text);
    if (!result.ok && result.why.kind === "refused" && !/^(?:23|22)/.test(result.why.failure.sqlState)) {
      // A trigger has rules of its own: the row need not please those.
      await this.#database.query("SET session_replication_role = replica");
      result = await this.#database.query(text);
      await this.#database.query("SET session_replication_role = origin");
    }
    if (!result.ok) return result.why.kind === "refused" ? result.why.failure : { message: result.why.kind, sqlState: "" };
    const row = v.safeParse(inserted, result.value);
    const cells = row.success ? row.output[0].v : [];
    const made = this.#made.get(table.key) ?? [];
    this.#made.set(table.key, [...made, new Map(columns.map((name, i) => [name, cells[i] ?? null]))]);
    return undefined;
  }

  #values(table: Table, index: number, attempt: number, suspects: readonly string[]): Values | string {
    const values: Values = new Map();
    const keys = [...table.foreignKeys].sort((a, b) => a.columns.length - b.columns.length);
    for (const key of keys) {
      const failure = this.#refer(table, key, index + Math.floor(attempt / 20), values);
      if (failure !== undefined) return failure;
    }
    let rest = attempt;
    for (const column of table.columns.values()) {
      if (values.has(column.name) || column.generated !== undefined) continue;
      if ((column.identity !== undefined || isNumbered(column)) && !suspects.includes(column.name)) continue;
      const choices = this.#choices(table, column);
      if (choices.length === 0 && column.notNull && column.default === undefined) return `nothing is known of the values of ${column.name} (${column.type.name})`;
      let choice = 0;
      if (suspects.includes(column.name) && choices.length > 0) {
        choice = rest % choices.length;
        rest = Math.floor(rest / choices.length);
      }
      const value = choices[choice];
      if (value !== undefined) values.set(column.name, value);
    }
    return values;
  }

  /** First what is there in plain sight, then what the checks mention. */
  #choices(table: Table, column: Column): readonly string[] {
    this.#count++;
    const checks = [...table.checks, ...(this.#domainOf(column.type)?.checks ?? [])].filter(({ expression }) => expression.columns.length === 0 || expression.columns.includes(column.name));
    const mentioned = checks.flatMap(({ expression }) => [...expression.text.matchAll(/'(?:[^']|'')*'|(?<![\w.'])\d+(?:\.\d+)?(?![\w.'])/g)].map(([literal]) => literal));
    const samples = sampleValues(this.#baseOf(column.type), column.name, this.#count, this.#schema);
    // A pattern is no value.
    const fits = mentioned.filter((literal) => /^[\w .:@/'+-]*$/.test(literal)).filter((literal) => literal.startsWith("'") !== /^(?:int|numeric|float)/.test(column.type.name));
    const isUnique = table.indexes.some(({ unique, keys }) => unique && keys.length === 1 && keys[0]?.column === column.name);
    const own = samples.slice(0, 1);
    return [...new Set([...own, ...(isUnique ? [] : fits), ...samples.slice(1), ...(column.notNull ? [] : ["NULL"])])];
  }

  #baseOf(type: PgType): PgType {
    const domain = this.#domainOf(type);
    return domain === undefined ? type : { ...domain.baseType, isArray: type.isArray || domain.baseType.isArray };
  }

  #domainOf(type: PgType) {
    return type.kind === "domain" ? this.#schema.domains.get(`${type.schema ?? "public"}.${type.name}`) : undefined;
  }

  /** Sets the columns of a foreign key to those of a row that agrees with what is set; undefined when that went well. */
  #refer(table: Table, key: ForeignKey, turn: number, values: Values): string | undefined {
    const rows = this.#made.get(key.references.key) ?? [];
    for (let i = 0; i < rows.length; i++) {
      const row = rows[(turn + i) % rows.length];
      const cells = key.references.columns.map((column) => row?.get(column) ?? null);
      if (cells.includes(null)) continue;
      const texts = cells.map((cell) => literal(cell ?? ""));
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

  /** The columns whose values a refusal is about. */
  #suspectsOf(table: Table, { message, sqlState }: { readonly message: string; readonly sqlState: string }): readonly string[] {
    const constraint = /constraint "([^"]+)"/.exec(message)?.[1];
    const check = table.checks.find(({ name }) => name === constraint);
    const keyed = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
    if (check !== undefined) return check.expression.columns.filter((name) => !keyed.has(name));
    const ofDomains = [...table.columns.values()].filter((column) => this.#domainOf(column.type)?.checks.some(({ name }) => name === constraint) === true);
    if (ofDomains.length > 0) return ofDomains.map(({ name }) => name);
    const column = /column "([^"]+)"/.exec(message)?.[1];
    if (sqlState === "23502" && column !== undefined) return [column];
    // A value of the wrong form: whichever it was.
    return sqlState.startsWith("22") ? [...table.columns.keys()].filter((name) => !keyed.has(name)) : [];
  }
}

function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
