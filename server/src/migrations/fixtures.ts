/**
 * A few rows in every table, made up so that PostgreSQL takes them: foreign keys find their rows, checks hold, nothing is
 * there twice. What cannot be made up is said. The same rows for the same schema.
 */
import * as v from "valibot";
import { quoteIdentifier } from "../model/names.ts";
import type { ForeignKey, Schema, Table } from "../model/schema.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import type { Session } from "./observe.ts";
import { named } from "./definitions.ts";
import { RowChoices, type Values } from "./rowChoices.ts";
import type { RowsSnapshot } from "./rows.ts";

export interface Fixtures {
  /** How many rows were made. */
  readonly rows: number;
  /** What makes the same rows again where there are none. */
  readonly inserts: readonly string[];
}

const rowsPerTable = 3;
/** Tries for one row that is there already, or that a trigger does not like. */
const mostTries = 12;
/** So many rows are made up at once where checks are hard to please. */
const manyThenMore = [100, 800];
const tablesAtOnce = 25;

/**
 * `there`: tables that hold rows get no others, and are referred to. `hopeless`: tables that are not tried, and those to
 * which none could be made, with a sentence each.
 */
export async function makeRows(database: Session, schema: Schema, there: RowsSnapshot, hopeless: Map<string, string>): Promise<Fixtures> {
  for (const key of hopeless.keys()) if (!schema.tables.has(key)) hopeless.delete(key);
  return new RowMaker(database, schema, there, hopeless).run();
}

interface Refusal {
  readonly message: string;
  readonly sqlState: string;
}

const inserted = v.pipe(v.array(v.object({ v: v.array(v.nullable(v.string())) })), v.minLength(1));
const allowed = { c: v.string(), i: v.number() };

class RowMaker {
  readonly #database: Session;
  readonly #schema: Schema;
  readonly #choices: RowChoices;
  readonly #inserts: string[] = [];
  readonly #full = new Set<string>();
  readonly #hopeless: Map<string, string>;

  constructor(database: Session, schema: Schema, there: RowsSnapshot, hopeless: Map<string, string>) {
    this.#hopeless = hopeless;
    this.#database = database;
    this.#schema = schema;
    this.#choices = new RowChoices(schema);
    for (const { name, columns, rows } of there) {
      if (rows.length === 0) continue;
      this.#full.add(name);
      const names = [...columns.values()];
      for (const row of rows.slice(0, rowsPerTable)) this.#choices.made(name, new Map(names.map((column, i) => [column, row[i] ?? null])));
    }
  }

  async run(): Promise<Fixtures> {
    let waiting = [...this.#schema.tables.values()].filter((table) => table.kind !== "foreign" && table.partitionOf === undefined && table.columns.size > 0 && !this.#full.has(table.key) && !this.#hopeless.has(table.key));
    let rows = 0;
    await this.#allow(waiting);
    while (waiting.length > 0) {
      const ready = waiting.filter((table) => this.#waitsFor(table, waiting, false).length === 0);
      // In a circle somebody must be first: whoever need not refer to anybody, else whoever comes first and refers later.
      const now = ready.length > 0 ? ready : (waiting.filter((table) => this.#waitsFor(table, waiting, true).length === 0).slice(0, 1).concat(waiting.slice(0, 1)).slice(0, 1));
      for (const table of now) {
        const open = this.#waitsFor(table, [...waiting.filter((each) => each !== table), table], true);
        if (open.length === 0 && (await this.#insertAll(table))) {
          rows += rowsPerTable;
          continue;
        }
        for (let i = 0; i < rowsPerTable; i++) {
          const failure = await this.#insert(table, i, i === 0 ? open : open.filter(({ references }) => references.key !== table.key));
          if (failure === undefined) rows++;
          else {
            if (i === 0) this.#hopeless.set(table.key, `No row could be made up for ${table.key}: ${failure}`);
            break;
          }
        }
      }
      waiting = waiting.filter((table) => !now.includes(table));
    }
    await this.#closeCircles();
    return { rows, inserts: this.#inserts };
  }

  /** Foreign keys whose tables come later; only those that must refer to somebody. */
  #waitsFor(table: Table, waiting: readonly Table[], mustOnly: boolean): readonly ForeignKey[] {
    return table.foreignKeys.filter(({ references, columns }) => {
      if (!mustOnly && references.key === table.key) return false;
      if (mustOnly && columns.some((column) => table.columns.get(column)?.notNull !== true)) return false;
      return waiting.some(({ key }) => key === references.key);
    });
  }

  readonly #circles: { readonly table: Table; readonly key: ForeignKey }[] = [];

  /** All rows of a table in one statement, as it goes well with most. */
  async #insertAll(table: Table): Promise<boolean> {
    const rows: Values[] = [];
    for (let i = 0; i < rowsPerTable; i++) {
      const values = this.#choices.plain(table, i, [], 0);
      if (typeof values === "string" || values.size === 0) return false;
      rows.push(values);
    }
    const names = [...(rows[0]?.keys() ?? [])];
    if (!rows.every((row) => row.size === names.length && names.every((name) => row.has(name)))) return false;
    return (await this.#sendAll(table, `(${names.map(quoteIdentifier).join(", ")}) OVERRIDING SYSTEM VALUE VALUES ${rows.map((row) => `(${names.map((name) => row.get(name) ?? "NULL").join(", ")})`).join(", ")}`)) === undefined;
  }

  /** Why not; undefined when the row is there. `open`: foreign keys whose rows are not there as yet. */
  async #insert(table: Table, index: number, open: readonly ForeignKey[]): Promise<string | undefined> {
    let last = "";
    const isLoose = open.length > 0;
    for (let spare = this.#spare.get(table.key)?.shift(); spare !== undefined; spare = this.#spare.get(table.key)?.shift()) if ((await this.#send(table, spare, isLoose)) === undefined) return undefined;
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const values = this.#choices.plain(table, index + attempt, open, attempt);
      if (typeof values === "string") return values;
      const refusal = await this.#send(table, values, isLoose);
      if (refusal === undefined) {
        for (const key of open) this.#circles.push({ table, key });
        return undefined;
      }
      last = refusal.message;
      // There already: other values, another row to refer to.
      if (refusal.sqlState === "23505" || refusal.sqlState === "23P01") continue;
      const found = await this.#search(table, index, open, isLoose);
      if (found === undefined) return undefined;
      return found === "" ? last : found;
    }
    return last;
  }

  /** Rows that the checks of a table take, and that are not used as yet. */
  readonly #spare = new Map<string, Values[]>();

  /** Many rows made up at once, of which PostgreSQL says which its checks would take. */
  async #search(table: Table, index: number, open: readonly ForeignKey[], isLoose: boolean): Promise<string | undefined> {
    let last = "";
    let first: Values | undefined;
    for (const most of manyThenMore) {
      const passing = await this.#passing(table, this.#choices.many(table, index, open, most));
      first ??= passing[0];
      for (const [i, values] of passing.slice(0, mostTries).entries()) {
        const refusal = await this.#send(table, values, isLoose);
        if (refusal === undefined) {
          for (const key of open) this.#circles.push({ table, key });
          this.#spare.set(table.key, passing.slice(i + 1));
          return undefined;
        }
        last = refusal.message;
      }
      if (passing.length > 0) break;
    }
    // A trigger has rules of its own: the row need not please those.
    if (first !== undefined && (await this.#send(table, first, true)) === undefined) return undefined;
    return last;
  }

  /** One question for many tables; where one of them cannot be asked, each alone. */
  async #allow(tables: readonly Table[]): Promise<void> {
    const asked = tables.flatMap((table) => {
      const text = this.#choices.eachAlone(table);
      return text === undefined ? [] : [{ table, text }];
    });
    for (let at = 0; at < asked.length; at += tablesAtOnce) {
      const some = asked.slice(at, at + tablesAtOnce);
      const whole = await this.#database.query(some.map(({ text }, i) => `SELECT ${i}::int4 AS t, c, i FROM (${text}) AS t${i}`).join(" UNION ALL "));
      if (whole.ok) {
        const found = v.parse(v.array(v.object({ t: v.number(), ...allowed })), whole.value);
        for (const [i, { table }] of some.entries()) this.#choices.allow(table, found.filter(({ t }) => t === i));
      } else {
        for (const { table, text } of some) {
          const result = await this.#database.query(text);
          if (result.ok) this.#choices.allow(table, v.parse(v.array(v.object(allowed)), result.value));
        }
      }
    }
  }

  async #passing(table: Table, candidates: readonly Values[]): Promise<Values[]> {
    const text = this.#choices.filter(table, candidates);
    if (text === undefined) return [...candidates];
    const result = await this.#database.query(text);
    if (!result.ok) return [...candidates];
    const found = v.parse(v.array(v.object({ i: v.number() })), result.value);
    return found.flatMap(({ i }) => candidates[i] ?? []);
  }

  async #send(table: Table, values: Values, isLoose: boolean): Promise<Refusal | undefined> {
    const list = [...values.keys()].map(quoteIdentifier).join(", ");
    const what = values.size === 0 ? "DEFAULT VALUES" : `(${list}) OVERRIDING SYSTEM VALUE VALUES (${[...values.values()].join(", ")})`;
    if (isLoose) await this.#database.query("SET session_replication_role = replica");
    const refusal = await this.#sendAll(table, what);
    if (isLoose) await this.#database.query("SET session_replication_role = origin");
    return refusal;
  }

  /** `what` stands behind `INSERT INTO` and the table's name. */
  async #sendAll(table: Table, what: string): Promise<Refusal | undefined> {
    const columns = [...table.columns.keys()];
    const text = `INSERT INTO ${named(table)} ${what} RETURNING ARRAY[${columns.map((name) => `${quoteIdentifier(name)}::text`).join(", ")}]::text[] AS v`;
    const result = await this.#database.query(text);
    if (!result.ok) return result.why.kind === "refused" ? result.why.failure : { message: result.why.kind, sqlState: "" };
    const row = v.safeParse(inserted, result.value);
    const made = row.success ? row.output.map((each) => each.v) : [[]];
    for (const cells of made) this.#choices.made(table.key, new Map(columns.map((name, i) => [name, cells[i] ?? null])));
    const stored = columns.flatMap((name, i) => (table.columns.get(name)?.generated === undefined ? [{ name: quoteIdentifier(name), i }] : []));
    const written = made.map((cells) => `(${stored.map(({ i }) => literal(cells[i])).join(", ")})`);
    this.#inserts.push(`INSERT INTO ${named(table)} (${stored.map(({ name }) => name).join(", ")}) OVERRIDING SYSTEM VALUE VALUES ${written.join(", ")}`);
    return undefined;
  }

  /** What was first in a circle refers to somebody now. */
  async #closeCircles(): Promise<void> {
    const done = new Set<ForeignKey>();
    for (const { table, key } of this.#circles) {
      if (done.has(key)) continue;
      done.add(key);
      const row = this.#choices.rows(key.references.key)[0];
      const cells = key.references.columns.map((column) => row?.get(column) ?? null);
      if (cells.includes(null)) continue;
      const text = `UPDATE ${named(table)} SET ${key.columns.map((column, i) => `${quoteIdentifier(column)} = ${literal(cells[i])}`).join(", ")}`;
      if ((await this.#database.query(text)).ok) this.#inserts.push(text);
    }
  }
}

function literal(value: string | null | undefined): string {
  return value === null || value === undefined ? "NULL" : quoteLiteral(value);
}
