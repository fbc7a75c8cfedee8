/** Rows of a table as COPY takes them. https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2 */

export type Value = string | number | boolean | null | Date | Buffer | Json;

/** For a column of jsonb. */
export interface Json {
  readonly [name: string]: string | number | boolean | null | Json;
}

export type Row = Readonly<Record<string, Value>>;

export class Table {
  readonly name: string;
  readonly #lines: { readonly line: string; readonly at: number }[] = [];
  #columns: readonly string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get columns(): readonly string[] {
    return this.#columns;
  }

  get size(): number {
    return this.#lines.length;
  }

  /** `at` is when the row came to be: rows lie on disk in that order, as they do where they were written one by one. */
  add(row: Row, at?: Date): void {
    if (this.#columns.length === 0) this.#columns = Object.keys(row);
    const values = this.#columns.map((column) => {
      const value = row[column];
      if (value === undefined) throw new Error(`${this.name}.${column} has no value.`);
      return text(value);
    });
    this.#lines.push({ line: values.join("\t"), at: at?.getTime() ?? this.#lines.length });
  }

  /** In the text format. */
  copyText(): string {
    const inOrder = this.#lines.map((each, i) => ({ ...each, i })).sort((a, b) => a.at - b.at || a.i - b.i);
    return inOrder.map(({ line }) => `${line}\n`).join("");
  }

  copyStatement(from: string): string {
    return `COPY public.${this.name} (${this.#columns.map((column) => `"${column}"`).join(", ")}) FROM ${from}`;
  }
}

/** `2026-11-01` */
export function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}

export function later(time: Date, days: number): Date {
  return new Date(time.getTime() + Math.round(days * 86_400_000));
}

/** Cents as a decimal number. */
export function money(cents: number): string {
  const [sign, size] = [cents < 0 ? "-" : "", Math.abs(cents)];
  return `${sign}${Math.floor(size / 100)}.${String(size % 100).padStart(2, "0")}`;
}

function text(value: Value): string {
  if (value === null) return "\\N";
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value === "number") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString("hex")}`;
  return escaped(typeof value === "string" ? value : JSON.stringify(value));
}

function escaped(value: string): string {
  return value.replace(/[\\\t\n\r]/g, (character) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[character] ?? character);
}
